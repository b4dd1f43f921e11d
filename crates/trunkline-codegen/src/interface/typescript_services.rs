//! TypeScript: the classes whose methods carry out intents, and the options that each of them takes. The text stands in
//! `templates/typescript`.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::interface::{FieldItem, Interface, Method, MethodKind, Presence, Service};

use super::fields::table;
use super::typescript_references::{References, reference_type};
use super::values::{graph_class, is_alias, node_name, respelled};
use crate::node::text::{Comment, camel};
use crate::output::OutputFile;
use crate::text::rendered;

#[derive(Template)]
#[template(path = "typescript/intents.ts.jinja", escape = "none")]
struct Intents<'i> {
    interface: &'i Interface,
    namespaces: BTreeSet<&'i str>,
    records: BTreeSet<&'i String>,
    outcomes: BTreeSet<String>,
    /// The types of texts for which records may stand.
    references: BTreeSet<String>,
}

/// The options of each call, by the name that its refusals show.
#[derive(Template)]
#[template(path = "typescript/intent-options.ts.jinja", escape = "none")]
struct IntentOptions<'i> {
    interface: &'i Interface,
    tables: BTreeSet<String>,
}

/// The modules `generated/intents.ts` and `generated/intent-options.ts`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let methods = interface.services.iter().flat_map(|service| &service.methods);
    let records = methods
        .clone()
        .flat_map(|method| method.options.iter().chain(&method.conditions));
    let options = IntentOptions {
        interface,
        tables: records.clone().map(|name| table(name)).collect(),
    };
    let mut intents = Intents {
        interface,
        namespaces: BTreeSet::new(),
        references: BTreeSet::new(),
        records: records.collect(),
        outcomes: BTreeSet::new(),
    };
    let services = interface.services.iter();
    let referred = services.flat_map(|service| {
        let arguments = service.methods.iter().flat_map(|method| &method.arguments);
        let named = arguments.map(|argument| argument.reference.as_ref());
        named.chain([service.key_reference.as_ref()])
    });
    let referred = referred.filter_map(|name| interface.reference(name));
    intents.references = referred.map(reference_type).collect();
    for method in methods {
        let arguments = method.arguments.iter().map(|argument| &argument.r#type.item);
        let answer = (method.kind != MethodKind::List).then_some(&method.returns.item);
        for item in arguments.chain(answer) {
            match item {
                FieldItem::Graph(name) => intents.namespaces.insert(graph_class(name).0),
                FieldItem::Named(name) => intents.outcomes.insert(node_name(interface, name)),
                _ => false,
            };
        }
    }
    vec![
        OutputFile::new("intents.ts", rendered(&intents)),
        OutputFile::new("intent-options.ts", rendered(&options)),
        OutputFile::new("references.ts", rendered(&References::of(interface))),
    ]
}

fn service_comment(interface: &Interface, service: &Service) -> String {
    let mut comment = Comment::of(&respelled(interface, &service.documentation));
    for paragraph in &service.details {
        comment.paragraph(&respelled(interface, paragraph));
    }
    comment.lines("")
}

fn method_comment(interface: &Interface, method: &Method) -> String {
    let mut comment = Comment::of(&respelled(interface, &method.documentation));
    for argument in &method.arguments {
        let documentation = respelled(interface, &argument.documentation).replace("{none}", "null");
        comment.tag("param", &format!("{} - {documentation}", camel(&argument.name)));
    }
    for raised in &method.raises {
        let documentation = respelled(interface, &raised.documentation);
        comment.tag("throws", &format!("{} - {documentation}", raised.name));
    }
    comment.lines("  ")
}

fn parameters(interface: &Interface, method: &Method) -> String {
    let arguments = method.arguments.iter().map(|argument| {
        let hint = match interface.reference(argument.reference.as_ref()) {
            Some(reference) => reference_type(reference),
            None => hint(interface, &argument.r#type.item, &argument.r#type.presence),
        };
        format!("{}: {hint}", camel(&argument.name))
    });
    let mut parameters: Vec<String> = arguments.collect();
    if let Some(conditions) = &method.conditions {
        parameters.push(format!("conditions: {conditions} = {{}}"));
    }
    if !method.options.is_empty() {
        parameters.push(format!("options?: {}", method.options.join(" & ")));
    }
    parameters.join(", ")
}

/// The type of the key of a service.
fn key_hint(interface: &Interface, service: &Service) -> String {
    let reference = interface.reference(service.key_reference.as_ref());
    reference.map_or_else(|| "string".to_owned(), reference_type)
}

/// The object of the arguments that the native method gets.
fn arguments(service: &Service, method: &Method) -> String {
    let key = service.key.iter().map(|key| format!("{key}: this.#{key}"));
    let arguments = method.arguments.iter().map(|argument| camel(&argument.name));
    let members: Vec<String> = key.chain(arguments).collect();
    if members.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", members.join(", "))
    }
}

fn result(interface: &Interface, method: &Method) -> String {
    let hint = hint(interface, &method.returns.item, &method.returns.presence);
    if method.returns.list { format!("{hint}[]") } else { hint }
}

fn hint(interface: &Interface, item: &FieldItem, presence: &Presence) -> String {
    let hint = match item {
        FieldItem::Graph(name) => {
            let (namespace, class) = graph_class(name);
            format!("{namespace}.{class}")
        }
        FieldItem::Named(name) if is_alias(interface, name) => name.clone(),
        FieldItem::Named(name) => node_name(interface, name),
        _ => "string".to_owned(),
    };
    match presence {
        Presence::Nullable => format!("{hint} | null"),
        Presence::Undefined => format!("{hint} | undefined"),
        _ => hint,
    }
}
