//! Texts that were checked by a field table and are read by something else: for languages whose own JSON reader is
//! faster than any that makes their values from Rust.
//!
//! The checks are those of an [outline](super::Outline).

use super::cursor::Kind;
use super::outline::{FoundMember, place, value_at};
use super::page_body::{PageBody, read_page};
use super::{DecodeError, Layout, Reader};

/// A record in a text that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedRecord {
    /// Where the record begins: a wrapper `{"value": {…}}` is left out.
    pub place: usize,
    /// Whether a value was understood although it is written as another kind: `"true"`, `"5"`.
    pub forgiven: bool,
}

impl CheckedRecord {
    /// Checks the body of an answer.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or a member cannot be read.
    pub fn read(text: &str, layout: &'static Layout) -> Result<Self, DecodeError> {
        let (mut known, mut wrapped) = (false, None);
        let mut reader = Reader::new(text);
        reader.peek()?;
        let start = place(&reader) as usize;
        layout.check_record(&mut reader, &mut |member, place| match member {
            FoundMember::Key | FoundMember::Property => known = true,
            FoundMember::Other("value") => wrapped = Some(place as usize),
            FoundMember::Other(_) => {}
        })?;
        reader.finish()?;
        let forgiven = reader.lossy;
        let Some(inner) = wrapped.filter(|place| !known && text[*place..].starts_with('{')) else {
            return Ok(Self { place: start, forgiven });
        };
        let mut reader = Reader::new(&text[inner..]);
        layout
            .check_record(&mut reader, &mut |_, _| {})
            .map_err(|error| error.within("value"))?;
        Ok(Self {
            place: inner,
            forgiven: reader.lossy,
        })
    }
}

/// One page of records, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPage {
    /// The text of the page: an object whose member `value` is a list of records, or one record.
    pub text: String,
    /// How many records it holds.
    pub length: usize,
    /// Where the list of them, or the one record, begins.
    pub place: usize,
    /// Where the next page is; untrusted text.
    pub next_link: Option<String>,
    /// How many there are in all, when the request asked.
    pub count: Option<i64>,
    /// As of [`CheckedRecord::forgiven`].
    pub forgiven: bool,
    /// Where the key of each record begins; zero where it has none.
    keys: Vec<u32>,
}

impl CheckedPage {
    /// Checks a page of records of a type.
    ///
    /// # Errors
    ///
    /// When the text is no page, or an item cannot be read.
    pub fn read(text: String, layout: &'static Layout) -> Result<Self, DecodeError> {
        let mut keys = Vec::new();
        let mut reader = Reader::new(&text);
        let item = |reader: &mut Reader<'_>| -> Result<(), DecodeError> {
            let mut key = 0;
            layout.check_record(reader, &mut |member, place| {
                if matches!(member, FoundMember::Key) {
                    key = place;
                }
            })?;
            keys.push(key);
            Ok(())
        };
        let envelope = read_page(&mut reader, item, |_, _| {})?;
        let forgiven = reader.lossy;
        Ok(Self {
            text,
            length: keys.len(),
            place: envelope.start,
            next_link: envelope.next_link,
            count: envelope.count,
            forgiven,
            keys,
        })
    }
}

impl PageBody for CheckedPage {
    fn next_link(&self) -> Option<&str> {
        self.next_link.as_deref()
    }

    fn length(&self) -> usize {
        self.length
    }

    fn count(&self) -> Option<i64> {
        self.count
    }

    fn keys(&self, found: &mut dyn FnMut(usize, &str)) {
        for (position, place) in self.keys.iter().enumerate() {
            if let Some(key) = value_at(&self.text, *place) {
                found(position, key);
            }
        }
    }

    fn leave_out(&mut self, positions: &[usize]) {
        let mut kept = String::from("{\"value\":[");
        let mut keys = Vec::with_capacity(self.keys.len());
        let mut position = 0;
        let mut keep = |start: usize, raw: &str, key: u32| {
            if positions.binary_search(&position).is_err() {
                if !keys.is_empty() {
                    kept.push(',');
                }
                // The key stands as far from the start of its record as before.
                let moved = if key == 0 { 0 } else { key as usize - start + kept.len() };
                keys.push(u32::try_from(moved).unwrap_or(u32::MAX));
                kept.push_str(raw);
            }
            position += 1;
        };
        let mut reader = Reader::new(&self.text[self.place..]);
        let mut old_keys = self.keys.iter();
        let mut item = |reader: &mut Reader<'_>| {
            reader.peek()?;
            let start = self.place + reader.cursor.position();
            let raw = reader.raw()?;
            keep(start, raw, old_keys.next().copied().unwrap_or(0));
            Ok(())
        };
        // The text was checked: it can be read.
        let read = match reader.peek() {
            Ok(Kind::Object) => item(&mut reader),
            _ => reader.array(item),
        };
        if read.is_ok() {
            self.place = "{\"value\":".len();
            kept.push_str("]}");
            self.length = keys.len();
            self.keys = keys;
            self.text = kept;
        }
    }
}
