//! Pages of records without structs: one text and three tables, whatever the number of records.

use super::outline::{Found, others, value_at};
use super::page_body::{PageBody, read_page};
use super::{DecodeError, Layout, Reader};

/// One page of records, outlined. All outlines share three tables, so that a record costs no memory of its own.
#[derive(Debug)]
pub struct OutlinedPage {
    text: String,
    items: Vec<Entry>,
    places: Vec<u32>,
    others: Vec<(u32, u32)>,
    next_link: Option<String>,
    count: Option<i64>,
}

/// A record of a page: its type, and where its part of each table begins.
#[derive(Debug, Clone, Copy)]
struct Entry {
    layout: &'static Layout,
    places: u32,
    others: u32,
    others_end: u32,
}

impl OutlinedPage {
    /// Checks and outlines a page of records of a type.
    ///
    /// # Errors
    ///
    /// When the text is no page, or an item cannot be read.
    pub fn read(text: String, layout: &'static Layout) -> Result<Self, DecodeError> {
        let mut page = Self {
            text: String::new(),
            items: Vec::new(),
            places: Vec::new(),
            others: Vec::new(),
            next_link: None,
            count: None,
        };
        let envelope = read_page(&mut Reader::new(&text), |reader| page.add(layout, reader), |_, _| {})?;
        page.next_link = envelope.next_link;
        page.count = envelope.count;
        page.text = text;
        Ok(page)
    }

    /// Outlines the item that is next.
    fn add(&mut self, layout: &'static Layout, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let layout = if layout.is_base { layout.derived(reader) } else { layout };
        // Bodies are bounded far below what these numbers hold.
        let (start, others) = (self.places.len(), self.others.len());
        self.items.push(Entry {
            layout,
            places: u32::try_from(start).unwrap_or(u32::MAX),
            others: u32::try_from(others).unwrap_or(u32::MAX),
            others_end: 0,
        });
        self.places.resize(start + layout.fields().len(), 0);
        layout.walk(reader, Found::In(&mut self.places[start..], &mut self.others))?;
        if let Some(item) = self.items.last_mut() {
            item.others_end = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
        }
        Ok(())
    }

    /// The text of the page.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many there are in all, when the request asked.
    #[must_use]
    pub fn count(&self) -> Option<i64> {
        self.count
    }

    /// The type of an item; `None` when there is no such item.
    #[must_use]
    pub fn layout(&self, index: usize) -> Option<&'static Layout> {
        self.items.get(index).map(|item| item.layout)
    }

    /// The place of a property's value in an item; zero where it is absent.
    #[must_use]
    #[inline]
    pub fn place(&self, index: usize, field: usize) -> u32 {
        let item = self.items.get(index).filter(|item| field < item.layout.fields().len());
        item.and_then(|item| self.places.get(item.places as usize + field))
            .copied()
            .unwrap_or(0)
    }

    /// Members of an item that are no properties, with the places of their values.
    pub fn others(&self, index: usize) -> impl Iterator<Item = (String, usize)> + '_ {
        let item = self.items.get(index);
        let range = item.map_or(0..0, |item| item.others as usize..item.others_end as usize);
        others(self.others.get(range).unwrap_or_default(), &self.text)
    }
}

impl PageBody for OutlinedPage {
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
            let place = item
                .layout
                .key
                .map_or(0, |field| self.place(position, usize::from(field)));
            if let Some(key) = value_at(&self.text, place) {
                found(position, key);
            }
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
