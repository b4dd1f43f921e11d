//! Actions and functions.

use super::Comparer;
use super::structured::nullable;
use crate::model::{Callable, CallableId, CallableKind, Cloud, Model, OperationKind, Returns};
use crate::spec::DifferenceKind;

impl Comparer<'_> {
    /// Compares all actions and functions the spec declares.
    pub(super) fn callables(&mut self) {
        let ours = self.ours;
        for (id, callable) in (0..).map(CallableId).zip(&ours.callables) {
            let wanted = self.cloud == Cloud::Global || self.is_offered(id);
            self.comparison.counts.callables += 1;
            self.callable(callable, wanted);
        }
    }

    /// Whether an operation that calls it is offered in this cloud.
    fn is_offered(&self, id: CallableId) -> bool {
        self.ours.operations.iter().any(|operation| {
            let calls = operation.kind == OperationKind::Action(id) || operation.kind == OperationKind::Function(id);
            calls && operation.paths.iter().any(|path| self.is_here(&path.clouds))
        })
    }

    fn callable(&mut self, ours: &Callable, wanted: bool) {
        let kind = DifferenceKind::Action;
        let theirs = self.theirs;
        let binding = |model: &Model, callable: &Callable| callable.binding.map(|binding| model.type_name(binding));
        let own_binding = binding(self.ours, ours);
        let same_binding: Vec<&Callable> = theirs
            .callables_named(&ours.name)
            .map(|(_, callable)| callable)
            .filter(|callable| callable.kind == ours.kind && binding(theirs, callable) == own_binding)
            .collect();
        let subject = ours.name.to_string();
        let names = |callable: &Callable| -> Vec<String> {
            callable
                .parameters
                .iter()
                .map(|parameter| parameter.name.clone())
                .collect()
        };
        let own_names = names(ours);
        let here = ours.binding.is_none_or(|binding| self.is_type_here(binding.item));
        let Some(other) = same_binding
            .iter()
            .find(|callable| names(callable) == own_names)
            .or(same_binding.first())
        else {
            if wanted {
                let what = match ours.kind {
                    CallableKind::Action => "an action",
                    CallableKind::Function => "a function",
                };
                let bound = own_binding.map_or(String::new(), |binding| format!(" bound to {binding}"));
                self.differs(
                    kind,
                    &subject,
                    "nothing of that name, kind and binding",
                    format!("{what}{bound}"),
                );
            } else if here {
                self.note(
                    kind,
                    &subject,
                    "this cloud does not have it, and no operation offers it there",
                    true,
                );
            }
            return;
        };
        let found_names = names(other);
        if found_names != own_names {
            return self.differs(
                kind,
                &subject,
                format!("parameters {found_names:?}"),
                format!("{own_names:?}"),
            );
        }
        for (own, found) in ours.parameters.iter().zip(&other.parameters) {
            self.comparison.counts.parameters += 1;
            let words = |text: &String| format!("{}: {text}", own.name);
            let found_type = theirs.type_name(found.r#type);
            let own_type = self.ours.type_name(own.r#type);
            self.same(kind, &subject, found_type, own_type, words);
            self.same(
                kind,
                &subject,
                nullable(&found.nullable),
                nullable(&own.nullable),
                words,
            );
        }
        let returns = |model: &Model, returns: Option<Returns>| match returns {
            None => "no result".to_owned(),
            Some(returns) => format!(
                "the result {}, {}",
                model.type_name(returns.r#type),
                nullable(&returns.nullable)
            ),
        };
        let found = returns(theirs, other.returns);
        let own = returns(self.ours, ours.returns);
        self.same(kind, &subject, found, own, String::clone);
        self.same(kind, &subject, other.composable, ours.composable, |composable| {
            if *composable { "composable" } else { "not composable" }.to_owned()
        });
    }
}
