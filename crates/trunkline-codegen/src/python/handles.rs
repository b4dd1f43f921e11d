//! Handles: a class per type for one entity and for a collection of them, with what the service offers on each.

use trunkline_spec::model::{ItemType, Operation, TypeId, TypeReference};

use super::text::{docstring, import, literal, python_name};
use super::{CHECKING, hint};
use crate::plan::{Offer, PlacePlan, Plan, Receiver};

/// For whom handles are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Synchronous,
    Asynchronous,
}

impl Flavour {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Synchronous => "",
            Self::Asynchronous => "Async",
        }
    }

    /// Where what the handles stand on is.
    fn home(self) -> &'static str {
        match self {
            Self::Synchronous => ".synchronous",
            Self::Asynchronous => ".._asynchronous",
        }
    }

    /// What a call gives.
    pub(super) fn given(self, value: &str) -> String {
        match self {
            Self::Synchronous => value.to_owned(),
            Self::Asynchronous => format!("Coroutine[Any, Any, {value}]"),
        }
    }
}

/// Names that handles have anyway.
pub(super) const TAKEN: &[&str] = &["path"];

/// The module of a flavour.
pub(super) fn module(plan: &Plan<'_>, flavour: Flavour) -> String {
    let prefix = flavour.prefix();
    let home = flavour.home();
    let place = format!("from {home}.place import {prefix}Place\n");
    let modules: Vec<&str> = plan.modules.iter().map(|module| module.name.as_str()).collect();
    let writer = Writer { plan, flavour };
    let classes: String = plan.places().iter().map(|place| writer.class(place)).collect();
    let list = format!("{prefix}List");
    let running = format!("{prefix}LongRunning");
    let mut text = docstring("Where things are in the graph, and what can be done there.", &[], "");
    text.push_str("\nfrom __future__ import annotations\n\n");
    text.push_str(&import("", ".._native", &["called", "keyed"], &classes));
    text.push_str(&import("", ".._place", &["_query"], &classes));
    text.push_str(&import("", ".._unset", &["UNSET"], &classes));
    text.push_str(&place);
    text.push_str(CHECKING);
    text.push_str("if TYPE_CHECKING:\n");
    for (module, names) in [
        ("typing", &["Any"][..]),
        ("collections.abc", &["Coroutine", "Sequence"]),
        ("datetime", &["date", "datetime", "time", "timedelta"]),
        ("decimal", &["Decimal"]),
        ("uuid", &["UUID"]),
    ] {
        text.push_str(&import("    ", module, names, &classes));
    }
    text.push('\n');
    for (module, name) in [
        (".._native", "Answer"),
        (".._place", "Headers"),
        (".._retry", "Retry"),
        (".._unset", "Unset"),
    ] {
        text.push_str(&import("    ", module, &[name], &classes));
    }
    text.push_str(&import("    ", &format!("{home}.place"), &[&list], &classes));
    text.push_str(&import("    ", &format!("{home}.running"), &[&running], &classes));
    text.push_str(&import("    ", ".", &modules, &classes));
    text.push_str(&classes);
    text
}

/// Writes for one flavour.
pub(super) struct Writer<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) flavour: Flavour,
}

impl Writer<'_, '_> {
    fn class(&self, place: &PlacePlan<'_>) -> String {
        let basis = format!("{}Place", self.flavour.prefix());
        let (name, base, says) = match place.receiver {
            Receiver::Graph => (
                format!("{}Graph", self.flavour.prefix()),
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
        if let Receiver::Entity(id) | Receiver::Collection(id) = place.receiver {
            let lineage = self.plan.model.lineage(id);
            let names: Vec<String> = lineage
                .map(|id| literal(&self.plan.model.structured(id).name.to_string()))
                .collect();
            text.push_str(&format!("    _types: tuple[str, ...] = ({},)\n", names.join(", ")));
        }
        for offer in &place.offers {
            text.push_str(&self.offer(place.receiver, *offer));
        }
        text
    }

    fn handle(&self, id: TypeId, collection: bool) -> String {
        let suffix = if collection { "Collection" } else { "Entity" };
        format!("{}{}{suffix}", self.flavour.prefix(), self.plan.qualified(id))
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
                     return {entity}(self._client, keyed(self._path, key))\n"
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
        let method = python_name(method, TAKEN);
        let said = if documentation.is_empty() {
            format!("`{segment}`.")
        } else {
            documentation.to_owned()
        };
        format!(
            "\n    @property\n    def {method}(self) -> {handle}:\n{}        return {handle}(self._client, self._path + {})\n",
            docstring(&said, &[], "        "),
            literal(&format!("/{segment}"))
        )
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
