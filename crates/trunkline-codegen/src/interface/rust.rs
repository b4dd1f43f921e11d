//! Rust: for each record the function of `trunkline_binding::generated` that sets its options; and the options of HTTP
//! connections, as a struct and methods of the core's builder, and methods of the builder of `trunkline`.

use trunkline_spec::interface::{
    Argument, Field, FieldItem, Interface, Method, MethodKind, Presence, Record, Service, ValueType,
};

use super::fields::{documented, snake, words};
use super::values::{graph_class, is_alias};
use crate::names::snake_case;
use crate::node::text::camel;
use crate::output::OutputFile;
use crate::text::Documentation;

/// The module `trunkline_binding::generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let mut text = format!(
        "{}\n\n//! What `spec/trunkline` describes: one function for each set of options, and one that reads an error.\n\n\
         use crate::{{ArgumentError, Arguments, errors, intents, outcome_json, setters}};\n\
         use crate::intents::ToJson as _;\n",
        crate::HEADER
    );
    for record in &interface.records {
        text.push_str(&function(interface, record));
    }
    text.push_str(&start(interface));
    text.push_str(&super::errors::rust(interface));
    vec![OutputFile::new("mod.rs", text)]
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
    let text = format!("{}\n\n//! {documentation}\n{text}", crate::HEADER);
    vec![OutputFile::new("mod.rs", text)]
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

fn function(interface: &Interface, record: &Record) -> String {
    let Record { name, .. } = record;
    let Some(rust) = &record.rust else {
        return String::new();
    };
    let function = words(name, '_');
    let fields = interface.fields_of(record).into_iter();
    let body: String = fields.map(|field| statement(record, field)).collect();
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
    let mark = if field.r#type == ValueType::Json { "" } else { "?" };
    let value = match (&field.r#type, &field.record) {
        (ValueType::Record, Some(nested)) => format!("{}(value, Default::default())?", words(nested, '_')),
        _ => field.value.clone().unwrap_or_else(|| "value".to_owned()),
    };
    let fail = if field.can_fail { "?" } else { "" };
    let method = field.method.as_deref().unwrap_or(name);
    let set = match &field.with {
        Some(function) => format!("target = setters::{function}(target, {value}){fail}"),
        None if record.sets_fields => format!("target.{method} = {value}"),
        None => format!("target = target.{}{method}({value})", record.rust_prefix),
    };
    format!("    if let Some(value) = arguments.{read}{mark} {{\n        {set};\n    }}\n")
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
        (
            ValueType::Credential
            | ValueType::Transport
            | ValueType::Signal
            | ValueType::Watcher
            | ValueType::Hook
            | ValueType::Any,
            _,
        ) => {
            return None;
        }
        // Others are headers, which the bindings read.
        (ValueType::Pairs, _) if field.value.is_none() => return None,
        (ValueType::Pairs, _) => format!("pairs({name:?})"),
        (ValueType::Model, _) => format!("model::<{}>({name:?})", model(field.model.as_deref())),
        (ValueType::Models, _) => format!("models::<{}>({name:?})", model(field.model.as_deref())),
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
        (ValueType::Pem, _) => format!("pem({name:?})"),
        (ValueType::Text | ValueType::Path, _) => format!("text({name:?})"),
        (ValueType::Texts | ValueType::Paths, _) => format!("texts({name:?})"),
        (ValueType::Json, _) => format!("value({name:?})"),
        (ValueType::Boolean, _) => format!("boolean({name:?})"),
        (ValueType::Seconds, _) => format!("seconds({name:?})"),
        (ValueType::Number, _) => format!("number({name:?})"),
    })
}

/// The Rust type of a record of Graph.
fn model(qualified_name: Option<&str>) -> String {
    let (namespace, class) = graph_class(qualified_name.unwrap_or_default());
    format!("trunkline::{}::{class}", snake_case(namespace))
}

/// The function that begins an intent by its name.
fn start(interface: &Interface) -> String {
    let services = interface.services.iter();
    let methods = services.flat_map(|service| service.methods.iter().map(move |method| (service, method)));
    let arms: String = methods
        .filter(|(_, method)| method.kind != MethodKind::List)
        .map(|(service, method)| arm(interface, service, method))
        .collect();
    format!(
        "
/// Begins an intent of `spec/trunkline`, by its name.
///
/// # Errors
///
/// When an argument has the wrong type or value, or is unknown.
pub fn start(
    client: &trunkline::Client,
    call: &str,
    mut arguments: Arguments,
    watch: Option<intents::Watch>,
) -> Result<intents::Answer, ArgumentError> {{
    match call {{
{arms}        _ => Err(ArgumentError::wrong_value(format!(\"there is no call {{call}}\"))),
    }}
}}
"
    )
}

fn arm(interface: &Interface, service: &Service, method: &Method) -> String {
    let name = format!("{}.{}", service.prefix, camel(&method.name));
    let mut statements = String::new();
    if let Some(key) = &service.key {
        statements.push_str(&format!("            let {key} = arguments.required({key:?})?;\n"));
    }
    for argument in &method.arguments {
        let Argument { name, .. } = argument;
        let read = match (&argument.r#type.item, &argument.r#type.presence) {
            (FieldItem::Graph(record), _) => format!("arguments.required_model::<{}>({name:?})?", model(Some(record))),
            (FieldItem::Named(record), _) if !is_alias(interface, record) => {
                format!("arguments.required_record({name:?}, {record:?})?")
            }
            (_, Presence::Nullable) => format!("arguments.text({name:?})?"),
            _ => format!("arguments.required({name:?})?"),
        };
        let value = match &argument.convert {
            Some(convert) => format!("{convert}({read})?"),
            None => read,
        };
        statements.push_str(&format!("            let {name} = {value};\n"));
    }
    let target = &method.target;
    // A record that has no type in Rust only says what the target reads by itself.
    let set = method.conditions.iter().chain(&method.options).find(|name| {
        let record = interface.record(name);
        record.is_some_and(|record| record.rust.is_some())
    });
    match set {
        Some(options) => {
            let function = words(options, '_');
            statements.push_str(&format!("            let target = {target};\n"));
            statements.push_str(&format!("            let target = {function}(arguments, target)?;\n"));
        }
        None => {
            statements.push_str(&format!(
                "            let target = {target};\n            arguments.finish()?;\n"
            ));
        }
    }
    let answer = match (method.kind, &method.call) {
        (MethodKind::Change, _) => {
            statements.push_str(
                "            let target = match watch {
                Some(watch) => target.with_progress(intents::watcher(watch)),
                None => target,
            };
",
            );
            "outcome_json(&target.send().await?)".to_owned()
        }
        (_, call) => format!("target.{}.await?.to_json()", call.as_deref().unwrap_or_default()),
    };
    format!("        {name:?} => {{\n{statements}            Ok(Box::pin(async move {{ Ok({answer}) }}))\n        }}\n")
}
