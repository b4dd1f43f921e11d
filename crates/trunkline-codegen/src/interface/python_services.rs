//! Python: the classes whose methods carry out intents, for callers that block and for those that await.

use askama::Template;
use trunkline_spec::interface::{
    Argument, FieldItem, Interface, Method, MethodKind, Presence, Service, ValueModule, ValueType,
};

use super::python_keywords::{Keyword, hint_with_records, key_hint, keywords, method_docstring, with_records};
use super::python_text::{class_docstring, import_values, module};
use super::values::{alias, graph_class, graph_imports, is_alias, modules_of_services};
use crate::node::text::camel;
use crate::output::OutputFile;
use crate::python::flavour::{AWAITING, BLOCKING, Flavour};
use crate::python::text::{self, import};
use crate::text::rendered;

#[derive(Template)]
#[template(path = "python/intents.py.jinja", escape = "none")]
struct Intents<'i> {
    f: Flavour,
    interface: &'i Interface,
    modules: Vec<&'i ValueModule>,
    services: Vec<(&'i Service, Vec<IntentMethod<'i>>)>,
    /// The text without imports, which says what it imports.
    text: String,
}

struct IntentMethod<'i> {
    define: &'static str,
    name: &'i str,
    kind: MethodKind,
    arguments: Vec<IntentArgument<'i>>,
    keywords: Vec<Keyword<'i>>,
    returns: String,
    documentation: String,
    /// The name of its call.
    call: String,
    /// The value that is made of the answer, which is JSON.
    result: String,
}

struct IntentArgument<'i> {
    name: &'i str,
    hint: String,
    /// The class of its values, where it is one of ours.
    class: Option<&'i str>,
    /// The name of the records that may stand for it.
    reference: Option<&'i str>,
}

/// The modules `intents` and `async_intents` below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |f: Flavour| module(&format!("{}intents", f.module), &intents(interface, f));
    vec![file(BLOCKING), file(AWAITING)]
}

fn intents<'i>(interface: &'i Interface, f: Flavour) -> Intents<'i> {
    let service = |service: &'i Service| {
        let methods = service.methods.iter();
        let methods = methods.map(|found| method(interface, service, found, f));
        (service, methods.collect())
    };
    let mut intents = Intents {
        f,
        interface,
        modules: modules_of_services(interface).collect(),
        services: interface.services.iter().map(service).collect(),
        text: String::new(),
    };
    intents.text = rendered(&intents);
    intents
}

fn method<'i>(interface: &'i Interface, service: &Service, method: &'i Method, f: Flavour) -> IntentMethod<'i> {
    let keywords = keywords(interface, method.conditions.iter().chain(&method.options));
    let documentation = |argument: &'i Argument| {
        let reference = interface.reference(argument.reference.as_ref());
        (argument.name.as_str(), with_records(&argument.documentation, reference))
    };
    IntentMethod {
        define: match method.kind {
            MethodKind::Change | MethodKind::Read => f.define,
            MethodKind::Now | MethodKind::List => "def",
        },
        name: &method.name,
        kind: method.kind,
        arguments: method
            .arguments
            .iter()
            .map(|found| argument(interface, found))
            .collect(),
        returns: returns(interface, method, f),
        documentation: method_docstring(
            &method.documentation,
            method.arguments.iter().map(documentation),
            &keywords,
            &method.raises,
        ),
        keywords,
        call: format!("{}.{}", service.prefix, camel(&method.name)),
        result: result(method),
    }
}

fn argument<'i>(interface: &'i Interface, argument: &'i Argument) -> IntentArgument<'i> {
    let r#type = &argument.r#type;
    let words = match &r#type.item {
        FieldItem::Named(name) => interface.modules.iter().find_map(|module| alias(module, name)),
        _ => None,
    };
    let hint = match words {
        // Editors suggest the words; the service may know more of them than this package.
        Some(alias) => format!("Literal[{}] | str", text::literals(&alias.words).join(", ")),
        None => hint(interface, &r#type.item, &r#type.presence),
    };
    let reference = interface.reference(argument.reference.as_ref());
    IntentArgument {
        name: &argument.name,
        hint: hint_with_records(&hint, reference),
        reference: reference.map(|reference| reference.name.as_str()),
        class: match &argument.r#type.item {
            FieldItem::Named(name) if !is_alias(interface, name) => Some(name),
            _ => None,
        },
    }
}

fn hint(interface: &Interface, item: &FieldItem, presence: &Presence) -> String {
    let hint = match item {
        FieldItem::Graph(name) => graph_class(name).1,
        FieldItem::Named(name) if !is_alias(interface, name) => name.clone(),
        _ => "str".to_owned(),
    };
    match presence {
        Presence::Required => hint,
        _ => format!("{hint} | None"),
    }
}

fn returns(interface: &Interface, method: &Method, f: Flavour) -> String {
    let hint = hint(interface, &method.returns.item, &method.returns.presence);
    match method.kind {
        MethodKind::List => format!("{}{hint}", f.prefix),
        _ if method.returns.list => format!("list[{hint}]"),
        _ => hint,
    }
}

fn result(method: &Method) -> String {
    match (&method.returns.item, method.returns.list, &method.returns.presence) {
        (FieldItem::Graph(name), true, _) => format!("list_of(graph(\"{name}\"))(data)"),
        (FieldItem::Graph(name), false, Presence::Required) => format!("graph(\"{name}\")(data)"),
        (FieldItem::Graph(name), false, _) => format!("None if data is None else graph(\"{name}\")(data)"),
        (FieldItem::Named(name), ..) => format!("{name}._of(data)"),
        _ => "data".to_owned(),
    }
}
