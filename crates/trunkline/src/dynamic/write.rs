//! Writes JSON that a caller gave as the body of a request, by the field table.

use std::fmt;

use trunkline_core::codec::{BodyRules, ContentItem, Layout, LayoutField, Reader, Writer, is_sent};

use super::description;
use crate::{Error, ErrorKind, Result};

/// The reason why a value cannot be sent, and its position: the source of the error.
#[derive(Debug, Clone)]
pub struct Misfit {
    path: String,
    reason: String,
}

impl Misfit {
    /// The JSON path of the value, for instance `$.includeTargets[0].id`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.path, self.reason)
    }
}

impl std::error::Error for Misfit {}

/// The position of a value in a body.
#[derive(Debug)]
pub struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Debug)]
enum Step<'p> {
    Root,
    Member(&'p str),
    Index(usize),
}

impl<'p> Place<'p> {
    /// The whole body.
    #[must_use]
    pub fn root() -> Self {
        Self {
            outer: None,
            step: Step::Root,
        }
    }

    /// A member of an object.
    #[must_use]
    pub fn within(&'p self, member: &'p str) -> Self {
        Self {
            outer: Some(self),
            step: Step::Member(member),
        }
    }

    /// An item of a list.
    #[must_use]
    pub fn at(&'p self, index: usize) -> Self {
        Self {
            outer: Some(self),
            step: Step::Index(index),
        }
    }

    /// The JSON path, for instance `$.includeTargets[0].id`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.outer.map_or_else(String::new, Place::path);
        match self.step {
            Step::Root => path.push('$'),
            Step::Member(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
        path
    }

    /// The value here cannot be sent. `reason` follows its path: "must be a string".
    #[must_use]
    pub fn refuse(&self, reason: &str) -> Error {
        let path = self.path();
        let message = format!("{path} {reason}");
        let reason = reason.to_owned();
        Error::new(ErrorKind::InvalidInput, message).with_source(Misfit { path, reason })
    }

    fn unfit(&self, wanted: &str, raw: &str) -> Error {
        let found = match raw.as_bytes().first() {
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        };
        self.refuse(&format!("must be {wanted}, not {found}"))
    }
}

/// The body of a request: a record of a type, given as JSON. `names_type`: it has to say of which type it is.
///
/// Members that the type does not describe are sent as they are; what is null stays null, what is absent stays absent. What
/// no request with such a body takes is left out: properties that the service works out itself, annotations of what was read.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when the text is no object, or a member is of another type, breaks its grammar or is missing:
/// the error has its JSON path.
pub fn record(layout: &'static Layout, json: &str, names_type: bool) -> Result<Vec<u8>> {
    let mut writer = Writer::new();
    let rules = layout.body_rules();
    write_record(&mut writer, json, layout, names_type, rules, &Place::root())?;
    Ok(writer.into_bytes())
}

/// Any JSON as the body of a request.
///
/// # Errors
///
/// When the text is no JSON.
pub fn any(json: String) -> Result<Vec<u8>> {
    let mut reader = Reader::new(&json);
    reader
        .raw()
        .and_then(|_| reader.finish())
        .map_err(|error| no_json(&error))?;
    Ok(json.into_bytes())
}

fn no_json(error: &trunkline_core::codec::DecodeError) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("the body cannot be sent: {}", error.reason()),
    )
    .with_source(Misfit {
        path: error.path(),
        reason: error.reason().to_owned(),
    })
}

/// The members of an object, each with the text of its value.
pub(super) fn members<'j>(json: &'j str, place: &Place<'_>) -> Result<Vec<(String, &'j str)>> {
    let json = json.trim();
    if !json.starts_with('{') {
        return Err(place.unfit("an object", json));
    }
    let mut members = Vec::new();
    let mut reader = Reader::new(json);
    let read = reader.object(|reader, name| {
        let raw = reader.raw()?;
        members.push((name.to_owned(), raw));
        Ok(())
    });
    read.and_then(|()| reader.finish()).map_err(|error| no_json(&error))?;
    Ok(members)
}

fn write_record(
    writer: &mut Writer,
    json: &str,
    base: &'static Layout,
    names_type: bool,
    rules: Option<&BodyRules>,
    place: &Place<'_>,
) -> Result<()> {
    let members = members(json, place)?;
    let named = members.iter().find(|(name, _)| name == "@odata.type");
    let layout = match named {
        Some((name, raw)) => {
            let text = text(raw, &place.within(name))?;
            let named = description().layout(&text);
            // A type that this version does not know is written as what is expected, with the rest as it is.
            named.filter(|named| named.is_a(base)).unwrap_or(base)
        }
        None => base,
    };
    writer.begin_object();
    if named.is_none() && names_type {
        writer.member("@odata.type");
        writer.string(&format!("#{}", base.name()));
    }
    let is_taken = |name: &str| is_sent(name) && rules.is_none_or(|rules| rules.takes(name));
    for (name, raw) in members.iter().filter(|(name, _)| is_taken(name)) {
        writer.member(name);
        match layout.find(name) {
            Some(index) => {
                let field = &layout.fields()[index];
                value(writer, raw, field, &place.within(name))?;
            }
            None => writer.raw(raw),
        }
    }
    writer.end_object();
    let has = |property: &str| members.iter().any(|(name, _)| name == property);
    match rules.and_then(|rules| Some((rules, rules.missing(has)?))) {
        None => Ok(()),
        Some((rules, missing)) => {
            let error = place.within(missing).refuse("must be given");
            Err(error.with_next_step(rules.advice()))
        }
    }
}

/// A value of a described kind.
pub(super) fn value(writer: &mut Writer, raw: &str, described: &LayoutField, place: &Place<'_>) -> Result<()> {
    if raw == "null" {
        writer.null();
        return Ok(());
    }
    if !described.content.collection {
        return item(writer, raw, described, place);
    }
    if !raw.starts_with('[') {
        return Err(place.unfit("a list", raw));
    }
    let mut items = Vec::new();
    let read = Reader::new(raw).array(|reader| {
        items.push(reader.raw()?);
        Ok(())
    });
    read.map_err(|error| no_json(&error))?;
    writer.begin_array();
    for (index, raw) in items.into_iter().enumerate() {
        writer.separate();
        item(writer, raw, described, &place.at(index))?;
    }
    writer.end_array();
    Ok(())
}

fn item(writer: &mut Writer, raw: &str, described: &LayoutField, place: &Place<'_>) -> Result<()> {
    match described.content.item {
        ContentItem::Text | ContentItem::Enum(_) => {
            if !raw.starts_with('"') {
                return Err(place.unfit("a string", raw));
            }
            match described.field.grammar {
                None => writer.raw(raw),
                Some(grammar) => {
                    let written = grammar.write(&text(raw, place)?).map_err(|error| {
                        place
                            .refuse(&format!("is wrong: {error}"))
                            .with_next_step(error.advice())
                    })?;
                    writer.string(&written);
                }
            }
        }
        ContentItem::Boolean => {
            if !matches!(raw, "true" | "false") {
                return Err(place.unfit("a boolean", raw));
            }
            writer.raw(raw);
        }
        ContentItem::Integer => match raw.parse::<i64>() {
            Ok(value) => match described.field.range {
                Some((least, largest)) if !(least..=largest).contains(&value) => {
                    return Err(place
                        .refuse(&format!("is wrong: {value} is not between {least} and {largest}"))
                        .with_next_step("Give a number within the range"));
                }
                _ => writer.integer(value),
            },
            Err(_) if is_number(raw) => return Err(place.refuse("must be a whole number of at most 64 bits")),
            Err(_) => return Err(place.unfit("a whole number", raw)),
        },
        ContentItem::Number => {
            if !is_number(raw) && !matches!(raw, "\"NaN\"" | "\"INF\"" | "\"-INF\"") {
                return Err(place.unfit("a number", raw));
            }
            writer.raw(raw);
        }
        ContentItem::Decimal => {
            let digits = raw.trim_matches('"');
            if serde_json::from_str::<serde_json::Number>(digits).is_err() {
                return Err(place.unfit("a number, or its digits as a string", raw));
            }
            writer.raw(digits);
        }
        ContentItem::Any => writer.raw(raw),
        ContentItem::Structured(index) => {
            let layout = description().layout_at(index);
            write_record(writer, raw, layout, false, None, place)?;
        }
    }
    Ok(())
}

fn is_number(raw: &str) -> bool {
    raw.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// The text of a JSON string.
fn text(raw: &str, place: &Place<'_>) -> Result<String> {
    if !raw.starts_with('"') {
        return Err(place.unfit("a string", raw));
    }
    Reader::new(raw)
        .string()
        .map(str::to_owned)
        .map_err(|error| no_json(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamic::layout;

    #[test]
    fn whole_numbers_keep_within_their_range() {
        let pass = layout("microsoft.graph.temporaryAccessPassAuthenticationMethod").unwrap();
        for fitting in ["10", "43200", "null"] {
            let json = format!(r#"{{"lifetimeInMinutes":{fitting}}}"#);
            assert_eq!(record(pass, &json, false).unwrap(), json.as_bytes());
        }
        for wrong in ["9", "43201", "-10", "9223372036854775807"] {
            let error = record(pass, &format!(r#"{{"lifetimeInMinutes":{wrong}}}"#), false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let misfit = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Misfit>());
            assert_eq!(misfit.unwrap().path(), "$.lifetimeInMinutes");
            assert!(error.to_string().contains("is not between 10 and 43200"), "{error}");
        }
    }
}
