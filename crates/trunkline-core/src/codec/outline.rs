//! Records without structs: where each member of an object stands in a text that was checked once.
//!
//! Bindings make values out of an outline when a program reads them. The checks are the same as for [`read_record`](super::read_record), so that a body is read alike in every language.

use std::sync::{OnceLock, PoisonError, RwLock};

use hashbrown::HashMap;

use super::cursor::{Cursor, Kind, Member};
use super::names::{Members, TWICE};
use super::record::KEY;
use super::{DecodeError, Reader, Sensitivity};
use crate::table::descriptors::{DescriptorError, Descriptors, Item, Shape, StructuredType};
use crate::telephone::Grammar;

/// The structured types of a descriptor blob, each made ready on first use.
pub struct Layouts {
    descriptors: Descriptors<'static>,
    types: Vec<OnceLock<Layout>>,
    /// Names that were looked up before.
    named: RwLock<HashMap<String, u16>>,
}

/// A structured type, ready for reading.
pub struct Layout {
    layouts: &'static Layouts,
    index: u16,
    name: String,
    pub(super) is_base: bool,
    fields: Vec<LayoutField>,
    /// The property that is the key of an entity.
    key_field: Option<u16>,
    by_name: HashMap<&'static str, u16>,
}

/// A property of a structured type.
#[derive(Debug, Clone, Copy)]
pub struct LayoutField {
    /// The wire name.
    pub name: &'static str,
    /// The form of its value.
    pub content: Content,
    /// How it may be shown.
    pub sensitivity: Sensitivity,
    /// The grammar of a text that is sent.
    pub grammar: Option<Grammar>,
    /// Between which whole numbers one that is sent must be.
    pub range: Option<(i64, i64)>,
}

/// The type of a property's value, and whether it is a collection.
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
    /// The content of a described type.
    #[must_use]
    pub fn of(shape: Shape<'_>) -> Self {
        let item = match shape.item {
            Item::Enum(r#enum) if r#enum.is_flags() => ContentItem::Text,
            Item::Enum(r#enum) => ContentItem::Enum(r#enum.index()),
            Item::Structured(r#type) => ContentItem::Structured(r#type.index()),
            Item::Primitive("Boolean") => ContentItem::Boolean,
            Item::Primitive("Byte" | "SByte" | "Int16" | "Int32" | "Int64") => ContentItem::Integer,
            Item::Primitive("Double" | "Single") => ContentItem::Number,
            Item::Primitive("Decimal") => ContentItem::Decimal,
            Item::Primitive("Untyped" | "Stream") => ContentItem::Any,
            Item::Primitive(_) => ContentItem::Text,
        };
        let form = match shape.item {
            Item::Enum(r#enum) if r#enum.is_flags() => TextForm::Flags(r#enum.index()),
            Item::Primitive("DateTimeOffset") => TextForm::DateTime,
            Item::Primitive("Date") => TextForm::Date,
            Item::Primitive("TimeOfDay") => TextForm::TimeOfDay,
            Item::Primitive("Duration") => TextForm::Duration,
            Item::Primitive("Guid") => TextForm::Guid,
            Item::Primitive("Binary") => TextForm::Binary,
            _ => TextForm::Plain,
        };
        Self {
            item,
            form,
            collection: shape.collection,
        }
    }
}

/// The grammar of a name in a blob.
#[must_use]
pub fn grammar_named(name: &str) -> Option<Grammar> {
    match name {
        "e164" => Some(Grammar::E164),
        "phoneMethod" => Some(Grammar::PhoneMethod),
        _ => None,
    }
}

impl Layouts {
    /// Takes up a blob.
    ///
    /// # Errors
    ///
    /// When the bytes are no descriptor blob.
    pub fn new(blob: &'static [u8]) -> Result<Self, DescriptorError> {
        let descriptors = Descriptors::new(blob)?;
        let types = (0..descriptors.type_count()).map(|_| OnceLock::new()).collect();
        Ok(Self {
            descriptors,
            types,
            named: RwLock::default(),
        })
    }

    /// The blob.
    #[must_use]
    pub fn descriptors(&self) -> Descriptors<'static> {
        self.descriptors
    }

    /// The type at an index.
    ///
    /// # Errors
    ///
    /// When there is none, or the blob is damaged.
    pub fn at(&'static self, index: u16) -> Result<&'static Layout, DescriptorError> {
        let slot = self.types.get(usize::from(index));
        if let Some(layout) = slot.and_then(OnceLock::get) {
            return Ok(layout);
        }
        let layout = Layout::new(self, self.descriptors.type_at(index)?)?;
        // There are as many slots as types, and this type was found.
        Ok(slot.map_or_else(|| unreachable!("no type {index}"), |slot| slot.get_or_init(|| layout)))
    }

    /// The type of a qualified name, with or without the `#` of `@odata.type`.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn named(&'static self, name: &str) -> Result<Option<&'static Layout>, DescriptorError> {
        let known = self
            .named
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .copied();
        if let Some(index) = known {
            return self.at(index).map(Some);
        }
        let Some(r#type) = self.descriptors.type_named(name)? else {
            // Names that no type has come from the service and are not kept.
            return Ok(None);
        };
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        named.insert(name.to_owned(), r#type.index());
        drop(named);
        self.at(r#type.index()).map(Some)
    }
}

impl Layout {
    fn new(layouts: &'static Layouts, described: StructuredType<'static>) -> Result<Self, DescriptorError> {
        let mut fields = Vec::new();
        let mut by_name = HashMap::new();
        for property in described.properties()? {
            let name = property.name()?;
            by_name.entry(name).or_insert(fields.len() as u16);
            fields.push(LayoutField {
                name,
                content: Content::of(property.shape()?),
                sensitivity: property.sensitivity(),
                grammar: property.grammar()?.and_then(grammar_named),
                range: property.range()?,
            });
        }
        Ok(Self {
            layouts,
            index: described.index(),
            name: described.qualified_name()?,
            is_base: described.is_base(),
            key_field: by_name.get(KEY).copied(),
            fields,
            by_name,
        })
    }

    /// Its index in the blob.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Namespace and name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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

    /// The index of the property that is the key of an entity.
    pub(super) fn key_field(&self) -> Option<usize> {
        self.key_field.map(usize::from)
    }

    /// Where the types it refers to are.
    #[must_use]
    pub fn layouts(&self) -> &'static Layouts {
        self.layouts
    }

    /// Whether it is `other` or derives from it.
    #[must_use]
    pub fn is_a(&self, other: &Self) -> bool {
        let lineage = self
            .layouts
            .descriptors
            .type_at(self.index)
            .and_then(|own| own.lineage());
        lineage.is_ok_and(|lineage| lineage.iter().any(|r#type| r#type.index() == other.index))
    }

    /// Checks and outlines the body of an answer. A wrapper `{"value": {…}}` is taken off, as
    /// [`Decode`](super::Decode) does for a record.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or a member cannot be read.
    pub fn read(&'static self, text: &str) -> Result<Outline, DecodeError> {
        let mut reader = Reader::new(text);
        let mut orders = Orders::default();
        let outline = self.outline(&mut reader, &mut orders)?;
        reader.finish()?;
        if !outline.places.iter().all(|place| *place == 0) {
            return Ok(outline);
        }
        let wrapped = outline
            .others(text)
            .find(|(name, place)| name == "value" && text[*place..].trim_start().starts_with('{'));
        match wrapped {
            Some((_, place)) => self.read_at(text, place).map_err(|error| error.within("value")),
            None => Ok(outline),
        }
    }

    /// Outlines the object at a place of a text.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_at(&'static self, text: &str, place: usize) -> Result<Outline, DecodeError> {
        let mut reader = Reader::new(text);
        reader.cursor = Cursor::from(text, place);
        self.outline(&mut reader, &mut Orders::default())
    }

    /// Outlines the object that is next.
    fn outline(&'static self, reader: &mut Reader<'_>, orders: &mut Orders) -> Result<Outline, DecodeError> {
        let layout = if self.is_base { self.derived(reader) } else { self };
        let mut outline = Outline {
            layout,
            places: vec![0; layout.fields.len()].into_boxed_slice(),
            others: Vec::new(),
        };
        layout.walk(reader, orders, &mut Found::In(&mut outline.places, &mut outline.others))?;
        Ok(outline)
    }

    /// The type that the object ahead names, when it derives from this one.
    pub(super) fn derived(&'static self, reader: &Reader<'_>) -> &'static Self {
        let named = super::instance::type_ahead(reader).and_then(|name| self.layouts.named(&name).ok().flatten());
        named.filter(|named| named.is_a(self)).unwrap_or(self)
    }

    /// Checks the object that is next. `found` is called with each member and the place of its value.
    pub(super) fn check_record(
        &'static self,
        reader: &mut Reader<'_>,
        orders: &mut Orders,
        found: &mut dyn FnMut(FoundMember<'_>, u32),
    ) -> Result<(), DecodeError> {
        let layout = if self.is_base { self.derived(reader) } else { self };
        layout.walk(reader, orders, &mut Found::Called(found))
    }

    /// Goes through the members of the object that is next, and checks each.
    pub(super) fn walk(
        &'static self,
        reader: &mut Reader<'_>,
        orders: &mut Orders,
        found: &mut Found<'_>,
    ) -> Result<(), DecodeError> {
        reader.enter_object()?;
        let order = orders.of(self.index);
        let mut position = 0;
        let mut members = Members::default();
        loop {
            let expected = orders.expected(order, position);
            let expected_name = expected
                .and_then(|field| self.fields.get(usize::from(field)))
                .map_or("", |field| field.name);
            let before = reader.cursor.position();
            let (field, unknown) = match (reader.cursor.member(position == 0, expected_name)?, expected) {
                (Member::End, _) => return Ok(()),
                (Member::Expected, Some(field)) => (field, None),
                (Member::Expected, None) => (UNKNOWN, Some(Box::<str>::from(""))),
                (Member::Other(name), _) => match self.by_name.get(name) {
                    Some(field) => (*field, None),
                    None => (UNKNOWN, Some(Box::<str>::from(name))),
                },
            };
            if expected != Some(field) {
                orders.remember(order, position, field);
            }
            position += 1;
            reader.peek()?;
            let place = place(reader);
            if let Some(name) = unknown {
                if !members.add_other(&name) {
                    return Err(reader.refuse(TWICE).within(&name));
                }
                reader.raw().map_err(|error| error.within(&name))?;
                found.other(before, &name, place);
            } else {
                let described = &self.fields[usize::from(field)];
                if !members.add(field) {
                    return Err(reader.refuse(TWICE).within(described.name));
                }
                self.check(reader, orders, described.content)
                    .map_err(|error| error.within(described.name))?;
                found.field(field, self.key_field == Some(field), place);
            }
        }
    }

    /// Takes the value that is next, and checks that it is what it should be.
    fn check(&'static self, reader: &mut Reader<'_>, orders: &mut Orders, content: Content) -> Result<(), DecodeError> {
        if reader.null()? {
            return Ok(());
        }
        if content.collection {
            return reader.array(|reader| {
                if reader.null()? {
                    return Ok(());
                }
                self.check_item(reader, orders, content.item)
            });
        }
        self.check_item(reader, orders, content.item)
    }

    #[inline]
    fn check_item(
        &'static self,
        reader: &mut Reader<'_>,
        orders: &mut Orders,
        item: ContentItem,
    ) -> Result<(), DecodeError> {
        match item {
            ContentItem::Text | ContentItem::Enum(_) => reader.string().map(drop),
            ContentItem::Boolean => reader.boolean().map(drop),
            ContentItem::Integer => reader.integer().map(drop),
            ContentItem::Number => reader.number().map(drop),
            ContentItem::Decimal => match reader.peek()? {
                Kind::String => reader.string().map(drop),
                Kind::Number => reader.raw().map(drop),
                kind => Err(reader.expected("a number", kind)),
            },
            ContentItem::Any => reader.raw().map(drop),
            ContentItem::Structured(index) => {
                let layout = self
                    .layouts
                    .at(index)
                    .map_err(|error| DecodeError::syntax(error.to_string()))?;
                let layout = if layout.is_base { layout.derived(reader) } else { layout };
                layout.walk(reader, orders, &mut Found::Nowhere)
            }
        }
    }
}

pub(super) fn place(reader: &Reader<'_>) -> u32 {
    // Bodies are bounded far below this.
    u32::try_from(reader.cursor.position()).unwrap_or(u32::MAX)
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Layout({})", self.name)
    }
}

/// Where what a walk comes by is put.
pub(super) enum Found<'f> {
    /// The place of each property's value, and of each other member: where it begins, and where its value is.
    In(&'f mut [u32], &'f mut Vec<(u32, u32)>),
    /// Each is handed over with the place of its value.
    Called(&'f mut dyn FnMut(FoundMember<'_>, u32)),
    /// The walk only checks.
    Nowhere,
}

/// A member that a walk came by.
pub(super) enum FoundMember<'f> {
    /// The key of an entity.
    Key,
    /// Another property.
    Property,
    /// An annotation or an unknown member.
    Other(&'f str),
}

impl Found<'_> {
    #[inline]
    fn field(&mut self, field: u16, is_key: bool, place: u32) {
        match self {
            Self::In(places, _) => places[usize::from(field)] = place,
            Self::Called(call) if is_key => call(FoundMember::Key, place),
            Self::Called(call) => call(FoundMember::Property, place),
            Self::Nowhere => {}
        }
    }

    #[cold]
    fn other(&mut self, start: usize, name: &str, place: u32) {
        match self {
            // Bodies are bounded far below this.
            Self::In(_, others) => others.push((u32::try_from(start).unwrap_or(u32::MAX), place)),
            Self::Called(call) => call(FoundMember::Other(name), place),
            Self::Nowhere => {}
        }
    }
}

/// The value at a place of a text that was checked, a string without its quotes; `None` where there is none.
pub(super) fn value_at(text: &str, place: u32) -> Option<&str> {
    let rest = text.get(place as usize..).filter(|_| place > 0)?;
    let raw = Reader::new(rest).raw().ok()?;
    (raw != "null").then(|| super::reader::plain(raw))
}

/// Stands for a member that is no property.
const UNKNOWN: u16 = u16::MAX;

/// Which property followed which in the record before, by type.
#[derive(Default)]
pub(super) struct Orders(Vec<(u16, Vec<u16>)>);

impl Orders {
    fn of(&mut self, layout: u16) -> usize {
        match self.0.iter().position(|(known, _)| *known == layout) {
            Some(position) => position,
            None => {
                self.0.push((layout, Vec::new()));
                self.0.len() - 1
            }
        }
    }

    #[inline]
    fn expected(&self, order: usize, position: usize) -> Option<u16> {
        self.0[order].1.get(position).copied().filter(|field| *field != UNKNOWN)
    }

    fn remember(&mut self, order: usize, position: usize, field: u16) {
        let fields = &mut self.0[order].1;
        if position < fields.len() {
            fields[position] = field;
        } else if position == fields.len() {
            fields.push(field);
        }
    }
}

/// Where the members of one object stand in its text.
#[derive(Debug, Clone)]
pub struct Outline {
    /// The type it is of.
    pub layout: &'static Layout,
    /// The place of each property's value; zero where it is absent.
    pub places: Box<[u32]>,
    /// Members that are no properties: where each begins, and the place of its value.
    others: Vec<(u32, u32)>,
}

impl Outline {
    /// Members that are no properties, with the places of their values.
    pub fn others<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (String, usize)> + 't {
        others(&self.others, text)
    }
}

/// The names of members that are no properties, with the places of their values.
pub(super) fn others<'t>(found: &'t [(u32, u32)], text: &'t str) -> impl Iterator<Item = (String, usize)> + 't {
    found.iter().filter_map(|(start, place)| {
        let rest = text.get(*start as usize..)?;
        let mut reader =
            Reader::new(rest.trim_start_matches(|before: char| before == ',' || before.is_ascii_whitespace()));
        Some((reader.string().ok()?.to_owned(), *place as usize))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_else_is_no_blob() {
        assert!(Layouts::new(b"something else").is_err());
        assert_eq!(grammar_named("e164"), Some(Grammar::E164));
        assert_eq!(grammar_named("else"), None);
    }
}
