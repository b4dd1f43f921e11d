//! The reference pages of our own options and values, with their names in each language. The text stands in
//! `templates/markdown`.

use askama::Template;
use trunkline_spec::interface::{Binding, Field, FieldItem, Interface, Record, Value, ValueField, ValueType};

use super::fields::{documented, snake};
use super::values::node_field_name;
use crate::node::text::camel;
use crate::text::rendered;

/// The page of options.
#[derive(Template)]
#[template(path = "markdown/options.markdown.jinja", escape = "none")]
struct OptionsPage<'i> {
    interface: &'i Interface,
}

/// The page of values.
#[derive(Template)]
#[template(path = "markdown/records.markdown.jinja", escape = "none")]
struct RecordsPage<'i> {
    interface: &'i Interface,
}

pub(super) fn options(interface: &Interface) -> String {
    rendered(&OptionsPage { interface })
}

pub(super) fn records(interface: &Interface) -> String {
    rendered(&RecordsPage { interface })
}

/// The name of an option in Python.
fn python(field: &Field) -> String {
    match field.r#type {
        ValueType::Signal => "-".to_owned(),
        _ => format!("`{}`", field.python.as_deref().unwrap_or(snake(field))),
    }
}

/// The method of an option in Rust.
fn rust(record: &Record, field: &Field) -> String {
    let is_hook = field.r#type == ValueType::Hook && field.method.is_none();
    if field.r#type == ValueType::Signal || field.with.is_some() || is_hook {
        return "-".to_owned();
    }
    let method = field.method.as_deref().unwrap_or(snake(field));
    format!("`{}{method}`", record.rust_prefix)
}

/// The accepted values of a field, in words.
fn value(field: &Field) -> String {
    let mut alternatives: Vec<String> = field.words.iter().map(|word| format!("`{}`", word.word)).collect();
    match field.r#type {
        ValueType::Word => {}
        ValueType::Record => alternatives.extend(field.record.as_ref().map(|record| format!("`{record}`"))),
        other => alternatives.push(noun(other).to_owned()),
    }
    alternatives.extend(field.or.map(|other| noun(other).to_owned()));
    alternatives.extend(field.shorthand.as_ref().map(|_| "number".to_owned()));
    alternatives.join(" or ")
}

fn noun(r#type: ValueType) -> &'static str {
    match r#type {
        ValueType::Text | ValueType::Word => "text",
        ValueType::Texts => "list of texts",
        ValueType::Paths => "list of paths",
        ValueType::Boolean => "boolean",
        ValueType::Seconds => "seconds",
        ValueType::Count => "whole number",
        ValueType::Number => "number",
        ValueType::Pem => "PEM or path",
        ValueType::Record => "record",
        ValueType::Credential => "credential",
        ValueType::Json | ValueType::Any => "JSON",
        ValueType::Pairs => "texts by name",
        ValueType::Path => "path",
        ValueType::Model => "record of the graph",
        ValueType::Models => "list of records of the graph",
        ValueType::Watcher | ValueType::Hook | ValueType::Transport => "function",
        ValueType::Signal => "`AbortSignal`",
    }
}

fn title(value: &Value) -> String {
    let name = value.name.get_ref();
    match (&value.node, value.only) {
        (Some(node), _) => format!("{name} (Node: {node})"),
        (None, Some(Binding::Python)) => format!("{name} (Python)"),
        (None, Some(Binding::Node)) => format!("{name} (Node)"),
        (None, None) => name.clone(),
    }
}

/// The value of a field, or of the items of its list, in words.
fn item(field: &ValueField) -> String {
    match &field.r#type.item {
        FieldItem::Text => "text".to_owned(),
        FieldItem::Boolean => "boolean".to_owned(),
        FieldItem::Count => "whole number".to_owned(),
        FieldItem::Number => "number".to_owned(),
        FieldItem::Word => {
            let words: Vec<String> = field.words.iter().map(|word| format!("`{word}`")).collect();
            words.join(" or ")
        }
        FieldItem::Json | FieldItem::Headers => "object".to_owned(),
        FieldItem::Meta => "`Meta`".to_owned(),
        FieldItem::Error => "`GraphError`".to_owned(),
        FieldItem::Parameter => "record".to_owned(),
        FieldItem::Named(name) | FieldItem::Graph(name) => format!("`{name}`"),
    }
}
