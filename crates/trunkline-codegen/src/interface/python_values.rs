//! Python: a module for each file of values, with a frozen dataclass for each record.

use trunkline_spec::interface::{
    Alias, Binding, FieldItem, Interface, Presence, Union, Value, ValueField, ValueModule,
};

use super::fields::words as words_of;
use super::values::{alias, graph_class, graph_imports};
use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::text::{docstring, import};

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |module: &ValueModule| OutputFile {
        path: format!("{}.py", module.name),
        contents: text(interface, module).into_bytes(),
    };
    interface.modules.iter().map(file).collect()
}

fn text(interface: &Interface, module: &ValueModule) -> String {
    let values = || module.values.iter().filter(|value| value.is_in(Binding::Python));
    let mut body = String::new();
    if values().any(|value| value.has_parameter) {
        body.push_str("\nT_co = TypeVar(\"T_co\", covariant=True)\n");
    }
    let aliases = module
        .aliases
        .iter()
        .filter(|alias| alias.python.is_none() && !alias.pair);
    body.extend(aliases.map(words));
    body.extend(values().map(|value| class(module, value)));
    body.extend(module.unions.iter().map(|union| self::union(module, union)));
    let documentation = docstring(&module.documentation, &[], "");
    let names = [
        "TYPE_CHECKING",
        "Any",
        "Generic",
        "Literal",
        "NamedTuple",
        "TypeAlias",
        "TypeVar",
    ];
    let checked = checked_imports(interface, &body);
    let always = [
        import("", "collections.abc", &["Callable"], &body),
        import("", "dataclasses", &["dataclass", "field"], &body),
        import("", "typing", &names, &format!("{body}{checked}")),
        "\n".to_owned(),
        import("", ".._errors", &["make"], &body),
        import("", ".._records", &["DataRecord", "graph", "list_of", "tuple_of"], &body),
    ]
    .concat();
    format!("{HEADER}{documentation}\nfrom __future__ import annotations\n\n{always}{checked}{body}")
}

/// Imports that only type checkers need.
fn checked_imports(interface: &Interface, body: &str) -> String {
    let imports = [
        import("    ", ".._native", &["Meta"], body),
        import("    ", ".errors", &["GraphError"], body),
        graph_imports(interface, body),
    ]
    .concat();
    if imports.is_empty() {
        imports
    } else {
        format!("\nif TYPE_CHECKING:\n{imports}")
    }
}

fn words(alias: &Alias) -> String {
    let Alias { name, .. } = alias;
    let documentation = docstring(&alias.documentation, &[], "");
    format!("\n{name}: TypeAlias = {}\n{documentation}", literal(&alias.words))
}

fn literal(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("Literal[{}]", words.join(", "))
}

fn class(module: &ValueModule, value: &Value) -> String {
    let name = value.name.get_ref();
    let details = value.python_details.as_deref().map(paragraph).unwrap_or_default();
    let documentation = docstring(&value.documentation, &details, "    ");
    let base = match (value.is_tuple, value.has_parameter) {
        (true, _) => "NamedTuple",
        (false, true) => "DataRecord, Generic[T_co]",
        (false, false) => "DataRecord",
    };
    let decorator = if value.is_tuple {
        ""
    } else {
        "@dataclass(frozen=True)\n"
    };
    let readers = readers(module, value);
    let fields = fields(module, value);
    let text = if value.is_text {
        "\n    def __str__(self) -> str:\n        return self.text\n"
    } else {
        ""
    };
    let members = value.python_members.as_ref().map(|members| format!("\n{members}"));
    let members = members.unwrap_or_default();
    format!("\n\n{decorator}class {name}({base}):\n{documentation}\n{readers}{fields}{text}{members}")
}

/// A further paragraph of a docstring of a class.
pub(super) fn paragraph(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(crate::text::wrapped(text, 111, 111));
    lines
}

/// The functions that make values of JSON, for fields whose value is more than that.
fn readers(module: &ValueModule, value: &Value) -> String {
    let mut readers: Vec<String> = Vec::new();
    for field in python_fields(value) {
        let of = match &field.r#type.item {
            FieldItem::Graph(name) => format!("graph(\"{name}\")"),
            FieldItem::Error => "make".to_owned(),
            FieldItem::Named(name) => match alias(module, name) {
                Some(alias) if alias.pair => "tuple".to_owned(),
                Some(_) => String::new(),
                None => format!("{name}._of"),
            },
            _ => String::new(),
        };
        let of = match (field.r#type.list, of.is_empty(), module.python_lists.as_str()) {
            (false, true, _) | (true, true, "list") => continue,
            (true, true, list) => list.to_owned(),
            (true, false, list) => format!("{list}_of({of})"),
            (false, false, _) => of,
        };
        readers.push(format!("        \"{}\": {of},\n", field.name.get_ref()));
    }
    if readers.is_empty() || value.is_flat {
        String::new()
    } else {
        format!("    _readers = {{\n{}    }}\n\n", readers.concat())
    }
}

/// The fields that Python has, each once: what variants have in common is said by the first.
fn python_fields(value: &Value) -> Vec<&ValueField> {
    let mut fields: Vec<&ValueField> = Vec::new();
    for field in &value.fields {
        let is_new = fields.iter().all(|known| known.name.get_ref() != field.name.get_ref());
        if is_new && field.only != Some(Binding::Node) {
            fields.push(field);
        }
    }
    fields
}

fn fields(module: &ValueModule, value: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut may_have_default = true;
    for field in python_fields(value).into_iter().rev() {
        let (hint, default) = hint_and_default(module, field, may_have_default);
        may_have_default &= default.is_some();
        let name = field.name.get_ref();
        let default = match (default, field.personal && !value.is_tuple) {
            (None, false) => String::new(),
            (None, true) => " = field(repr=False)".to_owned(),
            (Some(default), false) => format!(" = {default}"),
            (Some(default), true) => format!(" = field(default={default}, repr=False)"),
        };
        let documentation = docstring(&field.documentation.replace("{none}", "`None`"), &[], "    ");
        lines.push(format!("    {name}: {hint}{default}\n{documentation}"));
    }
    if let Some(tag) = &value.tag {
        let words: Vec<String> = value
            .variants
            .iter()
            .filter(|variant| variant.only != Some(Binding::Node))
            .map(|variant| variant.name.clone())
            .collect();
        let documentation = docstring(&tag.documentation, &[], "    ");
        lines.push(format!("    {}: {}\n{documentation}", tag.name, literal(&words)));
    }
    lines.reverse();
    if let Some(kind) = &value.kind {
        lines.push(format!("    kind: Literal[\"{kind}\"] = \"{kind}\"\n"));
    }
    lines.concat()
}

/// The hint of a field, and its default if the constructor needs none. `may`: whether all fields behind it have one.
fn hint_and_default(module: &ValueModule, field: &ValueField, may: bool) -> (String, Option<String>) {
    let plain = hint(module, field);
    let or_none = format!("{plain} | None");
    if let Some(default) = &field.python_default {
        return (plain, Some(default.clone()));
    }
    if !field.of.is_empty() {
        return (or_none, Some("None".to_owned()));
    }
    let r#type = &field.r#type;
    match &r#type.presence {
        Presence::Required => (plain, None),
        Presence::Optional | Presence::Default(_) if r#type.list => (plain, Some("()".to_owned())),
        Presence::Optional if r#type.item == FieldItem::Boolean => (plain, Some("False".to_owned())),
        Presence::Default(text) => match text.as_str() {
            "true" => (plain, Some("True".to_owned())),
            "false" => (plain, Some("False".to_owned())),
            number => (plain, Some(number.to_owned())),
        },
        Presence::Optional | Presence::Nullable | Presence::Undefined => (or_none, may.then(|| "None".to_owned())),
    }
}

/// The hint of a field that is there.
pub(super) fn hint(module: &ValueModule, field: &ValueField) -> String {
    let item = match &field.r#type.item {
        FieldItem::Text => "str".to_owned(),
        FieldItem::Boolean => "bool".to_owned(),
        FieldItem::Count => "int".to_owned(),
        FieldItem::Number => "float".to_owned(),
        FieldItem::Word => literal(&field.words),
        FieldItem::Json => "dict[str, Any]".to_owned(),
        FieldItem::Headers => "dict[str, str]".to_owned(),
        FieldItem::Meta => "Meta".to_owned(),
        FieldItem::Error => "GraphError".to_owned(),
        FieldItem::Parameter => "T_co".to_owned(),
        FieldItem::Graph(name) => graph_class(name).1,
        FieldItem::Named(name) => match alias(module, name) {
            Some(alias) if alias.pair => "tuple[int, int]".to_owned(),
            Some(alias) => alias.python.clone().unwrap_or_else(|| name.clone()),
            None => name.clone(),
        },
    };
    match (field.r#type.list, module.python_lists.as_str()) {
        (false, _) => item,
        (true, "tuple") => format!("tuple[{item}, ...]"),
        (true, list) => format!("{list}[{item}]"),
    }
}

/// A union, and the functions that make its members of JSON by their kind.
fn union(module: &ValueModule, union: &Union) -> String {
    let Union { name, .. } = union;
    let members = module.values.iter().filter(|value| value.union.as_ref() == Some(name));
    let mut names = Vec::new();
    let mut table = String::new();
    for member in members {
        let class = member.name.get_ref();
        let reader = match (member.is_flat, member.fields.first().map(|field| &field.r#type.item)) {
            (true, Some(FieldItem::Named(inner))) => format!("lambda data: {class}({inner}._of(data))"),
            (true, _) => class.clone(),
            (false, _) => format!("{class}._of"),
        };
        let kind = member.kind.as_deref().unwrap_or_default();
        table.push_str(&format!("    \"{kind}\": {reader},\n"));
        names.push(class.as_str());
    }
    let documentation = docstring(&union.documentation, &[], "");
    let names = names.join("\n    | ");
    let constant = format!("{}S", words_of(name, '_').to_uppercase());
    format!(
        "

{name}: TypeAlias = (
    {names}
)
{documentation}
{constant}: dict[str, Callable[[dict[str, Any]], {name}]] = {{
{table}}}
\"\"\"The functions that make an event of JSON, by its kind.\"\"\"
"
    )
}
