//! Python: options as keywords of constructors and methods, and as fields of classes.

use trunkline_spec::interface::{Field, Interface, Raised, ValueType};

use super::fields::{documented, snake};
use super::python_text::{docstring_of, with_none};
use super::values::graph_class;
use crate::python::text::item;

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
}

impl<'i> Keyword<'i> {
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
    fields.map(Keyword::of).collect()
}

/// The docstring of a method: arguments by name, those that are keywords, and errors.
pub(super) fn method_docstring<'t>(
    paragraph: &str,
    arguments: impl IntoIterator<Item = (&'t String, &'t String)>,
    keywords: &[Keyword<'_>],
    raises: &[Raised],
) -> String {
    let arguments = arguments
        .into_iter()
        .map(|(name, text)| item(name, &with_none(text), 8));
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
