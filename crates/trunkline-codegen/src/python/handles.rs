//! Handles: for each type, a class for one entity and a class for a collection, with their operations.

use trunkline_spec::model::{ItemType, Operation, TypeId, TypeReference};

use super::hints::{CHECKING, hint};
use super::text::{docstring, import, literal, python_name};
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

    /// The hint of a method's result.
    pub(super) fn result(self, value: &str) -> String {
        match self {
            Self::Synchronous => value.to_owned(),
            Self::Asynchronous => format!("Coroutine[Any, Any, {value}]"),
        }
    }

    /// The decorator by which the native part takes the step of a property.
    fn decorator(self) -> &'static str {
        match self {
            Self::Synchronous => "    @step\n",
            Self::Asynchronous => "",
        }
    }

    /// The body of a method. Those for callers that await are made of the same functions as those for callers that block,
    /// when they are first needed; they are described and not written again.
    pub(super) fn done(self, body: &str) -> String {
        match self {
            Self::Synchronous => format!("        {body}\n"),
            Self::Asynchronous => String::new(),
        }
    }
}

/// Names that handles have anyway, and the one that their properties are made with.
pub(super) const RESERVED: &[&str] = &["path", "step"];

/// The docstring of a module of handles.
const SAYS: &str = "Where things are in the graph, and what can be done there.";

/// The module of the handles for callers that block.
pub(super) fn module(plan: &Plan<'_>) -> String {
    let writer = Writer {
        plan,
        flavour: Flavour::Synchronous,
    };
    let classes = writer.classes();
    let mut text = docstring(SAYS, &[], "");
    text.push_str("\nfrom __future__ import annotations\n\n");
    text.push_str(&import("", ".._native", &["called", "step"], &classes));
    text.push_str(&import("", ".._place", &["_query"], &classes));
    text.push_str(&import("", ".._unset", &["UNSET"], &classes));
    text.push_str("from .synchronous.place import Place\n");
    text.push_str(CHECKING);
    text.push_str("if TYPE_CHECKING:\n");
    text.push_str(&writer.hints(
        &classes,
        "    ",
        &[
            (".._unset", &["Unset"]),
            (".synchronous.place", &["List"]),
            (".synchronous.running", &["LongRunning"]),
        ],
    ));
    text.push_str(&classes);
    text
}

/// The module of the handles for callers that await.
pub(super) fn asynchronous() -> String {
    let mut text = docstring(SAYS, &[], "");
    text.push_str("\nfrom __future__ import annotations\n\nfrom .._twins import later\n\n");
    text.push_str("__getattr__, __dir__ = later(globals())\n");
    text
}

/// The stub of the handles for callers that await.
pub(super) fn stub(plan: &Plan<'_>) -> String {
    let writer = Writer {
        plan,
        flavour: Flavour::Asynchronous,
    };
    let classes = writer.classes();
    let mut text = docstring(SAYS, &[], "");
    text.push('\n');
    text.push_str(&writer.hints(
        &classes,
        "",
        &[
            (".._unset", &["UNSET", "Unset"]),
            (".._asynchronous.place", &["AsyncList", "AsyncPlace"]),
            (".._asynchronous.running", &["AsyncLongRunning"]),
        ],
    ));
    text.push_str(&classes);
    text
}

/// Writes for one flavour.
pub(super) struct Writer<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) flavour: Flavour,
}

impl Writer<'_, '_> {
    fn classes(&self) -> String {
        self.plan.places().iter().map(|place| self.class(place)).collect()
    }

    /// Imports of what hints name; `own`: what only this flavour has.
    fn hints(&self, classes: &str, indent: &str, own: &[(&str, &[&str])]) -> String {
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
            (".._place", &["Headers"]),
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
        if self.flavour == Flavour::Synchronous {
            text.push_str("\n    __slots__ = ()\n");
            text.push_str(&self.types(place.receiver));
        }
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
                let body = self.flavour.done(&format!("return self._entry({entity}, key)"));
                format!(
                    "\n    def by_id(self, key: str) -> {entity}:\n        \"\"\"The one with this key.\"\"\"\n{body}"
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
        let body = format!("return self._step({handle}, {})", literal(&format!("/{segment}")));
        let decorator = self.flavour.decorator();
        format!(
            "\n    @property\n{decorator}    def {method}(self) -> {handle}:\n{}{}",
            docstring(&said, &[], "        "),
            self.flavour.done(&body)
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
