//! Operations of a spec.

use super::bytes::{ABSENT, Record, Table};
use super::types::Item;
use super::{Callable, DescriptorError, Descriptors, Shape, StructuredType};
use crate::cloud::{Cloud, CloudSet};

/// The effect of an operation on its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads one.
    Get,
    /// Reads many.
    List,
    /// Adds one.
    Create,
    /// Changes one.
    Update,
    /// Removes one.
    Delete,
    /// Invokes an action.
    Action,
    /// Invokes a function.
    Function,
    /// Sends a batch.
    Batch,
}

/// The content of a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultShape<'b> {
    /// Nothing.
    None,
    /// A value.
    Value {
        /// Its type.
        shape: Shape<'b>,
        /// Whether a success may lack it.
        optional: bool,
    },
    /// Values, in pages.
    Pages(Item<'b>),
    /// Answers to a batch.
    Batch,
}

/// Whether an operation may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition<'b> {
    /// It reads.
    Safe,
    /// It ends in the same state.
    Idempotent,
    /// A read settles whether it happened.
    Confirm {
        /// Id of the operation that reads.
        by: &'b str,
        /// How.
        how: &'b str,
    },
    /// It must not be.
    Never {
        /// The instruction what to do instead.
        how: &'b str,
    },
}

/// The properties of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyShape<'b> {
    /// Properties that must be there.
    pub required: Vec<&'b str>,
    /// Properties that may be.
    pub optional: Vec<&'b str>,
    /// Whether it must name its type.
    pub names_type: bool,
}

/// How the end of a 202 is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongRunning<'b> {
    /// Id of the operation that reads its state.
    pub operation: &'b str,
    /// The type of the state.
    pub state: StructuredType<'b>,
    /// Property that holds the state.
    pub status: &'b str,
    /// States that mean success.
    pub succeeded: Vec<&'b str>,
    /// States that mean failure.
    pub failed: Vec<&'b str>,
    /// Property with a verdict for each item.
    pub details: Option<&'b str>,
}

/// Permissions, any one of which suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions<'b> {
    /// The narrowest.
    pub least: Vec<&'b str>,
    /// Others that do.
    pub higher: Vec<&'b str>,
}

/// An operation.
#[derive(Clone, Copy)]
pub struct OperationView<'b> {
    record: Record<'b>,
}

/// Methods of HTTP by number.
const METHODS: [&str; 5] = ["GET", "POST", "PATCH", "PUT", "DELETE"];

/// The result of reading a blob, which may be damaged; the same for every method below.
type Read<T> = Result<T, DescriptorError>;

impl<'b> OperationView<'b> {
    pub(super) fn at(blob: Descriptors<'b>, index: u16) -> Read<Self> {
        Ok(Self {
            record: Record::of(blob, Table::Operations, index.into())?,
        })
    }

    /// Its id, such as `numberAssignments.assignNumber`.
    ///
    /// # Errors
    ///
    /// When the blob is damaged; so it is with all methods here.
    pub fn id(&self) -> Read<&'b str> {
        self.record.string(0)
    }

    /// Its title, in a few words.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn title(&self) -> Read<&'b str> {
        self.record.string(4)
    }

    /// Statuses that mean success.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn success(&self) -> Read<Vec<u16>> {
        let statuses = self.record.numbers(8)?.into_iter();
        statuses
            .map(|status| u16::try_from(status).map_err(|_| DescriptorError::damaged("a status", status)))
            .collect()
    }

    /// Query options the service documents.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn query(&self) -> Read<Vec<&'b str>> {
        self.record.strings(12)
    }

    /// The default and the largest page size of a list.
    #[must_use]
    pub fn page_size(&self) -> Option<(u32, u32)> {
        Some((self.record.u32(16), self.record.u32(20))).filter(|(_, maximum)| *maximum > 0)
    }

    /// The group whose limit it counts against.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn throttling(&self) -> Read<Option<&'b str>> {
        self.record.optional_string(24)
    }

    /// Directory roles for delegated use.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn roles(&self) -> Read<Vec<&'b str>> {
        self.record.strings(28)
    }

    /// Last part of the address of its reference page.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn reference(&self) -> Read<Option<&'b str>> {
        self.record.optional_string(32)
    }

    /// Corrections to the documentation that apply.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn corrections(&self) -> Read<Vec<&'b str>> {
        self.record.strings(36)
    }

    /// Since when it is deprecated, and what to use instead.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn deprecated(&self) -> Read<Option<&'b str>> {
        self.record.optional_string(40)
    }

    /// Whether it may be repeated.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn repetition(&self) -> Read<Repetition<'b>> {
        match self.record.u8(94) {
            0 => Ok(Repetition::Safe),
            1 => Ok(Repetition::Idempotent),
            2 => Ok(Repetition::Confirm {
                by: self.record.string(44)?,
                how: self.record.string(48)?,
            }),
            3 => Ok(Repetition::Never {
                how: self.record.string(48)?,
            }),
            other => Err(DescriptorError::damaged("a kind of repetition", other)),
        }
    }

    /// The properties of its body, when it creates or updates.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn body(&self) -> Read<Option<BodyShape<'b>>> {
        if !self.record.flag(96, 3) {
            return Ok(None);
        }
        let (required, optional) = (self.record.strings(52)?, self.record.strings(56)?);
        Ok(Some(BodyShape {
            required,
            optional,
            names_type: self.record.flag(96, 4),
        }))
    }

    /// How its end is found, when the answer is not the end.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn long_running(&self) -> Read<Option<LongRunning<'b>>> {
        let Some(state) = self.record.optional_index(80) else {
            return Ok(None);
        };
        Ok(Some(LongRunning {
            operation: self.record.string(60)?,
            state: self.record.blob.type_at(state)?,
            status: self.record.string(64)?,
            succeeded: self.record.strings(68)?,
            failed: self.record.strings(72)?,
            details: self.record.optional_string(76)?,
        }))
    }

    /// The type whose method it is.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn target(&self) -> Read<Option<Shape<'b>>> {
        let Some(number) = self.record.optional_index(82) else {
            return Ok(None);
        };
        Ok(Some(Shape {
            item: Item::read(self.record.blob, number)?,
            collection: self.record.flag(96, 0),
        }))
    }

    /// The action or function it invokes.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn callable(&self) -> Read<Option<Callable<'b>>> {
        self.record
            .optional_index(84)
            .map(|index| Callable::at(self.record.blob, index))
            .transpose()
    }

    /// The content of a success.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn result(&self) -> Read<ResultShape<'b>> {
        let item = || Item::read(self.record.blob, self.record.u16(86));
        match self.record.u8(95) {
            0 => Ok(ResultShape::None),
            1 => {
                let shape = Shape {
                    item: item()?,
                    collection: self.record.flag(96, 1),
                };
                Ok(ResultShape::Value {
                    shape,
                    optional: self.record.flag(96, 2),
                })
            }
            2 => Ok(ResultShape::Pages(item()?)),
            3 => Ok(ResultShape::Batch),
            other => Err(DescriptorError::damaged("a kind of result", other)),
        }
    }

    /// The effect on its target.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn verb(&self) -> Read<Verb> {
        Ok(match self.record.u8(92) {
            0 => Verb::Get,
            1 => Verb::List,
            2 => Verb::Create,
            3 => Verb::Update,
            4 => Verb::Delete,
            5 => Verb::Action,
            6 => Verb::Function,
            7 => Verb::Batch,
            other => return Err(DescriptorError::damaged("a kind of operation", other)),
        })
    }

    /// The method of HTTP.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn method(&self) -> Read<&'static str> {
        let number = self.record.u8(93);
        METHODS
            .get(usize::from(number))
            .copied()
            .ok_or(DescriptorError::damaged("a method", number))
    }

    /// Where it can be called.
    pub fn paths(&self) -> impl Iterator<Item = Read<OperationPath<'b>>> {
        self.record
            .children(Table::Paths, 88, 90)
            .map(|record| record.map(|record| OperationPath { record }))
    }
}

/// One place where an operation can be called.
#[derive(Clone, Copy)]
pub struct OperationPath<'b> {
    record: Record<'b>,
}

impl<'b> OperationPath<'b> {
    /// The path below the version, with placeholders in braces.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn template(&self) -> Read<&'b str> {
        self.record.string(0)
    }

    /// The permissions for a signed-in user; `None`: not offered.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn delegated(&self) -> Read<Option<Permissions<'b>>> {
        self.permissions(4)
    }

    /// The permissions for an application; `None`: not offered.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn application(&self) -> Read<Option<Permissions<'b>>> {
        self.permissions(12)
    }

    /// Clouds that offer it.
    #[must_use]
    pub fn clouds(&self) -> CloudSet {
        let bits = self.record.u32(20);
        let named = Cloud::ALL
            .into_iter()
            .enumerate()
            .filter(|(place, _)| bits >> place & 1 == 1);
        named.fold(CloudSet::EMPTY, |clouds, (_, cloud)| {
            clouds.union(CloudSet::of(&[cloud]))
        })
    }

    fn permissions(&self, at: usize) -> Read<Option<Permissions<'b>>> {
        if self.record.u32(at) == ABSENT {
            return Ok(None);
        }
        Ok(Some(Permissions {
            least: self.record.strings(at)?,
            higher: self.record.strings(at + 4)?,
        }))
    }
}
