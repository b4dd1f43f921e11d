//! Bounds: everything is looked up here, and nowhere else.

use std::cmp::Ordering;

use super::{DescriptorError, Descriptors};

const MAGIC: &[u8; 4] = b"TLDB";
const VERSION: u16 = 2;
/// The head before the places of the sections.
const HEAD: usize = 8;

/// The index that means "none".
pub(super) const ABSENT: u32 = u32::MAX;
pub(super) const ABSENT_INDEX: u16 = u16::MAX;

/// Sections, in the order of the blob.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Strings,
    Lists,
    Namespaces,
    Grammars,
    Types,
    Properties,
    Navigation,
    Callables,
    Parameters,
    Enums,
    Members,
    Roots,
    Operations,
    Paths,
    Ranges,
}

/// How many there are, and how long an entry of each is.
const TABLES: [(Table, &str, usize); 15] = [
    (Table::Strings, "a string", 1),
    (Table::Lists, "a list", 4),
    (Table::Namespaces, "a namespace", 4),
    (Table::Grammars, "a grammar", 4),
    (Table::Types, "a type", 24),
    (Table::Properties, "a property", 8),
    (Table::Navigation, "a navigation property", 12),
    (Table::Callables, "an action or function", 16),
    (Table::Parameters, "a parameter", 8),
    (Table::Enums, "an enumeration", 12),
    (Table::Members, "a member", 12),
    (Table::Roots, "a root", 12),
    (Table::Operations, "an operation", 100),
    (Table::Paths, "a path", 24),
    (Table::Ranges, "a range", 20),
];

impl Table {
    fn described(self) -> (&'static str, usize) {
        let (_, name, size) = TABLES[self as usize];
        (name, size)
    }
}

/// Where a section is. Its bytes were checked to be there.
#[derive(Clone, Copy)]
pub(super) struct Section<'b> {
    pub(super) entries: u32,
    bytes: &'b [u8],
}

impl<'b> Section<'b> {
    pub(super) fn of(bytes: &'b [u8], table: Table) -> Self {
        let head = HEAD + table as usize * 8;
        let (offset, entries) = (u32_at(bytes, head) as usize, u32_at(bytes, head + 4));
        let length = (entries as usize).saturating_mul(table.described().1);
        let bytes = offset
            .checked_add(length)
            .and_then(|end| bytes.get(offset..end))
            .unwrap_or_default();
        Self { entries, bytes }
    }
}

/// Looks at the head: that it is a blob, and that every section lies within it.
pub(super) fn check_head(bytes: &[u8]) -> Result<(), DescriptorError> {
    if bytes.get(..4) != Some(MAGIC) || bytes.len() < HEAD {
        return Err(DescriptorError::NotDescriptors);
    }
    let found = u16_at(bytes, 4);
    if found != VERSION {
        return Err(DescriptorError::Version {
            found,
            expected: VERSION,
        });
    }
    if usize::from(u16_at(bytes, 6)) != TABLES.len() || bytes.len() < HEAD + TABLES.len() * 8 {
        return Err(DescriptorError::NotDescriptors);
    }
    for (table, name, size) in TABLES {
        let section = Section::of(bytes, table);
        if section.bytes.len() != (section.entries as usize).saturating_mul(size) {
            return Err(DescriptorError::damaged(name, section.entries));
        }
    }
    Ok(())
}

/// A record of a table. What is read of it lies within its size.
#[derive(Clone, Copy)]
pub(super) struct Record<'b> {
    pub(super) blob: Descriptors<'b>,
    bytes: &'b [u8],
}

impl<'b> Record<'b> {
    pub(super) fn of(blob: Descriptors<'b>, table: Table, index: u32) -> Result<Self, DescriptorError> {
        let (name, size) = table.described();
        let start = (index as usize).saturating_mul(size);
        let bytes = Section::of(blob.bytes, table)
            .bytes
            .get(start..start.saturating_add(size));
        bytes
            .map(|bytes| Self { blob, bytes })
            .ok_or(DescriptorError::damaged(name, index))
    }

    pub(super) fn u8(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    pub(super) fn u16(&self, at: usize) -> u16 {
        u16_at(self.bytes, at)
    }

    pub(super) fn u32(&self, at: usize) -> u32 {
        u32_at(self.bytes, at)
    }

    pub(super) fn i64(&self, at: usize) -> i64 {
        let bytes = self.bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, i64::from_le_bytes)
    }

    /// Whether a flag is set.
    pub(super) fn flag(&self, at: usize, bit: u8) -> bool {
        self.u8(at) >> bit & 1 == 1
    }

    pub(super) fn string(&self, at: usize) -> Result<&'b str, DescriptorError> {
        self.blob.string(self.u32(at))
    }

    pub(super) fn optional_string(&self, at: usize) -> Result<Option<&'b str>, DescriptorError> {
        match self.u32(at) {
            ABSENT => Ok(None),
            place => self.blob.string(place).map(Some),
        }
    }

    pub(super) fn optional_index(&self, at: usize) -> Option<u16> {
        Some(self.u16(at)).filter(|index| *index != ABSENT_INDEX)
    }

    pub(super) fn numbers(&self, at: usize) -> Result<Vec<u32>, DescriptorError> {
        self.blob.numbers(self.u32(at))
    }

    pub(super) fn strings(&self, at: usize) -> Result<Vec<&'b str>, DescriptorError> {
        self.numbers(at)?
            .into_iter()
            .map(|place| self.blob.string(place))
            .collect()
    }

    /// The records of another table that belong to this one, from an index on.
    pub(super) fn children(
        &self,
        table: Table,
        first: usize,
        count: usize,
    ) -> impl Iterator<Item = Result<Record<'b>, DescriptorError>> {
        let (blob, first, count) = (self.blob, u32::from(self.u16(first)), u32::from(self.u16(count)));
        (first..first + count).map(move |index| Record::of(blob, table, index))
    }
}

impl<'b> Descriptors<'b> {
    /// The string at a place of the pool.
    pub(super) fn string(self, place: u32) -> Result<&'b str, DescriptorError> {
        let damaged = DescriptorError::damaged("a string", place);
        let mut rest = Section::of(self.bytes, Table::Strings)
            .bytes
            .get(place as usize..)
            .ok_or(damaged)?;
        let mut length = 0usize;
        for shift in [0, 7, 14, 21] {
            let (byte, after) = rest.split_first().ok_or(damaged)?;
            rest = after;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let bytes = rest.get(..length).ok_or(damaged)?;
                return std::str::from_utf8(bytes).map_err(|_| damaged);
            }
        }
        Err(damaged)
    }

    fn numbers(self, place: u32) -> Result<Vec<u32>, DescriptorError> {
        let damaged = DescriptorError::damaged("a list", place);
        let lists = Section::of(self.bytes, Table::Lists).bytes;
        let start = (place as usize).checked_mul(4).ok_or(damaged)?;
        let length = lists
            .get(start..start.saturating_add(4))
            .map(|bytes| u32_at(bytes, 0) as usize)
            .ok_or(damaged)?;
        let end = length
            .checked_mul(4)
            .and_then(|bytes| bytes.checked_add(start + 4))
            .ok_or(damaged)?;
        let entries = lists.get(start + 4..end).ok_or(damaged)?;
        Ok(entries.chunks_exact(4).map(|bytes| u32_at(bytes, 0)).collect())
    }

    /// Between which numbers the property with an index must be. They are sorted by that index.
    pub(super) fn range(self, property: u32) -> Result<Option<(i64, i64)>, DescriptorError> {
        let (mut first, mut end) = (0, Section::of(self.bytes, Table::Ranges).entries);
        while first < end {
            let middle = first + (end - first) / 2;
            let record = Record::of(self, Table::Ranges, middle)?;
            match record.u32(0).cmp(&property) {
                Ordering::Equal => return Ok(Some((record.i64(4), record.i64(12)))),
                Ordering::Less => first = middle + 1,
                Ordering::Greater => end = middle,
            }
        }
        Err(DescriptorError::damaged("a range", property))
    }

    /// The namespace of a number.
    pub(super) fn namespace(self, index: u16) -> Result<&'b str, DescriptorError> {
        Record::of(self, Table::Namespaces, index.into())?.string(0)
    }

    /// The grammar of a number, counted from one.
    pub(super) fn grammar(self, number: u8) -> Result<Option<&'b str>, DescriptorError> {
        match number.checked_sub(1) {
            None => Ok(None),
            Some(index) => Record::of(self, Table::Grammars, index.into())?.string(0).map(Some),
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let bytes = bytes.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes)
}
