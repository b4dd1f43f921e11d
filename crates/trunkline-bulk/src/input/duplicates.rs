//! Rows that want different things of the same number or user, and rows that say the same twice.

use std::collections::HashMap;

use trunkline::Change;
use trunkline::phones::PhoneRole;

use super::problem::ProblemKind;
use super::row::Row;

/// The number, phone or person that a row changes, by its number or its user's name in lower case. Two different rows of one
/// file may not change the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Claim {
    /// Who holds a number.
    Holder(String),
    /// Where a number is.
    Location(String),
    /// A user's primary number.
    Primary(String),
    /// A user's phone method.
    Phone(PhoneRole, String),
    /// Whether a user signs in with a text message.
    SignIn(String),
    /// A user's policy of a kind.
    Policy(String, String),
}

impl Claim {
    /// Everything that a change lays claim to.
    fn all(change: &Change) -> Vec<Self> {
        let user = || {
            change
                .person()
                .map_or_else(String::new, |user| user.name.to_ascii_lowercase())
        };
        match change {
            Change::Assign {
                number,
                location,
                category,
                ..
            } => {
                let mut claims = Vec::with_capacity(3);
                if !number.is_empty() {
                    claims.push(Self::Holder(number.clone()));
                    if location.is_some() {
                        claims.push(Self::Location(number.clone()));
                    }
                }
                if matches!(category.as_deref(), None | Some("primary")) {
                    claims.push(Self::Primary(user()));
                }
                claims
            }
            Change::Unassign { number, .. } => vec![Self::Holder(number.clone())],
            Change::SetLocation { number, .. } => vec![Self::Location(number.clone())],
            Change::SetPhone { role, .. } | Change::RemovePhone { role, .. } => vec![Self::Phone(*role, user())],
            Change::SmsSignIn { .. } => vec![Self::SignIn(user())],
            Change::SetPolicy { policy_type, .. } | Change::ClearPolicy { policy_type, .. } => {
                vec![Self::Policy(policy_type.clone(), user())]
            }
        }
    }

    /// Whether two rows with the same claim can both be true: that a number is assigned in one row and gets its location in
    /// another is fine if the locations are one.
    fn agrees(&self, change: &Change, other: &Change) -> bool {
        matches!(self, Self::Location(_)) && location(change) == location(other)
    }

    fn broken(&self) -> ProblemKind {
        match self {
            Self::Holder(_) => ProblemKind::NumberTwice,
            Self::Location(_) => ProblemKind::LocationTwice,
            Self::Primary(_) => ProblemKind::UserTwice,
            Self::Phone(..) => ProblemKind::PhoneTwice,
            Self::SignIn(_) => ProblemKind::SignInTwice,
            Self::Policy(..) => ProblemKind::PolicyTwice,
        }
    }
}

fn location(change: &Change) -> Option<&String> {
    match change {
        Change::Assign { location, .. } | Change::SetLocation { location, .. } => location.as_ref(),
        _ => None,
    }
}

/// Whether two rows ask for the same of the same user, however their names are written.
fn say_the_same(change: &Change, other: &Change) -> bool {
    let folded = |change: &Change| {
        let mut change = change.clone();
        if let Some(person) = change.person_mut() {
            person.name.make_ascii_lowercase();
        }
        change
    };
    folded(change) == folded(other)
}

/// The claims of the rows so far, with the place of the row that made each.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    claimed: HashMap<Claim, u32>,
}

impl Duplicates {
    /// Lays claim for a row that is to become `rows[rows.len()]`. Otherwise says which problem it has with the row of
    /// which line, and claims nothing.
    pub(super) fn claim(&mut self, rows: &[Row], row: &Row) -> Result<(), (ProblemKind, u32)> {
        let claims = Claim::all(&row.change);
        for claim in &claims {
            let Some(earlier) = self.claimed.get(claim).map(|place| &rows[*place as usize]) else {
                continue;
            };
            if say_the_same(&earlier.change, &row.change) {
                return Err((ProblemKind::SameRowTwice, earlier.line));
            }
            if !claim.agrees(&row.change, &earlier.change) {
                return Err((claim.broken(), earlier.line));
            }
        }
        // The limit of rows is far below what fits.
        let place = rows.len() as u32;
        for claim in claims {
            self.claimed.entry(claim).or_insert(place);
        }
        Ok(())
    }
}
