//! Errors: the class of each kind for Python and Node, and their fields. Their text stands in `templates`.

use askama::Template;
use trunkline_spec::interface::{Errors, FieldItem, Interface, Presence, ValueField, ValueModule};

use super::python_text::{class_docstring, docstring};
use super::values::{comment, node_field_name};
use super::{python_text, python_values, typescript_values};
use crate::node::text::literal;
use crate::output::OutputFile;
use crate::text::rendered;

#[derive(Template)]
#[template(path = "python/errors.py.jinja", escape = "none")]
struct PythonErrors<'i> {
    errors: &'i Errors,
    documentation: String,
    fields: Vec<PythonField<'i>>,
}

struct PythonField<'i> {
    name: &'i str,
    hint: String,
    default: Option<String>,
    documentation: &'i str,
    /// Whether each error gets a container of its own.
    is_container: bool,
    /// Whether it may hold personal data.
    is_personal: bool,
}

/// The module `trunkline.generated.errors`.
pub(crate) fn python(interface: &Interface) -> Vec<OutputFile> {
    let module = interface.errors.iter().map(|errors| PythonErrors {
        errors,
        documentation: class_docstring(&errors.documentation, [&errors.python_details]),
        fields: errors.fields.iter().map(python_field).collect(),
    });
    module.map(|errors| python_text::module("errors", &errors)).collect()
}

fn python_field(field: &ValueField) -> PythonField<'_> {
    let is_container = field.r#type.item == FieldItem::Headers;
    let hint = python_values::hint(&tuples(), field);
    let (hint, default) = match &field.r#type.presence {
        Presence::Default(_) if is_container => (hint, None),
        Presence::Default(_) if field.r#type.list => (hint, Some("()".to_owned())),
        Presence::Default(text) => match field.r#type.item {
            FieldItem::Text | FieldItem::Word => (hint, Some(format!("\"{text}\""))),
            FieldItem::Boolean if text == "true" => (hint, Some("True".to_owned())),
            FieldItem::Boolean => (hint, Some("False".to_owned())),
            _ => (hint, Some(text.clone())),
        },
        _ => (format!("{hint} | None"), Some("None".to_owned())),
    };
    PythonField {
        name: field.name.get_ref(),
        hint,
        default,
        documentation: &field.documentation,
        is_container,
        is_personal: field.personal,
    }
}

#[derive(Template)]
#[template(path = "typescript/error-fields.ts.jinja", escape = "none")]
struct TypescriptFields<'i> {
    interface: &'i Interface,
    errors: &'i Errors,
}

#[derive(Template)]
#[template(path = "typescript/error-classes.ts.jinja", escape = "none")]
struct TypescriptClasses<'i> {
    interface: &'i Interface,
    errors: &'i Errors,
}

/// The modules `generated/error-fields.ts` and `generated/error-classes.ts`.
pub(crate) fn typescript(interface: &Interface) -> Vec<OutputFile> {
    let Some(errors) = &interface.errors else {
        return Vec::new();
    };
    vec![
        OutputFile::new("error-fields.ts", rendered(&TypescriptFields { interface, errors })),
        OutputFile::new("error-classes.ts", rendered(&TypescriptClasses { interface, errors })),
    ]
}

fn typescript_hint(field: &ValueField) -> String {
    let hint = typescript_values::hint(&tuples(), field);
    match field.r#type.presence {
        Presence::Default(_) => hint,
        _ => format!("{hint} | undefined"),
    }
}

/// The value of a field in an error of which nothing is known.
fn typescript_default(field: &ValueField) -> String {
    match &field.r#type.presence {
        Presence::Default(_) if field.r#type.item == FieldItem::Headers => "{}".to_owned(),
        Presence::Default(_) if field.r#type.list => "[]".to_owned(),
        Presence::Default(text) if matches!(field.r#type.item, FieldItem::Text | FieldItem::Word) => literal(text),
        Presence::Default(text) => text.clone(),
        _ => "undefined".to_owned(),
    }
}

/// The function of `trunkline_binding::generated` that writes the fields of an error.
pub(super) fn rust(interface: &Interface) -> String {
    let fields = interface.errors.iter().flat_map(|errors| &errors.fields);
    let statements: String = fields
        .map(|field| {
            let python = field.name.get_ref();
            let node = node_field_name(field);
            let value = field.rust.clone().unwrap_or_else(|| format!("error.{python}()"));
            format!("    fields.set({python:?}, {node:?}, {value});\n")
        })
        .collect();
    format!(
        "
/// The fields of an error, as the caller's language names them.
pub fn error_fields(error: &trunkline::Error, fields: &mut errors::Fields) {{
{statements}}}
"
    )
}

/// Errors belong to no module; their lists are tuples in Python.
fn tuples() -> ValueModule {
    ValueModule {
        name: String::new(),
        documentation: String::new(),
        python_lists: "tuple".to_owned(),
        aliases: Vec::new(),
        values: Vec::new(),
        unions: Vec::new(),
    }
}
