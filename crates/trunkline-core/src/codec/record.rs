//! Records: structs that are read and written through their field table.

use std::any::Any;
use std::fmt;

use super::walk::{Sink, walk};
use super::{Additional, Decode, DecodeError, Encode, Property, Reader, Slot, Value, Writer};
use crate::table::body::{BodyRules, is_sent};
use crate::table::field::{Descriptor, FieldDescriptor, KEY};

/// A record of any type. Three functions are all that is generated for one; the rest is written here once.
pub trait Record: Any + Send + Sync {
    /// Its table.
    fn descriptor(&self) -> &'static Descriptor;
    /// The field at an index of the table; behind the last one, [`Additional`].
    fn slot(&self, index: usize) -> &dyn Slot;
    /// The field at an index of the table, to change.
    fn slot_mut(&mut self, index: usize) -> &mut dyn Slot;

    /// The members that the table does not know, as the service sent them.
    fn additional(&self) -> &Additional {
        let index = self.descriptor().fields.len();
        let any: &dyn Any = self.slot(index);
        any.downcast_ref().unwrap_or_else(|| no_such_field(index))
    }

    /// Members to send that the table does not know.
    fn additional_mut(&mut self) -> &mut Additional {
        let index = self.descriptor().fields.len();
        let any: &mut dyn Any = self.slot_mut(index);
        any.downcast_mut().unwrap_or_else(|| no_such_field(index))
    }
}

impl dyn Record {
    /// The record as the type it is.
    #[must_use]
    pub fn downcast_ref<T: Model>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }

    /// The typed value of a property by its wire name, when the type has it and it has this value type.
    #[must_use]
    pub fn property<T: Value>(&self, name: &str) -> Option<&Property<T>> {
        let index = self.descriptor().fields.iter().position(|field| field.name == name)?;
        let any: &dyn Any = self.slot(index);
        any.downcast_ref()
    }
}

/// A record type. Being one is all it takes to be read, written, copied, compared and shown.
pub trait Model: Record + Default + Clone + PartialEq + fmt::Debug {
    /// Its table.
    const DESCRIPTOR: &'static Descriptor;
}

impl<T: Model> Value for T {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut record = T::default();
        read_record(&mut record, reader)?;
        Ok(record)
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        write_record(self, writer);
    }

    fn with_key(&self, found: &mut dyn FnMut(&str)) {
        with_key(self, found);
    }
}

/// Calls `found` with the key of a record, when it has one.
pub(super) fn with_key(record: &dyn Record, found: &mut dyn FnMut(&str)) {
    if let Some(key) = record.property::<String>(KEY).and_then(|key| key.as_deref()) {
        found(key);
    }
}

impl<T: Model> Decode for T {
    #[inline]
    fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut record = T::default();
        decode_into(&mut record, text)?;
        Ok(record)
    }
}

impl<T: Model> Encode for T {
    #[inline]
    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_record(self, &mut writer);
        writer.into_bytes()
    }
}

/// Reads an object into a record.
pub(super) fn read_record(record: &mut dyn Record, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    let descriptor = record.descriptor();
    walk(reader, descriptor, &mut RecordSink(record))
}

/// Puts members into the fields of a record, and the others into [`Additional`].
struct RecordSink<'r>(&'r mut dyn Record);

impl Sink for RecordSink<'_> {
    #[inline]
    fn field(&mut self, reader: &mut Reader<'_>, field: u16) -> Result<(), DecodeError> {
        let start = reader.cursor.position();
        self.0.slot_mut(usize::from(field)).read(reader)?;
        if reader.lossy || reader.cursor.replaced {
            reader.lossy = false;
            reader.cursor.replaced = false;
            let name = self.0.descriptor().fields[usize::from(field)].name;
            let original = reader.cursor.since(start).trim();
            self.0.additional_mut().keep_original(name, original);
        }
        Ok(())
    }

    fn other(&mut self, reader: &mut Reader<'_>, name: &str, _start: usize) -> Result<(), DecodeError> {
        let raw = reader.raw()?;
        let annotation = self.0.descriptor().annotation;
        if name == "@odata.type" && raw == annotation {
            self.0.additional_mut().set_own_type(annotation);
        } else {
            self.0.additional_mut().push(name.into(), raw);
        }
        Ok(())
    }
}

/// Writes a record as an object.
pub(super) fn write_record(record: &dyn Record, writer: &mut Writer) {
    write_body(record, writer, false, None);
}

/// Writes a record as an object that names its type.
pub(super) fn write_named(record: &dyn Record, writer: &mut Writer) {
    write_body(record, writer, true, None);
}

/// Writes a record as an object, without what `rules` leave out.
pub(super) fn write_body(record: &dyn Record, writer: &mut Writer, is_named: bool, rules: Option<&BodyRules>) {
    writer.begin_object();
    if is_named && record.additional().raw("@odata.type").is_none() {
        writer.member("@odata.type");
        writer.raw(record.descriptor().annotation);
    }
    write_members(record, writer, rules);
    writer.end_object();
}

fn write_members(record: &dyn Record, writer: &mut Writer, rules: Option<&BodyRules>) {
    let is_copy = !writer.checks();
    let takes = |name: &str| rules.is_none_or(|rules| rules.takes(name));
    // Annotations such as `@odata.type` come first: OData asks that of writers.
    let annotations = record.additional().iter_raw().filter(|(name, _)| name.starts_with('@'));
    for (name, raw) in annotations.filter(|(name, _)| is_copy || is_sent(name)) {
        writer.member(name);
        writer.raw(raw);
    }
    for (index, field) in record.descriptor().fields.iter().enumerate() {
        let slot = record.slot(index);
        if slot.is_absent() || !takes(field.name) {
            continue;
        }
        writer.member(field.name);
        if !writer.checks() {
            slot.write(writer);
        } else if let Some((grammar, text)) = field.grammar.zip(text_of(slot)) {
            match grammar.write(text) {
                Ok(text) => writer.string(&text),
                Err(error) => writer.refuse(field.name, error.to_string(), error.advice()),
            }
        } else if let Some(reason) = out_of_range(field, slot) {
            writer.refuse(field.name, reason, "Give a number within the range");
        } else {
            slot.write(writer);
        }
    }
    for (name, raw) in record
        .additional()
        .iter_raw()
        .filter(|(name, _)| !name.starts_with('@') && (is_copy || is_sent(name)) && takes(name))
    {
        writer.member(name);
        writer.raw(raw);
    }
}

/// Why a number may not be sent.
fn out_of_range(field: &FieldDescriptor, slot: &dyn Slot) -> Option<String> {
    let (least, largest) = field.range?;
    let number = number_of(slot).filter(|number| !(least..=largest).contains(number))?;
    Some(format!("{number} is not between {least} and {largest}"))
}

/// The whole number of a slot that holds one.
fn number_of(slot: &dyn Slot) -> Option<i64> {
    fn held<T: Copy + Into<i64> + 'static>(any: &dyn Any) -> Option<i64> {
        any.downcast_ref::<Property<T>>()?
            .value()
            .map(|number| (*number).into())
    }
    let any: &dyn Any = slot;
    held::<i32>(any)
        .or_else(|| held::<i64>(any))
        .or_else(|| held::<i16>(any))
        .or_else(|| held::<u8>(any))
}

/// The text of a slot that holds one.
fn text_of(slot: &dyn Slot) -> Option<&str> {
    let any: &dyn Any = slot;
    any.downcast_ref::<Property<String>>()?.as_deref()
}

/// Reads the body of an answer into a record. Documented samples wrap single entities in `{"value": {…}}` (T7): such a
/// wrapper is taken off.
pub(super) fn decode_into(record: &mut dyn Record, text: &str) -> Result<(), DecodeError> {
    let mut reader = Reader::new(text);
    read_record(record, &mut reader)?;
    reader.finish()?;
    let fields = record.descriptor().fields.len();
    let wrapped = match record.additional().raw("value") {
        Some(raw) if raw.starts_with('{') && (0..fields).all(|index| record.slot(index).is_absent()) => {
            Some(raw.to_owned())
        }
        _ => None,
    };
    if let Some(inner) = wrapped {
        *record.additional_mut() = Additional::default();
        let mut reader = Reader::new(&inner);
        read_record(record, &mut reader).map_err(|error| error.within("value"))?;
    }
    Ok(())
}

/// Checks that a body holds every property that requests with such a body must have.
pub(super) fn check_required(record: &dyn Record, rules: &BodyRules) -> crate::error::Result<()> {
    rules.check(|property| {
        let fields = record.descriptor().fields.iter();
        match fields.zip(0..).find(|(field, _)| field.name == property) {
            Some((_, index)) => !record.slot(index).is_absent(),
            None => record.additional().raw(property).is_some(),
        }
    })
}

/// Copies a record through its table. Generated `Clone` calls it, so that no code is generated per type.
#[must_use]
pub fn clone_record<T: Model>(record: &T) -> T {
    let mut copy = T::default();
    copy_into(&mut copy, record);
    copy
}

/// Copies every field, and what is beyond the table, between two records of one type.
pub(super) fn copy_into(copy: &mut dyn Record, record: &dyn Record) {
    for index in 0..=record.descriptor().fields.len() {
        copy.slot_mut(index).copy_from(record.slot(index));
    }
}

/// Compares two records through their table. Generated `PartialEq` calls it.
#[must_use]
pub fn equal_records(left: &dyn Record, right: &dyn Record) -> bool {
    std::ptr::eq(left.descriptor(), right.descriptor())
        && (0..=left.descriptor().fields.len()).all(|index| left.slot(index).equals(right.slot(index)))
}

/// Shows a record with personal values masked and secret ones left out. Generated `Debug` calls it.
///
/// # Errors
///
/// When the formatter fails.
pub fn debug_record(record: &dyn Record, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let descriptor = record.descriptor();
    let name = descriptor.name.rsplit('.').next().unwrap_or(descriptor.name);
    let mut shown = formatter.debug_struct(name);
    for (index, field) in descriptor.fields.iter().enumerate() {
        let slot = record.slot(index);
        if !slot.is_absent() {
            shown.field(field.name, &format_args!("{}", slot.show(field.sensitivity)));
        }
    }
    // Names only: what a value we do not know means, we cannot say, so it may be personal.
    let additional: Vec<&str> = record.additional().names().collect();
    if !additional.is_empty() {
        shown.field("additional", &additional);
    }
    shown.finish()
}

/// Tells that a table and its struct disagree; only generated code could make it happen.
#[cold]
fn no_such_field(index: usize) -> ! {
    unreachable!("no field {index}")
}

/// Implements a record type by its table: one line per field with its index, its name in the struct, its wire name and,
/// where it matters, how it may be shown (`personal` or `secret`), which grammar it has (`e164` or `phone_method`) and
/// between which numbers it must be (`range(10, 43200)`).
///
/// The struct has one [`Property`] field per entry, derives `Default`, and ends with `additional: Additional`.
///
/// ```
/// use trunkline_core::codec::{Additional, Decode, Property};
///
/// #[derive(Default)]
/// pub struct Location {
///     pub id: Property<String>,
///     pub city: Property<String>,
///     pub additional: Additional,
/// }
/// trunkline_core::record! { Location = "example.location" {
///     0 id = "id",
///     1 city = "city" personal,
/// } }
///
/// let location = Location::decode(r#"{"city":"Seattle","floor":3}"#)?;
/// assert_eq!(location.city.as_deref(), Some("Seattle"));
/// assert!(location.id.is_absent());
/// assert_eq!(location.additional.raw("floor"), Some("3"));
/// # Ok::<(), trunkline_core::codec::DecodeError>(())
/// ```
#[macro_export]
macro_rules! record {
    ($type:ident = $name:literal { $($index:literal $field:ident = $wire:literal $($marker:ident $(($($argument:literal),*))?)*,)* }) => {
        impl $crate::codec::Model for $type {
            const DESCRIPTOR: &'static $crate::codec::Descriptor = &$crate::codec::Descriptor {
                name: $name,
                annotation: concat!("\"#", $name, "\""),
                fields: &[$($crate::codec::FieldDescriptor::new($wire)$(.$marker($($($argument),*)?))*),*],
            };
        }
        impl $crate::codec::Record for $type {
            #[inline]
            fn descriptor(&self) -> &'static $crate::codec::Descriptor {
                <Self as $crate::codec::Model>::DESCRIPTOR
            }
            #[inline]
            fn slot(&self, index: usize) -> &dyn $crate::codec::Slot {
                match index {
                    $($index => &self.$field,)*
                    _ => &self.additional,
                }
            }
            #[inline]
            fn slot_mut(&mut self, index: usize) -> &mut dyn $crate::codec::Slot {
                match index {
                    $($index => &mut self.$field,)*
                    _ => &mut self.additional,
                }
            }
        }
        impl ::core::clone::Clone for $type {
            #[inline]
            fn clone(&self) -> Self {
                $crate::codec::clone_record(self)
            }
        }
        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::codec::equal_records(self, other)
            }
        }
        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::codec::debug_record(self, formatter)
            }
        }
    };
}

/// Gives record types serde's traits, which delegate to the one decoder and encoder. A macro of its own, because in a
/// crate of all of Graph they would be a sixth of the compile time, and hardly anybody asks for them.
#[macro_export]
macro_rules! serde_record {
    ($($type:ident)*) => {$(
        impl $crate::serde::Serialize for $type {
            #[inline]
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codec::serialize(self, serializer)
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codec::deserialize(deserializer)
            }
        }
    )*};
}
