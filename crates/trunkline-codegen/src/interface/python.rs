//! Python: a module for each record. A record that a constructor takes becomes a base class with that constructor, one with
//! presets a named tuple, any other a dataclass.

use askama::Template;
use trunkline_spec::interface::{Field, Interface, Raised, Record, ValueModule, ValueType};

use super::fields::{is_constructor, words};
use super::python_keywords::{Keyword, hint, method_docstring};
use super::python_text::{docstring, module};
use crate::output::OutputFile;

#[derive(Template)]
#[template(path = "python/constructor.py.jinja", escape = "none")]
struct Constructor<'i> {
    record: &'i Record,
    target: &'i str,
    documentation: String,
    has_credential: bool,
    keywords: Vec<Keyword<'i>>,
    /// The records of its options, each behind its module.
    records: Vec<(String, &'i str)>,
}

#[derive(Template)]
#[template(path = "python/dataclass.py.jinja", escape = "none")]
struct Dataclass<'i> {
    record: &'i Record,
    keywords: Vec<Keyword<'i>>,
}

#[derive(Template)]
#[template(path = "python/named_tuple.py.jinja", escape = "none")]
struct NamedTuple<'i> {
    record: &'i Record,
    keywords: Vec<Keyword<'i>>,
}

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |record: &Record| {
        let name = words(&record.name, '_');
        match (is_constructor(record), record.presets.is_empty()) {
            (true, _) => module(&name, &constructor(interface, record)),
            (false, true) => module(&name, &dataclass(record)),
            (false, false) => module(&name, &named_tuple(record)),
        }
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

fn constructor<'i>(interface: &'i Interface, record: &'i Record) -> Constructor<'i> {
    let fields = record.fields.iter().filter(|field| field.r#type != ValueType::Signal);
    let all: Vec<Keyword<'_>> = fields.map(Keyword::of).collect();
    let raised = Raised {
        name: "InvalidInputError".to_owned(),
        documentation: "An argument cannot be used.".to_owned(),
    };
    let begins = record.constructor_documentation.as_deref().unwrap_or_default();
    let documentation = method_docstring(begins, [], &all, &[raised]);
    let has_credential = all.iter().any(|keyword| keyword.kind == ValueType::Credential);
    let records = record.fields.iter().filter_map(|field| {
        let name = field.record.as_deref()?;
        Some((module_of(interface, name), name))
    });
    Constructor {
        record,
        target: record.constructor.as_deref().unwrap_or_default(),
        documentation,
        has_credential,
        // Who signs in is described by the package, not by JSON.
        keywords: all
            .into_iter()
            .filter(|keyword| keyword.kind != ValueType::Credential)
            .collect(),
        records: records.collect(),
    }
}

/// The module that has a record: one of its own, or that of the values.
fn module_of(interface: &Interface, name: &str) -> String {
    let has = |module: &&ValueModule| {
        module.values.iter().any(|value| value.name.get_ref() == name)
            || module.unions.iter().any(|union| union.name == name)
    };
    let module = interface.modules.iter().find(has);
    module.map_or_else(|| words(name, '_'), |module| module.name.clone())
}

/// A value whose fields are all optional.
fn dataclass(record: &Record) -> Dataclass<'_> {
    Dataclass {
        record,
        keywords: record.fields.iter().map(Keyword::of).collect(),
    }
}

fn named_tuple(record: &Record) -> NamedTuple<'_> {
    let keyword = |field| {
        let keyword = Keyword::of(field);
        let Some(default) = &field.default else { return keyword };
        let is_number = matches!(field.r#type, ValueType::Seconds | ValueType::Number);
        Keyword {
            hint: hint(field),
            default: if is_number && !default.contains('.') {
                format!("{default}.0")
            } else {
                default.clone()
            },
            documentation: field.documentation.clone(),
            ..keyword
        }
    };
    NamedTuple {
        record,
        keywords: record.fields.iter().map(keyword).collect(),
    }
}

/// Whether paths of files are among them. PEM imports for itself what paths need: it is rare, and on the way to a first call.
fn has_paths(keywords: &[Keyword<'_>]) -> bool {
    keywords.iter().any(|keyword| keyword.kind == ValueType::Path)
}

/// Whether a hint names such a type.
fn uses(keywords: &[Keyword<'_>], name: &str) -> bool {
    keywords.iter().any(|keyword| keyword.hint.contains(name))
}
