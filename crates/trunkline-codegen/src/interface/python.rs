//! Python: a module for each record. A record that a constructor takes becomes a base class with that constructor, any other
//! a named tuple.

use trunkline_spec::interface::{Field, Interface, Record, ValueType};

use super::fields::{documented, is_constructor, snake, words};
use super::values::graph_class;
use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::text::{docstring, import as import_used, item};

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |record: &Record| OutputFile {
        path: format!("{}.py", words(&record.name, '_')),
        contents: match (is_constructor(record), record.presets.is_empty()) {
            (true, _) => constructor(record),
            (false, true) => dataclass(record),
            (false, false) => named_tuple(record),
        }
        .into_bytes(),
    };
    // Other records are keywords of methods.
    let fields = || interface.records.iter().flat_map(|record| &record.fields);
    let is_value = |record: &Record| {
        let is_nested =
            |field: &Field| field.r#type == ValueType::Record && field.record.as_ref() == Some(&record.name);
        fields().any(is_nested)
    };
    let records = interface.records.iter();
    records
        .filter(|record| is_constructor(record) || is_value(record))
        .map(file)
        .collect()
}

pub(super) fn documentation(field: &Field) -> String {
    let documentation = field.python_documentation.as_ref().unwrap_or(&field.documentation);
    match field.r#type {
        ValueType::Boolean if field.default.is_some() => {
            format!("{documentation} Default: `{}`.", default_truth(field))
        }
        _ => documented(field, documentation),
    }
}

/// The default of a truth value, as Python writes it.
pub(super) fn default_truth(field: &Field) -> &'static str {
    match field.default.as_deref() {
        Some("true") => "True",
        _ => "False",
    }
}

fn name(field: &Field) -> &str {
    field.python.as_deref().unwrap_or(snake(field))
}

fn constructor(record: &Record) -> String {
    let Record { name: class, .. } = record;
    let module = docstring(&record.documentation, &[], "");
    let mut parameters = String::new();
    let mut members = String::new();
    let mut conversions = String::new();
    let mut described = vec![String::new(), "Args:".to_owned()];
    for field in &record.fields {
        if field.r#type == ValueType::Signal {
            continue;
        }
        let (name, key, hint) = (name(field), snake(field), hint(field));
        if !name.starts_with('_') {
            described.extend(item(name, &documentation(field), 8));
        }
        match field.r#type {
            ValueType::Credential => {
                parameters.push_str(&format!("        {name}: {hint} | None = None,\n        *,\n"));
                continue;
            }
            ValueType::Boolean if field.default.is_some() => {
                parameters.push_str(&format!("        {name}: {hint} = {},\n", default_truth(field)));
            }
            _ => parameters.push_str(&format!("        {name}: {hint} | None = None,\n")),
        }
        let value = match field.r#type {
            // A text is a sequence of texts, too.
            ValueType::Texts => format!("[{name}] if isinstance({name}, str) else {name} and list({name})"),
            _ => name.to_owned(),
        };
        members.push_str(&format!("            \"{key}\": {value},\n"));
        match field.r#type {
            ValueType::Pem => conversions.push_str(&format!(
                "        if isinstance({name}, bytes):\n            options[\"{key}\"] = {name}.decode(\"latin-1\")\n"
            )),
            ValueType::Record => conversions.push_str(&format!(
                "        if isinstance({name}, tuple):\n            options[\"{key}\"] = {name}._asdict()\n"
            )),
            _ => {}
        }
    }
    described.extend([
        String::new(),
        "Raises:".to_owned(),
        "    InvalidInputError: An argument cannot be used.".to_owned(),
    ]);
    let begins = record.constructor_documentation.as_deref().unwrap_or_default();
    let documentation = docstring(begins, &described, "        ");
    // Who signs in is described by the package, not by JSON.
    let has_credential = record.fields.iter().any(|field| field.r#type == ValueType::Credential);
    let (star, pass, take, import_credential) = if has_credential {
        (
            "",
            "credential, ",
            "credential: AnyCredential | None, ",
            "\n    from .._credentials import AnyCredential",
        )
    } else {
        ("        *,\n", "", "", "")
    };
    let target = record.constructor.as_deref().unwrap_or_default();
    let typing = [
        import_used("    ", "collections.abc", &["Sequence"], &parameters),
        import_used("    ", "typing", &["Any", "Literal"], &format!("{parameters} Any")),
    ]
    .concat();
    let typing = typing.trim_end();
    let imports: String = record
        .fields
        .iter()
        .filter_map(|field| field.record.as_deref())
        .map(import)
        .collect();
    format!(
        "{HEADER}{module}
from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
{typing}{import_credential}
{imports}

class {class}:
    \"\"\"The constructor of `{target}`, which collects the options for the native part.\"\"\"

    __slots__ = ()

    def __init__(
        self,
{star}{parameters}    ) -> None:
{documentation}        options: dict[str, Any] = {{
{members}        }}
{conversions}        self._open({pass}options)

    def _open(self, {take}options: dict[str, Any]) -> None:
        raise NotImplementedError
"
    )
}

fn import(record: &str) -> String {
    format!("    from .{} import {record}\n", words(record, '_'))
}

/// A value whose fields are all optional.
fn dataclass(record: &Record) -> String {
    let Record { name: class, .. } = record;
    let (mut fields, mut members) = (String::new(), String::new());
    for field in &record.fields {
        let (name, key) = (name(field), snake(field));
        let (default, value) = match field.r#type {
            ValueType::Paths => (" = ()", format!("[fspath(path) for path in self.{name}]")),
            _ => (" | None = None", format!("self.{name}")),
        };
        let documentation = docstring(&documentation(field), &[], "    ");
        fields.push_str(&format!("    {name}: {}{default}\n{documentation}", hint(field)));
        members.push_str(&format!("            \"{key}\": {value},\n"));
    }
    let documentation = docstring(&record.documentation, &[], "    ");
    let imports = [
        import_used("", "collections.abc", &["Sequence"], &fields),
        "from dataclasses import dataclass\n".to_owned(),
        import_used("", "os", &["fspath"], &members),
        "from typing import Any\n\n".to_owned(),
        import_used("", ".._bulk", &["AnyPath"], &fields),
    ]
    .concat();
    format!(
        "{HEADER}\"\"\"`{class}`: options that belong together.\"\"\"

from __future__ import annotations

{imports}

@dataclass(frozen=True)
class {class}:
{documentation}
{fields}
    def _arguments(self) -> dict[str, Any]:
        return {{
{members}        }}
"
    )
}

fn named_tuple(record: &Record) -> String {
    let Record { name: class, .. } = record;
    let documentation = docstring(&record.documentation, &[], "    ");
    let field = |field: &Field| {
        let default = match (field.default.as_deref(), field.r#type) {
            (Some(default), ValueType::Seconds | ValueType::Number) if !default.contains('.') => format!("{default}.0"),
            (Some(default), _) => default.to_owned(),
            (None, _) => "None".to_owned(),
        };
        let optional = if field.default.is_some() { "" } else { " | None" };
        let documentation = docstring(&field.documentation, &[], "    ");
        format!(
            "    {}: {}{optional} = {default}\n{documentation}",
            name(field),
            hint(field)
        )
    };
    let fields: String = record.fields.iter().map(field).collect();
    let presets: String = record
        .presets
        .iter()
        .map(|preset| {
            let documentation = docstring(&preset.documentation, &[], "        ");
            format!(
                "\n    @classmethod\n    def {}(cls) -> {class}:\n{documentation}        return cls({})\n",
                preset.name, preset.python
            )
        })
        .collect();
    format!(
        "{HEADER}\"\"\"`{class}`: a named tuple, because a dataclass would take a third of the time of importing the package.\"\"\"

from __future__ import annotations

from typing import NamedTuple


class {class}(NamedTuple):
{documentation}
{fields}{presets}"
    )
}

/// The hint of a field's values.
pub(super) fn hint(field: &Field) -> String {
    let words: Vec<String> = field.words.iter().map(|word| format!("\"{}\"", word.word)).collect();
    let hint = match field.r#type {
        ValueType::Word => format!("Literal[{}]", words.join(", ")),
        ValueType::Record => field.record.clone().unwrap_or_default(),
        ValueType::Model => graph_class(field.model.as_deref().unwrap_or_default()).1,
        ValueType::Models => format!(
            "Sequence[{}]",
            graph_class(field.model.as_deref().unwrap_or_default()).1
        ),
        other => plain(other).to_owned(),
    };
    let other = match (field.or, &field.shorthand) {
        (Some(other), _) => Some(plain(other)),
        (None, Some(_)) => Some("int"),
        (None, None) => None,
    };
    other.map_or_else(|| hint.clone(), |other| format!("{hint} | {other}"))
}

fn plain(r#type: ValueType) -> &'static str {
    match r#type {
        ValueType::Text | ValueType::Word => "str",
        ValueType::Texts => "Sequence[str]",
        ValueType::Paths => "Sequence[AnyPath]",
        ValueType::Boolean => "bool",
        ValueType::Seconds | ValueType::Number => "float",
        ValueType::Count => "int",
        ValueType::Pem => "bytes | str",
        ValueType::Credential => "AnyCredential",
        ValueType::Watcher => "Watcher",
        ValueType::Pairs => "Mapping[str, str]",
        ValueType::Path => "AnyPath",
        ValueType::Json
        | ValueType::Any
        | ValueType::Record
        | ValueType::Model
        | ValueType::Models
        | ValueType::Signal => "Any",
    }
}
