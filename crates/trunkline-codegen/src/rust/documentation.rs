//! Documentation of methods and types, from the operations of the spec.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{Model, Operation, OperationKind, OperationPath, Permissions, TypeId};

use super::arguments;
use super::example;
use super::scope::Scope;
use crate::facts;
use crate::plan::{CallPlan, Receiver};
use crate::text::{Documentation, code, sentence};

/// Documentation of a method that invokes an action or a function.
pub(super) fn of_call(scope: &Scope<'_, '_>, call: &CallPlan<'_>) -> Documentation {
    let model = scope.plan.model;
    let callable = model.callable(call.callable);
    let operation = call.operations.first().and_then(|index| model.operations.get(*index));
    let mut text = Documentation::default();
    match operation {
        Some(operation) => {
            text.paragraph(&sentence(&operation.title));
            text.paragraph(&operation.documentation);
        }
        None if callable.documentation.is_empty() => text.paragraph(&format!("{}.", code(&callable.name.to_string()))),
        None => text.paragraph(&callable.documentation),
    }
    if !callable.parameters.is_empty() && (operation.is_some() || !callable.documentation.is_empty()) {
        text.heading("Arguments");
        let items: Vec<String> = match &call.body {
            Some(body) => body
                .fields
                .iter()
                .map(|field| match &field.setter {
                    None => arguments::item(&field.ident, &field.parameter.documentation),
                    Some(setter) => format!(
                        "{} (optional, a method of the call)",
                        arguments::item(setter, &field.parameter.documentation)
                    ),
                })
                .collect(),
            None => callable
                .parameters
                .iter()
                .zip(&call.arguments)
                .map(|(parameter, name)| arguments::item(name, &parameter.documentation))
                .collect(),
        };
        text.list(items.iter().map(String::as_str));
    }
    if let Some(operation) = operation {
        facts_of(&mut text, model, operation);
        if let Some(example) = example::of_call(scope, call, operation) {
            text.heading("Example");
            text.verbatim(example);
        }
    }
    text
}

/// Results, failures, permissions, clouds and reference of an operation.
fn facts_of(text: &mut Documentation, model: &Model, operation: &Operation) {
    text.heading("Returns");
    text.paragraph(&facts::result(model, operation));
    text.heading("Errors");
    text.paragraph(&facts::repetition(operation));
    if let Some(path) = operation.paths.first() {
        text.heading("Permissions");
        text.list(facts::permissions(path).iter().map(String::as_str));
        if !operation.roles.is_empty() {
            text.paragraph(&format!(
                "Directory roles, the least privileged first: {}.",
                operation.roles.join(", ")
            ));
        }
        if operation.recent_sign_in {
            text.paragraph(facts::RECENT_SIGN_IN);
        }
        text.heading("Clouds");
        text.paragraph(&sentence(&facts::clouds(&operation.paths)));
    }
    if let Some(reference) = &operation.reference {
        text.verbatim([format!("[Reference]({})", facts::reference(reference))]);
    }
}

/// The attribute `#[deprecated]` of a call, if its operation is deprecated.
pub(super) fn deprecation(scope: &Scope<'_, '_>, call: &CallPlan<'_>) -> TokenStream {
    let operations = call
        .operations
        .iter()
        .filter_map(|index| scope.plan.model.operations.get(*index));
    match operations.filter_map(|operation| operation.deprecated.as_ref()).next() {
        Some(note) => quote!(#[deprecated(note = #note)]),
        None => TokenStream::new(),
    }
}

/// The operations of a type as a table; nothing when there are none.
pub(super) fn operations_of(scope: &Scope<'_, '_>, id: TypeId, calls: &[&CallPlan<'_>]) -> Option<Vec<String>> {
    let mut rows = Vec::new();
    for operation in &scope.plan.model.operations {
        let Some(target) = operation
            .target
            .filter(|target| target.item == trunkline_spec::model::ItemType::Structured(id))
        else {
            continue;
        };
        let receiver = if target.collection {
            Receiver::Collection(id)
        } else {
            Receiver::Entity(id)
        };
        let method = match operation.kind {
            OperationKind::Get => "get",
            OperationKind::List => "list",
            OperationKind::Create => "create",
            OperationKind::Update => "update",
            OperationKind::Delete => "delete",
            OperationKind::Batch => continue,
            OperationKind::Action(callable) | OperationKind::Function(callable) => {
                match calls
                    .iter()
                    .find(|call| call.callable == callable && call.receiver == receiver)
                {
                    Some(call) => call.method.as_str(),
                    None => continue,
                }
            }
        };
        let method = scope.method_link(receiver, method);
        let title = match &operation.reference {
            Some(reference) => format!("[{}]({})", cell(&operation.title), facts::reference(reference)),
            None => cell(&operation.title),
        };
        for path in &operation.paths {
            rows.push(format!(
                "| {method} | {title} | {} | {} | {} |",
                request(operation, path),
                least_permissions(path),
                facts::cloud_names(&path.clouds)
            ));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let head = [
        "| Method | Operation | Request | Least permission | Clouds |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    Some(head.into_iter().chain(rows).collect())
}

fn request(operation: &Operation, path: &OperationPath) -> String {
    format!("`{} {}`", operation.method.name(), cell(&path.path).replace('`', ""))
}

fn least_permissions(path: &OperationPath) -> String {
    let scheme = |name: &str, permissions: &Option<Permissions>| {
        permissions.as_ref().map(|permissions| {
            format!(
                "{name}: {}",
                permissions
                    .least
                    .iter()
                    .map(|one| code(one))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        })
    };
    let schemes = [
        scheme("delegated", &path.delegated),
        scheme("application", &path.application),
    ];
    schemes.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn cell(text: &str) -> String {
    crate::text::escaped(text).replace('|', "\\|")
}
