//! The expected answer of a call.

use trunkline_core::codec::{Content, ContentItem, DecodeError, Layout, Reader};
use trunkline_core::description::AnswerKind;

use super::description;
use crate::{Error, ErrorKind, Result};

/// The expected answer of a call.
#[derive(Debug, Clone, Copy)]
pub enum Expected {
    /// No answer, or one that nobody reads.
    Nothing,
    /// A record.
    Record(&'static Layout),
    /// A record that may be missing.
    Optional(&'static Layout),
    /// Another value.
    Value(Content),
    /// The whole body as JSON.
    Json,
    /// An operation that goes on; its state is such a record.
    LongRunning(&'static Layout),
}

/// The expected answer with an index, as generated handles name it.
///
/// # Errors
///
/// When there is none.
pub fn answer(index: u16) -> Result<Expected> {
    let found = description().answers().get(usize::from(index)).ok_or_else(|| {
        let message = format!("there is no expected answer {index}");
        Error::new(ErrorKind::InvalidInput, message)
    })?;
    let layout = match found.content.map(|content| content.item) {
        Some(ContentItem::Structured(index)) => Some(description().layout_at(index)),
        _ => None,
    };
    Ok(match (found.kind, layout, found.content) {
        (AnswerKind::Record, Some(layout), _) => Expected::Record(layout),
        (AnswerKind::Optional, Some(layout), _) => Expected::Optional(layout),
        (AnswerKind::LongRunning, Some(layout), _) => Expected::LongRunning(layout),
        (AnswerKind::Value, _, Some(content)) => Expected::Value(content),
        _ => Expected::Nothing,
    })
}

/// The place of a value that a function answered: `{"value": …}`, or the bare value.
///
/// # Errors
///
/// When the text is not JSON, or holds no such value.
pub fn read_answer(text: &str, content: Content) -> std::result::Result<usize, DecodeError> {
    let mut reader = Reader::new(text);
    let mut place = text.len() - text.trim_start().len();
    if text[place..].starts_with('{') && !matches!(content.item, ContentItem::Structured(_)) {
        let bare = place;
        let mut found = None;
        reader.object(|reader, name| {
            let raw = reader.raw()?;
            if name == "value" {
                found = Some(raw.as_ptr().addr() - text.as_ptr().addr());
            }
            Ok(())
        })?;
        // Without a member `value`, what is there is checked as the value, and refused with its path.
        place = found.unwrap_or(bare);
    } else {
        reader.raw()?;
    }
    reader.finish()?;
    let mut value = Reader::new(&text[place..]);
    match content.item {
        ContentItem::Text | ContentItem::Enum(_) if !content.collection => value.string().map(drop)?,
        ContentItem::Boolean if !content.collection => value.boolean().map(drop)?,
        ContentItem::Integer if !content.collection => value.integer().map(drop)?,
        ContentItem::Number if !content.collection => value.number().map(drop)?,
        _ => value.raw().map(drop)?,
    }
    Ok(place)
}
