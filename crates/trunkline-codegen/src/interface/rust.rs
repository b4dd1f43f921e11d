//! Rust: for each record the function of `trunkline_binding::generated` that sets its options.

use trunkline_spec::interface::{Field, Interface, Record, ValueType};

use super::{snake, words};
use crate::output::OutputFile;

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
