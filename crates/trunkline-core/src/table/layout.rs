//! Structured types, enumerations, actions and functions as a description has them.

use std::fmt;

use hashbrown::HashMap;

use super::body::BodyRules;
use super::description::Description;
use super::field::FieldDescriptor;

/// A structured type.
pub struct Layout {
    pub(crate) description: &'static Description,
    pub(crate) index: u16,
    pub(super) name: &'static str,
    /// The type itself and those it derives from, nearest first.
    pub(super) lineage: Vec<u16>,
    pub(crate) is_base: bool,
    pub(super) is_entity: bool,
    pub(super) is_abstract: bool,
    pub(crate) fields: Vec<LayoutField>,
    pub(crate) by_name: HashMap<&'static str, u16>,
    /// The property that is the key of an entity.
    pub(crate) key: Option<u16>,
    pub(super) navigation: &'static [Navigation],
    pub(super) rules: Option<BodyRules>,
}

/// A property of a structured type, or a parameter of an action or function.
#[derive(Debug, Clone, Copy)]
pub struct LayoutField {
    /// Its name, and how it is shown and checked.
    pub field: FieldDescriptor,
    /// The form of its value.
    pub content: Content,
    /// Whether the value (the items, of a collection) may be null.
    pub is_nullable: bool,
    /// Whether callers of an action or function must give it.
    pub is_required: bool,
    /// Whether the service documents `$orderby` for it.
    pub is_sortable: bool,
    /// Whether the service documents `$filter` for it.
    pub is_filterable: bool,
}

/// A navigation property, or a root of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Navigation {
    /// The wire name, which is the path segment.
    pub name: &'static str,
    /// The index of the type it leads to.
    pub target: u16,
    /// Whether it leads to many.
    pub collection: bool,
    /// Name of the path parameter of a collection, where it is not `id`.
    pub key: Option<&'static str>,
}

/// The type of a value, and whether it is a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// The value or the items.
    pub item: ContentItem,
    /// The meaning of a text.
    pub form: TextForm,
    /// Whether there are many.
    pub collection: bool,
}

/// The meaning of a text; [`Plain`](Self::Plain) for every value that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// Itself.
    Plain,
    /// A moment, ISO 8601.
    DateTime,
    /// A day.
    Date,
    /// A time of a day.
    TimeOfDay,
    /// How long.
    Duration,
    /// An id of 128 bits.
    Guid,
    /// Bytes, in base64.
    Binary,
    /// Members of the enumeration with this index, joined by commas.
    Flags(u16),
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentItem {
    /// A text, also of a time, a duration, an id, bytes in base64 or combined members of an enumeration.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Digits, as a number or a text.
    Decimal,
    /// Anything.
    Any,
    /// A member of the enumeration with this index.
    Enum(u16),
    /// A record of the type with this index.
    Structured(u16),
}

impl Content {
    /// The content of a primitive type, by OData's name without `Edm.`.
    pub(super) fn of_primitive(name: &str) -> (ContentItem, TextForm) {
        let item = match name {
            "Boolean" => ContentItem::Boolean,
            "Byte" | "SByte" | "Int16" | "Int32" | "Int64" => ContentItem::Integer,
            "Double" | "Single" => ContentItem::Number,
            "Decimal" => ContentItem::Decimal,
            "Untyped" | "Stream" => ContentItem::Any,
            _ => ContentItem::Text,
        };
        let form = match name {
            "DateTimeOffset" => TextForm::DateTime,
            "Date" => TextForm::Date,
            "TimeOfDay" => TextForm::TimeOfDay,
            "Duration" => TextForm::Duration,
            "Guid" => TextForm::Guid,
            "Binary" => TextForm::Binary,
            _ => TextForm::Plain,
        };
        (item, form)
    }

    /// Whether a path has the value in quotes: a single string or member of an enumeration.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        let is_text = match self.item {
            ContentItem::Enum(_) => true,
            ContentItem::Text => matches!(self.form, TextForm::Plain | TextForm::Flags(_)),
            _ => false,
        };
        is_text && !self.collection
    }
}

impl Layout {
    /// Its index in the description.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Namespace and name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its properties, inherited ones first.
    #[must_use]
    pub fn fields(&self) -> &[LayoutField] {
        &self.fields
    }

    /// The index of the property with a wire name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().map(usize::from)
    }

    /// Its own navigation properties.
    #[must_use]
    pub fn navigation(&self) -> &'static [Navigation] {
        self.navigation
    }

    /// The properties that a request body of this type may hold and must hold, where operations have such bodies.
    #[must_use]
    pub fn body_rules(&self) -> Option<&BodyRules> {
        self.rules.as_ref()
    }

    /// The description it is in.
    #[must_use]
    pub fn description(&self) -> &'static Description {
        self.description
    }

    /// Whether it is an entity, with a key and an address of its own.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        self.is_entity
    }

    /// Whether it is never an instance of its own.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        self.is_abstract
    }

    /// Whether others derive from it.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.is_base
    }

    /// Whether it is `other` or derives from it.
    #[must_use]
    pub fn is_a(&self, other: &Self) -> bool {
        self.lineage.contains(&other.index)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Layout({})", self.name)
    }
}

/// An enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnumLayout {
    /// Namespace and name.
    pub name: &'static str,
    /// Whether members combine.
    pub is_flags: bool,
    /// The wire names of its members, in wire order.
    pub members: &'static [&'static str],
}

/// An action or a function; overloads are separate ones.
#[derive(Debug, Clone, Copy)]
pub struct Callable {
    /// Namespace and name.
    pub name: &'static str,
    /// Whether it is a function: GET, with its parameters in the path.
    pub is_function: bool,
    /// The type it is bound to.
    pub binding: Option<Content>,
    /// The type it returns.
    pub returns: Option<Content>,
    /// Its parameters, in order.
    pub parameters: &'static [LayoutField],
}

impl Callable {
    /// Its name without the namespace.
    #[must_use]
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}
