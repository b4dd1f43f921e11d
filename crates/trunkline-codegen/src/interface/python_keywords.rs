//! Python: options as keywords of constructors and methods, and as fields of classes.

use trunkline_spec::interface::{Field, Interface, Raised, Reference, Service, ValueType};

use super::fields::{documented, snake};
use super::python_text::{docstring_of, with_none};
use super::values::graph_class;
use crate::python::text::{item, literals};

/// An option as templates write it.
pub(super) struct Keyword<'i> {
    /// Its name in Python.
    pub(super) name: &'i str,
    /// Its name for the native part.
    pub(super) key: &'i str,
    pub(super) kind: ValueType,
    pub(super) hint: String,
    pub(super) default: String,
    pub(super) documentation: String,
    /// The name of the records that may stand for it.
    pub(super) reference: Option<&'i str>,
}

impl<'i> Keyword<'i> {
    /// An option for which records may stand.
    fn with_records(self, interface: &'i Interface, field: &'i Field) -> Self {
        let reference = interface.reference(field.reference.as_ref());
        Self {
            hint: hint_with_records(&self.hint, reference),
            documentation: with_records(&self.documentation, reference),
            reference: reference.map(|reference| reference.name.as_str()),
            ..self
        }
    }

    pub(super) fn of(field: &'i Field) -> Self {
        let documentation = field.python_documentation.as_ref().unwrap_or(&field.documentation);
        let truth = match (field.r#type, field.default.as_deref()) {
            (ValueType::Boolean, Some("true")) => Some("True"),
            (ValueType::Boolean, Some(_)) => Some("False"),
            _ => None,
        };
        let default = match field.r#type {
            ValueType::Paths => "()",
            _ => truth.unwrap_or("None"),
        };
        let or_none = if default == "None" { " | None" } else { "" };
        Self {
            name: field.python.as_deref().unwrap_or(snake(field)),
            key: snake(field),
            kind: field.r#type,
            hint: format!("{}{or_none}", hint(field)),
            default: default.to_owned(),
            documentation: match truth {
                Some(truth) => format!("{documentation} Default: `{truth}`."),
                None => documented(field, documentation),
            },
            reference: None,
        }
    }
}

/// The keywords of a method: the options of these records.
pub(super) fn keywords<'i>(
    interface: &'i Interface,
    records: impl IntoIterator<Item = &'i String>,
) -> Vec<Keyword<'i>> {
    let records = records.into_iter().filter_map(|name| interface.record(name));
    let fields = records.flat_map(|record| interface.fields_of(record));
    let fields = fields.filter(|field| field.r#type != ValueType::Signal);
    fields
        .map(|field| Keyword::of(field).with_records(interface, field))
        .collect()
}

/// The hint of a text for which records may stand.
pub(super) fn hint_with_records(hint: &str, reference: Option<&Reference>) -> String {
    let records = reference.iter().flat_map(|reference| &reference.records);
    records.fold(hint.to_owned(), |hint, record| {
        format!("{hint} | {}", graph_class(&record.r#type).1)
    })
}

/// The hint of the key of a service.
pub(super) fn key_hint(interface: &Interface, service: &Service) -> String {
    hint_with_records("str", interface.reference(service.key_reference.as_ref()))
}

/// The documentation of a text for which records may stand.
pub(super) fn with_records(documentation: &str, reference: Option<&Reference>) -> String {
    let records = reference.iter().flat_map(|reference| &reference.records);
    let classes: Vec<String> = records.map(|record| graph_class(&record.r#type).1).collect();
    match classes.split_last() {
        None => documentation.to_owned(),
        Some((last, [])) => format!("{documentation} Or a record: `{last}`."),
        Some((last, others)) => format!("{documentation} Or a record: `{}` or `{last}`.", others.join("`, `")),
    }
}

/// The docstring of a method: arguments by name, those that are keywords, and errors.
pub(super) fn method_docstring<'t>(
    paragraph: &str,
    arguments: impl IntoIterator<Item = (&'t str, String)>,
    keywords: &[Keyword<'_>],
    raises: &[Raised],
) -> String {
    let arguments = arguments
        .into_iter()
        .map(|(name, text)| item(name, &with_none(&text), 8));
    // A leading underscore keeps an option out of the documentation.
    let keywords = keywords.iter().filter(|keyword| !keyword.name.starts_with('_'));
    let keywords = keywords.map(|keyword| item(keyword.name, &keyword.documentation, 8));
    let raises = raises.iter().map(|raised| item(&raised.name, &raised.documentation, 8));
    let mut lines = Vec::new();
    for (heading, items) in [
        ("Args:", arguments.chain(keywords).flatten().collect::<Vec<_>>()),
        ("Raises:", raises.flatten().collect()),
    ] {
        if !items.is_empty() {
            lines.extend([String::new(), heading.to_owned()]);
            lines.extend(items);
        }
    }
    docstring_of(paragraph, &lines, 8)
}

/// The hint of a field's values.
pub(super) fn hint(field: &Field) -> String {
    let words: Vec<String> = field.words.iter().map(|word| format!("\"{}\"", word.word)).collect();
    let hint = match field.r#type {
        ValueType::Word => format!("Literal[{}]", words.join(", ")),
        ValueType::Text if !field.suggestions.is_empty() => {
            format!("Literal[{}] | str", literals(&field.suggestions).join(", "))
        }
        ValueType::Record => field.record.clone().unwrap_or_default(),
        ValueType::Hook => format!("Callable[[{}], object]", field.record.as_deref().unwrap_or_default()),
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
        ValueType::Pem => "bytes | AnyPath",
        ValueType::Transport => "TransportFunction",
        ValueType::Credential => "AnyCredential",
        ValueType::Watcher => "Watcher",
        ValueType::Pairs => "Mapping[str, str]",
        ValueType::Path => "AnyPath",
        ValueType::Json
        | ValueType::Any
        | ValueType::Record
        | ValueType::Model
        | ValueType::Models
        | ValueType::Hook
        | ValueType::Signal => "Any",
    }
}
