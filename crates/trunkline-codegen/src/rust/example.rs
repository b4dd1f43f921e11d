//! Examples that compile: the first documented path, walked with the generated methods.

use proc_macro2::Literal;
use trunkline_spec::model::{CallableKind, ItemType, Operation, Parameter, Primitive};

use super::scope::Scope;
use super::walk::Walk;
use crate::plan::{CallPlan, Plan, Receiver};

/// The crate that examples are written for.
const CRATE: &str = "trunkline";
/// How wide a line of an example gets.
const WIDTH: usize = 100;

/// The example of a call; nothing where its path cannot be walked.
pub(super) fn of_call(scope: &Scope<'_, '_>, call: &CallPlan<'_>, operation: &Operation) -> Option<Vec<String>> {
    let plan = scope.plan;
    let (place, _) = operation.paths.first()?.path.rsplit_once('/')?;
    let prefix = format!("{CRATE}::");
    let mut walk = Walk::along(plan, place, &prefix)?;
    match (walk.receiver, call.receiver) {
        (Receiver::Entity(id), Receiver::Entity(other)) | (Receiver::Collection(id), Receiver::Collection(other)) => {
            walk.seen_as(plan, id, other, &prefix);
        }
        _ => return None,
    }
    let callable = plan.model.callable(call.callable);
    let required = callable
        .parameters
        .iter()
        .filter(|parameter| callable.kind == CallableKind::Function || parameter.required);
    let arguments: Vec<String> = required.map(|parameter| argument(plan, parameter)).collect();
    walk.chain.push(format!(".{}({})", call.method, arguments.join(", ")));
    let many =
        callable.kind == CallableKind::Function && callable.returns.is_some_and(|returns| returns.r#type.collection);
    walk.chain.push(if many {
        ".all().await?;".to_owned()
    } else {
        ".await?;".to_owned()
    });
    let mut lines = vec![
        "```no_run".to_owned(),
        format!("# async fn run(client: {CRATE}::Client) -> {CRATE}::Result<()> {{"),
    ];
    let bind = if many || callable.returns.is_some() || operation.long_running.is_some() {
        "let answer = "
    } else {
        ""
    };
    let mut line = format!("{bind}client.graph()");
    for link in &walk.chain {
        if line.len() + link.len() > WIDTH && link != ".await?;" {
            lines.push(std::mem::replace(&mut line, "    ".to_owned()));
        }
        line.push_str(link);
    }
    lines.push(line);
    lines.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);
    Some(lines)
}

/// A value for a parameter, by its grammar and type.
fn argument(plan: &Plan<'_>, parameter: &Parameter) -> String {
    let value = match parameter.r#type.item {
        ItemType::Primitive(Primitive::Boolean) => "true".to_owned(),
        ItemType::Primitive(
            Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 | Primitive::Int64,
        ) => "1".to_owned(),
        ItemType::Primitive(Primitive::Single | Primitive::Double) => "1.0".to_owned(),
        ItemType::Primitive(Primitive::Untyped) => "serde_json::Value::Null".to_owned(),
        ItemType::Primitive(_) => Literal::string(text(parameter)).to_string(),
        ItemType::Enum(id) => {
            let r#enum = plan.model.enumeration(id);
            let member = r#enum.members.first().map_or("", |member| member.name.as_str());
            if r#enum.flags {
                let name = plan.enumeration(id);
                format!(
                    "vec![{CRATE}::{}::{}::from({})]",
                    plan.modules[name.module].name,
                    name.ident,
                    Literal::string(member)
                )
            } else {
                Literal::string(member).to_string()
            }
        }
        ItemType::Structured(id) => {
            let record = plan.record(id);
            let name = format!("{CRATE}::{}::{}", plan.modules[record.module].name, record.ident);
            if record.polymorphic {
                format!("{CRATE}::Instance::new({name}::default())")
            } else {
                format!("{name}::default()")
            }
        }
    };
    if parameter.r#type.collection {
        format!("[{value}]")
    } else {
        value
    }
}

/// A text for a parameter: one of its grammar, or its own name.
fn text(parameter: &Parameter) -> &str {
    match parameter.grammar.as_deref() {
        Some("e164") => "+12065550100",
        Some("phoneMethod") => "+1 2065550100",
        Some("guid") => "00000000-0000-4000-8000-000000000001",
        _ => &parameter.name,
    }
}
