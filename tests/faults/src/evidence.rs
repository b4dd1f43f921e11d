//! The evidence of a run: state and requests of the service, and the output of the binary.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use trunkline_emulator::{AcceptedOrder, LoggedRequest};

use crate::back::WayBack;
use crate::truth::{Intent, Thing, Truth};
use crate::world::{ROLES, Row};

/// Everything the judge looks at.
#[derive(Clone)]
pub(crate) struct Evidence {
    pub(crate) rows: Vec<Row>,
    /// The state before anything was applied, and long after everything was.
    pub(crate) before: Truth,
    pub(crate) after: Truth,
    /// Every order that the service accepted.
    pub(crate) orders: Vec<AcceptedOrder>,
    /// Every request since applying began, in order.
    pub(crate) requests: Vec<LoggedRequest>,
    /// When a process was killed, by the emulator's clock.
    pub(crate) kills: Vec<Timestamp>,
    /// The output of `bulk report`: the run, and each row.
    pub(crate) header: Value,
    pub(crate) report: Vec<Value>,
    /// The plan, a row each, for stories.
    pub(crate) plan: BTreeMap<u32, Value>,
    /// How the last `bulk resume` ended.
    pub(crate) exit_code: Option<i32>,
    /// Whether a change may be sent again whose answer was lost.
    pub(crate) repeats: bool,
    /// Whether faults struck while it was planned.
    pub(crate) was_planned_in_faults: bool,
    /// Whether the tenant keeps released numbers from being assigned.
    pub(crate) is_blocking: bool,
    /// Whether the last process said that it takes no further number, and nobody released the brake.
    pub(crate) is_braked: bool,
    /// How the run was undone.
    pub(crate) way_back: Option<WayBack>,
}

/// A change that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    Assign(String, String),
    Unassign(String),
    Locate(String),
    SetPhone(String, String),
    RemovePhone(String, String),
    Sms(String, bool),
    /// Something that no row can ask for.
    Other(String),
}

impl Change {
    /// The change that a request asks for; `None` for one that reads.
    pub(crate) fn of(request: &LoggedRequest) -> Option<Self> {
        if request.method == "GET" || request.path.ends_with("/$batch") {
            return None;
        }
        let body = |name: &str| -> String {
            let value = request.body.as_ref().and_then(|body| body[name].as_str());
            value.unwrap_or_default().to_owned()
        };
        let parts: Vec<&str> = request.path.split('/').collect();
        let other = || Self::Other(format!("{} {}", request.method, request.path));
        Some(match (request.method.as_str(), parts.as_slice()) {
            ("POST", [.., "assignNumber"]) => Self::Assign(plus(&body("telephoneNumber")), body("assignmentTargetId")),
            ("POST", [.., "unassignNumber"]) => Self::Unassign(plus(&body("telephoneNumber"))),
            ("POST", [.., "updateNumber"]) => Self::Locate(plus(&body("telephoneNumber"))),
            ("POST", [.., user, "authentication", "phoneMethods"]) => {
                Self::SetPhone((*user).to_owned(), body("phoneType"))
            }
            ("PATCH", [.., user, "authentication", "phoneMethods", id]) => Self::SetPhone((*user).to_owned(), role(id)),
            ("DELETE", [.., user, "authentication", "phoneMethods", id]) => {
                Self::RemovePhone((*user).to_owned(), role(id))
            }
            ("POST", [.., user, "authentication", "phoneMethods", _, action]) if action.ends_with("ableSmsSignIn") => {
                Self::Sms((*user).to_owned(), action.starts_with("enable"))
            }
            _ => other(),
        })
    }

    pub(crate) fn thing(&self) -> Option<Thing> {
        Some(match self {
            Self::Assign(number, _) | Self::Unassign(number) | Self::Locate(number) => Thing::Number(number.clone()),
            Self::SetPhone(user, role) | Self::RemovePhone(user, role) => Thing::Phone(user.clone(), role.clone()),
            Self::Sms(user, _) => Thing::Sms(user.clone()),
            Self::Other(_) => return None,
        })
    }

    /// Whether it makes a thing or an order: the service would make a second one. The others set something to a value.
    pub(crate) fn is_order(&self) -> bool {
        matches!(self, Self::Assign(..) | Self::Unassign(_))
    }

    /// The changes that a row may lead to, each once.
    pub(crate) fn of_intent(intent: &Intent) -> Vec<Self> {
        match intent {
            Intent::Assign {
                number,
                user,
                location,
                takes,
            } => {
                let mut changes = vec![Self::Assign(number.clone(), user.clone())];
                if *takes {
                    changes.push(Self::Unassign(number.clone()));
                }
                if location.is_some() {
                    changes.push(Self::Locate(number.clone()));
                }
                changes
            }
            Intent::Unassign { number } => vec![Self::Unassign(number.clone())],
            Intent::Locate { number, .. } => vec![Self::Locate(number.clone())],
            Intent::SetPhone { user, role, .. } => vec![Self::SetPhone(user.clone(), (*role).to_owned())],
            Intent::RemovePhone { user, role } => vec![Self::RemovePhone(user.clone(), (*role).to_owned())],
            Intent::Sms { user, on } => vec![Self::Sms(user.clone(), *on)],
        }
    }
}

/// A number in the one form in which states and orders have it.
fn plus(number: &str) -> String {
    format!("+{}", number.trim_start_matches('+'))
}

fn role(id: &str) -> String {
    let known = ROLES.iter().find(|known| known.1.eq_ignore_ascii_case(id));
    known.map_or_else(|| id.to_owned(), |known| known.0.to_owned())
}

/// Whether the service carried a request out.
pub(crate) fn is_carried_out(request: &LoggedRequest) -> bool {
    (200..300).contains(&request.carried_out)
}

impl Evidence {
    /// Whether the process that sent a request may never have understood its answer: a fault struck it, or the process was
    /// killed while it was on its way. A request of a process that is dead may come a moment after the kill.
    pub(crate) fn may_be_lost(&self, request: &LoggedRequest) -> bool {
        // A second of the world's time at the campaign's speed: no process keeps an answer longer without journalling it,
        // even on a computer that is busy.
        let window = jiff::SignedDuration::from_secs(i64::from(crate::fault_mix::FACTOR));
        let Ok(at) = request.at.parse::<Timestamp>() else {
            return true;
        };
        !request.faults.is_empty() || self.kills.iter().any(|kill| kill.duration_since(at).abs() <= window)
    }

    /// The requests that would change a thing.
    pub(crate) fn changes_of(&self, thing: &Thing) -> impl Iterator<Item = (&LoggedRequest, Change)> {
        self.requests.iter().filter_map(move |request| {
            let change = Change::of(request)?;
            (change.thing().as_ref() == Some(thing)).then_some((request, change))
        })
    }
}
