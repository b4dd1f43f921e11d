//! Types as data: reads the descriptor blob that the generator writes, without copying it and without reading more of it
//! than is asked for.
//!
//! The layout stands at the head of the writer (`trunkline-codegen`, `blob.rs`). Nothing in the bytes is trusted: an
//! offset, a length or an index that leads nowhere is a [`DescriptorError`] when it is followed.
//!
//! ```
//! use trunkline_core::descriptors::Descriptors;
//!
//! let error = Descriptors::new(b"something else").unwrap_err();
//! assert_eq!(error.to_string(), "not a descriptor blob");
//! ```

mod bytes;
mod callables;
mod enums;
mod error;
mod operations;
mod types;
mod verify;

use bytes::{Section, Table};
pub use callables::{Callable, Parameter};
pub use enums::{EnumType, Member};
pub use error::DescriptorError;
pub use operations::{
    BodyShape, LongRunning, OperationPath, OperationView, Permissions, Repetition, ResultShape, Verb,
};
pub use types::{Item, Navigation, Property, Root, Shape, StructuredType};

/// A descriptor blob. Cheap to copy: it is where the bytes are, nothing more.
#[derive(Clone, Copy)]
pub struct Descriptors<'b> {
    bytes: &'b [u8],
}

impl<'b> Descriptors<'b> {
    /// Takes up a blob. Only its head is looked at.
    ///
    /// # Errors
    ///
    /// When it is no blob, of another version, or shorter than its head says.
    pub fn new(bytes: &'b [u8]) -> Result<Self, DescriptorError> {
        bytes::check_head(bytes)?;
        Ok(Self { bytes })
    }

    /// Follows everything there is, as a check of a blob from elsewhere.
    ///
    /// # Errors
    ///
    /// The first thing in it that leads nowhere.
    pub fn verify(self) -> Result<(), DescriptorError> {
        verify::everything(self)
    }

    /// How many structured types there are. They are sorted by namespace and name.
    #[must_use]
    pub fn type_count(self) -> u16 {
        self.count(Table::Types)
    }

    /// The structured type at an index.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn type_at(self, index: u16) -> Result<StructuredType<'b>, DescriptorError> {
        StructuredType::at(self, index)
    }

    /// The structured type of a qualified name, with or without the `#` of `@odata.type`.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn type_named(self, name: &str) -> Result<Option<StructuredType<'b>>, DescriptorError> {
        self.halve(name, self.type_count(), |index| {
            let found = self.type_at(index)?;
            Ok((found.namespace()?, found.name()?))
        })?
        .map(|index| self.type_at(index))
        .transpose()
    }

    /// How many enumerations there are. They are sorted by namespace and name.
    #[must_use]
    pub fn enum_count(self) -> u16 {
        self.count(Table::Enums)
    }

    /// The enumeration at an index.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn enum_at(self, index: u16) -> Result<EnumType<'b>, DescriptorError> {
        EnumType::at(self, index)
    }

    /// The enumeration of a qualified name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn enum_named(self, name: &str) -> Result<Option<EnumType<'b>>, DescriptorError> {
        self.halve(name, self.enum_count(), |index| {
            let found = self.enum_at(index)?;
            Ok((found.namespace()?, found.name()?))
        })?
        .map(|index| self.enum_at(index))
        .transpose()
    }

    /// All actions and functions.
    pub fn callables(self) -> impl Iterator<Item = Result<Callable<'b>, DescriptorError>> {
        (0..self.count(Table::Callables)).map(move |index| Callable::at(self, index))
    }

    /// The action or function at an index.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn callable_at(self, index: u16) -> Result<Callable<'b>, DescriptorError> {
        Callable::at(self, index)
    }

    /// Where paths begin.
    pub fn roots(self) -> impl Iterator<Item = Result<Root<'b>, DescriptorError>> {
        (0..self.count(Table::Roots)).map(move |index| Root::at(self, index))
    }

    /// The operations of a spec, sorted by id.
    pub fn operations(self) -> impl Iterator<Item = Result<OperationView<'b>, DescriptorError>> {
        (0..self.count(Table::Operations)).map(move |index| OperationView::at(self, index))
    }

    /// The operation of an id.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn operation(self, id: &str) -> Result<Option<OperationView<'b>>, DescriptorError> {
        for operation in self.operations() {
            let operation = operation?;
            if operation.id()? == id {
                return Ok(Some(operation));
            }
        }
        Ok(None)
    }

    fn count(self, table: Table) -> u16 {
        // More than a table may have cannot be addressed, so it is not seen.
        u16::try_from(Section::of(self.bytes, table).entries).unwrap_or(u16::MAX)
    }

    /// Finds a qualified name among entries that are sorted by namespace and name.
    fn halve(
        self,
        name: &str,
        count: u16,
        at: impl Fn(u16) -> Result<(&'b str, &'b str), DescriptorError>,
    ) -> Result<Option<u16>, DescriptorError> {
        let name = name.strip_prefix('#').unwrap_or(name);
        let Some(wanted) = name.rsplit_once('.') else {
            return Ok(None);
        };
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            match at(middle)?.cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }
}

impl std::fmt::Debug for Descriptors<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Descriptors({} types, {} enums)",
            self.type_count(),
            self.enum_count()
        )
    }
}
