//! Pages of a collection.

use super::cursor::Kind;
use super::{Additional, Decode, DecodeError, Reader, Value};

/// One page of a collection, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page is; untrusted text.
    pub next_link: Option<String>,
    /// How many there are in all, when the request asked (`@odata.count`).
    pub count: Option<i64>,
    /// Other members of the envelope, `@odata.context` among them.
    pub additional: Additional,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next_link: None,
            count: None,
            additional: Additional::default(),
        }
    }
}

impl<T: Value> Decode for Page<T> {
    fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut page = Self::default();
        let mut reader = Reader::new(text);
        let mut has_value = false;
        reader.object(|reader, name| {
            match name {
                "value" => {
                    has_value = true;
                    read_items(&mut page.items, reader)?;
                }
                "@odata.nextLink" => {
                    page.next_link = if reader.null()? {
                        None
                    } else {
                        Some(reader.string()?.to_owned())
                    };
                }
                "@odata.count" => {
                    page.count = if reader.null()? { None } else { Some(reader.integer()?) };
                }
                _ => {
                    let raw = reader.raw()?;
                    page.additional.push(name.into(), raw);
                }
            }
            Ok(())
        })?;
        reader.finish()?;
        if has_value {
            Ok(page)
        } else {
            Err(DecodeError::syntax("a page must have a list named `value`"))
        }
    }
}

fn read_items<T: Value>(items: &mut Vec<T>, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    match reader.peek()? {
        // Documented samples show one item without its list (T6).
        Kind::Object => {
            items.push(T::read(reader)?);
            Ok(())
        }
        Kind::Null => reader.null().map(|_| ()),
        _ => reader.array(|reader| {
            items.push(T::read(reader)?);
            Ok(())
        }),
    }
}

impl<T: Value> crate::codec::page_body::PageBody for Page<T> {
    fn next_link(&self) -> Option<&str> {
        self.next_link.as_deref()
    }

    fn length(&self) -> usize {
        self.items.len()
    }

    fn count(&self) -> Option<i64> {
        self.count
    }

    fn keys(&self, found: &mut dyn FnMut(usize, &str)) {
        for (position, item) in self.items.iter().enumerate() {
            item.with_key(&mut |key| found(position, key));
        }
    }

    fn leave_out(&mut self, positions: &[usize]) {
        let mut position = 0;
        self.items.retain(|_| {
            position += 1;
            positions.binary_search(&(position - 1)).is_err()
        });
    }
}
