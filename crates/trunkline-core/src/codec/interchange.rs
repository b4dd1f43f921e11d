//! serde's traits, delegated to the one decoder and encoder.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

use super::{Decode, Encode};

/// Writes a record with a serde serializer.
///
/// # Errors
///
/// When the serializer fails.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let text = value.encode();
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(S::Error::custom)?;
    value.serialize(serializer)
}

/// Reads a record with a serde deserializer.
///
/// # Errors
///
/// When the deserializer fails, or the value is not of this type; the message names the JSON path.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    T::decode(&value.to_string()).map_err(D::Error::custom)
}
