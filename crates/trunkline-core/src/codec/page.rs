//! Pages of a collection.

use super::page_body::{PageBody, read_page};
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
        let envelope = read_page(
            &mut Reader::new(text),
            |reader| {
                page.items.push(T::read(reader)?);
                Ok(())
            },
            |name, raw| page.additional.push(name.into(), raw),
        )?;
        page.next_link = envelope.next_link;
        page.count = envelope.count;
        Ok(page)
    }
}

impl<T: Value> PageBody for Page<T> {
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
