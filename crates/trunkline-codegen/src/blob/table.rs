//! Tables of records of fixed size, which the sections of a blob are.

use crate::error::Error;

/// The `u32` and the `u16` that stand for an absent value.
pub(super) const ABSENT: u32 = u32::MAX;

pub(super) const ABSENT_INDEX: u16 = u16::MAX;

/// A section: how many entries, and their bytes.
pub(super) struct Section {
    pub(super) entries: u32,
    pub(super) bytes: Vec<u8>,
}

/// A table of records.
#[derive(Default)]
pub(super) struct Table {
    pub(super) entries: u32,
    pub(super) bytes: Vec<u8>,
}

impl Table {
    /// The index of the record that begins next.
    pub(super) fn next(&self) -> Result<u16, Error> {
        index(self.entries as usize)
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Ends a record.
    pub(super) fn end(&mut self) {
        self.entries += 1;
    }

    pub(super) fn section(self) -> Section {
        Section {
            entries: self.entries,
            bytes: self.bytes,
        }
    }
}

/// An index, when the format can hold it.
pub(super) fn index(index: usize) -> Result<u16, Error> {
    match u16::try_from(index) {
        Ok(index) if index != ABSENT_INDEX => Ok(index),
        _ => Err(Error::TooLarge {
            what: "records of one kind",
        }),
    }
}

/// How many, when the format can hold it.
pub(super) fn count(count: usize) -> Result<u16, Error> {
    u16::try_from(count).map_err(|_| Error::TooLarge {
        what: "members of one record",
    })
}
