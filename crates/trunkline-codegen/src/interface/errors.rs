//! Errors: the class of each kind for Python and Node, and their fields.

use askama::Template;
use trunkline_spec::interface::{ErrorClass, Errors, FieldItem, Interface, Presence, ValueField, ValueModule};

use super::python_text::{class_docstring, docstring};
use super::values::respelled;
use super::{python_text, python_values, typescript_values};
use crate::node::text::{Comment, camel, literal};
use crate::output::OutputFile;

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
    }
}

/// The modules `generated/error-fields.ts` and `generated/error-classes.ts`.
pub(crate) fn typescript(interface: &Interface) -> Vec<OutputFile> {
    let Some(errors) = &interface.errors else {
        return Vec::new();
    };
    vec![
        OutputFile::new("error-fields.ts", typescript_fields(interface, errors)),
        OutputFile::new("error-classes.ts", typescript_classes(interface, errors)),
    ]
}

fn typescript_fields(interface: &Interface, errors: &Errors) -> String {
    let mut members = String::new();
    let mut absent = String::new();
    let mut hidden = Vec::new();
    for field in &errors.fields {
        let name = camel(field.node.as_ref().unwrap_or(field.name.get_ref()));
        let hint = typescript_values::hint(&tuples(), field);
        let (end, value) = match &field.r#type.presence {
            Presence::Default(_) if field.r#type.item == FieldItem::Headers => ("", "{}".to_owned()),
            Presence::Default(_) if field.r#type.list => ("", "[]".to_owned()),
            Presence::Default(text) if matches!(field.r#type.item, FieldItem::Text | FieldItem::Word) => {
                ("", literal(text))
            }
            Presence::Default(text) => ("", text.clone()),
            _ => (" | undefined", "undefined".to_owned()),
        };
        let comment = Comment::of(&respelled(interface, &field.documentation)).text("  ");
        members.push_str(&format!("{comment}  readonly {name}: {hint}{end};\n"));
        absent.push_str(&format!("  {name}: {value},\n"));
        if field.personal {
            hidden.push(literal(&name));
        }
    }
    let kinds = errors.classes.iter().filter(|class| !class.has_own_kinds);
    let kinds: String = kinds.map(|class| format!("  | {}\n", literal(&class.kind))).collect();
    let (header, hidden) = (crate::HEADER, hidden.join(", "));
    format!(
        "{header}

/** The fields of an error. */
export interface GraphErrorFields {{
{members}}}

/** The kinds of failure, the same in every language. */
export type ErrorKind =
{kinds}  | (string & {{}});

/** Fields of an error of which nothing is known. */
export const ABSENT: GraphErrorFields = {{
{absent}}};

/** Fields that may hold personal data: for the program, and not printed. */
export const HIDDEN: ReadonlySet<string> = new Set([{hidden}]);
"
    )
}

fn typescript_classes(interface: &Interface, errors: &Errors) -> String {
    let class = |class: &ErrorClass| {
        let comment = Comment::of(&respelled(interface, &class.documentation)).text("");
        format!("\n{comment}export class {} extends GraphError {{}}\n", class.name)
    };
    let classes: String = errors.classes.iter().map(class).collect();
    let entry = |class: &ErrorClass| format!("  {}: {},\n", class.kind, class.name);
    let table: String = errors.classes.iter().map(entry).collect();
    let names: String = errors
        .classes
        .iter()
        .map(|class| format!("  {},\n", class.name))
        .collect();
    let header = crate::HEADER;
    format!(
        "{header}

import {{ GraphError }} from \"../graph-error.js\";
{classes}
/** The class of each kind. */
export const BY_KIND: Readonly<Record<string, typeof GraphError>> = {{
{table}}};

/** The classes by name: minifiers rename the classes themselves. */
export const NAMED: Readonly<Record<string, typeof GraphError>> = {{
  GraphError,
{names}}};
"
    )
}

/// The function of `trunkline_binding::generated` that writes the fields of an error.
pub(super) fn rust(interface: &Interface) -> String {
    let fields = interface.errors.iter().flat_map(|errors| &errors.fields);
    let statements: String = fields
        .map(|field| {
            let python = field.name.get_ref();
            let node = camel(field.node.as_ref().unwrap_or(python));
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
