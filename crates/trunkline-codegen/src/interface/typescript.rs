//! TypeScript: an interface for each record, and the table of its names by which unknown options are refused. The text stands in
//! `templates/typescript`.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::interface::{Binding, Field, Interface, Record, ValueType};

use super::fields::{documented, table};
use super::values::{comment, graph_class};
use crate::node::text::{camel, literal};
use crate::output::OutputFile;
use crate::text::rendered;

#[derive(Template)]
#[template(path = "typescript/option-records.ts.jinja", escape = "none")]
struct OptionRecords<'i> {
    interface: &'i Interface,
    /// The records that watchers get.
    progress: BTreeSet<&'i str>,
}

/// The module `generated/option-records.ts`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let options = interface.records.iter().flat_map(options);
    let watched = options.filter(|field| field.r#type == ValueType::Watcher);
    let progress = watched.filter_map(|field| field.record.as_deref()).collect();
    vec![OutputFile::new(
        "option-records.ts",
        rendered(&OptionRecords { interface, progress }),
    )]
}

/// The options that Node has.
fn options(record: &Record) -> impl Iterator<Item = &Field> {
    record.fields.iter().filter(|field| field.only != Some(Binding::Python))
}

fn documentation(field: &Field) -> String {
    documented(field, field.node_documentation.as_ref().unwrap_or(&field.documentation))
}

/// The type of a field's values.
fn hint(field: &Field) -> String {
    let mut alternatives: Vec<String> = field.words.iter().map(|word| literal(&word.word)).collect();
    match field.r#type {
        ValueType::Word => {}
        ValueType::Text if !field.suggestions.is_empty() => {
            alternatives.extend(field.suggestions.iter().map(|text| literal(text)));
            alternatives.push("(string & {})".to_owned());
        }
        ValueType::Record => alternatives.extend(field.record.clone()),
        ValueType::Watcher => {
            let record = field.record.as_deref().unwrap_or_default();
            alternatives.push(format!("((progress: {record}) => void | Promise<void>)"));
        }
        ValueType::Model | ValueType::Models => {
            let (namespace, class) = graph_class(field.model.as_deref().unwrap_or_default());
            let list = field.r#type == ValueType::Models;
            alternatives.push(if list {
                format!("readonly {namespace}.{class}[]")
            } else {
                format!("{namespace}.{class}")
            });
        }
        other => alternatives.push(plain(other).to_owned()),
    }
    alternatives.extend(field.or.map(|other| plain(other).to_owned()));
    alternatives.extend(field.shorthand.as_ref().map(|_| "number".to_owned()));
    alternatives.join(" | ")
}

fn plain(r#type: ValueType) -> &'static str {
    match r#type {
        ValueType::Text | ValueType::Word => "string",
        ValueType::Texts | ValueType::Paths => "readonly string[]",
        ValueType::Boolean => "boolean",
        ValueType::Seconds | ValueType::Number | ValueType::Count => "number",
        ValueType::Pem => "string | Uint8Array | URL",
        ValueType::Transport => "TransportFunction",
        ValueType::Credential => "AnyCredential",
        ValueType::Signal => "AbortSignal",
        ValueType::Json => "object",
        ValueType::Pairs => "Readonly<Record<string, string>>",
        ValueType::Path => "string | URL",
        ValueType::Any | ValueType::Record | ValueType::Watcher | ValueType::Model | ValueType::Models => "unknown",
    }
}
