//! Primitive types of OData.

use std::fmt;

use super::cursor::Kind;
use super::{Decode, DecodeError, Property, Reader, Value, Writer};

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Value for $type {
            #[inline]
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let value = reader.integer()?;
                <$type>::try_from(value).map_err(|_| reader.refuse(concat!("the number is out of range for ", stringify!($type))))
            }
            fn write(&self, writer: &mut Writer) {
                writer.integer(i64::from(*self));
            }
        }
    )*};
}
number!(i8, u8, i16, i32, i64);

impl Value for f64 {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.number()
    }
    fn write(&self, writer: &mut Writer) {
        writer.number(*self);
    }
}

impl Value for f32 {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // Edm.Single has fewer digits than JSON's numbers; the nearest one is meant.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounding to the nearest is what is wanted"
        )]
        reader.number().map(|value| value as Self)
    }
    fn write(&self, writer: &mut Writer) {
        writer.number(f64::from(*self));
    }
}

impl Value for bool {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.boolean()
    }
    fn write(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }
}

impl Value for String {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(str::to_owned)
    }
    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

/// A structured value inside a record, on the heap: types may hold themselves, and records stay small.
#[derive(Clone, PartialEq, Default)]
pub struct Nested<T>(Box<T>);

impl<T> Nested<T> {
    /// Puts a value on the heap.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Box::new(value))
    }

    /// Takes the value out.
    #[must_use]
    pub fn into_inner(self) -> T {
        *self.0
    }
}

impl<T> From<T> for Nested<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T> std::ops::Deref for Nested<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> std::ops::DerefMut for Nested<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Nested<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: Value> Value for Nested<T> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read(reader).map(Self::new)
    }
    #[inline]
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }
}

impl<T> From<T> for Property<Nested<T>> {
    #[inline]
    fn from(value: T) -> Self {
        Self::Value(Nested::new(value))
    }
}

/// A `null` among the items is left out of the list; the list's original text is then kept in
/// [`Additional::original`](super::Additional::original).
impl<T: Value> Value for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = Self::new();
        let mut nulls = false;
        reader.array(|reader| {
            if reader.null()? {
                nulls = true;
            } else {
                items.push(T::read(reader)?);
            }
            Ok(())
        })?;
        reader.lossy |= nulls;
        Ok(items)
    }
    fn write(&self, writer: &mut Writer) {
        writer.begin_array();
        for item in self {
            writer.separate();
            item.write(writer);
        }
        writer.end_array();
    }
}

macro_rules! text {
    ($(#[$attribute:meta])* $type:ident) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(Box<str>);

        impl $type {
            /// The text as the service wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
        impl Value for $type {
            #[inline]
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.string().map(Self::from)
            }
            fn write(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }
        }
    };
}

text! {
    /// A point in time. The text is kept as it came (precision differs between services, and some samples are not
    /// ISO 8601 at all, T18); [`timestamp`](Self::timestamp) reads it.
    DateTimeOffset
}
text! {
    /// A calendar date, `2026-11-21`.
    Date
}
text! {
    /// A time of day, `23:59:59.0000000`.
    TimeOfDay
}
text! {
    /// A length of time in ISO 8601, `PT12H30M`.
    Duration
}
text! {
    /// A GUID as the service spelled it.
    Guid
}
text! {
    /// Bytes in base64 or base64url, as the service wrote them.
    Binary
}

impl DateTimeOffset {
    /// The time. A text without a zone is taken as UTC.
    ///
    /// # Errors
    ///
    /// When the text is not a time; the text itself stays available.
    pub fn timestamp(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.0.parse::<jiff::Timestamp>().or_else(|error| {
            let civil: jiff::civil::DateTime = self.0.parse().map_err(|_| error)?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp())
        })
    }
}

impl From<jiff::Timestamp> for DateTimeOffset {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time.to_string().into())
    }
}

impl Date {
    /// The date.
    ///
    /// # Errors
    ///
    /// When the text is not a date.
    pub fn date(&self) -> Result<jiff::civil::Date, jiff::Error> {
        self.0.parse()
    }
}

impl TimeOfDay {
    /// The time of day.
    ///
    /// # Errors
    ///
    /// When the text is not one.
    pub fn time(&self) -> Result<jiff::civil::Time, jiff::Error> {
        self.0.parse()
    }
}

impl Duration {
    /// The length of time.
    ///
    /// # Errors
    ///
    /// When the text is not one.
    pub fn span(&self) -> Result<jiff::Span, jiff::Error> {
        self.0.parse()
    }
}

impl Guid {
    /// The GUID.
    ///
    /// # Errors
    ///
    /// When the text is not one.
    pub fn uuid(&self) -> Result<uuid::Uuid, uuid::Error> {
        self.0.parse()
    }
}

impl Binary {
    /// The bytes.
    ///
    /// # Errors
    ///
    /// When the text is neither base64 nor base64url.
    pub fn bytes(&self) -> Result<Vec<u8>, base64::DecodeError> {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
        let text = self.0.trim_end_matches('=');
        URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text))
    }
}

/// A decimal number, kept digit for digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The digits as the service wrote them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl Value for Decimal {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.peek()? {
            Kind::String => reader.string().map(|text| Self(text.into())),
            Kind::Number => reader.raw().map(|text| Self(text.into())),
            kind => Err(reader.expected("a number", kind)),
        }
    }
    fn write(&self, writer: &mut Writer) {
        if self.0.parse::<f64>().is_ok_and(f64::is_finite)
            && serde_json::from_str::<serde_json::Number>(&self.0).is_ok()
        {
            writer.raw(&self.0);
        } else {
            writer.string(&self.0);
        }
    }
}

/// Any JSON value, kept as the service wrote it: untyped properties and parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(Box<str>);

impl Json {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        // The text has been parsed once already.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self(value.to_string().into())
    }
}

impl Value for Json {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.raw().map(|text| Self(text.into()))
    }
    fn with_key(&self, found: &mut dyn FnMut(&str)) {
        if let Some(key) = super::reader::member(&self.0, crate::table::field::KEY) {
            found(key);
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }
}

/// Reads the answer of a function that returns a primitive: `{"value": …}`, or the bare value.
macro_rules! answered {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(text: &str) -> Result<Self, DecodeError> {
                decode_answer(text)
            }
        }
    )*};
}
answered!(
    String,
    bool,
    i8,
    u8,
    i16,
    i32,
    i64,
    f32,
    f64,
    DateTimeOffset,
    Date,
    TimeOfDay,
    Duration,
    Guid,
    Binary,
    Decimal,
    Json
);

fn decode_answer<T: Value>(text: &str) -> Result<T, DecodeError> {
    let mut reader = Reader::new(text);
    if reader.peek()? != Kind::Object {
        let value = T::read(&mut reader)?;
        reader.finish()?;
        return Ok(value);
    }
    let mut value = None;
    reader.object(|reader, name| {
        if name == "value" {
            value = Some(T::read(reader)?);
        } else {
            reader.raw()?;
        }
        Ok(())
    })?;
    reader.finish()?;
    value.ok_or_else(|| DecodeError::syntax("the answer has no `value`"))
}
