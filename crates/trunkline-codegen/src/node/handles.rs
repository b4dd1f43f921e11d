//! Handles: for each type, a class for one entity and a class for a collection, with their operations.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::interface::Reference;
use trunkline_spec::model::TypeId;

use super::methods::{Method, Methods, Parameters, Request};
use super::scope::Member;
use super::text::{Comment, literal, mentions_module, module_alias, module_file, property};
use crate::interface::reference_type;
use crate::plan::{Module, Offer, PlacePlan, Plan, Receiver};

/// The module of all handles.
#[derive(Template)]
#[template(path = "typescript/handles.ts.jinja", escape = "none")]
pub(super) struct Handles<'p, 'm> {
    modules: &'p [Module],
    classes: Vec<Class<'m>>,
    /// The types of texts for which records may stand.
    references: Vec<String>,
}

struct Class<'m> {
    /// Parameters of its methods that no class before it has.
    parameters: Vec<Parameters<'m>>,
    comment: Comment,
    name: String,
    base: Option<String>,
    members: Vec<(Member, MemberKind)>,
}

enum MemberKind {
    /// Leads somewhere else.
    Navigation {
        comment: Comment,
        handle: String,
        /// The segment of the path, as a literal.
        segment: String,
    },
    /// Leads to one of many.
    ById {
        handle: String,
        /// The type of the record that may stand for its key, and the property that is the key.
        record: Option<(String, String)>,
    },
    /// Makes a call.
    Method(Method),
}

impl<'p, 'm> Handles<'p, 'm> {
    pub(super) fn of(plan: &'p Plan<'m>, references: &'p [Reference]) -> Self {
        let places = plan.places();
        let methods = Methods::new(plan, &places, references);
        let mut declared = BTreeSet::new();
        let classes = places.iter().map(|place| {
            let calls = place.offers.iter().filter_map(|offer| match offer {
                Offer::Call(call) if declared.insert(call.callable) => Some(*call),
                _ => None,
            });
            let parameters = calls.filter_map(|call| methods.parameters(call)).collect();
            class(&methods, place, parameters)
        });
        Self {
            classes: classes.collect(),
            modules: &plan.modules,
            references: references.iter().map(reference_type).collect(),
        }
    }
}

/// Whether code mentions a type; in comments does not count.
fn mentions(text: &str, name: &str) -> bool {
    let mut code = text.lines().filter(|line| !line.trim_start().starts_with(['*', '/']));
    code.any(|line| line.split([' ', ',', ';', '<', '>', '(', ')']).any(|word| word == name))
}

fn class<'m>(methods: &Methods<'_, 'm>, place: &PlacePlan<'_>, parameters: Vec<Parameters<'m>>) -> Class<'m> {
    let plan = methods.plan;
    let described = |id: TypeId| &plan.model.structured(id).name;
    let (name, base, says) = match place.receiver {
        Receiver::Graph => (
            "Graph".to_owned(),
            None,
            "Every operation, at the path where Graph documents it.".to_owned(),
        ),
        Receiver::Entity(id) => {
            let base = plan.model.structured(id).base;
            let base = base.map(|base| handle(plan, base, false));
            (handle(plan, id, false), base, format!("One `{}`.", described(id)))
        }
        Receiver::Collection(id) => (
            handle(plan, id, true),
            None,
            format!("A collection of `{}`.", described(id)),
        ),
    };
    let members = place.offers.iter().zip(methods.scope.members(place.receiver));
    let members = members.filter_map(|(offer, member)| Some((member.clone(), kind(methods, place.receiver, *offer)?)));
    Class {
        parameters,
        comment: Comment::of(&says),
        name,
        base,
        members: members.collect(),
    }
}

fn handle(plan: &Plan<'_>, id: TypeId, collection: bool) -> String {
    let suffix = if collection { "Collection" } else { "Entity" };
    format!("{}{suffix}", plan.qualified(id))
}

fn kind(methods: &Methods<'_, '_>, receiver: Receiver, offer: Offer<'_>) -> Option<MemberKind> {
    let kind = match (offer, receiver) {
        (
            Offer::Navigation {
                segment,
                documentation,
                target,
                collection,
                ..
            },
            _,
        ) => MemberKind::Navigation {
            comment: if documentation.is_empty() {
                Comment::of(&format!("`{segment}`."))
            } else {
                Comment::of(documentation)
            },
            handle: handle(methods.plan, target, collection),
            segment: literal(&format!("/{segment}")),
        },
        (Offer::ById(id), _) => MemberKind::ById {
            handle: handle(methods.plan, id, false),
            record: methods.record_with_key(id),
        },
        (Offer::Basic(verb, operation), Receiver::Entity(id) | Receiver::Collection(id)) => {
            MemberKind::Method(methods.basic(verb, id, operation))
        }
        (Offer::Basic(..), Receiver::Graph) => return None,
        (Offer::Call(call), _) => MemberKind::Method(methods.call(call)),
    };
    Some(kind)
}
