//! Rows that want different things of the same number or user, and rows that say the same twice.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use trunkline::Change;

use super::problem::ProblemKind;
use super::row::Row;

/// The number, phone or person that a row changes. Two different rows of one file may not change the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Claim {
    to: Subject,
    /// The number, or the user's name in lower case, behind the role or the kind of policy where there is one.
    key: String,
}

/// The kind of what a row lays claim to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    /// The holder of a number.
    Holder,
    /// The location of a number.
    Location,
    /// A user's primary number.
    Primary,
    /// A user's phone method.
    Phone,
    /// Whether a user signs in with a text message.
    SignIn,
    /// A user's policy of a kind.
    Policy,
}

impl Claim {
    /// How many a change makes at most.
    const MOST: usize = 3;

    /// Returns the objects that a change claims.
    fn all(change: &Change) -> impl Iterator<Item = Self> {
        let user = |part: &str| {
            let name = change.person().map_or("", |user| &user.name);
            let mut key = String::with_capacity(part.len() + 1 + name.len());
            key.extend([part, " ", name]);
            key.make_ascii_lowercase();
            key
        };
        let of_user = |to, part: &str| Self { to, key: user(part) };
        let of_number = |to, number: &str| Self { to, key: number.into() };
        let claims = match change {
            Change::Assign {
                number,
                location,
                category,
                ..
            } => {
                let has_number = !number.is_empty();
                let is_primary = matches!(category.as_deref(), None | Some("primary"));
                let has_location = has_number && location.is_some();
                [
                    has_number.then(|| of_number(Subject::Holder, number)),
                    has_location.then(|| of_number(Subject::Location, number)),
                    is_primary.then(|| of_user(Subject::Primary, "")),
                ]
            }
            Change::Unassign { number, .. } => [Some(of_number(Subject::Holder, number)), None, None],
            Change::SetLocation { number, .. } => [Some(of_number(Subject::Location, number)), None, None],
            Change::SetPhone { role, .. } | Change::RemovePhone { role, .. } => {
                [Some(of_user(Subject::Phone, role.name())), None, None]
            }
            Change::SmsSignIn { .. } => [Some(of_user(Subject::SignIn, "")), None, None],
            Change::SetPolicy { policy_type, .. } | Change::ClearPolicy { policy_type, .. } => {
                [Some(of_user(Subject::Policy, policy_type)), None, None]
            }
        };
        claims.into_iter().flatten()
    }

    /// Whether two rows with the same claim can both be true: that a number is assigned in one row and gets its location in
    /// another is fine if the locations are one.
    fn agrees(&self, change: &Change, other: &Change) -> bool {
        self.to == Subject::Location && location(change) == location(other)
    }

    fn broken(&self) -> ProblemKind {
        match self.to {
            Subject::Holder => ProblemKind::NumberTwice,
            Subject::Location => ProblemKind::LocationTwice,
            Subject::Primary => ProblemKind::UserTwice,
            Subject::Phone => ProblemKind::PhoneTwice,
            Subject::SignIn => ProblemKind::SignInTwice,
            Subject::Policy => ProblemKind::PolicyTwice,
        }
    }
}

fn location(change: &Change) -> Option<&String> {
    match change {
        Change::Assign { location, .. } | Change::SetLocation { location, .. } => location.as_ref(),
        _ => None,
    }
}

/// Whether two rows ask for the same, in whatever case they name users and policies.
fn say_the_same(change: &Change, other: &Change) -> bool {
    let folded = |change: &Change| {
        let mut change = change.clone();
        if let Some(person) = change.person_mut() {
            person.name.make_ascii_lowercase();
        }
        if let Change::SetPolicy { policy, .. } = &mut change {
            *policy = policy.to_lowercase();
        }
        change
    };
    folded(change) == folded(other)
}

/// The claims of the rows so far.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    hasher: DefaultHashBuilder,
    /// Hash of each claim, with the place of the row that made it, whose text need not be kept twice.
    claimed: HashTable<(u64, u32)>,
}

impl Duplicates {
    /// Lays claim for a row that is to become `rows[rows.len()]`. Otherwise says which problem it has with the row of
    /// which line, and claims nothing.
    pub(super) fn claim(&mut self, rows: &[Row], row: &Row) -> Result<(), (ProblemKind, u32)> {
        let mut hashes = [None; Claim::MOST];
        for (slot, claim) in hashes.iter_mut().zip(Claim::all(&row.change)) {
            let hash = self.hasher.hash_one(&claim);
            let earlier = |place: u32| &rows[place as usize];
            let makes_it = |(known, place): &(u64, u32)| {
                *known == hash && Claim::all(&earlier(*place).change).any(|own| own == claim)
            };
            let Some(earlier) = self.claimed.find(hash, makes_it).map(|(_, place)| earlier(*place)) else {
                *slot = Some(hash);
                continue;
            };
            if say_the_same(&earlier.change, &row.change) {
                return Err((ProblemKind::SameRowTwice, earlier.row));
            }
            if !claim.agrees(&row.change, &earlier.change) {
                return Err((claim.broken(), earlier.row));
            }
        }
        // The limit of rows is far below what fits.
        let place = rows.len() as u32;
        for hash in hashes.into_iter().flatten() {
            self.claimed.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        }
        Ok(())
    }
}
