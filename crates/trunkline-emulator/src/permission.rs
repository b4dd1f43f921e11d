//! The permissions and directory roles that a call needs.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

use crate::place::Place;

struct Entry {
    delegated: Vec<&'static str>,
    application: Vec<&'static str>,
}

/// The table is text inside the binary, read on first use so that starting costs nothing.
fn table() -> &'static HashMap<String, Entry> {
    static TABLE: OnceLock<HashMap<String, Entry>> = OnceLock::new();
    TABLE.get_or_init(|| {
        include_str!("../data/permissions.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut columns = line.split(' ');
                let key = key(columns.next()?, columns.next()?);
                let mut list = || {
                    Some(
                        columns
                            .next()?
                            .split(',')
                            .filter(|name| *name != "-")
                            .collect::<Vec<&'static str>>(),
                    )
                };
                Some((
                    key,
                    Entry {
                        delegated: list()?,
                        application: list()?,
                    },
                ))
            })
            .collect()
    })
}

/// Paths are compared without regard to case; the published table is not consistent in it.
fn key(method: &str, path: &str) -> String {
    format!("{method} {}", path.to_ascii_lowercase())
}

/// Every permission the table knows, which is what a token without further wishes carries.
pub(crate) fn every(delegated: bool) -> Vec<String> {
    let names: BTreeSet<&str> = table()
        .values()
        .flat_map(|entry| {
            if delegated {
                entry.delegated.iter()
            } else {
                entry.application.iter()
            }
        })
        .copied()
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Whether a caller's permissions let the call through. `is_about_another` says whether the place belongs to another user.
pub(crate) fn permits(caller: &Caller, method: &str, place: &Place, is_about_another: bool) -> bool {
    let Some(pattern) = place.pattern() else { return true };
    let Some(entry) = table().get(&key(method, &pattern)) else {
        return false;
    };
    let accepted = if caller.user.is_some() {
        &entry.delegated
    } else {
        &entry.application
    };
    accepted
        .iter()
        .filter(|name| !(is_about_another && is_of_oneself(name)))
        .any(|name| caller.permissions.iter().any(|held| held.eq_ignore_ascii_case(name)))
}

/// Whether a delegated permission is about the signed-in user alone: `User.Read` and `UserAuthMethod-Phone.ReadWrite` are, with
/// `.All` behind them they are about everybody.
fn is_of_oneself(name: &str) -> bool {
    name.starts_with("User") && !name.ends_with(".All")
}

/// Directory roles with the template ids by which tokens name them.
const ROLES: &[(&str, &str)] = &[
    ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
    ("c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator"),
    (
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
        "Privileged Authentication Administrator",
    ),
    ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"),
    (
        "0526716b-113d-4c15-b2c8-68e3c22b9f80",
        "Authentication Policy Administrator",
    ),
    ("4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader"),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
    ("69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator"),
];

/// The template id of a role given by name; ids pass unchanged.
pub(crate) fn role_id(name: &str) -> String {
    ROLES
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(name))
        .map_or_else(|| name.to_owned(), |(id, _)| (*id).to_owned())
}

fn holds(caller: &Caller, accepted: &[&str]) -> bool {
    let Some(held) = &caller.directory_roles else {
        return true;
    };
    held.iter().any(|id| {
        let name = ROLES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(id))
            .map_or(id.as_str(), |(_, name)| name);
        accepted.iter().any(|role| role.eq_ignore_ascii_case(name))
    })
}

/// Actions that directory roles allow a delegated caller. Callers without the `wids` claim are not examined.
pub(crate) fn role_permits(caller: &Caller, method: &str, place: &Place, target_roles: Option<&[String]>) -> bool {
    const WRITERS: &[&str] = &[
        "Authentication Administrator",
        "Privileged Authentication Administrator",
        "Global Administrator",
    ];
    const PRIVILEGED_WRITERS: &[&str] = &["Privileged Authentication Administrator", "Global Administrator"];
    const READERS: &[&str] = &[
        "Global Reader",
        "Authentication Administrator",
        "Privileged Authentication Administrator",
        "Global Administrator",
    ];
    if caller.user.is_none() || caller.directory_roles.is_none() {
        return true;
    }
    let reads = method == "GET";
    match place {
        Place::Policy | Place::PolicyConfiguration(_) if reads => holds(
            caller,
            &[
                "Global Reader",
                "Authentication Policy Administrator",
                "Global Administrator",
            ],
        ),
        Place::Policy | Place::PolicyConfiguration(_) => {
            holds(caller, &["Authentication Policy Administrator", "Global Administrator"])
        }
        Place::Registrations | Place::Registration(_) | Place::ByFeature(_) | Place::ByMethod(_) => holds(
            caller,
            &[
                "Reports Reader",
                "Security Reader",
                "Security Administrator",
                "Global Reader",
                "Global Administrator",
            ],
        ),
        place if place.is_authentication() => match target_roles {
            // A caller acting on themselves needs no role; the self-service rules are elsewhere.
            None => true,
            Some(_) if reads => holds(caller, READERS),
            Some([]) => holds(caller, WRITERS),
            Some(_) => holds(caller, PRIVILEGED_WRITERS),
        },
        _ => true,
    }
}

/// Whether a caller sees phone numbers only in part: those who read others as Authentication Administrator alone.
pub(crate) fn sees_masked(caller: &Caller) -> bool {
    let Some(held) = &caller.directory_roles else {
        return false;
    };
    !held.is_empty()
        && holds(caller, &["Authentication Administrator"])
        && !holds(
            caller,
            &[
                "Privileged Authentication Administrator",
                "Global Administrator",
                "Global Reader",
            ],
        )
}

/// Covers all but the ends of a phone number, in place.
pub(crate) fn mask_phone(method: &mut Value) {
    let Some(text) = method["phoneNumber"].as_str() else {
        return;
    };
    let Some((country, number)) = text.split_once(' ') else {
        return;
    };
    let digits: Vec<char> = number.chars().collect();
    let kept = digits.len().saturating_sub(2);
    let masked: String = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| if at < kept { 'X' } else { *digit })
        .collect();
    method["phoneNumber"] = Value::String(format!("{country} {masked}"));
}

/// The caller, as its token names it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// The tenant that the token is of; `None` where no token was asked for.
    pub(crate) tenant: Option<String>,
    /// The object id of the signed-in user; `None` for an application.
    pub(crate) user: Option<String>,
    pub(crate) permissions: Vec<String>,
    /// Template ids of directory roles, if the token names any.
    pub(crate) directory_roles: Option<Vec<String>>,
}

impl Caller {
    /// The caller where no token is asked for: an application that may do everything.
    pub(crate) fn unrestricted() -> Self {
        Self {
            permissions: every(false),
            ..Self::default()
        }
    }
}
