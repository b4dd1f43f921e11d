//! Properties, enumerations, actions and functions as a description has them.

use super::field::FieldDescriptor;

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

/// The expected answer of a method that a generated handle has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedAnswer {
    /// Kind of the answer.
    pub kind: AnswerKind,
    /// The type of the record or value; none when there is no answer.
    pub content: Option<Content>,
}

/// Kind of an answer of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// Nothing, or what nobody reads.
    Nothing,
    /// A record.
    Record,
    /// A record that may be missing.
    Optional,
    /// Another value.
    Value,
    /// An operation that goes on; its state is such a record.
    LongRunning,
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
