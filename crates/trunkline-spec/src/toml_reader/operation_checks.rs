//! Checks operations against each other and against their targets.

use std::collections::HashMap;

use crate::model::StructuredKind;
use crate::model::{
    Idempotency, ItemType, LongRunning, Method, Model, Operation, OperationKind, OperationResult, TypeId, TypeReference,
};
use crate::place::{Place, Problem, Problems};

/// The entity type of a reference.
pub(super) fn entity(model: &Model, reference: TypeReference) -> Option<TypeId> {
    match reference.item {
        ItemType::Structured(id) if model.structured(id).kind == StructuredKind::Entity => Some(id),
        _ => None,
    }
}

/// Checks all operations, sorted by id.
pub(super) fn check(model: &Model, operations: &[(Operation, Place)], problems: &mut Vec<Problem>) {
    let by_id: HashMap<&str, &Operation> = operations
        .iter()
        .map(|(operation, _)| (operation.id.as_str(), operation))
        .collect();
    for pair in operations.windows(2) {
        if let [(first, _), (second, place)] = pair
            && first.id == second.id
        {
            problems.add(place, format!("the operation {} is declared twice", second.id));
        }
    }
    for (operation, place) in operations {
        let mut note = |reason: String| problems.add(place, format!("{}: {reason}", operation.id));
        if !is_operation_id(&operation.id) {
            note("an id is two or more names joined by dots".to_owned());
        }
        verb(operation, &mut note);
        repetition(operation, &by_id, &mut note);
        body(model, operation, &mut note);
        match (&operation.long_running, operation.success.contains(&202)) {
            (Some(long_running), true) => polling(model, long_running, &by_id, &mut note),
            (Some(_), false) => note("long_running: 202 is not among the successes".to_owned()),
            (None, true) => note("202 is a success, but long_running does not say how it ends".to_owned()),
            (None, false) => {}
        }
    }
}

/// Fills in the types that hold the state of long-running operations.
pub(super) fn link_long_running(operations: &mut [Operation]) {
    let targets: HashMap<String, TypeId> = operations
        .iter()
        .filter_map(|operation| match operation.target?.item {
            ItemType::Structured(id) => Some((operation.id.clone(), id)),
            _ => None,
        })
        .collect();
    for long_running in operations
        .iter_mut()
        .filter_map(|operation| operation.long_running.as_mut())
    {
        if let Some(id) = targets.get(&long_running.operation) {
            long_running.r#type = *id;
        }
    }
}

fn is_operation_id(id: &str) -> bool {
    id.contains('.') && id.split('.').all(crate::names::is_identifier)
}

/// Whether the method, the target and the result fit the kind.
fn verb(operation: &Operation, note: &mut impl FnMut(String)) {
    let method = operation.method;
    let fits = match operation.kind {
        OperationKind::Get | OperationKind::List | OperationKind::Function(_) => method == Method::Get,
        OperationKind::Create | OperationKind::Action(_) | OperationKind::Batch => method == Method::Post,
        OperationKind::Update => matches!(method, Method::Patch | Method::Put),
        OperationKind::Delete => method == Method::Delete,
    };
    if !fits {
        note(format!("{} is not the method of its kind", method.name()));
    }
    let collection = operation.target.is_some_and(|target| target.collection);
    match operation.kind {
        OperationKind::List | OperationKind::Create if !collection => {
            note("the target must be a collection".to_owned())
        }
        OperationKind::Get | OperationKind::Update | OperationKind::Delete if collection => {
            note("the target must be one entity".to_owned());
        }
        _ => {}
    }
    let result = match operation.kind {
        OperationKind::List => matches!(operation.result, OperationResult::Pages(_)),
        OperationKind::Get => matches!(operation.result, OperationResult::Value { .. }),
        OperationKind::Delete => operation.result == OperationResult::None,
        OperationKind::Batch => operation.result == OperationResult::Batch,
        OperationKind::Function(_) => operation.result != OperationResult::None,
        OperationKind::Create | OperationKind::Update | OperationKind::Action(_) => true,
    };
    if !result {
        note("the result does not fit the kind".to_owned());
    }
}

fn repetition(operation: &Operation, by_id: &HashMap<&str, &Operation>, note: &mut impl FnMut(String)) {
    let reads = operation.method == Method::Get;
    if reads != (operation.idempotency == Idempotency::Safe) {
        note("idempotency: what reads is safe, and nothing else is".to_owned());
    }
    if let Idempotency::Confirm { by, .. } = &operation.idempotency {
        match by_id.get(by.as_str()) {
            None => note(format!("idempotency: there is no operation {by}")),
            Some(other) if other.method != Method::Get => note(format!("idempotency: {by} does not read")),
            Some(_) => {}
        }
    }
}

fn polling(
    model: &Model,
    long_running: &LongRunning,
    by_id: &HashMap<&str, &Operation>,
    note: &mut impl FnMut(String),
) {
    let LongRunning {
        operation,
        status,
        succeeded,
        failed,
        details,
        ..
    } = long_running;
    let Some(reader) = by_id.get(operation.as_str()) else {
        return note(format!("long_running: there is no operation {operation}"));
    };
    let Some(target) = reader.target.filter(|_| reader.kind == OperationKind::Get) else {
        return note(format!("long_running: {operation} does not read one entity"));
    };
    let ItemType::Structured(id) = target.item else { return };
    let properties = model.all_properties(id);
    let name = &model.structured(id).name;
    if succeeded.is_empty() {
        note("long_running: no state means success".to_owned());
    }
    match properties.iter().find(|property| property.name == *status) {
        None => note(format!("long_running: {name} has no property {status}")),
        Some(property) => {
            if let ItemType::Enum(id) = property.r#type.item {
                let members = &model.enumeration(id).members;
                for state in succeeded.iter().chain(failed) {
                    if !members.iter().any(|member| member.name == *state) {
                        note(format!(
                            "long_running: {} has no member {state}",
                            model.enumeration(id).name
                        ));
                    }
                }
            }
        }
    }
    if let Some(details) = details {
        let found = properties.iter().find(|property| property.name == *details);
        if !found.is_some_and(|property| property.r#type.collection) {
            note(format!("long_running: {name} has no collection {details}"));
        }
    }
}

fn body(model: &Model, operation: &Operation, note: &mut impl FnMut(String)) {
    let writes = matches!(operation.kind, OperationKind::Create | OperationKind::Update);
    let body = match &operation.body {
        Some(body) if writes => body,
        Some(_) => return note("body is for creating and updating".to_owned()),
        None if writes => return note("body is missing: it says what is written".to_owned()),
        None => return,
    };
    let Some(id) = operation.target.and_then(|target| entity(model, target)) else {
        return;
    };
    let mut seen = std::collections::HashSet::new();
    for name in body.required.iter().chain(&body.optional) {
        if !seen.insert(name) {
            note(format!("body: {name} is named twice"));
        }
        if !writable(model, id, name) {
            let r#type = model.structured(id);
            let derived = r#type.is_abstract && r#type.derived.iter().any(|id| writable(model, *id, name));
            if !derived {
                note(format!("body: {} has no property {name}", r#type.name));
            }
        }
    }
}

/// Whether a body may hold a member: a structural property, or entities that live inside.
fn writable(model: &Model, id: TypeId, name: &str) -> bool {
    model.lineage(id).map(|id| model.structured(id)).any(|r#type| {
        r#type.properties.iter().any(|property| property.name == name)
            || r#type
                .navigation
                .iter()
                .any(|navigation| navigation.contained && navigation.name == name)
    })
}
