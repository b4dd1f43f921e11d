//! Names of members and parameter types that must differ between a class and its base, as TypeScript requires.

use std::collections::BTreeMap;

use trunkline_spec::model::{CallableId, TypeId};

use super::text::camel;
use crate::names::{Names, upper_camel_case};
use crate::plan::{Offer, PlacePlan, Plan, Receiver, Verb};

/// Names that places and objects have anyway.
const RESERVED: &str = "\
    path connection withKey called request listing constructor then toString toLocaleString toJSON valueOf \
    hasOwnProperty isPrototypeOf propertyIsEnumerable byId get update delete list create";

/// A member.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its name.
    pub(super) name: String,
    /// Whether what the class derives from has it too.
    pub(super) overrides: bool,
}

/// The names that are given.
pub(super) struct Scope {
    /// One per offer, by place.
    members: BTreeMap<Receiver, Vec<Member>>,
    /// Of parameter lists.
    parameters: BTreeMap<CallableId, String>,
}

/// The members of a class, those it derives from included.
#[derive(Clone)]
struct Known {
    names: Names,
    verbs: Vec<Verb>,
    calls: BTreeMap<CallableId, String>,
}

impl Scope {
    /// Gives all names. Bases stand before what derives from them.
    pub(super) fn new(plan: &Plan<'_>, places: &[PlacePlan<'_>]) -> Self {
        let mut known: BTreeMap<TypeId, Known> = BTreeMap::new();
        let mut members = BTreeMap::new();
        let mut lists = Names::without(&[
            "Call",
            "CallOptions",
            "List",
            "LongRunning",
            "Place",
            "QueryOptions",
            "Written",
        ]);
        let mut parameters = BTreeMap::new();
        for place in places {
            let (mut has, id) = match place.receiver {
                Receiver::Entity(id) => {
                    let base = plan.model.structured(id).base;
                    (
                        base.and_then(|base| known.get(&base))
                            .cloned()
                            .unwrap_or_else(Known::new),
                        Some(id),
                    )
                }
                _ => (Known::new(), None),
            };
            let given = place.offers.iter().map(|offer| has.member(*offer)).collect();
            members.insert(place.receiver, given);
            if let Some(id) = id {
                known.insert(id, has);
            }
            for offer in &place.offers {
                if let Offer::Call(call) = offer
                    && !plan.model.callable(call.callable).parameters.is_empty()
                    && !parameters.contains_key(&call.callable)
                {
                    let plain = upper_camel_case(&call.method);
                    let of = match place.receiver {
                        Receiver::Graph => "Graph".to_owned(),
                        Receiver::Entity(id) | Receiver::Collection(id) => plan.qualified(id),
                    };
                    let wanted = [format!("{plain}Parameters"), format!("{of}{plain}Parameters")];
                    parameters.insert(call.callable, lists.claim_camel(&wanted));
                }
            }
        }
        Self { members, parameters }
    }

    /// The members of a place, one per offer.
    pub(super) fn members(&self, receiver: Receiver) -> &[Member] {
        self.members.get(&receiver).map_or(&[], Vec::as_slice)
    }

    /// The name of a parameter list; none without parameters.
    pub(super) fn parameters(&self, callable: CallableId) -> Option<&str> {
        self.parameters.get(&callable).map(String::as_str)
    }
}

impl Known {
    fn new() -> Self {
        let reserved: Vec<&str> = RESERVED.split(' ').collect();
        Self {
            names: Names::without(&reserved),
            verbs: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    fn member(&mut self, offer: Offer<'_>) -> Member {
        let (name, overrides) = match offer {
            Offer::ById(_) => ("byId".to_owned(), false),
            Offer::Basic(verb, _) => {
                let overrides = self.verbs.contains(&verb);
                self.verbs.push(verb);
                let name = match verb {
                    Verb::Get => "get",
                    Verb::Update => "update",
                    Verb::Delete => "delete",
                    Verb::List => "list",
                    Verb::Create => "create",
                };
                (name.to_owned(), overrides)
            }
            Offer::Navigation { method, .. } => (self.claim(method), false),
            Offer::Call(call) => match self.calls.get(&call.callable) {
                Some(name) => (name.clone(), true),
                None => {
                    let name = self.claim(&call.method);
                    self.calls.insert(call.callable, name.clone());
                    (name, false)
                }
            },
        };
        Member { name, overrides }
    }

    fn claim(&mut self, method: &str) -> String {
        self.names.claim(&[camel(method)], "_")
    }
}
