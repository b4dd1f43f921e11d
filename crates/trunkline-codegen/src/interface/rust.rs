//! Rust: for each record the function of `trunkline_binding::generated` that sets its options; and the options of HTTP
//! connections, as a struct and methods of the core's builder, and methods of the builder of `trunkline`.

use trunkline_spec::interface::{Field, Interface, Record, ValueType};

use super::{documented, snake, words};
use crate::output::OutputFile;
use crate::text::Documentation;

/// The module `trunkline_binding::generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let mut text = format!(
        "{}\n\n//! Options of `spec/trunkline`: one function for each record, which sets its options.\n\n\
         use crate::{{ArgumentError, Arguments, setters}};\n",
        crate::HEADER
    );
    for record in &interface.records {
        text.push_str(&function(record));
    }
    vec![OutputFile {
        path: "mod.rs".to_owned(),
        contents: text.into_bytes(),
    }]
}

/// The module `trunkline_core::sending::generated`.
pub(crate) fn core_files(interface: &Interface) -> Vec<OutputFile> {
    let members: String = http_fields(interface)
        .map(|field| {
            format!(
                "{}    pub {}: Option<{}>,\n",
                doc(field, "    "),
                snake(field),
                value_type(field)
            )
        })
        .collect();
    let methods: String = http_fields(interface)
        .map(|field| {
            let (name, value) = (snake(field), value_type(field));
            format!(
                "\n{}    pub fn with_{name}(mut self, value: {value}) -> Self {{\n        \
                 self.http.options.{name} = Some(value);\n        self\n    }}\n",
                doc(field, "    ")
            )
        })
        .collect();
    module(
        "Options of HTTP connections.",
        &format!(
            "
/// Options of HTTP connections. One that is absent has its default.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct HttpOptions {{
{members}}}

impl crate::ClientBuilder {{
    /// All options of HTTP connections at once.
    pub fn with_http_options(mut self, options: HttpOptions) -> Self {{
        self.http.options = options;
        self
    }}
{methods}}}
"
        ),
    )
}

/// The module `trunkline::configuration::generated`.
pub(crate) fn builder_files(interface: &Interface) -> Vec<OutputFile> {
    let methods: Vec<String> = http_fields(interface)
        .map(|field| {
            let (name, value) = (snake(field), value_type(field));
            format!(
                "{}    pub fn {name}(mut self, value: {value}) -> Self {{\n        \
                 self.connection.http.{name} = Some(value);\n        self\n    }}\n",
                doc(field, "    ")
            )
        })
        .collect();
    let methods = methods.join("\n");
    module(
        "Options of HTTP connections.",
        &format!("\nimpl crate::ClientBuilder {{\n{methods}}}\n"),
    )
}

fn module(documentation: &str, text: &str) -> Vec<OutputFile> {
    vec![OutputFile {
        path: "mod.rs".to_owned(),
        contents: format!("{}\n\n//! {documentation}\n{text}", crate::HEADER).into_bytes(),
    }]
}

fn http_fields(interface: &Interface) -> impl Iterator<Item = &Field> {
    let fields = interface.records.iter().flat_map(|record| &record.fields);
    fields.filter(|field| field.http)
}

fn doc(field: &Field, indent: &str) -> String {
    Documentation::of(&documented(field, &field.documentation)).comment(indent)
}

/// The type of a field's values in Rust.
fn value_type(field: &Field) -> String {
    match field.r#type {
        ValueType::Seconds => "std::time::Duration".to_owned(),
        ValueType::Count => "usize".to_owned(),
        ValueType::Boolean => "bool".to_owned(),
        ValueType::Number => "f64".to_owned(),
        // The core and `trunkline` have the type at the same path.
        ValueType::Word => {
            let path = field.words.first().map_or("", |word| word.rust.as_str());
            let path = path.rsplit_once("::").map_or(path, |(path, _)| path);
            path.replacen("trunkline::", "crate::", 1)
        }
        _ => "String".to_owned(),
    }
}

fn function(record: &Record) -> String {
    let Record { name, rust, .. } = record;
    let function = words(name, '_');
    let body: String = record.fields.iter().map(|field| statement(record, field)).collect();
    format!(
        "
/// Sets the options of a `{name}`.
///
/// # Errors
///
/// When an option has the wrong type or value, or is unknown.
pub fn {function}(mut arguments: Arguments, mut target: {rust}) -> Result<{rust}, ArgumentError> {{
{body}    arguments.finish()?;
    Ok(target)
}}
"
    )
}

/// The statement that reads and sets one option.
fn statement(record: &Record, field: &Field) -> String {
    let name = snake(field);
    let Some(read) = reader(field) else {
        return String::new();
    };
    let value = match (&field.r#type, &field.record) {
        (ValueType::Record, Some(nested)) => format!("{}(value, Default::default())?", words(nested, '_')),
        _ => "value".to_owned(),
    };
    let set = match &field.with {
        Some(function) => format!("setters::{function}(target, {value})"),
        None => format!("target.{}{name}({value})", record.rust_prefix),
    };
    format!("    if let Some(value) = arguments.{read}? {{\n        target = {set};\n    }}\n")
}

/// The call of the reader for a field's type; none for what a binding reads by itself.
fn reader(field: &Field) -> Option<String> {
    let name = snake(field);
    let pairs: Vec<String> = field
        .words
        .iter()
        .map(|word| format!("({:?}, {})", word.word, word.rust))
        .collect();
    let pairs = format!("&[{}]", pairs.join(", "));
    Some(match (field.r#type, field.or) {
        (ValueType::Credential, _) => return None,
        (ValueType::Boolean, Some(ValueType::Text)) => format!("boolean_or_text({name:?})"),
        (ValueType::Word, Some(ValueType::Number)) => {
            let from = field.or_rust.as_deref().unwrap_or_default();
            format!("word_or_number({name:?}, {pairs}, {from})")
        }
        (ValueType::Word, _) => format!("word({name:?}, {pairs})"),
        (ValueType::Count, _) => format!("count({name:?}, {})", field.minimum),
        (ValueType::Record, _) => {
            let record = field.record.as_deref().unwrap_or_default();
            format!("record({name:?}, {record:?}, {:?})", field.shorthand)
        }
        (ValueType::Text | ValueType::Pem, _) => format!("text({name:?})"),
        (ValueType::Texts, _) => format!("texts({name:?})"),
        (ValueType::Boolean, _) => format!("boolean({name:?})"),
        (ValueType::Seconds, _) => format!("seconds({name:?})"),
        (ValueType::Number, _) => format!("number({name:?})"),
    })
}
