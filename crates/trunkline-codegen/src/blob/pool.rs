//! Strings and lists, each kept once.

use std::collections::HashMap;

use super::{Section, Table};
use crate::error::Error;

/// Strings and lists.
pub(super) struct Pool {
    strings: Vec<u8>,
    known_strings: HashMap<String, u32>,
    lists: Vec<u32>,
    known_lists: HashMap<Vec<u32>, u32>,
    grammars: Vec<u32>,
    overflow: bool,
}

impl Pool {
    /// The empty string and the empty list come first, at zero.
    pub(super) fn new() -> Self {
        let mut pool = Self {
            strings: Vec::new(),
            known_strings: HashMap::new(),
            lists: Vec::new(),
            known_lists: HashMap::new(),
            grammars: Vec::new(),
            overflow: false,
        };
        pool.string("");
        pool.numbers(&[]);
        pool
    }

    /// The place of a string.
    pub(super) fn string(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known_strings.get(text) {
            return *known;
        }
        let place = self.place(self.strings.len());
        let mut length = text.len();
        while length >= 0x80 {
            self.strings.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        self.strings.push(length as u8);
        self.strings.extend_from_slice(text.as_bytes());
        self.known_strings.insert(text.to_owned(), place);
        place
    }

    /// The place of a string that may be absent.
    pub(super) fn optional(&mut self, text: Option<&String>) -> u32 {
        text.map_or(super::ABSENT, |text| self.string(text))
    }

    /// The place of a list of strings.
    pub(super) fn list(&mut self, texts: &[String]) -> u32 {
        let places: Vec<u32> = texts.iter().map(|text| self.string(text)).collect();
        self.numbers(&places)
    }

    /// The place of a list of numbers.
    pub(super) fn numbers(&mut self, numbers: &[u32]) -> u32 {
        if let Some(known) = self.known_lists.get(numbers) {
            return *known;
        }
        let place = self.place(self.lists.len());
        let length = self.place(numbers.len());
        self.lists.push(length);
        self.lists.extend_from_slice(numbers);
        self.known_lists.insert(numbers.to_vec(), place);
        place
    }

    /// The number of a grammar, counted from one; zero is none.
    pub(super) fn grammar(&mut self, grammar: Option<&String>) -> Result<u8, Error> {
        let Some(grammar) = grammar else { return Ok(0) };
        let place = self.string(grammar);
        let index = self
            .grammars
            .iter()
            .position(|known| *known == place)
            .unwrap_or_else(|| {
                self.grammars.push(place);
                self.grammars.len() - 1
            });
        u8::try_from(index + 1).map_err(|_| Error::TooLarge { what: "grammars" })
    }

    /// The table of grammars.
    pub(super) fn grammars(&self) -> Table {
        let mut table = Table::default();
        for grammar in &self.grammars {
            table.u32(*grammar);
            table.end();
        }
        table
    }

    /// The sections of lists and strings.
    pub(super) fn finish(self) -> Result<(Section, Section), Error> {
        let too_large = Error::TooLarge { what: "strings" };
        let (Ok(lists), Ok(strings), false) = (
            u32::try_from(self.lists.len()),
            u32::try_from(self.strings.len()),
            self.overflow || self.strings.len() >> 31 != 0,
        ) else {
            return Err(too_large);
        };
        let bytes = self.lists.iter().flat_map(|number| number.to_le_bytes()).collect();
        Ok((
            Section { entries: lists, bytes },
            Section {
                entries: strings,
                bytes: self.strings,
            },
        ))
    }

    fn place(&mut self, place: usize) -> u32 {
        u32::try_from(place).unwrap_or_else(|_| {
            self.overflow = true;
            u32::MAX
        })
    }
}
