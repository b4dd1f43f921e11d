//! TypeScript: the classes whose methods carry out intents, and the options that each of them takes.

use trunkline_spec::interface::{FieldItem, Interface, Method, MethodKind, Presence, Service};

use super::fields::words;
use super::values::{graph_class, is_alias, node_name, respelled};
use crate::node::text::{Comment, camel};
use crate::output::OutputFile;

/// The modules `generated/intents.ts` and `generated/intent-options.ts`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    vec![
        OutputFile::new("intents.ts", classes(interface)),
        OutputFile::new("intent-options.ts", options(interface)),
    ]
}

fn classes(interface: &Interface) -> String {
    let mut records: Vec<&str> = Vec::new();
    let mut outcomes: Vec<String> = Vec::new();
    let mut namespaces: Vec<&str> = Vec::new();
    for method in interface.services.iter().flat_map(|service| &service.methods) {
        records.extend(method.options.iter().chain(&method.conditions).map(String::as_str));
        let arguments = method.arguments.iter().map(|argument| &argument.r#type.item);
        let answer = (method.kind != MethodKind::List).then_some(&method.returns.item);
        for item in arguments.chain(answer) {
            match item {
                FieldItem::Graph(name) => namespaces.push(graph_class(name).0),
                FieldItem::Named(name) => outcomes.push(node_name(interface, name)),
                _ => {}
            }
        }
    }
    for names in [&mut records, &mut namespaces] {
        names.sort_unstable();
        names.dedup();
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    let (records, namespaces, outcomes) = (lines(&records), namespaces.join(", "), lines(&outcomes));
    let classes: String = interface
        .services
        .iter()
        .map(|service| class(interface, service))
        .collect();
    let header = crate::HEADER;
    format!(
        "{header}

import type {{ Caller, NumberList }} from \"../caller.js\";
import type {{ {namespaces} }} from \"./index.js\";
import type {{
{records}}} from \"./option-records.js\";
import type {{
{outcomes}}} from \"./outcomes.js\";
{classes}"
    )
}

fn lines(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("  {},\n", name.as_ref())).collect()
}

fn class(interface: &Interface, service: &Service) -> String {
    let Service { name, .. } = service;
    let mut comment = Comment::of(&respelled(interface, &service.documentation));
    for paragraph in &service.details {
        comment.paragraph(&respelled(interface, paragraph));
    }
    let comment = comment.text("");
    let (field, parameter, set) = match &service.key {
        None => (String::new(), String::new(), String::new()),
        Some(key) => (
            format!("  readonly #{key}: string;\n"),
            format!(", {key}: string"),
            format!("    this.#{key} = {key};\n"),
        ),
    };
    let methods: String = service
        .methods
        .iter()
        .map(|method| self::method(interface, service, method))
        .collect();
    format!(
        "
{comment}export class {name} {{
  readonly #caller: Caller;
{field}
  /** @internal */
  constructor(caller: Caller{parameter}) {{
    this.#caller = caller;
{set}  }}
{methods}}}
"
    )
}

fn method(interface: &Interface, service: &Service, method: &Method) -> String {
    let name = camel(&method.name);
    let call = format!("\"{}.{name}\"", service.prefix);
    let mut parameters: Vec<String> = Vec::new();
    let mut arguments: Vec<String> = service.key.iter().map(|key| format!("{key}: this.#{key}")).collect();
    for argument in &method.arguments {
        let name = camel(&argument.name);
        let hint = hint(interface, &argument.r#type.item, &argument.r#type.presence);
        parameters.push(format!("{name}: {hint}"));
        arguments.push(name);
    }
    if let Some(conditions) = &method.conditions {
        parameters.push(format!("conditions: {conditions} = {{}}"));
    }
    if !method.options.is_empty() {
        parameters.push(format!("options?: {}", method.options.join(" & ")));
    }
    let parameters = parameters.join(", ");
    let arguments = if arguments.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", arguments.join(", "))
    };
    let hint = hint(interface, &method.returns.item, &method.returns.presence);
    let item = if method.returns.list { format!("{hint}[]") } else { hint };
    let (returns, body) = match (method.kind, &method.conditions) {
        (MethodKind::Change, _) => (
            format!("Promise<{item}>"),
            format!("this.#caller.change({call}, {arguments}, options, this.{name})"),
        ),
        (MethodKind::Read, None) => (
            format!("Promise<{item}>"),
            format!("this.#caller.read({call}, {arguments}, options, this.{name})"),
        ),
        (MethodKind::Read, Some(_)) => (
            format!("Promise<{item}>"),
            format!("this.#caller.readWith({call}, conditions, options, this.{name})"),
        ),
        (MethodKind::Now, _) => (item, format!("this.#caller.now({call}, {arguments}, this.{name})")),
        (MethodKind::List, _) => (item, format!("this.#caller.list({call}, conditions, options)")),
    };
    let mut comment = Comment::of(&respelled(interface, &method.documentation));
    for argument in &method.arguments {
        let documentation = respelled(interface, &argument.documentation).replace("{none}", "null");
        comment.tag("param", &format!("{} - {documentation}", camel(&argument.name)));
    }
    for raised in &method.raises {
        let documentation = respelled(interface, &raised.documentation);
        comment.tag("throws", &format!("{} - {documentation}", raised.name));
    }
    let comment = comment.text("  ");
    format!("\n{comment}  {name}({parameters}): {returns} {{\n    return {body};\n  }}\n")
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

/// The options of each call, by the name that its refusals show.
fn options(interface: &Interface) -> String {
    let mut tables: Vec<String> = Vec::new();
    let mut entries = String::new();
    let mut table = |name: &String| {
        let table = words(name, '_').to_uppercase();
        tables.push(table.clone());
        table
    };
    for service in &interface.services {
        for method in &service.methods {
            let call = format!("{}.{}", service.prefix, camel(&method.name));
            if let Some(conditions) = &method.conditions {
                entries.push_str(&format!("  \"{call}'s conditions\": {},\n", table(conditions)));
            }
            let options: Vec<String> = method
                .options
                .iter()
                .map(|name| format!("...{}", table(name)))
                .collect();
            if !options.is_empty() {
                entries.push_str(&format!("  \"{call}\": {{ {} }},\n", options.join(", ")));
            }
        }
    }
    tables.sort_unstable();
    tables.dedup();
    let (header, tables) = (crate::HEADER, lines(&tables));
    format!(
        "{header}

import {{
{tables}}} from \"./option-records.js\";

/** The options that each intent takes. */
export const INTENT_OPTIONS = {{
{entries}}} as const;
"
    )
}
