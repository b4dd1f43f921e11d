//! Rows that want different things of the same number or user, and rows that say the same twice.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::problem::ProblemKind;
use super::store::{Category, Hashed, Packed, Text, Verb, spread};

/// The number, phone or person that a row changes. Two different rows of one file may not change the same one.
#[derive(Debug, Clone, Copy)]
enum Claim {
    /// Who holds a number.
    Holder,
    /// Where a number is.
    Location,
    /// A user's primary number.
    Primary,
    /// A user's phone method.
    Phone,
    /// Whether a user signs in with a text message.
    SignIn,
}

impl Claim {
    const ALL: [Self; 5] = [Self::Holder, Self::Location, Self::Primary, Self::Phone, Self::SignIn];

    /// The value that the row changes; `None`: nothing of this kind.
    fn key(self, row: &Packed) -> Option<(u64, u32)> {
        let number = || (row.digits != 0).then_some((row.digits, row.extension.number()));
        match (self, row.verb) {
            (Self::Holder, Verb::Assign | Verb::Move | Verb::Unassign) => number(),
            (Self::Location, Verb::Assign | Verb::Move | Verb::SetLocation) if row.location != Text::NONE => number(),
            (Self::Primary, Verb::Assign | Verb::Move) if matches!(row.category, None | Some(Category::Primary)) => {
                Some((0, row.user.number()))
            }
            (Self::Phone, Verb::SetPhone | Verb::RemovePhone) => row.role.map(|role| (role as u64, row.user.number())),
            (Self::SignIn, Verb::SignInOn | Verb::SignInOff) => Some((0, row.user.number())),
            _ => None,
        }
    }

    /// Whether two rows with the same claim can both be true.
    fn agrees(self, row: &Packed, other: &Packed) -> bool {
        // That a number is assigned in one row and gets its location in another is fine if the locations are one.
        matches!(self, Self::Location) && row.location == other.location
    }

    fn broken(self) -> ProblemKind {
        match self {
            Self::Holder => ProblemKind::NumberTwice,
            Self::Location => ProblemKind::LocationTwice,
            Self::Primary => ProblemKind::UserTwice,
            Self::Phone => ProblemKind::PhoneTwice,
            Self::SignIn => ProblemKind::SignInTwice,
        }
    }
}

/// The claims of the rows so far: for each kind, the rows by their value.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    claimed: [HashTable<Hashed>; Claim::ALL.len()],
    hasher: DefaultHashBuilder,
}

impl Duplicates {
    /// Lays claim for a row that is to become `rows[rows.len()]`. Otherwise says which problem it has with the row of
    /// which line, and claims nothing.
    pub(super) fn claim(&mut self, rows: &[Packed], row: &Packed) -> Result<(), (ProblemKind, u32)> {
        let mut hashes = [None; Claim::ALL.len()];
        for ((claim, table), hash) in Claim::ALL.into_iter().zip(&self.claimed).zip(&mut hashes) {
            let Some(key) = claim.key(row) else { continue };
            let hashed = self.hasher.hash_one(key) as u32;
            let claims = |known: &Hashed| known.hash == hashed && claim.key(&rows[known.index as usize]) == Some(key);
            match table
                .find(spread(hashed), claims)
                .map(|known| &rows[known.index as usize])
            {
                None => *hash = Some(hashed),
                Some(earlier) if earlier.says_the_same(row) => return Err((ProblemKind::SameRowTwice, earlier.line)),
                Some(earlier) if claim.agrees(row, earlier) => {}
                Some(earlier) => return Err((claim.broken(), earlier.line)),
            }
        }
        // The limit of rows is far below what fits.
        let index = rows.len() as u32;
        for (table, hash) in self.claimed.iter_mut().zip(hashes) {
            if let Some(hash) = hash {
                table.insert_unique(spread(hash), Hashed { index, hash }, |known| spread(known.hash));
            }
        }
        Ok(())
    }
}
