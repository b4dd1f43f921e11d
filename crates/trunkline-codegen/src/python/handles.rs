//! Handles: for each type, a class for one entity and a class for a collection, with their operations.

use trunkline_spec::model::{ItemType, Operation, TypeId, TypeReference};

use super::hints::{CHECKING, hint};
use super::text::{docstring, import, literal, python_name};
use crate::plan::{AnswerPlan, Answered, Offer, PlacePlan, Plan, Receiver};
use crate::python::flavour::Flavour;

/// Names that handles have anyway, and the one that their properties are made with.
pub(super) const RESERVED: &[&str] = &["path", "step"];

/// The docstring of a module of handles.
const SAYS: &str = "Where things are in the graph, and what can be done there.";

/// The module of the handles for one kind of callers.
pub(super) fn module(plan: &Plan<'_>, flavour: Flavour) -> String {
    let writer = Writer {
        plan,
        flavour,
        answers: plan.answers(),
    };
    let Flavour { prefix, module, .. } = flavour;
    let classes = writer.classes();
    let (list, running) = (format!("{prefix}List"), format!("{prefix}LongRunning"));
    let mut text = docstring(SAYS, &[], "");
    text.push_str("\nfrom __future__ import annotations\n\n");
    text.push_str(&import("", ".._lists", &["query_options"], &classes));
    text.push_str(&import("", ".._native", &["called", "step"], &classes));
    text.push_str(&import("", ".._unset", &["UNSET"], &classes));
    text.push_str(&format!("from .{module}lists import {prefix}Handle\n"));
    text.push_str(CHECKING);
    text.push_str("if TYPE_CHECKING:\n");
    text.push_str(&writer.hints(
        &classes,
        &[
            (".._unset", &["Unset"]),
            (&format!(".{module}lists"), &[&list]),
            (&format!(".{module}running"), &[&running]),
        ],
    ));
    text.push_str(&classes);
    text
}

/// Writes for one kind of callers.
pub(super) struct Writer<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) flavour: Flavour,
    /// The expected answers, by their index.
    answers: Vec<AnswerPlan>,
}

impl Writer<'_, '_> {
    fn classes(&self) -> String {
        self.plan.places().iter().map(|place| self.class(place)).collect()
    }

    /// Imports of what hints name; `own`: what only this flavour has.
    fn hints(&self, classes: &str, own: &[(&str, &[&str])]) -> String {
        let indent = "    ";
        let mut text = String::new();
        for (module, names) in [
            ("typing", &["Any"][..]),
            ("collections.abc", &["Coroutine", "Sequence"]),
            ("datetime", &["date", "datetime", "time", "timedelta"]),
            ("decimal", &["Decimal"]),
            ("uuid", &["UUID"]),
        ] {
            text.push_str(&import(indent, module, names, classes));
        }
        text.push('\n');
        let shared = [
            (".._native", &["Answer"][..]),
            (".._lists", &["Headers"]),
            (".._retry", &["Retry"]),
        ];
        for (module, names) in shared.iter().chain(own) {
            text.push_str(&import(indent, module, names, classes));
        }
        let modules: Vec<&str> = self.plan.modules.iter().map(|module| module.name.as_str()).collect();
        text.push_str(&import(indent, ".", &modules, classes));
        text
    }

    fn class(&self, place: &PlacePlan<'_>) -> String {
        let basis = format!("{}Handle", self.flavour.prefix);
        let (name, base, says) = match place.receiver {
            Receiver::Graph => (
                format!("{}Graph", self.flavour.prefix),
                basis,
                "Every operation, at the path where Graph documents it.".to_owned(),
            ),
            Receiver::Entity(id) => {
                let described = self.plan.model.structured(id);
                let base = described.base.map_or(basis, |base| self.handle(base, false));
                (self.handle(id, false), base, format!("One `{}`.", described.name))
            }
            Receiver::Collection(id) => {
                let described = self.plan.model.structured(id);
                let says = format!("A collection of `{}`.", described.name);
                (self.handle(id, true), basis, says)
            }
        };
        let mut text = format!("\n\nclass {name}({base}):\n");
        text.push_str(&docstring(&says, &[], "    "));
        text.push_str("\n    __slots__ = ()\n");
        text.push_str(&self.types(place.receiver));
        for offer in &place.offers {
            text.push_str(&self.offer(place.receiver, *offer));
        }
        text
    }

    /// The types that a handle is for, from the one to what it derives from.
    fn types(&self, receiver: Receiver) -> String {
        let (Receiver::Entity(id) | Receiver::Collection(id)) = receiver else {
            return String::new();
        };
        let lineage = self.plan.model.lineage(id);
        let names: Vec<String> = lineage
            .map(|id| literal(&self.plan.model.structured(id).name.to_string()))
            .collect();
        format!("    _types: tuple[str, ...] = ({},)\n", names.join(", "))
    }

    fn handle(&self, id: TypeId, collection: bool) -> String {
        let suffix = if collection { "Collection" } else { "Entity" };
        format!("{}{}{suffix}", self.flavour.prefix, self.plan.qualified(id))
    }

    fn offer(&self, receiver: Receiver, offer: Offer<'_>) -> String {
        match (offer, receiver) {
            (
                Offer::Navigation {
                    method,
                    segment,
                    documentation,
                    target,
                    collection,
                },
                _,
            ) => self.navigation(method, segment, documentation, &self.handle(target, collection)),
            (Offer::ById(id), _) => {
                let entity = self.handle(id, false);
                format!(
                    "\n    def by_id(self, key: str) -> {entity}:\n        \"\"\"The one with this key.\"\"\"\n        \
                     return self._entry({entity}, key)\n"
                )
            }
            (Offer::Basic(verb, operation), Receiver::Entity(id) | Receiver::Collection(id)) => {
                self.basic(verb, id, operation)
            }
            (Offer::Basic(..), Receiver::Graph) => String::new(),
            (Offer::Call(call), _) => self.call(call),
        }
    }

    fn navigation(&self, method: &str, segment: &str, documentation: &str, handle: &str) -> String {
        let method = python_name(method, RESERVED);
        let said = if documentation.is_empty() {
            format!("`{segment}`.")
        } else {
            documentation.to_owned()
        };
        format!(
            "\n    @property\n    @step\n    def {method}(self) -> {handle}:\n{}        return self._step({handle}, {})\n",
            docstring(&said, &[], "        "),
            literal(&format!("/{segment}")),
        )
    }

    /// The index of an expected answer, by which the native part finds it in the description.
    pub(super) fn expected(&self, answered: Answered) -> usize {
        self.plan.answer_index(&self.answers, answered)
    }

    /// The hint of a record, as callers get it.
    pub(super) fn record(&self, id: TypeId) -> String {
        let r#type = TypeReference {
            item: ItemType::Structured(id),
            collection: false,
        };
        hint(self.plan, r#type, None, false)
    }

    /// Whether it changes a type whose base can be changed too.
    pub(super) fn is_override(&self, operation: &Operation) -> bool {
        let Some(TypeReference {
            item: ItemType::Structured(id),
            ..
        }) = operation.target
        else {
            return false;
        };
        operation.kind == trunkline_spec::model::OperationKind::Update
            && self
                .plan
                .model
                .lineage(id)
                .skip(1)
                .any(|base| self.plan.record(base).abilities.updatable)
    }
}
