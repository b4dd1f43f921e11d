//! Python: the classes with state, for callers that block and for those that await. Their text stands in `templates/python`; the
//! methods of bulk work are described in `spec/trunkline`.

use askama::Template;
use trunkline_spec::interface::{
    Binding, Class, ClassArgument, ClassArgumentType, ClassMethod, Field, FieldItem, Interface, Presence, ResultForm,
    Service, Value, ValueField, ValueModule, ValueType,
};

use super::fields::snake;
use super::python_services::keyword;
use super::{python, python_values};
use crate::node::text::camel;
use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::flavour::{AWAITING, BLOCKING, Flavour};
use crate::python::text::{docstring, import, item};
use crate::text::rendered as text;

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
struct Client {
    f: Flavour,
    services: Vec<ServiceMember>,
}

/// The member of the client that a service is.
struct ServiceMember {
    name: String,
    member: String,
    key: String,
    documentation: String,
}

#[derive(Template)]
#[template(path = "python/bulk.py.jinja", escape = "none")]
struct Bulk {
    f: Flavour,
    documentation: String,
    methods: String,
}

/// The modules below `trunkline.generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let of = |f: Flavour| {
        let client = Client {
            f,
            services: interface.services.iter().map(member).collect(),
        };
        let mut modules = vec![
            ("lists", text(&Lists { f })),
            ("running", text(&Running { f })),
            ("batch", text(&Batch { f })),
            ("client", text(&client)),
        ];
        let classes = interface.classes.iter();
        modules.extend(classes.map(|class| (class.module.as_str(), text(&bulk(interface, class, f)))));
        modules.into_iter().map(move |(name, text)| OutputFile {
            path: format!("{}{name}.py", f.module),
            contents: format!("{HEADER}{text}").into_bytes(),
        })
    };
    let properties = OutputFile {
        path: "bulk_properties.py".to_owned(),
        contents: properties(interface).into_bytes(),
    };
    of(BLOCKING).chain(of(AWAITING)).chain([properties]).collect()
}

/// The module of the properties of rows, plans and journals.
fn properties(interface: &Interface) -> String {
    let has_properties = |module: &&ValueModule| module.values.iter().any(|value| value.python_properties.is_some());
    let Some(module) = interface.modules.iter().find(has_properties) else {
        return String::new();
    };
    let body: String = module
        .values
        .iter()
        .filter_map(|value| property_class(module, value))
        .collect();
    let records: Vec<&str> = module
        .values
        .iter()
        .map(|value| value.name.get_ref().as_str())
        .collect();
    let imports = import("", &format!(".{}", module.name), &records, &body);
    format!(
        "{HEADER}\"\"\"Properties of rows, plans and journals, which the native part describes as JSON.\"\"\"

from __future__ import annotations

from typing import Any, Literal

{imports}{body}"
    )
}

fn property_class(module: &ValueModule, value: &Value) -> Option<String> {
    let class = value.python_properties.as_ref()?;
    let fields = value.fields.iter().filter(|field| field.only != Some(Binding::Node));
    let properties: String = fields.map(|field| property(module, field)).collect();
    Some(format!(
        "\n\nclass {class}:\n{}\n    __slots__ = ()\n\n    def _describe(self) -> dict[str, Any]:\n        \
         raise NotImplementedError\n{properties}",
        docstring(&value.documentation, &[], "    ")
    ))
}

fn property(module: &ValueModule, field: &ValueField) -> String {
    let name = field.name.get_ref();
    let data = format!("self._describe()[\"{}\"]", camel(name));
    let mut hint = python_values::hint(module, field);
    let body = match (&field.r#type.item, field.r#type.list, &field.r#type.presence) {
        (FieldItem::Named(class), true, _) => format!("return tuple({class}._of(data) for data in {data})"),
        (FieldItem::Named(class), false, Presence::Nullable) => {
            hint.push_str(" | None");
            format!("data = {data}\n        return None if data is None else {class}._of(data)")
        }
        (FieldItem::Named(class), false, _) => format!("return {class}._of({data})"),
        (_, true, _) => format!("return tuple({data})"),
        _ => format!("value: {hint} = {data}\n        return value"),
    };
    let documentation = docstring(&field.documentation.replace("{none}", "`None`"), &[], "        ");
    format!("\n    @property\n    def {name}(self) -> {hint}:\n{documentation}        {body}\n")
}

fn member(service: &Service) -> ServiceMember {
    let key = service.key.clone().unwrap_or_default();
    let arguments = match key.as_str() {
        "" => Vec::new(),
        key => {
            let described = item(key, service.key_documentation.as_deref().unwrap_or_default(), 8);
            [vec![String::new(), "Args:".to_owned()], described].concat()
        }
    };
    ServiceMember {
        name: service.name.clone(),
        member: service.prefix.clone(),
        key,
        documentation: docstring(&service.documentation, &arguments, "        "),
    }
}

fn bulk(interface: &Interface, class: &Class, f: Flavour) -> Bulk {
    let details = class.details.iter().flat_map(|text| python_values::paragraph(text));
    let details: Vec<String> = details.collect();
    Bulk {
        f,
        documentation: docstring(&class.documentation, &details, "    "),
        methods: class.methods.iter().map(|found| method(interface, found, f)).collect(),
    }
}

/// A method that calls the native one of the same name.
fn method(interface: &Interface, method: &ClassMethod, f: Flavour) -> String {
    let ClassMethod { name, .. } = method;
    let records = method.options.iter().filter_map(|name| interface.record(name));
    let options: Vec<&Field> = records
        .flat_map(|record| interface.fields_of(record))
        .filter(|field| field.r#type != ValueType::Signal)
        .collect();
    let mut parameters: String = method.arguments.iter().map(parameter).collect();
    let mut lines = vec![String::new(), "Args:".to_owned()];
    for argument in &method.arguments {
        lines.extend(item(&argument.name, &argument.documentation, 8));
    }
    if !options.is_empty() {
        parameters.push_str("        *,\n");
    }
    for field in &options {
        parameters.push_str(&keyword(field));
        lines.extend(item(snake(field), &python::documentation(field), 8));
    }
    lines.extend([String::new(), "Raises:".to_owned()]);
    for raised in &method.raises {
        lines.extend(item(&raised.name, &raised.documentation, 8));
    }
    let members: String = options.iter().filter_map(|field| option(field)).collect();
    let (define, wait) = if method.waits { (f.define, f.wait) } else { ("def", "") };
    let arguments: String = method.arguments.iter().map(argument).collect();
    let (gathered, passed) = if options.is_empty() {
        (String::new(), arguments.trim_end_matches(", ").to_owned())
    } else {
        let gathered = format!("        arguments: dict[str, Any] = {{\n{members}        }}\n");
        (gathered, format!("{arguments}arguments"))
    };
    let call = format!("{wait}self._native.{name}({passed})");
    let (hint, result) = match (method.returns.as_deref(), method.form) {
        (None, _) => ("None".to_owned(), call),
        (Some(class), ResultForm::Run) => {
            let class = format!("{}{class}", f.prefix);
            (class.clone(), format!("return {class}({call}, on_event)"))
        }
        (Some(class), ResultForm::Native) => (class.to_owned(), format!("return {class}({call})")),
        (Some(list), ResultForm::Json) if list.starts_with('[') => {
            let class = list.trim_matches(['[', ']']);
            let result = format!("return [{class}._of(data) for data in json.loads({call})]");
            (format!("list[{class}]"), result)
        }
        (Some(class), ResultForm::Json) => (class.to_owned(), format!("return {class}._of(json.loads({call}))")),
    };
    format!(
        "\n    {define} {name}(\n        self,\n{parameters}    ) -> {hint}:\n{}{gathered}        {result}\n",
        docstring(&method.documentation, &lines, "        ")
    )
}

fn parameter(argument: &ClassArgument) -> String {
    let hint = match argument.r#type {
        ClassArgumentType::Source => "Source",
        ClassArgumentType::Rows => "Rows | Source",
        ClassArgumentType::Plan => "Plan | AnyPath",
        ClassArgumentType::Path => "AnyPath",
    };
    format!("        {}: {hint},\n", argument.name)
}

/// An argument as the native method takes it.
fn argument(argument: &ClassArgument) -> String {
    let name = &argument.name;
    match argument.r#type {
        ClassArgumentType::Path => format!("{name}, "),
        ClassArgumentType::Source | ClassArgumentType::Rows | ClassArgumentType::Plan => format!("held({name}), "),
    }
}

/// The member of the native arguments that an option is.
fn option(field: &Field) -> Option<String> {
    let name = snake(field);
    let value = match field.r#type {
        ValueType::Watcher => return None,
        ValueType::Path => format!("None if {name} is None else fspath({name})"),
        ValueType::Record => format!("None if {name} is None else {name}._arguments()"),
        _ => name.to_owned(),
    };
    Some(format!("            \"{name}\": {value},\n"))
}
