//! One decoder and one encoder for every type of Graph.
//!
//! A generated type is a plain struct of [`Property`] fields and a table ([`Descriptor`]) that says how they are named
//! on the wire. The functions here read and write any such struct through its table; nothing is generated per type but
//! the table itself. serde's traits delegate here too.
//!
//! The reader guarantees: unknown properties and annotations are kept as the service wrote them ([`Additional`]),
//! unknown enumeration members keep their text, absent and `null` stay apart, a member that an object has twice is refused, and
//! an error names the JSON path.

mod additional;
mod checked;
mod cursor;
mod enumeration;
mod error;
mod instance;
mod interchange;
mod names;
mod outline;
mod outlined_page;
mod page;
pub(crate) mod page_body;
mod property;
mod reader;
mod record;
mod scalar;
mod walk;
mod writer;

pub use additional::Additional;
pub use checked::{CheckedPage, CheckedRecord};
pub use enumeration::{Flags, OpenEnum};
pub use error::DecodeError;
pub use instance::{Derived, DerivedFrom, Instance, Polymorphic, encode_body};
pub use interchange::{deserialize, serialize};
pub use outline::Outline;
pub use outlined_page::OutlinedPage;
pub use page::Page;
pub use property::{Property, Slot, Value};
pub use reader::Reader;
pub use record::{Model, Record, clone_record, debug_record, equal_records};
pub use scalar::{Binary, Date, DateTimeOffset, Decimal, Duration, Guid, Json, Nested, TimeOfDay};
pub use writer::Writer;

pub use crate::table::body::{BodyRules, is_sent};
pub use crate::table::field::{Descriptor, FieldDescriptor, Sensitivity};
pub use crate::table::layout::{Content, ContentItem, LayoutField, TextForm};
pub use crate::table::model::Layout;

/// A value that can be read from the body of an answer.
pub trait Decode: Sized {
    /// Reads the value from JSON text; an empty text is the empty body.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or not of this shape; the error names the JSON path.
    fn decode(text: &str) -> Result<Self, DecodeError>;
}

/// A value that can be written as the body of a request.
pub trait Encode {
    /// Writes the value as JSON.
    fn encode(&self) -> Vec<u8>;
}

impl Decode for () {
    #[inline]
    fn decode(_text: &str) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl Decode for serde_json::Value {
    fn decode(text: &str) -> Result<Self, DecodeError> {
        if text.trim().is_empty() {
            return Ok(Self::Null);
        }
        // serde takes the last of two members with one name.
        let mut reader = Reader::new(text);
        reader.raw()?;
        reader.finish()?;
        serde_json::from_str(text).map_err(|error| DecodeError::syntax(error.to_string()))
    }
}

impl<T: Decode> Decode for Option<T> {
    #[inline]
    fn decode(text: &str) -> Result<Self, DecodeError> {
        if text.trim_ascii().is_empty() {
            Ok(None)
        } else {
            T::decode(text).map(Some)
        }
    }
}

impl Encode for serde_json::Value {
    fn encode(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Encode for () {
    #[inline]
    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}
