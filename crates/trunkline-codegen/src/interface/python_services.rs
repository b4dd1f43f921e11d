//! Python: the classes whose methods carry out intents, for callers that block and for those that await.

use askama::Template;
use trunkline_spec::interface::{
    Argument, Field, FieldItem, Interface, Method, MethodKind, Presence, Service, ValueType,
};

use super::fields::snake;
use super::python;
use super::values::{graph_class, graph_imports, is_alias, modules_of_services};
use crate::node::text::camel;
use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::flavour::{AWAITING, BLOCKING, Flavour};
use crate::python::text::{docstring, import, item};
use crate::text::rendered;

/// The modules `intents` and `async_intents` below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |path: &str, flavour: Flavour| OutputFile {
        path: path.to_owned(),
        contents: Emitter { interface, flavour }.text().into_bytes(),
    };
    vec![file("intents.py", BLOCKING), file("async_intents.py", AWAITING)]
}

/// The list of the inventory and the function that runs a change.
#[derive(Template)]
#[template(path = "python/changes.py.jinja", escape = "none")]
struct Changes {
    f: Flavour,
}

struct Emitter<'i> {
    interface: &'i Interface,
    flavour: Flavour,
}

impl Emitter<'_> {
    fn text(&self) -> String {
        let classes = self.interface.services.iter().map(|service| self.class(service));
        let body: String = std::iter::once(rendered(&Changes { f: self.flavour }))
            .chain(classes)
            .collect();
        let records = modules_of_services(self.interface).map(|module| {
            let names: Vec<&str> = module
                .values
                .iter()
                .map(|value| value.name.get_ref().as_str())
                .collect();
            import("", &format!(".{}", module.name), &names, &body)
        });
        let records: String = records.collect();
        let abstract_classes = ["AsyncIterator", "Awaitable", "Iterator", "Sequence"];
        let imports = [
            import("", "collections.abc", &abstract_classes, &body),
            import(
                "",
                "typing",
                &["TYPE_CHECKING", "Any", "cast"],
                &format!("TYPE_CHECKING {body}"),
            ),
            "\nfrom .. import _native\n".to_owned(),
            import("", ".._outcomes", &["refuse_awaitable"], &body),
            import("", ".._records", &["argument", "graph", "list_of"], &body),
            records,
        ]
        .concat();
        let checked = [
            import("    ", ".._outcomes", &["Watcher"], &body),
            graph_imports(self.interface, &body),
        ]
        .concat();
        format!(
            "{HEADER}\"\"\"What an administrator means to do: a class for each subject.\"\"\"

from __future__ import annotations

{imports}
if TYPE_CHECKING:
{checked}{body}"
        )
    }

    fn class(&self, service: &Service) -> String {
        let Flavour { prefix, .. } = self.flavour;
        let Service { name, .. } = service;
        let mut details = Vec::new();
        for paragraph in &service.details {
            details.push(String::new());
            details.extend(crate::text::wrapped(paragraph, 111, 111));
        }
        let documentation = docstring(&service.documentation, &details, "    ");
        let (slots, parameter, set) = match &service.key {
            None => ("\"_native\",".to_owned(), String::new(), String::new()),
            Some(key) => (
                format!("\"_native\", \"_{key}\""),
                format!(", {key}: str"),
                format!("        self._{key} = {key}\n"),
            ),
        };
        let methods: String = service
            .methods
            .iter()
            .map(|method| self.method(service, method))
            .collect();
        format!(
            "

class {prefix}{name}:
{documentation}
    __slots__ = ({slots})

    def __init__(self, client: _native.Client{parameter}) -> None:
        self._native = _native.Intents(client)
{set}{methods}"
        )
    }

    /// The keywords of a method: its conditions and options.
    fn keywords(&self, method: &Method) -> Vec<&Field> {
        let records = method.conditions.iter().chain(&method.options);
        let records = records.filter_map(|name| self.interface.record(name));
        let fields = records.flat_map(|record| self.interface.fields_of(record));
        fields.filter(|field| field.r#type != ValueType::Signal).collect()
    }

    fn method(&self, service: &Service, method: &Method) -> String {
        let Flavour { define, wait, .. } = self.flavour;
        let Method { name, .. } = method;
        let keywords = self.keywords(method);
        let mut parameters: String = method
            .arguments
            .iter()
            .map(|argument| self.parameter(argument))
            .collect();
        if !keywords.is_empty() {
            parameters.push_str("        *,\n");
        }
        parameters.extend(keywords.iter().map(|field| keyword(field)));
        let returns = self.returns(method);
        let arguments = self.arguments(service, method, &keywords);
        let call = format!("\"{}.{}\"", service.prefix, camel(name));
        let result = self.result(method);
        let (define, body) = match method.kind {
            MethodKind::Change => (
                define,
                format!(
                    "        change = self._native.change({call}, arguments, on_progress is not None)\n        \
                     return {returns}._of({wait}_run(change, on_progress))\n"
                ),
            ),
            MethodKind::Read => (
                define,
                format!(
                    "        data = {wait}self._native.read({call}, arguments)\n        \
                     answer: {returns} = {result}\n        return answer\n"
                ),
            ),
            MethodKind::Now => (
                "def",
                format!(
                    "        data = self._native.now({call}, arguments)\n        \
                     answer: {returns} = {result}\n        return answer\n"
                ),
            ),
            MethodKind::List => (
                "def",
                format!("        return {returns}(self._native.list(arguments))\n"),
            ),
        };
        let documentation = documentation(method, &keywords);
        format!(
            "\n    {define} {name}(\n        self,\n{parameters}    ) -> {returns}:\n{documentation}{arguments}{body}"
        )
    }

    fn parameter(&self, argument: &Argument) -> String {
        format!(
            "        {}: {},\n",
            argument.name,
            self.hint(&argument.r#type.item, &argument.r#type.presence)
        )
    }

    fn hint(&self, item: &FieldItem, presence: &Presence) -> String {
        let hint = match item {
            FieldItem::Graph(name) => graph_class(name).1,
            FieldItem::Named(name) if !is_alias(self.interface, name) => name.clone(),
            _ => "str".to_owned(),
        };
        match presence {
            Presence::Required => hint,
            _ => format!("{hint} | None"),
        }
    }

    fn returns(&self, method: &Method) -> String {
        let hint = self.hint(&method.returns.item, &method.returns.presence);
        match method.kind {
            MethodKind::List => format!("{}{hint}", self.flavour.prefix),
            _ if method.returns.list => format!("list[{hint}]"),
            _ => hint,
        }
    }

    /// The value that is made of the answer, which is JSON.
    fn result(&self, method: &Method) -> String {
        match (&method.returns.item, method.returns.list, &method.returns.presence) {
            (FieldItem::Graph(name), true, _) => format!("list_of(graph(\"{name}\"))(data)"),
            (FieldItem::Graph(name), false, Presence::Required) => format!("graph(\"{name}\")(data)"),
            (FieldItem::Graph(name), false, _) => format!("None if data is None else graph(\"{name}\")(data)"),
            (FieldItem::Named(name), ..) => format!("{name}._of(data)"),
            _ => "data".to_owned(),
        }
    }

    fn arguments(&self, service: &Service, method: &Method, keywords: &[&Field]) -> String {
        let mut members = String::new();
        if let Some(key) = &service.key {
            members.push_str(&format!("            \"{key}\": self._{key},\n"));
        }
        for argument in &method.arguments {
            let Argument { name, .. } = argument;
            let value = match &argument.r#type.item {
                FieldItem::Named(record) if !is_alias(self.interface, record) => {
                    format!("argument(\"{name}\", {name}, {record})")
                }
                _ => name.clone(),
            };
            members.push_str(&format!("            \"{name}\": {value},\n"));
        }
        for field in keywords {
            let name = snake(field);
            let value = match field.r#type {
                ValueType::Watcher => continue,
                ValueType::Models => format!("list({name}) if {name} is not None else None"),
                _ => name.to_owned(),
            };
            members.push_str(&format!("            \"{name}\": {value},\n"));
        }
        if members.is_empty() {
            "        arguments: dict[str, Any] = {}\n".to_owned()
        } else {
            format!("        arguments: dict[str, Any] = {{\n{members}        }}\n")
        }
    }
}

pub(super) fn keyword(field: &Field) -> String {
    let name = snake(field);
    match field.r#type {
        ValueType::Boolean => format!("        {name}: bool = {},\n", python::default_truth(field)),
        _ => format!("        {name}: {} | None = None,\n", python::hint(field)),
    }
}

fn documentation(method: &Method, keywords: &[&Field]) -> String {
    let mut lines = Vec::new();
    if !method.arguments.is_empty() || !keywords.is_empty() {
        lines.extend([String::new(), "Args:".to_owned()]);
        for argument in &method.arguments {
            let documentation = argument.documentation.replace("{none}", "`None`");
            lines.extend(item(&argument.name, &documentation, 8));
        }
        for field in keywords {
            lines.extend(item(snake(field), &python::documentation(field), 8));
        }
    }
    if !method.raises.is_empty() {
        lines.extend([String::new(), "Raises:".to_owned()]);
        for raised in &method.raises {
            lines.extend(item(&raised.name, &raised.documentation, 8));
        }
    }
    docstring(&method.documentation, &lines, "        ")
}
