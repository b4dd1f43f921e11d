//! XML as the parts of a workbook have it: one start, end or text after the other.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::measured::{Excess, Pieces};
use crate::input::InputError;

/// The markup of a part.
pub(super) struct Markup<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: Pieces> Markup<R> {
    pub(super) fn new(source: R) -> Self {
        let mut reader = Reader::from_reader(source);
        // `<c/>` is `<c></c>`.
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::with_capacity(1024),
        }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Event<'_>, InputError> {
        self.buffer.clear();
        self.reader.get_mut().begin();
        self.reader.read_event_into(&mut self.buffer).map_err(broken)
    }

    /// The next start of an element, wherever it stands; `None` at the end of the part.
    pub(super) fn next_start(&mut self) -> Result<Option<BytesStart<'static>>, InputError> {
        loop {
            match self.next()? {
                Event::Start(start) => return Ok(Some(start.into_owned())),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The text of an element that has begun, up to its end, put behind `text`. Elements within are passed over.
    pub(super) fn text(&mut self, text: &mut String) -> Result<(), InputError> {
        self.rest(|event| {
            match event {
                Event::Text(found) => text.push_str(&found.xml10_content()),
                Event::CData(found) => text.push_str(&found.xml10_content()),
                Event::GeneralRef(named) => text.push(meant(&named)?),
                _ => {}
            }
            Ok(())
        })
    }

    /// Passes over the rest of an element that has begun.
    pub(super) fn skip(&mut self) -> Result<(), InputError> {
        self.rest(|_| Ok(()))
    }

    /// Goes to the end of an element that has begun, and hands over what stands in it, but not in others within.
    fn rest(&mut self, mut each: impl FnMut(Event<'_>) -> Result<(), InputError>) -> Result<(), InputError> {
        let mut depth = 0_u32;
        loop {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(ended()),
                other if depth == 0 => each(other)?,
                _ => {}
            }
        }
    }
}

/// An attribute, by its name without prefix.
pub(super) fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Result<Option<Cow<'e, str>>, InputError> {
    for found in element.attributes().with_checks(false) {
        let found = found.map_err(broken)?;
        if found.key.local_name().as_ref() == name {
            return found
                .normalized_value(XmlVersion::Implicit1_0)
                .map(Some)
                .map_err(broken);
        }
    }
    Ok(None)
}

/// The character that `&lt;` or `&#60;` stands for.
fn meant(named: &BytesRef<'_>) -> Result<char, InputError> {
    if let Some(character) = named.resolve_char_ref().map_err(broken)? {
        return Ok(character);
    }
    let predefined = quick_xml::escape::resolve_xml_entity(named);
    predefined
        .and_then(|text| text.chars().next())
        .ok_or_else(|| InputError::BrokenWorkbook("it names a character that XML does not know".to_owned()))
}

pub(super) fn ended() -> InputError {
    InputError::BrokenWorkbook("a part of it ends too early".to_owned())
}

pub(super) fn broken(error: impl Into<Error>) -> InputError {
    let error = error.into();
    if let Error::Io(failure) = &error
        && let Some(excess) = failure.get_ref().and_then(|inner| inner.downcast_ref::<Excess>())
    {
        return match *excess {
            Excess::Unpacked(limit) => InputError::Bomb { limit },
            Excess::Piece(_) => InputError::BrokenWorkbook(excess.to_string()),
        };
    }
    if let Error::Io(failure) = &error
        && failure.kind() == std::io::ErrorKind::InvalidData
    {
        return InputError::BrokenWorkbook(format!("a part of it is damaged ({failure})"));
    }
    InputError::BrokenWorkbook(error.to_string())
}

/// Whether an attribute says yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}
