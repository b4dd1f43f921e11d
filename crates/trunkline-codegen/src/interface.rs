//! Emitters for our own interface (`spec/trunkline`): options that callers pass, values that they receive, and errors. Each writes
//! the text as it will stand in the file. A new type of an option is a variant of `ValueType`, a new type of a value one of
//! `FieldItem`, and one arm in each emitter.

mod errors;
mod python;
mod python_services;
mod python_values;
mod reference;
mod rust;
mod typescript;
mod typescript_services;
mod typescript_values;
mod values;

use crate::output::OutputFile;

use trunkline_spec::interface::{Field, Interface, Record, ValueType};

/// The modules below `trunkline.generated` of Python.
pub(crate) fn python(interface: &Interface) -> Vec<OutputFile> {
    [
        python::files(interface),
        python_services::files(interface),
        python_values::files(interface),
        errors::python(interface),
    ]
    .concat()
}

/// The modules below `generated` of Node.
pub(crate) fn node(interface: &Interface) -> Vec<OutputFile> {
    [
        typescript::files(interface),
        typescript_services::files(interface),
        typescript_values::files(interface),
        errors::typescript(interface),
    ]
    .concat()
}

/// The pages of the reference.
pub(crate) fn reference(interface: &Interface) -> Vec<OutputFile> {
    let page = |path: &str, text: String| OutputFile {
        path: path.to_owned(),
        contents: text.into_bytes(),
    };
    vec![
        page("options.md", reference::options(interface)),
        page("records.md", reference::records(interface)),
    ]
}

pub(crate) use rust::{builder_files, core_files, files as binding_files};

/// The name of a field in snake case.
fn snake(field: &Field) -> &str {
    field.name.get_ref()
}

/// The name of a type such as `ClientOptions` in words joined by `separator`.
fn words(name: &str, separator: char) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push(separator);
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

/// The documentation of a field with its default.
fn documented(field: &Field, documentation: &str) -> String {
    match &field.default {
        None => documentation.to_owned(),
        Some(default) => match field.r#type {
            ValueType::Text | ValueType::Word | ValueType::Boolean => format!("{documentation} Default: `{default}`."),
            _ => format!("{documentation} Default: {default}."),
        },
    }
}

/// Whether a record is what a constructor takes, not a value of its own.
fn is_constructor(record: &Record) -> bool {
    record.constructor.is_some()
}
