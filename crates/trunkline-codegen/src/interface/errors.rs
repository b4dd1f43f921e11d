//! Errors: the class of each kind for Python and Node, and their fields.

use trunkline_spec::interface::{ErrorClass, Errors, FieldItem, Interface, Presence, ValueField, ValueModule};

use super::values::respelled;
use super::{python_values, typescript_values};
use crate::node::text::{Comment, camel, literal};
use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::text::docstring;

/// The module `trunkline.generated.errors`.
pub(crate) fn python(interface: &Interface) -> Vec<OutputFile> {
    let text = interface.errors.as_ref().map(|errors| {
        let documentation = docstring(&errors.documentation, &python_values::paragraph(&errors.python_details), "    ");
        let fields: String = errors.fields.iter().map(python_field).collect();
        let empty: String = errors.fields.iter().filter_map(python_container).collect();
        let classes: String = errors.classes.iter().map(python_class).collect();
        let own = |class: &&ErrorClass| class.has_own_kinds;
        let table: String = errors.classes.iter().filter(|class| !own(class)).map(python_entry).collect();
        let apart: String = errors.classes.iter().filter(own).map(python_entry).collect();
        format!(
            "{HEADER}\"\"\"Errors: one exception class for each kind of failure, all of them derived from `GraphError`.\"\"\"

from __future__ import annotations

TYPE_CHECKING = False  # See `_hints`.

if TYPE_CHECKING:
    from typing import Any, Literal


class GraphError(Exception):
{documentation}
    kind: str = \"graph\"
    \"\"\"The kind of failure, for instance `notFound`; the same in every language.\"\"\"
{fields}
    def __init__(self, text: str = \"\", **fields: Any) -> None:
        super().__init__(text)
{empty}        for name, value in fields.items():
            setattr(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.args, self.__dict__)


def _remake(cls: type[GraphError], arguments: tuple[str, ...], fields: dict[str, Any]) -> GraphError:
    return cls(*arguments, **fields)
{classes}

BY_KIND: dict[str, type[GraphError]] = {{
{table}}}
\"\"\"The class of each kind.\"\"\"

APART: dict[str, type[GraphError]] = {{
{apart}}}
\"\"\"The classes whose errors have kinds of their own.\"\"\"
"
        )
    });
    text.map(|text| OutputFile::new("errors.py", text))
        .into_iter()
        .collect()
}

fn python_field(field: &ValueField) -> String {
    let (name, hint) = (field.name.get_ref(), python_values::hint(&tuples(), field));
    let documentation = docstring(&field.documentation, &[], "    ");
    let declared = match &field.r#type.presence {
        Presence::Default(_) if field.r#type.item == FieldItem::Headers => hint,
        Presence::Default(_) if field.r#type.list => format!("{hint} = ()"),
        Presence::Default(text) => match field.r#type.item {
            FieldItem::Text | FieldItem::Word => format!("{hint} = \"{text}\""),
            FieldItem::Boolean => format!("{hint} = {}", if text == "true" { "True" } else { "False" }),
            _ => format!("{hint} = {text}"),
        },
        _ => format!("{hint} | None = None"),
    };
    format!("    {name}: {declared}\n{documentation}")
}

/// The statement that gives each error a container of its own.
fn python_container(field: &ValueField) -> Option<String> {
    let is_container = field.r#type.item == FieldItem::Headers;
    is_container.then(|| format!("        self.{} = {{}}\n", field.name.get_ref()))
}

fn python_class(class: &ErrorClass) -> String {
    let ErrorClass { kind, name, .. } = class;
    let documentation = docstring(&class.documentation, &[], "    ");
    let base = class.python_base.as_ref().map(|base| format!(", {base}"));
    let base = base.unwrap_or_default();
    format!("\n\nclass {name}(GraphError{base}):\n{documentation}\n    kind = \"{kind}\"\n")
}

fn python_entry(class: &ErrorClass) -> String {
    format!("    \"{}\": {},\n", class.kind, class.name)
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
