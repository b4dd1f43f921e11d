//! Python: a module for each file of values, with a frozen dataclass for each record.

use askama::Template;
use trunkline_spec::interface::{
    Alias, Binding, FieldItem, Interface, Presence, Union, Value, ValueField, ValueModule,
};

use super::fields::words;
use super::python_text::{class_docstring, docstring, module};
use super::values::{alias, graph_class, graph_imports};
use crate::output::OutputFile;
use crate::python::text::import;
use crate::text::rendered;

#[derive(Template)]
#[template(path = "python/values.py.jinja", escape = "none")]
struct Values<'i> {
    module: &'i ValueModule,
    /// Imports that only type checkers need.
    checked_imports: String,
    has_parameter: bool,
    aliases: Vec<&'i Alias>,
    classes: Vec<ValueClass<'i>>,
    unions: Vec<ClassUnion<'i>>,
    /// The text without imports, which says what it imports.
    text: String,
}

struct ValueClass<'i> {
    value: &'i Value,
    base: &'static str,
    /// The functions that make values of JSON, for fields whose value is more than that.
    readers: Vec<(&'i str, String)>,
    fields: Vec<ClassField<'i>>,
}

struct ClassField<'i> {
    name: &'i str,
    hint: String,
    default: Option<String>,
    documentation: &'i str,
}

struct ClassUnion<'i> {
    name: &'i str,
    documentation: &'i str,
    classes: Vec<&'i str>,
    constant: String,
    /// The functions that make its members of JSON, each behind its kind.
    readers: Vec<(&'i str, String)>,
}

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let modules = interface.modules.iter();
    modules
        .map(|found| module(&found.name, &values(interface, found)))
        .collect()
}

fn values<'i>(interface: &Interface, module: &'i ValueModule) -> Values<'i> {
    let found = || module.values.iter().filter(|value| value.is_in(Binding::Python));
    let aliases = module.aliases.iter();
    let mut values = Values {
        module,
        checked_imports: String::new(),
        has_parameter: found().any(|value| value.has_parameter),
        aliases: aliases.filter(|alias| alias.python.is_none() && !alias.pair).collect(),
        classes: found().map(|value| class(module, value)).collect(),
        unions: module.unions.iter().map(|found| union(module, found)).collect(),
        text: String::new(),
    };
    let text = rendered(&values);
    values.checked_imports = [
        import("    ", ".._native", &["Meta"], &text),
        import("    ", ".errors", &["GraphError"], &text),
        graph_imports(interface, &text),
    ]
    .concat();
    let guard = if values.checked_imports.is_empty() {
        ""
    } else {
        "TYPE_CHECKING "
    };
    values.text = format!("{guard}{text}");
    values
}

fn literal(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("Literal[{}]", words.join(", "))
}

fn class<'i>(module: &ValueModule, value: &'i Value) -> ValueClass<'i> {
    ValueClass {
        value,
        base: match (value.is_tuple, value.has_parameter) {
            (true, _) => "NamedTuple",
            (false, true) => "DataRecord, Generic[T_co]",
            (false, false) => "DataRecord",
        },
        readers: readers(module, value),
        fields: fields(module, value),
    }
}

fn readers<'i>(module: &ValueModule, value: &'i Value) -> Vec<(&'i str, String)> {
    let mut readers = Vec::new();
    let fields = if value.is_flat {
        Vec::new()
    } else {
        python_fields(value)
    };
    for field in fields {
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
        readers.push((field.name.get_ref().as_str(), of));
    }
    readers
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

fn fields<'i>(module: &ValueModule, value: &'i Value) -> Vec<ClassField<'i>> {
    let mut fields = Vec::new();
    let mut may_have_default = true;
    for field in python_fields(value).into_iter().rev() {
        let (hint, default) = hint_and_default(module, field, may_have_default);
        may_have_default &= default.is_some();
        let default = match (default, field.personal && !value.is_tuple) {
            (None, true) => Some("field(repr=False)".to_owned()),
            (Some(default), true) => Some(format!("field(default={default}, repr=False)")),
            (default, false) => default,
        };
        fields.push(ClassField {
            name: field.name.get_ref(),
            hint,
            default,
            documentation: &field.documentation,
        });
    }
    if let Some(tag) = &value.tag {
        let variants = value
            .variants
            .iter()
            .filter(|variant| variant.only != Some(Binding::Node));
        let words: Vec<String> = variants.map(|variant| variant.name.clone()).collect();
        fields.push(ClassField {
            name: &tag.name,
            hint: literal(&words),
            default: None,
            documentation: &tag.documentation,
        });
    }
    fields.reverse();
    fields
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

fn union<'i>(module: &'i ValueModule, union: &'i Union) -> ClassUnion<'i> {
    let members = module.values.iter();
    let members: Vec<&Value> = members
        .filter(|value| value.union.as_ref() == Some(&union.name))
        .collect();
    let reader = |member: &&'i Value| {
        let class = member.name.get_ref();
        let reader = match (member.is_flat, member.fields.first().map(|field| &field.r#type.item)) {
            (true, Some(FieldItem::Named(inner))) => format!("lambda data: {class}({inner}._of(data))"),
            (true, _) => class.clone(),
            (false, _) => format!("{class}._of"),
        };
        (member.kind.as_deref().unwrap_or_default(), reader)
    };
    ClassUnion {
        name: &union.name,
        documentation: &union.documentation,
        classes: members.iter().map(|member| member.name.get_ref().as_str()).collect(),
        constant: format!("{}S", words(&union.name, '_').to_uppercase()),
        readers: members.iter().map(reader).collect(),
    }
}
