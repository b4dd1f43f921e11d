//! Pages as tables: every value once, and for each record which values are its own.
//!
//! The records of a page have the same members, and most of their values recur: kinds, states, places. Written once, they need
//! not be read again for each record, and V8 holds one string where it would hold a thousand equal ones. Measured on 20
//! pages of numbers: 12 ms of the program's thread where reading them as JSON takes 75.

use std::borrow::Cow;

use serde_json::json;
use trunkline_core::codec::{DecodeError, Reader};

/// From how many records on a table pays.
const WORTHWHILE: usize = 16;

/// Kinds of records, by which members they have, and members in all: with more of them a page is no table.
const MOST_SHAPES: usize = 64;
const MOST_MEMBERS: usize = 512;

/// How many values of a member are remembered, to be found again.
const REMEMBERED: usize = 8;

/// A member whose values differed this often, one after the other, is an id of sorts: only the value before is looked at.
const DIFFERENT: u16 = 64;

/// A page as a table.
pub(crate) struct Table {
    /// A JSON list of values.
    pub(crate) values: String,
    /// Of each record its shape, then the place of each value in the list.
    pub(crate) cells: Vec<u32>,
    /// As JSON: the names of members, which of them may be lists that records share, and of each shape its members.
    pub(crate) shapes: String,
}

impl Table {
    /// The table of a list of so many records, which was checked; nothing when it makes none, so that its text has to do.
    pub(crate) fn of(list: &str, records: usize) -> Option<Self> {
        if records < WORTHWHILE || !list.starts_with('[') {
            return None;
        }
        let mut builder = Builder::new(list.len(), records);
        let read = Reader::new(list).array(|reader| builder.record(reader));
        (read.is_ok() && builder.is_fit).then(|| builder.finish())
    }
}

struct Builder<'j> {
    members: Vec<Member<'j>>,
    shapes: Vec<Vec<usize>>,
    /// The shape of the record before.
    shape: usize,
    /// The members of the record that is read.
    row: Vec<usize>,
    values: String,
    count: u32,
    cells: Vec<u32>,
    is_fit: bool,
}

/// A member of the records.
struct Member<'j> {
    name: String,
    has_lists: bool,
    recent: [(&'j str, u32); REMEMBERED],
    next: usize,
    different: u16,
}

impl<'j> Builder<'j> {
    fn new(bytes: usize, records: usize) -> Self {
        Self {
            members: Vec::new(),
            shapes: Vec::new(),
            shape: 0,
            row: Vec::new(),
            values: String::with_capacity(bytes / 4),
            count: 0,
            cells: Vec::with_capacity(records * 24),
            is_fit: true,
        }
    }

    fn record(&mut self, reader: &mut Reader<'j>) -> Result<(), DecodeError> {
        let start = self.cells.len();
        self.row.clear();
        self.cells.push(0);
        reader.enter_object()?;
        loop {
            let expected = self.shapes.get(self.shape).and_then(|shape| shape.get(self.row.len()));
            let expected = expected.copied();
            let expected_name = expected.map_or("", |expected| self.members[expected].name.as_str());
            let Some(name) = reader.next_name(self.row.is_empty(), expected_name)? else {
                break;
            };
            let member = match (name, expected) {
                (Cow::Borrowed(_), Some(expected)) => expected,
                (name, _) => {
                    let name = name.into_owned();
                    self.member(name)
                }
            };
            let raw = reader.raw()?;
            let cell = self.cell(member, raw);
            self.row.push(member);
            self.cells.push(cell);
        }
        let shape = self.shape_of_row();
        self.cells[start] = u32::try_from(shape).unwrap_or_default();
        self.shape = shape;
        Ok(())
    }

    /// The member with a name that was not expected.
    fn member(&mut self, name: String) -> usize {
        let known = self.members.iter().position(|member| member.name == name);
        known.unwrap_or_else(|| {
            // Assigned to, this name means something else in JavaScript than in JSON.
            self.is_fit &= name != "__proto__" && self.members.len() < MOST_MEMBERS;
            self.members.push(Member {
                name,
                has_lists: false,
                recent: [("", 0); REMEMBERED],
                next: 0,
                different: 0,
            });
            self.members.len() - 1
        })
    }

    /// The place of a value in the list.
    fn cell(&mut self, member: usize, raw: &'j str) -> u32 {
        let member = &mut self.members[member];
        // A value that holds an object belongs to one record: it cannot be copied as quickly as it is read.
        let is_shared = !raw.starts_with('{') && (!raw.starts_with('[') || !raw[1..].contains(['{', '[']));
        if is_shared {
            let looked_at = if member.different < DIFFERENT { REMEMBERED } else { 1 };
            let before = (0..looked_at).map(|back| member.recent[(member.next + REMEMBERED - 1 - back) % REMEMBERED]);
            for (text, cell) in before {
                if text == raw {
                    member.different = 0;
                    return cell;
                }
            }
            member.different = member.different.saturating_add(1);
            member.recent[member.next] = (raw, self.count);
            member.next = (member.next + 1) % REMEMBERED;
            member.has_lists |= raw.starts_with('[');
        }
        self.values.push(if self.count == 0 { '[' } else { ',' });
        self.values.push_str(raw);
        self.count += 1;
        self.count - 1
    }

    fn shape_of_row(&mut self) -> usize {
        if self.shapes.get(self.shape).is_some_and(|shape| *shape == self.row) {
            return self.shape;
        }
        if let Some(known) = self.shapes.iter().position(|shape| *shape == self.row) {
            return known;
        }
        self.is_fit &= self.shapes.len() < MOST_SHAPES;
        if self.is_fit {
            self.shapes.push(self.row.clone());
        }
        self.shapes.len().saturating_sub(1)
    }

    fn finish(mut self) -> Table {
        if self.count == 0 {
            self.values.push('[');
        }
        self.values.push(']');
        let names: Vec<&str> = self.members.iter().map(|member| member.name.as_str()).collect();
        let lists: Vec<bool> = self.members.iter().map(|member| member.has_lists).collect();
        Table {
            shapes: json!({ "names": names, "lists": lists, "shapes": self.shapes }).to_string(),
            values: self.values,
            cells: self.cells,
        }
    }
}
