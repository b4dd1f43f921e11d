//! The changes that rows ask for, and the state of the service.

use std::collections::BTreeMap;

use serde_json::Value;

/// The change that a row of the file asks for, in a type of the campaign's own. People are object ids; one
/// that nobody has is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// The number is the person's; `takes` when it may be taken from somebody.
    Assign {
        number: String,
        user: String,
        location: Option<String>,
        takes: bool,
    },
    /// The number is nobody's.
    Unassign { number: String },
    /// The number has this emergency location.
    Locate { number: String, location: Option<String> },
    /// The person's phone method of the role has the number.
    SetPhone {
        user: String,
        role: &'static str,
        number: String,
    },
    /// The person has no phone method of the role.
    RemovePhone { user: String, role: &'static str },
    /// The person can sign in with a text message, or cannot.
    Sms { user: String, on: bool },
}

/// The number or phone that a row changes. No two rows of a file share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    Number(String),
    Phone(String, String),
    Sms(String),
}

impl Intent {
    pub(crate) fn thing(&self) -> Thing {
        match self {
            Self::Assign { number, .. } | Self::Unassign { number } | Self::Locate { number, .. } => {
                Thing::Number(number.clone())
            }
            Self::SetPhone { user, role, .. } | Self::RemovePhone { user, role } => {
                Thing::Phone(user.clone(), (*role).to_owned())
            }
            Self::Sms { user, .. } => Thing::Sms(user.clone()),
        }
    }

    /// Whether it is so.
    pub(crate) fn holds(&self, truth: &Truth) -> bool {
        match self {
            Self::Assign {
                number, user, location, ..
            } => truth.numbers.get(number).is_some_and(|found| {
                !user.is_empty()
                    && found.holder.as_deref() == Some(user)
                    && found.activation != "assignmentFailed"
                    && (location.is_none() || found.location == *location)
            }),
            Self::Unassign { number } => truth.numbers.get(number).is_some_and(|found| found.holder.is_none()),
            Self::Locate { number, location } => truth
                .numbers
                .get(number)
                .is_some_and(|found| found.location == *location),
            Self::SetPhone { user, role, number } => truth
                .phone(user, role)
                .is_some_and(|found| digits(&found.number) == digits(number)),
            Self::RemovePhone { user, role } => truth.phone(user, role).is_none(),
            Self::Sms { user, on } => truth.phone(user, "mobile").is_some_and(|found| found.is_for_sms) == *on,
        }
    }
}

/// A number without what separates its digits.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(|letter| *letter != ' ').collect()
}

/// The state of the service, as far as rows can be about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) numbers: BTreeMap<String, NumberTruth>,
    /// By person and role.
    pub(crate) phones: BTreeMap<(String, String), PhoneTruth>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumberTruth {
    pub(crate) holder: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) activation: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneTruth {
    pub(crate) number: String,
    pub(crate) is_for_sms: bool,
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl Truth {
    /// Of the state that the emulator shows.
    pub(crate) fn of(state: &Value) -> Self {
        let mut truth = Self::default();
        for number in list(&state["numbers"]) {
            truth.numbers.insert(
                text(&number["telephoneNumber"]).unwrap_or_default(),
                NumberTruth {
                    holder: text(&number["assignmentTargetId"]),
                    location: text(&number["locationId"]),
                    category: text(&number["assignmentCategory"]),
                    status: text(&number["assignmentStatus"]),
                    activation: text(&number["activationState"]).unwrap_or_default(),
                },
            );
        }
        for user in list(&state["users"]) {
            let id = text(&user["id"]).unwrap_or_default();
            for method in list(&user["authentication"]["phoneMethods"]) {
                truth.phones.insert(
                    (id.clone(), text(&method["phoneType"]).unwrap_or_default()),
                    PhoneTruth {
                        number: text(&method["phoneNumber"]).unwrap_or_default(),
                        is_for_sms: method["smsSignInState"] == "ready",
                    },
                );
            }
        }
        truth
    }

    pub(crate) fn phone(&self, user: &str, role: &str) -> Option<&PhoneTruth> {
        self.phones.get(&(user.to_owned(), role.to_owned()))
    }

    /// How a thing is, in words: for the history of a row.
    pub(crate) fn words(&self, thing: &Thing) -> String {
        match thing {
            Thing::Number(number) => self.numbers.get(number).map_or_else(
                || "not there".to_owned(),
                |found| {
                    let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
                    format!(
                        "holder {}, location {}, {}",
                        of(&found.holder),
                        of(&found.location),
                        found.activation
                    )
                },
            ),
            Thing::Phone(user, role) => self.phone(user, role).map_or_else(
                || "absent".to_owned(),
                |found| format!("{} (sms {})", found.number, found.is_for_sms),
            ),
            Thing::Sms(user) => self.words(&Thing::Phone(user.clone(), "mobile".to_owned())),
        }
    }
}
