//! The call in Python.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use trunkline_spec::model::{ItemType, TypeId, TypeReference};

use super::planned::{Kind, Planned, TYPE, named};
use crate::plan::{Answered, Plan};
use crate::python::{attribute, literal, python_name};

/// How wide a line gets before its arguments stand below each other.
const WIDTH: usize = 100;

pub(super) fn lines(call: &Planned<'_, '_>) -> Vec<String> {
    let handle = call.handle(str::to_owned, literal);
    let mut modules = BTreeSet::new();
    let mut lines = vec![format!("handle = client.graph{handle}")];
    let (method, arguments) = match &call.kind {
        Kind::Plain(verb) => ((*verb).to_owned(), Vec::new()),
        Kind::Write { verb, record: id, .. } => {
            let body = record(call.plan, &mut modules, *id, call.arguments);
            lines.push(body.written("body = ", 0, ""));
            ((*verb).to_owned(), vec![Expression::Word("body".to_owned())])
        }
        Kind::Invoke(planned) => {
            let callable = call.plan.model.callable(planned.callable);
            let mut arguments = Vec::new();
            for (parameter, argument) in callable.parameters.iter().zip(&planned.arguments) {
                let Some(value) = call.arguments.get(&parameter.name) else {
                    continue;
                };
                let value = of_type(call.plan, &mut modules, parameter.r#type, value);
                arguments.push(match planned.asks_for(call.plan.model, parameter) {
                    true => value,
                    false => {
                        let name = python_name(argument, &["headers", "timeout", "retry"]);
                        Expression::Named(name, Box::new(value))
                    }
                });
            }
            (python_name(&planned.method, &["path", "step"]), arguments)
        }
    };
    let invoked = Expression::Call(format!("handle.{method}("), arguments, ")");
    match call.answered {
        Answered::Records(_) => {
            lines.push(invoked.written("for item in ", 0, ":"));
            lines.push("    print(item)".to_owned());
        }
        Answered::Nothing => lines.push(invoked.written("", 0, "")),
        Answered::Running(_) => {
            lines.push(invoked.written("running = ", 0, ""));
            lines.push("print(running.token)".to_owned());
        }
        _ => {
            lines.push(invoked.written("answer = ", 0, ""));
            lines.push("print(answer)".to_owned());
        }
    }
    let mut all = Vec::new();
    if !modules.is_empty() {
        let modules: Vec<&str> = modules.into_iter().collect();
        all.extend([format!("from trunkline import {}", modules.join(", ")), String::new()]);
    }
    all.extend(lines.iter().flat_map(|line| line.lines()).map(str::to_owned));
    all
}

/// An expression that may be too long for a line.
enum Expression {
    Word(String),
    Named(String, Box<Expression>),
    /// The beginning, the parts and the end.
    Call(String, Vec<Expression>, &'static str),
}

impl Expression {
    /// On one line if there is room, else with a part a line.
    fn written(&self, before: &str, indent: usize, after: &str) -> String {
        let line = format!("{before}{}{after}", self.on_one_line());
        if indent + line.len() <= WIDTH {
            return line;
        }
        match self {
            Self::Word(_) => line,
            Self::Named(name, value) => value.written(&format!("{before}{name}="), indent, after),
            Self::Call(_, parts, _) if parts.is_empty() => line,
            Self::Call(begin, parts, end) => {
                let inner = indent + 4;
                let lines = parts
                    .iter()
                    .map(|part| format!("{}{}\n", " ".repeat(inner), part.written("", inner, ",")));
                format!(
                    "{before}{begin}\n{}{}{end}{after}",
                    lines.collect::<String>(),
                    " ".repeat(indent)
                )
            }
        }
    }

    fn on_one_line(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Named(name, value) => format!("{name}={}", value.on_one_line()),
            Self::Call(begin, parts, end) => {
                let parts: Vec<String> = parts.iter().map(Self::on_one_line).collect();
                format!("{begin}{}{end}", parts.join(", "))
            }
        }
    }
}

/// A record of a type, with its properties.
fn record<'p>(
    plan: &'p Plan<'_>,
    modules: &mut BTreeSet<&'p str>,
    id: TypeId,
    values: &Map<String, Value>,
) -> Expression {
    let id = named(plan, values).unwrap_or(id);
    let record = plan.record(id);
    let module = plan.modules[record.module].name.as_str();
    modules.insert(module);
    let properties = values.iter().filter(|(wire, _)| *wire != TYPE).map(|(wire, value)| {
        match record.fields.iter().find(|field| field.wire == wire) {
            Some(field) => {
                let value = of_type(plan, modules, field.r#type, value);
                Expression::Named(attribute(&field.ident), Box::new(value))
            }
            None => Expression::Word(format!("**{{{}: {}}}", literal(wire), plain(value))),
        }
    });
    let properties = properties.collect();
    Expression::Call(format!("{module}.{}(", record.ident), properties, ")")
}

fn of_type<'p>(
    plan: &'p Plan<'_>,
    modules: &mut BTreeSet<&'p str>,
    r#type: TypeReference,
    value: &Value,
) -> Expression {
    match (r#type.item, value) {
        (_, Value::Array(items)) => {
            let item = TypeReference {
                collection: false,
                ..r#type
            };
            let items = items.iter().map(|value| of_type(plan, modules, item, value)).collect();
            Expression::Call("[".to_owned(), items, "]")
        }
        (ItemType::Structured(id), Value::Object(values)) => record(plan, modules, id, values),
        _ => Expression::Word(plain(value)),
    }
}

/// A value of JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => literal(text),
        Value::Array(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Object(values) => {
            let pairs = values
                .iter()
                .map(|(name, value)| format!("{}: {}", literal(name), plain(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}
