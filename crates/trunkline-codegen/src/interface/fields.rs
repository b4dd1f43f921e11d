//! Names and documentation of options, for all languages.

use trunkline_spec::interface::{Field, Record, ValueType};

/// The name of a field in snake case.
pub(super) fn snake(field: &Field) -> &str {
    field.name.get_ref()
}

/// The name of a type such as `ClientOptions` in words joined by `separator`.
pub(super) fn words(name: &str, separator: char) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push(separator);
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

/// The table in TypeScript of the names in a record.
pub(super) fn table(record: &str) -> String {
    words(record, '_').to_uppercase()
}

/// The documentation of a field with its default.
pub(super) fn documented(field: &Field, documentation: &str) -> String {
    match &field.default {
        None => documentation.to_owned(),
        Some(default) => match field.r#type {
            ValueType::Text | ValueType::Word | ValueType::Boolean => format!("{documentation} Default: `{default}`."),
            _ => format!("{documentation} Default: {default}."),
        },
    }
}

/// Whether a record is what a constructor takes, not a value of its own.
pub(super) fn is_constructor(record: &Record) -> bool {
    record.constructor.is_some()
}
