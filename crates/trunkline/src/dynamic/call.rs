//! Calls of actions and functions, their parameters by name.

use serde_json::Value;
use trunkline_core::codec::{LayoutField, Writer};
use trunkline_core::path::{self, Literal};

use super::callable;
use super::write::{Place, members, value};
use crate::{Error, ErrorKind, Result};

/// The body of an action: its parameters by name, as JSON.
///
/// # Errors
///
/// When a parameter that is required is missing, or one cannot be sent: the error has its JSON path.
pub fn parameters(action: u16, json: &str) -> Result<Vec<u8>> {
    let described = callable(action)?;
    let mut given = members(json, &Place::root())?;
    let mut writer = Writer::new();
    writer.begin_object();
    for parameter in described.parameters {
        let name = parameter.field.name;
        let place = Place::root();
        let place = place.within(name);
        let Some(index) = given.iter().position(|(known, _)| known == name) else {
            if parameter.is_required {
                return Err(place.refuse("must be given"));
            }
            continue;
        };
        let (_, raw) = given.remove(index);
        if raw == "null" && parameter.is_required && !parameter.is_nullable {
            return Err(place.refuse("must not be null"));
        }
        writer.member(name);
        value(&mut writer, raw, parameter, &place)?;
    }
    // A parameter that this version does not know is sent as it is.
    for (name, raw) in given {
        writer.member(&name);
        writer.raw(raw);
    }
    writer.end_object();
    Ok(writer.into_bytes())
}

/// A path with the call of a function put behind it. The arguments are JSON, by name.
///
/// # Errors
///
/// When an argument cannot be sent.
pub fn called(path: &str, function: u16, json: &str) -> Result<String> {
    let described = callable(function)?;
    let mut given = members(json, &Place::root())?;
    let mut literals = Vec::new();
    for parameter in described.parameters {
        let wire = parameter.field.name;
        let root = Place::root();
        let place = root.within(wire);
        let Some(index) = given.iter().position(|(known, _)| known == wire) else {
            if parameter.is_required {
                return Err(place.refuse("must be given"));
            }
            continue;
        };
        let (_, raw) = given.remove(index);
        let mut writer = Writer::new();
        value(&mut writer, raw, parameter, &place)?;
        literals.push(literal(parameter, writer));
    }
    if let Some((unknown, _)) = given.first() {
        let message = format!("the function {} has no parameter {unknown}", described.short_name());
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let mut called = path.to_owned();
    path::push_call(&mut called, described.short_name(), &literals)?;
    Ok(called)
}

/// The name of a parameter, and the JSON that was written for it as the literal of a path.
pub fn literal(parameter: &LayoutField, written: Writer) -> (&'static str, Literal<'static>) {
    let written = String::from_utf8_lossy(&written.into_bytes()).into_owned();
    let literal = match serde_json::from_str::<Value>(&written) {
        Ok(Value::String(text)) if parameter.content.is_quoted() => Literal::from(text),
        Ok(Value::String(text)) if !parameter.content.collection => Literal::Bare(text.into()),
        _ => Literal::Bare(written.into()),
    };
    (parameter.field.name, literal)
}
