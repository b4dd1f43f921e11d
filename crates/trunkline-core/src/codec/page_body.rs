//! The parts of a page that its cursor reads, whatever the page is decoded to.

use super::cursor::Kind;
use super::{DecodeError, Reader};

/// The body of a page, as far as a cursor looks at it.
pub trait PageBody: Sized + Send {
    /// Where the next page is, as the service wrote it.
    fn next_link(&self) -> Option<&str>;

    /// How many items it holds.
    fn length(&self) -> usize;

    /// How many items there are in all, when the request asked and the service said.
    fn count(&self) -> Option<i64>;

    /// Calls `found` with the position and the key of each item that has one.
    fn keys(&self, found: &mut dyn FnMut(usize, &str));

    /// Leaves out the items at these positions, which ascend.
    fn leave_out(&mut self, positions: &[usize]);
}

/// The envelope of a page: everything but its items.
pub(super) struct Envelope {
    /// Where the next page is; untrusted text.
    pub(super) next_link: Option<String>,
    /// How many items there are in all, when the request asked.
    pub(super) count: Option<i64>,
    /// Where the list of items, or the one item, begins.
    pub(super) start: usize,
}

/// Reads a page, one call of `item` per item, and one of `other` per member of the envelope with another meaning.
pub(super) fn read_page<'j>(
    reader: &mut Reader<'j>,
    mut item: impl FnMut(&mut Reader<'j>) -> Result<(), DecodeError>,
    mut other: impl FnMut(&str, &'j str),
) -> Result<Envelope, DecodeError> {
    let (mut next_link, mut count, mut start) = (None, None, None);
    reader.object(|reader, name| {
        match name {
            "value" => {
                let kind = reader.peek()?;
                start = Some(reader.cursor.position());
                match kind {
                    // Documented samples show one item without its list (T6).
                    Kind::Object => item(reader)?,
                    Kind::Null => drop(reader.null()?),
                    _ => reader.array(&mut item)?,
                }
            }
            "@odata.nextLink" if !reader.null()? => next_link = Some(reader.string()?.to_owned()),
            "@odata.count" if !reader.null()? => count = Some(reader.integer()?),
            "@odata.nextLink" | "@odata.count" => {}
            _ => other(name, reader.raw()?),
        }
        Ok(())
    })?;
    reader.finish()?;
    let start = start.ok_or_else(|| DecodeError::syntax("a page must have a list named `value`"))?;
    Ok(Envelope {
        next_link,
        count,
        start,
    })
}
