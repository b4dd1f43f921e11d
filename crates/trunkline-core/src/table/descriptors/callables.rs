//! Actions and functions.

use super::bytes::{Record, Table};
use super::types::{Item, sensitivity};
use super::{DescriptorError, Descriptors, Shape};
use crate::codec::Sensitivity;

/// An action or a function; overloads are separate ones.
#[derive(Clone, Copy)]
pub struct Callable<'b> {
    record: Record<'b>,
}

impl<'b> Callable<'b> {
    pub(super) fn at(blob: Descriptors<'b>, index: u16) -> Result<Self, DescriptorError> {
        Ok(Self {
            record: Record::of(blob, Table::Callables, index.into())?,
        })
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

    /// Whether it is a function: GET, with its parameters in the path.
    #[must_use]
    pub fn is_function(&self) -> bool {
        self.record.flag(6, 0)
    }

    /// Whether its result may be addressed further.
    #[must_use]
    pub fn is_composable(&self) -> bool {
        self.record.flag(6, 1)
    }

    /// The type it is bound to.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn binding(&self) -> Result<Option<Shape<'b>>, DescriptorError> {
        self.shape(8, 2)
    }

    /// The type it returns.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn returns(&self) -> Result<Option<Shape<'b>>, DescriptorError> {
        self.shape(10, 3)
    }

    /// Whether what it returns may be null.
    #[must_use]
    pub fn returns_null(&self) -> bool {
        self.record.flag(6, 4)
    }

    /// Its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = Result<Parameter<'b>, DescriptorError>> {
        self.record
            .children(Table::Parameters, 12, 14)
            .map(|record| record.map(|record| Parameter { record }))
    }

    fn shape(&self, at: usize, bit: u8) -> Result<Option<Shape<'b>>, DescriptorError> {
        let Some(number) = self.record.optional_index(at) else {
            return Ok(None);
        };
        Ok(Some(Shape {
            item: Item::read(self.record.blob, number)?,
            collection: self.record.flag(6, bit),
        }))
    }
}

/// A parameter.
#[derive(Clone, Copy)]
pub struct Parameter<'b> {
    record: Record<'b>,
}

impl<'b> Parameter<'b> {
    /// The wire name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Its type.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn shape(&self) -> Result<Shape<'b>, DescriptorError> {
        Ok(Shape {
            item: Item::read(self.record.blob, self.record.u16(4))?,
            collection: self.record.flag(6, 0),
        })
    }

    /// Whether it may be null.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.record.flag(6, 1)
    }

    /// Whether callers must give it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.record.flag(6, 2)
    }

    /// How it may be shown.
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        sensitivity(self.record.u8(6))
    }

    /// Name of the grammar its value follows.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn grammar(&self) -> Result<Option<&'b str>, DescriptorError> {
        self.record.blob.grammar(self.record.u8(7))
    }
}
