//! Values whose type the service names.

use std::fmt;
use std::marker::PhantomData;

use crate::error::{Error, ErrorKind, Result};
use crate::table::body::BodyRules;

use super::cursor::{Kind, Member};
use super::record::{check_required, copy_into, decode_into, read_record, write_body, write_named, write_record};
use super::{Decode, DecodeError, Encode, Model, Property, Reader, Record, Value, Writer};

/// A type that others derive from: which they are, so that a value can be read as what it is.
pub trait Polymorphic: Model {
    /// The types that derive from it, near and far.
    const DERIVED: &'static [Derived];
}

/// A derived type.
#[derive(Debug)]
pub struct Derived {
    /// Qualified name, without `#`.
    pub name: &'static str,
    /// Makes an empty one.
    pub make: fn() -> Box<dyn Record>,
}

impl Derived {
    /// The entry of a type.
    #[must_use]
    pub const fn of<T: Model>() -> Self {
        Self {
            name: T::DESCRIPTOR.name,
            make: || Box::new(T::default()),
        }
    }
}

/// Says that a value of this type may stand where `Base` is asked for. Every type derives from itself.
pub trait DerivedFrom<Base>: Model {}

/// A value of `Base` or of a type that derives from it, as `@odata.type` names it. A derived type that this version does
/// not know is read as `Base`; its own properties stay in [`Additional`](super::Additional).
pub struct Instance<Base> {
    record: Box<dyn Record>,
    base: PhantomData<fn() -> Base>,
}

impl<Base: Polymorphic> Instance<Base> {
    /// Wraps a value.
    pub fn new<T: DerivedFrom<Base>>(value: T) -> Self {
        Self {
            record: Box::new(value),
            base: PhantomData,
        }
    }

    /// The type the service named, or the type it was read as.
    #[must_use]
    pub fn odata_type(&self) -> &str {
        self.record
            .additional()
            .odata_type()
            .unwrap_or(self.record.descriptor().name)
    }

    /// The value as a type, when it was read as that type.
    #[must_use]
    pub fn downcast<T: DerivedFrom<Base>>(&self) -> Option<&T> {
        self.record.downcast_ref()
    }

    /// The properties of the base type, as a copy.
    #[must_use]
    pub fn base(&self) -> Base {
        let mut base = Base::default();
        for (index, field) in Base::DESCRIPTOR.fields.iter().enumerate() {
            if let Some(from) = self
                .record
                .descriptor()
                .fields
                .iter()
                .position(|own| own.name == field.name)
            {
                base.slot_mut(index).copy_from(self.record.slot(from));
            }
        }
        *base.additional_mut() = self.record.additional().clone();
        base
    }

    /// A property by its wire name, whatever type the value is of.
    #[must_use]
    pub fn property<T: Value>(&self, name: &str) -> Option<&Property<T>> {
        self.record.property(name)
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &dyn Record {
        &*self.record
    }

    fn make(text: Option<&str>) -> Box<dyn Record> {
        let name = text.map(|text| text.strip_prefix('#').unwrap_or(text));
        match name.and_then(|name| Base::DERIVED.iter().find(|derived| derived.name == name)) {
            Some(derived) => (derived.make)(),
            None => Box::new(Base::default()),
        }
    }
}

/// Finds `@odata.type` in the object ahead, without moving. OData asks writers to put it first, so this looks at one
/// name as a rule.
pub(super) fn type_ahead(reader: &Reader<'_>) -> Option<String> {
    let mut ahead = reader.cursor.fork();
    if ahead.peek().ok()? != Kind::Object {
        return None;
    }
    ahead.enter().ok()?;
    let mut first = true;
    loop {
        let found = match ahead.member(first, "@odata.type").ok()? {
            Member::Expected => true,
            Member::Other(_) => false,
            Member::End => return None,
        };
        if found && ahead.peek().ok()? == Kind::String {
            return ahead.string().ok().map(str::to_owned);
        }
        ahead.skip().ok()?;
        first = false;
    }
}

impl<Base: Polymorphic> Value for Instance<Base> {
    fn read(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        let mut record = Self::make(type_ahead(reader).as_deref());
        read_record(&mut *record, reader)?;
        Ok(Self {
            record,
            base: PhantomData,
        })
    }

    fn with_key(&self, found: &mut dyn FnMut(&str)) {
        super::record::with_key(&*self.record, found);
    }

    fn write(&self, writer: &mut Writer) {
        write_instance::<Base>(&*self.record, writer);
    }
}

/// Writes a record where `Base` is expected: its type is named when it is another.
fn write_instance<Base: Model>(record: &dyn Record, writer: &mut Writer) {
    if record.descriptor().name == Base::DESCRIPTOR.name {
        write_record(record, writer);
    } else {
        write_named(record, writer);
    }
}

/// Writes the body of a request that expects `Base`: its type is named when it is another or `names_type` asks, texts with
/// a grammar are checked and put into the form the service wants, and numbers are checked for their range. What `rules` say
/// is in no body is left out, as are annotations of what was read.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when a text is not of its grammar, or a property is missing; it names the property.
pub fn encode_body<Base: Model>(
    value: &dyn Record,
    names_type: bool,
    rules: Option<&'static BodyRules>,
) -> Result<Vec<u8>> {
    let mut writer = Writer::checked();
    let is_other = value.descriptor().name != Base::DESCRIPTOR.name;
    write_body(value, &mut writer, names_type || is_other, rules);
    let body = writer.finish().map_err(|refusal| {
        let message = format!("{} (property {})", refusal.reason, refusal.property);
        Error::new(ErrorKind::InvalidInput, message).with_next_step(refusal.advice)
    })?;
    rules.map_or(Ok(()), |rules| check_required(value, rules))?;
    Ok(body)
}

impl<Base: Polymorphic> Decode for Instance<Base> {
    fn decode(text: &str) -> std::result::Result<Self, DecodeError> {
        let mut record = Self::make(type_ahead(&Reader::new(text)).as_deref());
        decode_into(&mut *record, text)?;
        // A wrapped sample (T7) names its type inside; read it again as that.
        if let Some(name) = record.additional().odata_type()
            && name != record.descriptor().name
            && let Some(derived) = Base::DERIVED.iter().find(|derived| derived.name == name)
        {
            let mut known = (derived.make)();
            decode_into(&mut *known, text)?;
            record = known;
        }
        Ok(Self {
            record,
            base: PhantomData,
        })
    }
}

impl<Base: Polymorphic> Encode for Instance<Base> {
    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.into_bytes()
    }
}

impl<Base: Polymorphic> Clone for Instance<Base> {
    fn clone(&self) -> Self {
        let mut copy = Self::make(Some(self.record.descriptor().name));
        copy_into(&mut *copy, &*self.record);
        Self {
            record: copy,
            base: PhantomData,
        }
    }
}

impl<Base> PartialEq for Instance<Base> {
    fn eq(&self, other: &Self) -> bool {
        super::equal_records(&*self.record, &*other.record)
    }
}

impl<Base> fmt::Debug for Instance<Base> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::debug_record(&*self.record, formatter)
    }
}

impl<Base: Polymorphic> serde::Serialize for Instance<Base> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        super::serialize(self, serializer)
    }
}

impl<'de, Base: Polymorphic> serde::Deserialize<'de> for Instance<Base> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}
