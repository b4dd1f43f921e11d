//! The members of a record that the table of its type does not have.

use std::any::Any;

use serde_json::Value as JsonValue;

use super::{Decode, DecodeError, Reader, Sensitivity, Slot, Writer};

/// Members of a record that its type does not declare: unknown properties, expanded navigation properties and
/// annotations such as `@odata.type`. Each is kept as the text the service wrote and is written back unchanged.
///
/// Nothing is allocated for a record without such members, nor for one that only names its own type.
#[derive(Debug, Clone, Default)]
pub struct Additional {
    /// JSON text of `@odata.type`, when it names the record's own type. Borrowed from the table: on a page of typed records, each
    /// record has it, and a copy would cost an allocation.
    own_type: Option<&'static str>,
    inner: Option<Box<Members>>,
}

const TYPE: &str = "@odata.type";

/// Two are equal if they have the same members with the same texts, in any order, since members of a JSON object have no order. A
/// member that occurs twice counts twice.
impl PartialEq for Additional {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

#[derive(Debug, Clone, Default)]
struct Members {
    members: Vec<(Box<str>, Box<str>)>,
    /// Original texts of declared properties that were read leniently; never written.
    originals: Vec<(Box<str>, Box<str>)>,
}

impl Additional {
    fn members(&self) -> &[(Box<str>, Box<str>)] {
        self.inner.as_deref().map_or(&[], |inner| &inner.members)
    }

    /// Names and JSON texts, sorted.
    fn sorted(&self) -> Vec<(&str, &str)> {
        let mut members: Vec<_> = self.iter_raw().collect();
        members.sort_unstable();
        members
    }

    /// Whether there is no such member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own_type.is_none() && self.members().is_empty()
    }

    /// The names, in the order of the service.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter_raw().map(|(name, _)| name)
    }

    /// Names and JSON texts, in the order of the service.
    pub fn iter_raw(&self) -> impl Iterator<Item = (&str, &str)> {
        let own_type = self.own_type.map(|raw| (TYPE, raw));
        own_type
            .into_iter()
            .chain(self.members().iter().map(|(name, raw)| (&**name, &**raw)))
    }

    /// The JSON text of a member as the service wrote it.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.iter_raw()
            .find(|(candidate, _)| *candidate == name)
            .map(|(_, raw)| raw)
    }

    /// The text the service wrote for a declared property whose value had to be read leniently, for instance a boolean
    /// in quotes or a list with a `null` in it.
    #[must_use]
    pub fn original(&self, name: &str) -> Option<&str> {
        let inner = self.inner.as_deref()?;
        inner
            .originals
            .iter()
            .find(|(candidate, _)| &**candidate == name)
            .map(|(_, raw)| &**raw)
    }

    /// A member as JSON.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<JsonValue> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// A member as a typed value: an expanded navigation property, for instance.
    ///
    /// # Errors
    ///
    /// When the member is not of this type; the error names the path within it.
    pub fn expanded<T: Decode>(&self, name: &str) -> Result<Option<T>, DecodeError> {
        match self.raw(name) {
            None | Some("null") => Ok(None),
            Some(raw) => T::decode(raw).map(Some).map_err(|error| error.within(name)),
        }
    }

    /// The type the service named in `@odata.type`, without the leading `#`.
    #[must_use]
    pub fn odata_type(&self) -> Option<&str> {
        let raw = self.raw(TYPE)?;
        let text = raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(text.strip_prefix('#').unwrap_or(text))
    }

    /// Adds a member or replaces it; it is sent like any other.
    pub fn insert(&mut self, name: impl Into<String>, value: JsonValue) {
        let name: Box<str> = name.into().into();
        if &*name == TYPE {
            self.own_type = None;
        }
        let raw: Box<str> = value.to_string().into();
        let members = &mut self.inner.get_or_insert_default().members;
        match members.iter_mut().find(|(candidate, _)| *candidate == name) {
            Some(member) => member.1 = raw,
            None => members.push((name, raw)),
        }
    }

    /// Removes a member.
    pub fn remove(&mut self, name: &str) -> Option<JsonValue> {
        if name == TYPE
            && let Some(raw) = self.own_type.take()
        {
            return serde_json::from_str(raw).ok();
        }
        let members = &mut self.inner.as_deref_mut()?.members;
        let index = members.iter().position(|(candidate, _)| &**candidate == name)?;
        serde_json::from_str(&members.remove(index).1).ok()
    }

    /// Stores the annotation of a record that names its own type.
    pub(super) fn set_own_type(&mut self, raw: &'static str) {
        self.own_type = Some(raw);
    }

    pub(super) fn push(&mut self, name: Box<str>, raw: &str) {
        self.inner.get_or_insert_default().members.push((name, raw.into()));
    }

    pub(super) fn keep_original(&mut self, name: &str, raw: &str) {
        self.inner
            .get_or_insert_default()
            .originals
            .push((name.into(), raw.into()));
    }
}

/// A slot after the last field of a record, so that code over slots reaches it too. It is neither read nor written as a field.
impl Slot for Additional {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        reader.raw().map(|_| ())
    }

    fn write(&self, writer: &mut Writer) {
        writer.null();
    }

    fn is_absent(&self) -> bool {
        true
    }

    fn copy_from(&mut self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        match other.downcast_ref::<Self>() {
            Some(other) => {
                self.clone_from(other);
                true
            }
            None => false,
        }
    }

    fn equals(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<Self>() == Some(self)
    }

    fn show(&self, _sensitivity: Sensitivity) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn additional(members: &[(&str, &str)]) -> Additional {
        let mut additional = Additional::default();
        for (name, raw) in members {
            additional.push((*name).into(), raw);
        }
        additional
    }

    #[test]
    fn members_that_come_twice_are_equal_to_themselves() {
        let twice = [("a", "1"), ("b", "2"), ("a", "0")];
        assert_eq!(additional(&twice), additional(&twice));
        assert_eq!(additional(&twice), additional(&[("a", "0"), ("a", "1"), ("b", "2")]));
        assert_ne!(additional(&twice), additional(&[("a", "1"), ("b", "2"), ("a", "1")]));
        assert_ne!(additional(&twice), additional(&[("a", "1"), ("b", "2")]));
    }
}
