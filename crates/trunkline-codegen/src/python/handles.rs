//! Handles: for each type, a class for one entity and a class for a collection, with their operations.

use askama::Template;
use trunkline_spec::interface::Reference;
use trunkline_spec::model::{ItemType, Operation, OperationKind, TypeId, TypeReference};

use super::hints::hint;
use super::text::{self, docstring, python_name};
use crate::plan::{AnswerPlan, Answered, Offer, PlacePlan, Plan, Receiver};
use crate::python::flavour::Flavour;
use crate::text::rendered;

/// Names that handles have anyway, and the one that their properties are made with.
pub(super) const RESERVED: &[&str] = &["path", "step"];

#[derive(Template)]
#[template(path = "python/handles.py.jinja", escape = "none")]
struct Handles<'p> {
    f: Flavour,
    modules: Vec<&'p str>,
    classes: Vec<Class>,
}

/// A handle.
struct Class {
    name: String,
    base: String,
    is_collection: bool,
    /// The types that it is for, from the one to what it derives from; the graph has none.
    types: Vec<String>,
    members: Vec<Member>,
}

enum Member {
    Navigation {
        name: String,
        handle: String,
        path: String,
        documentation: String,
    },
    ById {
        handle: String,
        record: String,
    },
    Method(Box<Method>),
}

/// A method that sends a request, or begins a list.
pub(super) struct Method {
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
    /// The hint of its result.
    pub(super) answer: String,
    pub(super) request: Request,
    /// Whether it changes a type whose base can be changed too.
    pub(super) is_override: bool,
    pub(super) facts: Option<Facts>,
}

pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) hint: String,
    pub(super) is_positional: bool,
    pub(super) documentation: String,
}

/// Facts of the spec about an operation, as the docstring of its method has them.
pub(super) struct Facts {
    pub(super) title: String,
    pub(super) documentation: Option<String>,
    /// The arguments of the query options that the service documents.
    pub(super) options: Vec<String>,
    pub(super) result: String,
    pub(super) remarks: String,
    /// The address of its page.
    pub(super) reference: Option<String>,
}

/// The request of a method. `expected`: the index of the expected answer, by which the native part finds it in the
/// description.
pub(super) enum Request {
    Get {
        expected: usize,
    },
    List {
        segment: String,
        item: String,
    },
    /// Creates or updates.
    Body {
        http: &'static str,
        record: String,
        expected: usize,
        item: String,
        names_type: bool,
    },
    Delete {
        expected: usize,
    },
    Function {
        segment: String,
        expected: usize,
    },
    Action {
        path: String,
        expected: usize,
        sent: String,
    },
}

/// The module of the handles for one kind of callers.
pub(super) fn module(plan: &Plan<'_>, references: &[Reference], flavour: Flavour) -> String {
    let writer = Writer {
        plan,
        references,
        flavour,
        answers: plan.answers(),
    };
    let handles = Handles {
        f: flavour,
        modules: plan.modules.iter().map(|module| module.name.as_str()).collect(),
        classes: plan.places().iter().map(|place| writer.class(place)).collect(),
    };
    text::without_unused_imports(&rendered(&handles))
}

/// Collects for one kind of callers.
pub(super) struct Writer<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    /// The records that may stand for texts.
    pub(super) references: &'p [Reference],
    pub(super) flavour: Flavour,
    /// The expected answers, by their index.
    answers: Vec<AnswerPlan>,
}

impl Writer<'_, '_> {
    fn class(&self, place: &PlacePlan<'_>) -> Class {
        let model = self.plan.model;
        let basis = format!("{}Handle", self.flavour.prefix);
        let (name, base, id) = match place.receiver {
            Receiver::Graph => (format!("{}Graph", self.flavour.prefix), basis, None),
            Receiver::Entity(id) => {
                let base = model.structured(id).base;
                let base = base.map_or(basis, |base| self.handle(base, false));
                (self.handle(id, false), base, Some(id))
            }
            Receiver::Collection(id) => (self.handle(id, true), basis, Some(id)),
        };
        let lineage = id.into_iter().flat_map(|id| model.lineage(id));
        let offers = place.offers.iter();
        Class {
            name,
            base,
            is_collection: matches!(place.receiver, Receiver::Collection(_)),
            types: lineage.map(|id| model.structured(id).name.to_string()).collect(),
            members: offers.filter_map(|offer| self.member(place.receiver, *offer)).collect(),
        }
    }

    fn handle(&self, id: TypeId, collection: bool) -> String {
        let suffix = if collection { "Collection" } else { "Entity" };
        format!("{}{}{suffix}", self.flavour.prefix, self.plan.qualified(id))
    }

    fn member(&self, receiver: Receiver, offer: Offer<'_>) -> Option<Member> {
        let member = match (offer, receiver) {
            (
                Offer::Navigation {
                    method,
                    segment,
                    documentation,
                    target,
                    collection,
                },
                _,
            ) => {
                let name_of_segment = format!("`{segment}`.");
                let documentation = if documentation.is_empty() {
                    name_of_segment.as_str()
                } else {
                    documentation
                };
                Member::Navigation {
                    name: python_name(method, RESERVED),
                    handle: self.handle(target, collection),
                    path: format!("/{segment}"),
                    documentation: docstring(documentation, &[], "        "),
                }
            }
            (Offer::ById(id), _) => Member::ById {
                handle: self.handle(id, false),
                record: self.record(id),
            },
            (Offer::Basic(verb, operation), Receiver::Entity(id) | Receiver::Collection(id)) => {
                Member::Method(Box::new(self.basic(verb, id, operation)))
            }
            (Offer::Basic(..), Receiver::Graph) => return None,
            (Offer::Call(call), _) => Member::Method(Box::new(self.call(call))),
        };
        Some(member)
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
        operation.kind == OperationKind::Update
            && self
                .plan
                .model
                .lineage(id)
                .skip(1)
                .any(|base| self.plan.record(base).abilities.updatable)
    }
}
