//! Enumerations.

use super::bytes::{Record, Table};
use super::{DescriptorError, Descriptors};

/// An enumeration.
#[derive(Clone, Copy)]
pub struct EnumType<'b> {
    record: Record<'b>,
    index: u16,
}

impl<'b> EnumType<'b> {
    pub(super) fn at(blob: Descriptors<'b>, index: u16) -> Result<Self, DescriptorError> {
        Ok(Self {
            record: Record::of(blob, Table::Enums, index.into())?,
            index,
        })
    }

    /// Its index.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Its name without the namespace.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Its namespace.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn namespace(&self) -> Result<&'b str, DescriptorError> {
        self.record.blob.namespace(self.record.u16(4))
    }

    /// Namespace and name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn qualified_name(&self) -> Result<String, DescriptorError> {
        Ok(format!("{}.{}", self.namespace()?, self.name()?))
    }

    /// Whether members combine.
    #[must_use]
    pub fn is_flags(&self) -> bool {
        self.record.flag(6, 0)
    }

    /// Its members, in wire order.
    pub fn members(&self) -> impl Iterator<Item = Result<Member<'b>, DescriptorError>> {
        self.record
            .children(Table::Members, 8, 10)
            .map(|record| record.map(|record| Member { record }))
    }
}

impl PartialEq for EnumType<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for EnumType<'_> {}

impl std::fmt::Debug for EnumType<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.qualified_name().unwrap_or_else(|error| error.to_string()))
    }
}

/// A member of an enumeration.
#[derive(Clone, Copy)]
pub struct Member<'b> {
    record: Record<'b>,
}

/// Says, in a member's name, that it is sent only on request.
const PREFER: u32 = 1 << 31;

impl<'b> Member<'b> {
    /// The wire name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.blob.string(self.record.u32(0) & !PREFER)
    }

    /// Whether it is sent only to requests that prefer `include-unknown-enum-members`.
    #[must_use]
    pub fn is_on_request(&self) -> bool {
        self.record.u32(0) & PREFER != 0
    }

    /// The numeric value.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.record.i64(4)
    }
}
