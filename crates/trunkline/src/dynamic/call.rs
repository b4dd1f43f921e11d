//! Calls of actions and functions, their parameters by name.

use serde_json::Value;
use trunkline_core::codec::{Content, Writer, grammar_named};
use trunkline_core::descriptors::Item;
use trunkline_core::path::{self, Literal};

use super::write::{Limits, Place, members, value};
use super::{broken, callable};
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
    for parameter in described.parameters() {
        let parameter = parameter.map_err(broken)?;
        let name = parameter.name().map_err(broken)?;
        let place = Place::root();
        let place = place.within(name);
        let Some(index) = given.iter().position(|(known, _)| known == name) else {
            if parameter.is_required() {
                return Err(place.refuse("must be given"));
            }
            continue;
        };
        let (_, raw) = given.remove(index);
        if raw == "null" && parameter.is_required() && !parameter.is_nullable() {
            return Err(place.refuse("must not be null"));
        }
        let content = Content::of(parameter.shape().map_err(broken)?);
        let grammar = parameter.grammar().map_err(broken)?.and_then(grammar_named);
        writer.member(name);
        let limits = Limits { grammar, range: None };
        value(&mut writer, raw, content, limits, &place)?;
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
    let name = described.name().map_err(broken)?;
    let mut given = members(json, &Place::root())?;
    let mut literals = Vec::new();
    for parameter in described.parameters() {
        let parameter = parameter.map_err(broken)?;
        let wire = parameter.name().map_err(broken)?;
        let root = Place::root();
        let place = root.within(wire);
        let Some(index) = given.iter().position(|(known, _)| known == wire) else {
            if parameter.is_required() {
                return Err(place.refuse("must be given"));
            }
            continue;
        };
        let (_, raw) = given.remove(index);
        let shape = parameter.shape().map_err(broken)?;
        let mut writer = Writer::new();
        value(&mut writer, raw, Content::of(shape), Limits::default(), &place)?;
        let written = String::from_utf8_lossy(&writer.into_bytes()).into_owned();
        let quoted = !shape.collection && matches!(shape.item, Item::Primitive("String") | Item::Enum(_));
        let literal = match serde_json::from_str::<Value>(&written) {
            Ok(Value::String(text)) if quoted => Literal::from(text),
            Ok(Value::String(text)) if !shape.collection => Literal::Bare(text.into()),
            _ => Literal::Bare(written.into()),
        };
        literals.push((wire, literal));
    }
    if let Some((unknown, _)) = given.first() {
        let message = format!("the function {name} has no parameter {unknown}");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let mut called = path.to_owned();
    if literals.is_empty() {
        called.push('/');
        called.push_str(name);
    } else {
        path::push_call(&mut called, name, &literals)?;
    }
    Ok(called)
}
