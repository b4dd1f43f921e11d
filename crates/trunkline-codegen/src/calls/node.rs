//! The call in JavaScript.

use serde_json::Value;

use super::planned::{Kind, Planned, TYPE};
use crate::node::text::{camel, literal, property};
use crate::plan::Answered;

/// How wide a line gets before its arguments stand below each other.
const WIDTH: usize = 100;

pub(super) fn lines(call: &Planned<'_, '_>) -> Vec<String> {
    let handle = call.handle(camel, literal);
    let mut lines = vec![format!("const handle = client.graph{handle};")];
    let mut type_name = None;
    let (method, arguments) = match &call.kind {
        Kind::Plain(verb) => ((*verb).to_owned(), None),
        Kind::Write { verb, record, is_other } => {
            let mut values: Vec<(&str, &Value)> = Vec::new();
            if *is_other && !call.arguments.contains_key(TYPE) {
                let name = &call.plan.model.structured(*record).name;
                values.push((TYPE, type_name.insert(Value::String(format!("#{name}")))));
            }
            values.extend(call.arguments.iter().map(|(name, value)| (name.as_str(), value)));
            ((*verb).to_owned(), Some(values))
        }
        Kind::Invoke(planned) => {
            let parameters = &call.plan.model.callable(planned.callable).parameters;
            let arguments: Vec<(&str, &Value)> = parameters
                .iter()
                .filter_map(|parameter| Some((parameter.name.as_str(), call.arguments.get(&parameter.name)?)))
                .collect();
            (
                camel(&planned.method),
                Some(arguments).filter(|arguments| !arguments.is_empty()),
            )
        }
    };
    let written = |before: &str, after: &str| {
        let Some(values) = &arguments else {
            return format!("{before}handle.{method}(){after}");
        };
        let line = format!("{before}handle.{method}({}){after}", object(values, None));
        if line.len() <= WIDTH {
            line
        } else {
            format!("{before}handle.{method}({}){after}", object(values, Some(0)))
        }
    };
    let text = match call.answered {
        Answered::Records(_) => written("for await (const item of ", ") console.log(item);"),
        Answered::Nothing => written("await ", ";"),
        Answered::Running(_) => format!(
            "{}\nconsole.log(running.token);",
            written("const running = await ", ";")
        ),
        _ => format!("{}\nconsole.log(answer);", written("const answer = await ", ";")),
    };
    lines.extend(text.lines().map(str::to_owned));
    lines
}

/// A value as an expression; with an indentation, the properties of objects stand below each other.
fn value(of: &Value, indent: Option<usize>) -> String {
    match of {
        Value::String(text) => literal(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| value(item, indent)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(values) => {
            let values: Vec<(&str, &Value)> = values.iter().map(|(name, item)| (name.as_str(), item)).collect();
            object(&values, indent)
        }
        other => other.to_string(),
    }
}

fn object(values: &[(&str, &Value)], indent: Option<usize>) -> String {
    if values.is_empty() {
        return "{}".to_owned();
    }
    let inner = indent.map(|indent| indent + 2);
    let pairs = values
        .iter()
        .map(|(name, item)| format!("{}: {}", property(name), value(item, inner)));
    match indent {
        None => format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", ")),
        Some(indent) => {
            let lines = pairs.map(|pair| format!("{}{pair},\n", " ".repeat(indent + 2)));
            format!("{{\n{}{}}}", lines.collect::<String>(), " ".repeat(indent))
        }
    }
}
