//! The one walk over the members of an object that a table describes.

use super::cursor::Member;
use super::names::{Members, TWICE};
use super::{DecodeError, Reader};
use crate::table::field::Descriptor;
use crate::table::model::Layout;

/// The names of an object's members: a field table.
pub(super) trait Table {
    /// The wire name of a field.
    fn name(&self, field: u16) -> Option<&'static str>;
    /// The field of a wire name.
    fn find(&self, name: &str) -> Option<u16>;
}

impl Table for Descriptor {
    #[inline]
    fn name(&self, field: u16) -> Option<&'static str> {
        self.fields.get(usize::from(field)).map(|field| field.name)
    }

    fn find(&self, name: &str) -> Option<u16> {
        Self::find(self, name)
    }
}

impl Table for Layout {
    #[inline]
    fn name(&self, field: u16) -> Option<&'static str> {
        self.fields
            .get(usize::from(field))
            .map(|described| described.field.name)
    }

    fn find(&self, name: &str) -> Option<u16> {
        self.by_name.get(name).copied()
    }
}

/// Takes the values of the members that a walk comes by.
pub(super) trait Sink {
    /// Takes the value of a field, which is next.
    fn field(&mut self, reader: &mut Reader<'_>, field: u16) -> Result<(), DecodeError>;

    /// Takes the value of a member that the table does not know. `start` is where the member begins.
    fn other(&mut self, reader: &mut Reader<'_>, name: &str, start: usize) -> Result<(), DecodeError>;
}

/// Position that says: here was `@odata.type`.
const TYPE: u16 = u16::MAX - 1;
const TYPE_NAME: &str = "@odata.type";

/// Goes through the members of the object that is next.
///
/// Services write the records of a page in one order. So each record of a table is expected to have the members of the one before it,
/// and finding a field costs one comparison.
pub(super) fn walk<T: Table>(
    reader: &mut Reader<'_>,
    table: &'static T,
    sink: &mut (impl Sink + ?Sized),
) -> Result<(), DecodeError> {
    reader.enter_object()?;
    let order = reader.order(std::ptr::from_ref(table).addr());
    let mut position = 0;
    let mut members = Members::default();
    loop {
        let expected = reader.expected_field(order, position);
        let expected_name = expected.map_or("", |field| table.name(field).unwrap_or(TYPE_NAME));
        let start = reader.cursor.position();
        // The name may lie in the reader's scratch space, so what outlives it is copied: an index, or the name of a
        // member that the table does not know.
        let (field, unknown) = match (reader.cursor.member(position == 0, expected_name)?, expected) {
            (Member::End, _) => return Ok(()),
            (Member::Expected, Some(field)) => (Some(field), None),
            (Member::Expected, None) => (None, Some(Box::from(""))),
            (Member::Other(TYPE_NAME), _) => (Some(TYPE), None),
            (Member::Other(name), _) => match table.find(name) {
                Some(field) => (Some(field), None),
                None => (None, Some(Box::<str>::from(name))),
            },
        };
        if expected != field {
            reader.remember_field(order, position, field);
        }
        position += 1;
        let known = field.and_then(|field| Some((field, table.name(field)?)));
        let (name, taken) = match known {
            Some((field, name)) if members.add(field) => (name, sink.field(reader, field)),
            Some((_, name)) => (name, Err(reader.refuse(TWICE))),
            None => {
                let name = unknown.as_deref().unwrap_or(TYPE_NAME);
                if members.add_other(name) {
                    (name, sink.other(reader, name, start))
                } else {
                    (name, Err(reader.refuse(TWICE)))
                }
            }
        };
        taken.map_err(|error| error.within(name))?;
    }
}
