//! The call of each operation in each language, with the values of a contract case: the reference of operations shows it, and tests
//! run it.

mod node;
mod planned;
mod python;
mod rust;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use trunkline_spec::model::{ItemType, Operation, OperationKind};

use crate::plan::{Answered, Plan, Receiver, Verb, invokes};
use crate::rust::Walk;
use planned::{Kind, Planned, named};

/// The values of a call.
#[derive(Debug, Clone)]
pub struct Example {
    /// The path of the request, with its keys and without the version.
    pub path: String,
    /// Parameters, or the properties of the body.
    pub arguments: Map<String, Value>,
}

/// The examples by operation.
pub type Examples = BTreeMap<String, Example>;

/// The lines of a call in each language.
pub(crate) struct Calls {
    pub(crate) rust: Vec<String>,
    pub(crate) python: Vec<String>,
    pub(crate) node: Vec<String>,
}

/// The call of an operation; nothing for one that is no method of a handle, or whose path leads elsewhere.
pub(crate) fn of_operation(plan: &Plan<'_>, operation: &Operation, example: &Example) -> Option<Calls> {
    let call = match invokes(operation.kind) {
        Some(_) => Some(plan.calls.iter().find(|call| {
            let mut operations = call
                .operations
                .iter()
                .filter_map(|index| plan.model.operations.get(*index));
            operations.any(|found| found.id == operation.id)
        })?),
        None => None,
    };
    let place = match call {
        Some(_) => example.path.rsplit_once('/')?.0,
        None => &example.path,
    };
    let mut walk = Walk::along(plan, place, "trunkline::")?;
    let (kind, answered) = match (operation.kind, call) {
        (_, Some(call)) => {
            if let (Receiver::Entity(id), Receiver::Entity(other))
            | (Receiver::Collection(id), Receiver::Collection(other)) = (walk.receiver, call.receiver)
            {
                walk.seen_as(plan, id, other, "trunkline::");
            }
            (Kind::Invoke(call), plan.answered(call))
        }
        (OperationKind::Batch, None) => return None,
        (kind, None) => basic(plan, kind, operation, &walk, example)?,
    };
    let planned = Planned {
        plan,
        chain: walk.chain,
        kind,
        answered,
        arguments: &example.arguments,
    };
    Some(Calls {
        rust: rust::lines(&planned),
        python: python::lines(&planned),
        node: node::lines(&planned),
    })
}

/// Reading, adding, changing and removing.
fn basic<'p, 'm>(
    plan: &Plan<'_>,
    kind: OperationKind,
    operation: &Operation,
    walk: &Walk,
    example: &Example,
) -> Option<(Kind<'p, 'm>, Answered)> {
    let (Receiver::Entity(id) | Receiver::Collection(id)) = walk.receiver else {
        return None;
    };
    Some(match kind {
        OperationKind::Get => (Kind::Plain("get"), Verb::Get.answered(id)),
        OperationKind::List => (Kind::Plain("list"), Verb::List.answered(id)),
        OperationKind::Delete => (Kind::Plain("delete"), Verb::Delete.answered(id)),
        OperationKind::Create | OperationKind::Update => {
            // The record is the one the body names, or the one that the operation is about.
            let about = operation.target.and_then(|target| match target.item {
                ItemType::Structured(id) => Some(id),
                _ => None,
            });
            let record = named(plan, &example.arguments).or(about).unwrap_or(id);
            let (verb, answered) = match kind {
                OperationKind::Create => ("create", Verb::Create.answered(id)),
                _ => ("update", Verb::Update.answered(id)),
            };
            let is_other = record != id;
            (Kind::Write { verb, record, is_other }, answered)
        }
        OperationKind::Action(_) | OperationKind::Function(_) | OperationKind::Batch => return None,
    })
}
