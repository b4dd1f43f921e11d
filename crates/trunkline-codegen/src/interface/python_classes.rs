//! Python: the classes with state, for callers that block and for those that await. Their text stands in `templates/python`; the
//! methods of bulk work are described in `spec/trunkline`.

use askama::Template;
use trunkline_spec::interface::{
    Binding, Class, ClassArgument, ClassArgumentType, ClassMethod, FieldItem, Interface, Presence, ResultForm, Service,
    Value, ValueField, ValueModule, ValueType,
};

use super::python_keywords::{Keyword, key_hint, keywords, method_docstring, with_records};
use super::python_text::{class_docstring, docstring, import_values, module};
use super::python_values;
use super::values::graph_imports;
use crate::node::text::camel;
use crate::output::OutputFile;
use crate::python::flavour::{AWAITING, BLOCKING, Flavour};
use crate::text::rendered;

#[derive(Template)]
#[template(path = "python/lists.py.jinja", escape = "none")]
struct Lists {
    f: Flavour,
}

#[derive(Template)]
#[template(path = "python/running.py.jinja", escape = "none")]
struct Running {
    f: Flavour,
}

#[derive(Template)]
#[template(path = "python/batch.py.jinja", escape = "none")]
struct Batch {
    f: Flavour,
}

#[derive(Template)]
#[template(path = "python/client.py.jinja", escape = "none")]
struct Client<'i> {
    f: Flavour,
    interface: &'i Interface,
    services: &'i [Service],
    /// Imports of the records that may stand for the keys of services.
    records: String,
}

#[derive(Template)]
#[template(path = "python/bulk.py.jinja", escape = "none")]
struct Bulk<'i> {
    f: Flavour,
    class: &'i Class,
    methods: Vec<BulkMethod<'i>>,
}

struct BulkMethod<'i> {
    define: &'static str,
    name: &'i str,
    arguments: Vec<BulkArgument<'i>>,
    keywords: Vec<Keyword<'i>>,
    returns: String,
    documentation: String,
    /// The call of the native method of the same name.
    call: String,
    result: BulkResult<'i>,
}

struct BulkArgument<'i> {
    name: &'i str,
    hint: &'static str,
}

/// The form of what the native method returns; JSON for records, whose class is known.
enum BulkResult<'i> {
    Nothing,
    Run,
    Native,
    Record,
    Records(&'i str),
}

#[derive(Template)]
#[template(path = "python/bulk_properties.py.jinja", escape = "none")]
struct BulkProperties<'i> {
    module: &'i ValueModule,
    classes: Vec<PropertyClass<'i>>,
    /// The text without imports, which says what it imports.
    text: String,
}

struct PropertyClass<'i> {
    name: &'i str,
    documentation: &'i str,
    properties: Vec<Property<'i>>,
}

struct Property<'i> {
    name: &'i str,
    key: String,
    hint: String,
    documentation: &'i str,
    /// The class of its values, where it is one of ours.
    class: Option<&'i str>,
    is_list: bool,
    is_nullable: bool,
}

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let of = |f: Flavour| {
        let name = |name: &str| format!("{}{name}", f.module);
        let mut files = vec![
            module(&name("lists"), &Lists { f }),
            module(&name("running"), &Running { f }),
            module(&name("batch"), &Batch { f }),
            module(&name("client"), &client(interface, f)),
        ];
        let classes = interface.classes.iter();
        files.extend(classes.map(|class| module(&name(&class.module), &bulk(interface, class, f))));
        files
    };
    let has_properties = |module: &&ValueModule| module.values.iter().any(|value| value.python_properties.is_some());
    let properties = interface.modules.iter().find(has_properties);
    let properties = properties.map(|found| module("bulk_properties", &bulk_properties(found)));
    of(BLOCKING).into_iter().chain(of(AWAITING)).chain(properties).collect()
}

/// The module of the properties of rows, plans and journals.
fn bulk_properties(module: &ValueModule) -> BulkProperties<'_> {
    let class = |value| property_class(module, value);
    let mut properties = BulkProperties {
        module,
        classes: module.values.iter().filter_map(class).collect(),
        text: String::new(),
    };
    properties.text = rendered(&properties);
    properties
}

fn property_class<'i>(module: &ValueModule, value: &'i Value) -> Option<PropertyClass<'i>> {
    let fields = value.fields.iter().filter(|field| field.only != Some(Binding::Node));
    value.python_properties.as_ref().map(|name| PropertyClass {
        name,
        documentation: &value.documentation,
        properties: fields.map(|field| property(module, field)).collect(),
    })
}

fn property<'i>(module: &ValueModule, field: &'i ValueField) -> Property<'i> {
    let class = match &field.r#type.item {
        FieldItem::Named(class) => Some(class.as_str()),
        _ => None,
    };
    let is_nullable = class.is_some() && !field.r#type.list && field.r#type.presence == Presence::Nullable;
    let hint = python_values::hint(module, field);
    Property {
        name: field.name.get_ref(),
        key: camel(field.name.get_ref()),
        hint: if is_nullable { format!("{hint} | None") } else { hint },
        documentation: &field.documentation,
        class,
        is_list: field.r#type.list,
        is_nullable,
    }
}

fn client(interface: &Interface, f: Flavour) -> Client<'_> {
    let hints: Vec<String> = interface
        .services
        .iter()
        .map(|service| key_hint(interface, service))
        .collect();
    Client {
        f,
        interface,
        services: &interface.services,
        records: graph_imports(interface, &hints.join(" ")).trim_end().to_owned(),
    }
}

/// The docstring of a service where the client has it.
fn service_docstring(interface: &Interface, service: &Service) -> String {
    let reference = interface.reference(service.key_reference.as_ref());
    let keys = service.key.iter().zip(&service.key_documentation);
    let keys = keys.map(|(key, documentation)| (key.as_str(), with_records(documentation, reference)));
    method_docstring(&service.documentation, keys, &[], &[])
}

fn bulk<'i>(interface: &'i Interface, class: &'i Class, f: Flavour) -> Bulk<'i> {
    let methods = class.methods.iter();
    Bulk {
        f,
        class,
        methods: methods.map(|found| method(interface, found, f)).collect(),
    }
}

fn method<'i>(interface: &'i Interface, method: &'i ClassMethod, f: Flavour) -> BulkMethod<'i> {
    let keywords = keywords(interface, &method.options);
    let described = method
        .arguments
        .iter()
        .map(|argument| (argument.name.as_str(), argument.documentation.clone()));
    let (define, wait) = if method.waits { (f.define, f.wait) } else { ("def", "") };
    let passed = method.arguments.iter().map(|argument| match argument.r#type {
        ClassArgumentType::Path => argument.name.clone(),
        ClassArgumentType::Source | ClassArgumentType::Rows | ClassArgumentType::Plan => {
            format!("held({})", argument.name)
        }
    });
    let passed: Vec<String> = passed
        .chain((!keywords.is_empty()).then(|| "arguments".to_owned()))
        .collect();
    let (returns, result) = match (method.returns.as_deref(), method.form) {
        (None, _) => ("None".to_owned(), BulkResult::Nothing),
        (Some(class), ResultForm::Run) => (format!("{}{class}", f.prefix), BulkResult::Run),
        (Some(class), ResultForm::Native) => (class.to_owned(), BulkResult::Native),
        (Some(class), ResultForm::Json) => match class.strip_prefix('[').and_then(|class| class.strip_suffix(']')) {
            Some(class) => (format!("list[{class}]"), BulkResult::Records(class)),
            None => (class.to_owned(), BulkResult::Record),
        },
    };
    BulkMethod {
        define,
        name: &method.name,
        arguments: method.arguments.iter().map(argument).collect(),
        documentation: method_docstring(&method.documentation, described, &keywords, &method.raises),
        keywords,
        returns,
        call: format!("{wait}self._native.{}({})", method.name, passed.join(", ")),
        result,
    }
}

fn argument(argument: &ClassArgument) -> BulkArgument<'_> {
    let hint = match argument.r#type {
        ClassArgumentType::Source => "Source",
        ClassArgumentType::Rows => "Rows | Source",
        ClassArgumentType::Plan => "Plan | AnyPath",
        ClassArgumentType::Path => "AnyPath",
    };
    BulkArgument {
        name: &argument.name,
        hint,
    }
}
