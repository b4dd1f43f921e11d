//! Checks the body of a request against the properties that an operation accepts.

use serde_json::{Map, Value};

use crate::error::Failure;
use crate::json;
use crate::message::Request;

/// The values that a property of a body may have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    Integer,
    Boolean,
    Object,
    List,
    TextList,
    /// One of the named members of an enumeration.
    Member(&'static [&'static str]),
}

/// A property that an operation accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

/// A property that must be there and must not be null.
pub(crate) const fn required(name: &'static str, shape: Shape) -> Property {
    Property {
        name,
        shape,
        required: true,
    }
}

/// A property that may be absent or null.
pub(crate) const fn optional(name: &'static str, shape: Shape) -> Property {
    Property {
        name,
        shape,
        required: false,
    }
}

/// The body as an object; an empty body is an empty object only if `may_be_absent`.
pub(crate) fn object(request: &Request, may_be_absent: bool) -> Result<Map<String, Value>, Failure> {
    if request.body.iter().all(u8::is_ascii_whitespace) {
        return if may_be_absent {
            Ok(Map::new())
        } else {
            Err(Failure::invalid("The request must have a body, and it is empty."))
        };
    }
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if !content_type.starts_with("application/json") {
        return Err(Failure::new(
            415,
            "UnsupportedMediaType",
            "The body must be sent as application/json.",
        ));
    }
    match json::read(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::invalid("The body must be a JSON object.")),
        Err(error) => Err(Failure::invalid(format!("The body is not valid JSON: {error}."))),
    }
}

/// Checks that every member of a body is known and has the right shape, and that no required one is missing.
pub(crate) fn check(members: &Map<String, Value>, properties: &[Property]) -> Result<(), Failure> {
    for (name, value) in members {
        if name.starts_with('@') || name.contains("@odata.") {
            continue;
        }
        let Some(property) = properties.iter().find(|property| property.name == name) else {
            return Err(Failure::invalid_property(
                name,
                format!("The property '{name}' cannot be set by this request; leave it out of the body."),
            ));
        };
        if value.is_null() {
            continue;
        }
        check_shape(property, value)?;
    }
    for property in properties.iter().filter(|property| property.required) {
        if members.get(property.name).is_none_or(Value::is_null) {
            let name = property.name;
            return Err(Failure::invalid_property(
                name,
                format!("The property '{name}' is required."),
            ));
        }
    }
    Ok(())
}

/// Checks the parameters of an action. They have no `@odata.type`, so a body with one belongs to another path.
pub(crate) fn check_parameters(members: &Map<String, Value>, parameters: &[Property]) -> Result<(), Failure> {
    if let Some(stated) = members.get("@odata.type") {
        return Err(Failure::invalid_property(
            "@odata.type",
            format!("The body states the type {stated}; the parameters of an action have none."),
        ));
    }
    check(members, parameters)
}

/// Refuses a body whose `@odata.type` is not the type of the path.
pub(crate) fn check_type(members: &Map<String, Value>, expected: &str) -> Result<(), Failure> {
    let Some(stated) = members.get("@odata.type") else {
        return Ok(());
    };
    let expected = expected.trim_start_matches('#');
    let bare = |name: &str| name.strip_prefix('#').unwrap_or(name) == expected;
    if stated.as_str().is_some_and(bare) {
        return Ok(());
    }
    Err(Failure::invalid_property(
        "@odata.type",
        format!("The body states the type {stated}; '{expected}' is expected here."),
    ))
}

fn check_shape(property: &Property, value: &Value) -> Result<(), Failure> {
    let name = property.name;
    let fits = match property.shape {
        Shape::Text => value.is_string(),
        Shape::Integer => value.is_i64(),
        Shape::Boolean => value.is_boolean(),
        Shape::Object => value.is_object(),
        Shape::List => value.is_array(),
        Shape::TextList => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        Shape::Member(members) => {
            let Some(text) = value.as_str() else {
                return Err(Failure::invalid_property(
                    name,
                    format!("The property '{name}' must be a string."),
                ));
            };
            if !members.contains(&text) {
                return Err(Failure::invalid_property(
                    name,
                    format!("'{text}' is not a value of '{name}'."),
                ));
            }
            true
        }
    };
    if fits {
        Ok(())
    } else {
        Err(Failure::invalid_property(
            name,
            format!("The property '{name}' has a value of the wrong type."),
        ))
    }
}

/// A member that is text.
pub(crate) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}
