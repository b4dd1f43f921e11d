//! Records without structs: where each member of an object stands in a text that was checked once.
//!
//! Bindings make values out of an outline when a program reads them. The checks are the same as for [`read_record`](super::read_record), so that a body is read alike in every language.

use super::cursor::{Cursor, Kind};
use super::walk::{Sink, walk};
use super::{DecodeError, Reader};
use crate::table::layout::{Content, ContentItem};
use crate::table::model::Layout;

impl Layout {
    /// Checks and outlines the body of an answer. A wrapper `{"value": {…}}` is taken off, as
    /// [`Decode`](super::Decode) does for a record.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or a member cannot be read.
    pub fn read(&'static self, text: &str) -> Result<Outline, DecodeError> {
        let mut reader = Reader::new(text);
        let outline = self.outline(&mut reader)?;
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
        self.outline(&mut reader)
    }

    /// Outlines the object that is next.
    fn outline(&'static self, reader: &mut Reader<'_>) -> Result<Outline, DecodeError> {
        let layout = if self.is_base { self.derived(reader) } else { self };
        let mut outline = Outline {
            layout,
            places: vec![0; layout.fields.len()].into_boxed_slice(),
            others: Vec::new(),
        };
        layout.walk(reader, Found::In(&mut outline.places, &mut outline.others))?;
        Ok(outline)
    }

    /// The type that the object ahead names, when it derives from this one.
    pub(super) fn derived(&'static self, reader: &Reader<'_>) -> &'static Self {
        let named = super::instance::type_ahead(reader).and_then(|name| self.description.layout(&name));
        named.filter(|named| named.is_a(self)).unwrap_or(self)
    }

    /// Checks the object that is next. `found` is called with each member and the place of its value.
    pub(super) fn check_record(
        &'static self,
        reader: &mut Reader<'_>,
        found: &mut dyn FnMut(FoundMember<'_>, u32),
    ) -> Result<(), DecodeError> {
        let layout = if self.is_base { self.derived(reader) } else { self };
        layout.walk(reader, Found::Called(found))
    }

    /// Goes through the members of the object that is next, and checks each.
    pub(super) fn walk(&'static self, reader: &mut Reader<'_>, found: Found<'_>) -> Result<(), DecodeError> {
        walk(reader, self, &mut OutlineSink { layout: self, found })
    }

    /// Takes the value that is next, and checks that it is what it should be.
    fn check(&'static self, reader: &mut Reader<'_>, content: Content) -> Result<(), DecodeError> {
        if reader.null()? {
            return Ok(());
        }
        if content.collection {
            return reader.array(|reader| {
                if reader.null()? {
                    return Ok(());
                }
                self.check_item(reader, content.item)
            });
        }
        self.check_item(reader, content.item)
    }

    #[inline]
    fn check_item(&'static self, reader: &mut Reader<'_>, item: ContentItem) -> Result<(), DecodeError> {
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
                let layout = self.description.layout_at(index);
                let layout = if layout.is_base { layout.derived(reader) } else { layout };
                layout.walk(reader, Found::Nowhere)
            }
        }
    }
}

pub(super) fn place(reader: &Reader<'_>) -> u32 {
    // Bodies are bounded far below this.
    u32::try_from(reader.cursor.position()).unwrap_or(u32::MAX)
}

/// Checks the value of each member, and puts down where it is.
struct OutlineSink<'f> {
    layout: &'static Layout,
    found: Found<'f>,
}

impl Sink for OutlineSink<'_> {
    #[inline]
    fn field(&mut self, reader: &mut Reader<'_>, field: u16) -> Result<(), DecodeError> {
        reader.peek()?;
        let place = place(reader);
        self.layout
            .check(reader, self.layout.fields[usize::from(field)].content)?;
        self.found.field(field, self.layout.key == Some(field), place);
        Ok(())
    }

    fn other(&mut self, reader: &mut Reader<'_>, name: &str, start: usize) -> Result<(), DecodeError> {
        reader.peek()?;
        let place = place(reader);
        reader.raw()?;
        self.found.other(start, name, place);
        Ok(())
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
