//! The call in Rust.

use std::collections::BTreeSet;

use proc_macro2::Literal;
use serde_json::{Map, Value};
use trunkline_spec::model::{EnumId, ItemType, Primitive, TypeId, TypeReference};

use super::planned::{Kind, Planned, TYPE};
use crate::plan::{Answered, FieldOrigin, Plan};

/// How wide a line gets before its methods stand below each other.
const WIDTH: usize = 100;

pub(super) fn lines(call: &Planned<'_, '_>) -> Vec<String> {
    let mut writer = Writer {
        plan: call.plan,
        modules: BTreeSet::new(),
    };
    let mut lines = chained(
        "let handle = client",
        &[&[".graph()".to_owned()], call.chain.as_slice()].concat(),
        ";",
    );
    let method = match &call.kind {
        Kind::Plain(verb) => vec![format!(".{verb}()")],
        Kind::Write { verb, record, .. } => {
            lines.extend(writer.body(*record, call.arguments));
            vec![format!(".{verb}(&body)")]
        }
        Kind::Invoke(planned) => {
            let callable = call.plan.model.callable(planned.callable);
            let (mut inside, mut behind) = (Vec::new(), Vec::new());
            for (index, parameter) in callable.parameters.iter().enumerate() {
                let Some(value) = call.arguments.get(&parameter.name) else {
                    continue;
                };
                let is_asked = planned.asks_for(call.plan.model, parameter);
                let simple = writer.simple(parameter.r#type, value, is_asked);
                let value = simple.unwrap_or_else(|| writer.json(parameter.r#type, value));
                if is_asked {
                    inside.push(value);
                } else if let Some(setter) = planned
                    .body
                    .as_ref()
                    .and_then(|body| body.fields[index].setter.as_ref())
                {
                    behind.push(format!(".{setter}({value})"));
                }
            }
            let mut links = vec![format!(".{}({})", planned.method, inside.join(", "))];
            links.extend(behind);
            links
        }
    };
    let (begin, end) = match call.answered {
        Answered::Nothing => ("handle", ".await?;"),
        Answered::Records(_) => ("let items = handle", ".all().await?;"),
        Answered::Running(_) => ("let running = handle", ".await?;"),
        _ => ("let answer = handle", ".await?;"),
    };
    lines.extend(chained(begin, &method, end));
    let mut all: Vec<String> = match writer.modules.is_empty() {
        true => Vec::new(),
        false => {
            let modules: Vec<&str> = writer.modules.into_iter().collect();
            vec![match modules.as_slice() {
                [module] => format!("use trunkline::{module};"),
                modules => format!("use trunkline::{{{}}};", modules.join(", ")),
            }]
        }
    };
    if !all.is_empty() {
        all.push(String::new());
    }
    all.extend(lines);
    all
}

/// Methods on one line, or below each other.
fn chained(begin: &str, links: &[String], end: &str) -> Vec<String> {
    let line = format!("{begin}{}{end}", links.concat());
    if line.len() <= WIDTH || links.len() < 2 {
        return line.lines().map(str::to_owned).collect();
    }
    let mut lines = vec![begin.to_owned()];
    let indented = |link: &String| format!("    {}", link.replace('\n', "\n    "));
    lines.extend(links.iter().map(indented));
    if end == ";" {
        if let Some(last) = lines.last_mut() {
            last.push_str(end);
        }
    } else {
        lines.push(format!("    {end}"));
    }
    lines
}

/// Writes values, and remembers the modules that they name.
struct Writer<'p, 'm> {
    plan: &'p Plan<'m>,
    modules: BTreeSet<&'p str>,
}

impl<'p> Writer<'p, '_> {
    /// The lines that make a body: its constructor and setters, or JSON where a value is more than a word.
    fn body(&mut self, id: TypeId, values: &Map<String, Value>) -> Vec<String> {
        let name = self.record(id);
        if let Some((constructor, setters)) = self.by_setters(id, values) {
            return chained(&format!("let body = {name}::{constructor}"), &setters, ";");
        }
        let mut values = values.clone();
        values.remove(TYPE);
        let text = format!(
            "let body: {name} = serde_json::from_value(serde_json::json!({}))?;",
            json(&Value::Object(values), 0)
        );
        text.lines().map(str::to_owned).collect()
    }

    fn by_setters(&mut self, id: TypeId, values: &Map<String, Value>) -> Option<(String, Vec<String>)> {
        let record = self.plan.record(id);
        let mut constructor = Vec::new();
        let mut setters = Vec::new();
        let asked: &[usize] = record.constructor.as_deref().unwrap_or_default();
        for index in asked {
            let field = &record.fields[*index];
            constructor.push(self.simple(field.r#type, values.get(field.wire)?, true)?);
        }
        for (wire, value) in values.iter().filter(|(wire, _)| *wire != TYPE) {
            let index = record.fields.iter().position(|field| field.wire == wire)?;
            if asked.contains(&index) {
                continue;
            }
            let field = &record.fields[index];
            if !record.setters.contains(&index) || !matches!(field.origin, FieldOrigin::Property(_)) {
                return None;
            }
            setters.push(format!(
                ".set_{}({})",
                field.ident,
                self.simple(field.r#type, value, false)?
            ));
        }
        let made = match record.constructor {
            Some(_) => format!("new({})", constructor.join(", ")),
            None => "default()".to_owned(),
        };
        Some((made, setters))
    }

    /// A value as an expression, if it is a word or a number. What is asked for may be a member of an enumeration as text.
    fn simple(&mut self, r#type: TypeReference, value: &Value, is_asked: bool) -> Option<String> {
        match (r#type.item, value) {
            _ if r#type.collection => None,
            (ItemType::Primitive(Primitive::String), Value::String(text)) => Some(Literal::string(text).to_string()),
            (ItemType::Primitive(_), Value::Bool(_) | Value::Number(_)) => Some(value.to_string()),
            (ItemType::Enum(_), Value::String(text)) if is_asked => Some(Literal::string(text).to_string()),
            (ItemType::Enum(id), Value::String(text)) => {
                Some(format!("{}::from({})", self.enumeration(id), Literal::string(text)))
            }
            _ => None,
        }
    }

    /// A value that is read from JSON.
    fn json(&mut self, r#type: TypeReference, value: &Value) -> String {
        let name = match r#type.item {
            ItemType::Structured(id) => self.record(id),
            _ => "_".to_owned(),
        };
        let name = if r#type.collection {
            format!("Vec<{name}>")
        } else {
            name
        };
        format!(
            "serde_json::from_value::<{name}>(serde_json::json!({}))?",
            json(value, 0)
        )
    }

    fn record(&mut self, id: TypeId) -> String {
        let plan = self.plan;
        let record = plan.record(id);
        format!("{}::{}", self.module(record.module), record.ident)
    }

    fn enumeration(&mut self, id: EnumId) -> String {
        let plan = self.plan;
        let planned = plan.enumeration(id);
        format!("{}::{}", self.module(planned.module), planned.ident)
    }

    fn module(&mut self, index: usize) -> &'p str {
        let name = self.plan.modules[index].name.as_str();
        self.modules.insert(name);
        name
    }
}

/// JSON as the macro `json!` reads it: its texts are literals of Rust.
fn json(value: &Value, indent: usize) -> String {
    let inner = " ".repeat(indent + 4);
    let outer = " ".repeat(indent);
    match value {
        Value::String(text) => Literal::string(text).to_string(),
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| format!("{inner}{}", json(item, indent + 4)));
            format!("[\n{}\n{outer}]", items.collect::<Vec<_>>().join(",\n"))
        }
        Value::Object(values) if !values.is_empty() => {
            let name = |name: &str| Literal::string(name).to_string();
            let pairs = values
                .iter()
                .map(|(wire, item)| format!("{inner}{}: {}", name(wire), json(item, indent + 4)));
            format!("{{\n{}\n{outer}}}", pairs.collect::<Vec<_>>().join(",\n"))
        }
        other => other.to_string(),
    }
}
