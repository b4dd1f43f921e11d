//! TypeScript: an interface for each record, and the table of its names by which unknown options are refused.

use std::collections::BTreeSet;

use trunkline_spec::interface::{Binding, Field, Interface, Record, ValueType};

use super::fields::{documented, snake, words};
use super::values::{graph_class, respelled};
use crate::node::text::{Comment, camel, literal};
use crate::output::OutputFile;

/// The module `generated/option-records.ts`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let options = interface.records.iter().flat_map(|record| &record.fields);
    let watched = options.filter(|field| field.r#type == ValueType::Watcher && field.only != Some(Binding::Python));
    let progress: BTreeSet<&str> = watched.filter_map(|field| field.record.as_deref()).collect();
    let progress: Vec<&str> = progress.into_iter().collect();
    let mut text = format!(
        "{}

import type {{ AnyCredential }} from \"../credential.js\";
import type {{ graph, teamsAdministration }} from \"./index.js\";
import type {{ {} }} from \"./outcomes.js\";

/** Every name of an interface. */
type Names<T> = Readonly<Record<keyof Required<T>, true>>;
",
        crate::HEADER,
        progress.join(", ")
    );
    for record in &interface.records {
        text.push_str(&definition(interface, record));
    }
    vec![OutputFile::new("option-records.ts", text)]
}

fn definition(interface: &Interface, record: &Record) -> String {
    let Record { name, .. } = record;
    let comment = Comment::of(&respelled(interface, &record.documentation)).text("");
    let mut members = String::new();
    let mut names: String = record
        .extends
        .iter()
        .map(|name| format!("  ...{},\n", words(name, '_').to_uppercase()))
        .collect();
    for field in record.fields.iter().filter(|field| field.only != Some(Binding::Python)) {
        let documentation = documented(field, field.node_documentation.as_ref().unwrap_or(&field.documentation));
        members.push_str(&Comment::of(&respelled(interface, &documentation)).text("  "));
        let name = camel(snake(field));
        members.push_str(&format!("  {name}?: {} | undefined;\n", hint(field)));
        names.push_str(&format!("  {name}: true,\n"));
    }
    let table = words(name, '_').to_uppercase();
    let extends = match record.extends.as_slice() {
        [] => String::new(),
        names => format!(" extends {}", names.join(", ")),
    };
    format!(
        "
{comment}export interface {name}{extends} {{
{members}}}

/** The names of the options in `{name}`. */
export const {table}: Names<{name}> = {{
{names}}};
"
    )
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
        ValueType::Pem => "string | Uint8Array",
        ValueType::Credential => "AnyCredential",
        ValueType::Signal => "AbortSignal",
        ValueType::Json => "object",
        ValueType::Pairs => "Readonly<Record<string, string>>",
        ValueType::Path => "string | URL",
        ValueType::Any | ValueType::Record | ValueType::Watcher | ValueType::Model | ValueType::Models => "unknown",
    }
}
