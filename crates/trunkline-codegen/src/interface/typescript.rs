//! TypeScript: an interface for each record, and the table of its names by which unknown options are refused. The text stands in
//! `templates/typescript`.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::interface::{Binding, Field, Interface, Record, ValueType};

use super::fields::{documented, table};
use super::typescript_references::reference_type;
use super::typescript_values::open;
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
    /// The types of texts for which records may stand.
    references: BTreeSet<String>,
    /// The records that hooks get.
    events: BTreeSet<&'i str>,
}

/// The module `generated/option-records.ts`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let all = || interface.records.iter().flat_map(options);
    let records = |kind: ValueType| {
        let called = all().filter(move |field| field.r#type == kind);
        called.filter_map(|field| field.record.as_deref()).collect()
    };
    let referred = all().filter_map(|field| interface.reference(field.reference.as_ref()));
    vec![OutputFile::new(
        "option-records.ts",
        rendered(&OptionRecords {
            interface,
            progress: records(ValueType::Watcher),
            events: records(ValueType::Hook),
            references: referred.map(reference_type).collect(),
        }),
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
fn hint(interface: &Interface, field: &Field) -> String {
    let mut alternatives: Vec<String> = field.words.iter().map(|word| literal(&word.word)).collect();
    if let Some(reference) = interface.reference(field.reference.as_ref()) {
        return reference_type(reference);
    }
    match field.r#type {
        ValueType::Word => {}
        ValueType::Text if !field.suggestions.is_empty() => alternatives.push(open(&field.suggestions)),
        ValueType::Record => alternatives.extend(field.record.clone()),
        ValueType::Hook => {
            let record = field.record.as_deref().unwrap_or_default();
            alternatives.push(format!("((event: {record}) => void)"));
        }
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
        ValueType::Any
        | ValueType::Record
        | ValueType::Watcher
        | ValueType::Hook
        | ValueType::Model
        | ValueType::Models => "unknown",
    }
}
