//! The places of operations, and who may call them there.

use std::collections::HashSet;

use toml::Spanned;

use super::operation_checks;
use super::operation_document::PathEntry;
use super::operations::{Operations, Reading};
use crate::model::{OperationKind, OperationPath, Permissions, TypeReference};
use crate::place::Problems;
use crate::walk::{End, walk};

impl Operations<'_> {
    /// Reads one place of an operation.
    pub(super) fn path(
        &mut self,
        reading: &Reading<'_>,
        entry: Spanned<PathEntry>,
        kind: OperationKind,
        target: Option<TypeReference>,
        method: crate::model::Method,
    ) -> OperationPath {
        let place = reading.source.place(entry.span());
        let PathEntry {
            path,
            clouds,
            permissions,
        } = entry.into_inner();
        let span = path.span();
        let path = path.into_inner();
        self.problems
            .clouds(&place, format_args!("{}: {path}", reading.id), &clouds);
        if let Some(reason) = self.misses(&path, kind, target) {
            self.problem_at(reading, span.clone(), &reason);
        }
        let address = (method.name(), path.clone());
        if let Some(other) = self.addresses.insert(address, reading.id.clone()) {
            self.problem_at(reading, span, &format!("{path} is claimed by {other} already"));
        }
        let free = kind == OperationKind::Batch;
        let delegated = permissions
            .delegated
            .map(|entry| self.permissions(reading, entry, free));
        let application = permissions
            .application
            .map(|entry| self.permissions(reading, entry, free));
        if delegated.is_none() && application.is_none() {
            self.problems
                .add(&place, format!("{}: {path} is offered to nobody", reading.id));
        }
        OperationPath {
            path,
            clouds,
            delegated,
            application,
        }
    }

    /// The reason why a path does not lead to the operation's target.
    fn misses(&self, path: &str, kind: OperationKind, target: Option<TypeReference>) -> Option<String> {
        let Some(target) = target else {
            return (path != "/$batch").then(|| format!("{path}: a batch is sent to /$batch"));
        };
        let end = match walk(self.model, path) {
            Ok(end) => end,
            Err(reason) => return Some(reason),
        };
        let wanted = operation_checks::entity(self.model, target);
        let fits = match (kind, &end) {
            (OperationKind::Action(id) | OperationKind::Function(id), End::Call(overloads, on)) => {
                overloads.contains(&id) && *on == target
            }
            (OperationKind::Get | OperationKind::Update | OperationKind::Delete, End::Literal(id)) => {
                !target.collection && wanted.is_some_and(|wanted| self.model.is_a(wanted, *id))
            }
            (OperationKind::Get | OperationKind::Update | OperationKind::Delete, End::Entity(_))
            | (OperationKind::List | OperationKind::Create, End::Collection(_)) => end.reference() == target,
            _ => false,
        };
        (!fits).then(|| {
            let found = self.model.type_name(end.reference());
            let called = if matches!(end, End::Call(..)) { "a call on " } else { "" };
            format!(
                "{path} leads to {called}{found}, not to what is meant on {}",
                self.model.type_name(target)
            )
        })
    }

    fn permissions(&mut self, reading: &Reading<'_>, entry: Spanned<Permissions>, free: bool) -> Permissions {
        let span = entry.span();
        let permissions = entry.into_inner();
        let all: Vec<&String> = permissions.least.iter().chain(&permissions.higher).collect();
        if permissions.least.is_empty() && !free {
            self.problem_at(
                reading,
                span.clone(),
                "permissions: least is empty; an absent scheme is not offered",
            );
        }
        if all.iter().collect::<HashSet<_>>().len() != all.len() {
            self.problem_at(reading, span.clone(), "permissions: a permission is named twice");
        }
        if all.iter().any(|name| name.trim().is_empty()) {
            self.problem_at(reading, span, "permissions: a permission is empty");
        }
        permissions
    }
}
