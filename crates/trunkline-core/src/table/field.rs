//! Field tables: the properties of a record as data.

use crate::telephone::Grammar;

/// The property that is the key of every entity: the base type of all declares it.
pub(crate) const KEY: &str = "id";

/// How a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sensitivity {
    /// As it is.
    #[default]
    Public,
    /// Masked by default: telephone numbers, principal names, ids that embed a number.
    Personal,
    /// Never shown: passwords, passes, keys.
    Secret,
}

/// The table of a type: what it is called and what its fields are called on the wire.
#[derive(Debug)]
pub struct Descriptor {
    /// Qualified name, for instance `microsoft.graph.user`.
    pub name: &'static str,
    /// The value of `@odata.type` that names this type, as JSON text.
    pub annotation: &'static str,
    /// Fields in the order of the struct, inherited ones first.
    pub fields: &'static [FieldDescriptor],
}

impl Descriptor {
    /// The index of the field with a wire name.
    pub(crate) fn find(&self, name: &str) -> Option<u16> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .and_then(|index| u16::try_from(index).ok())
    }
}

/// One field of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldDescriptor {
    /// Wire name.
    pub name: &'static str,
    /// How it may be shown.
    pub sensitivity: Sensitivity,
    /// The grammar its text must have when it is sent.
    pub grammar: Option<Grammar>,
    /// The least and the largest number it may have when it is sent.
    pub range: Option<(i64, i64)>,
}

impl FieldDescriptor {
    /// A field that may be shown.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            sensitivity: Sensitivity::Public,
            grammar: None,
            range: None,
        }
    }

    /// Masked when shown.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.sensitivity = Sensitivity::Personal;
        self
    }

    /// Never shown.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.sensitivity = Sensitivity::Secret;
        self
    }

    /// A whole number between these, both included.
    #[must_use]
    pub const fn range(mut self, least: i64, largest: i64) -> Self {
        self.range = Some((least, largest));
        self
    }

    /// A Teams telephone number.
    #[must_use]
    pub const fn e164(mut self) -> Self {
        self.grammar = Some(Grammar::E164);
        self
    }

    /// The number of an authentication method.
    #[must_use]
    pub const fn phone_method(mut self) -> Self {
        self.grammar = Some(Grammar::PhoneMethod);
        self
    }
}
