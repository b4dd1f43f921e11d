//! Rows that want different things of the same number or user, and rows that say the same twice.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use trunkline::Change;

use super::problem_kind::ProblemKind;
use super::row::Row;
use crate::claim::{Claim, ask_for_the_same};

/// A claim of a row, whose user is known by name, in whatever case.
type NamedClaim<'c> = Claim<'c, String>;

fn claims(change: &Change) -> impl Iterator<Item = NamedClaim<'_>> {
    Claim::all(change, user(change))
}

fn user(change: &Change) -> Option<String> {
    change.person().map(|person| person.name.to_ascii_lowercase())
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
        let mut hashes = [None; NamedClaim::MOST];
        for (slot, claim) in hashes.iter_mut().zip(claims(&row.change)) {
            let hash = self.hasher.hash_one(&claim);
            let earlier = |place: u32| &rows[place as usize];
            let makes_it =
                |(known, place): &(u64, u32)| *known == hash && claims(&earlier(*place).change).any(|own| own == claim);
            let Some(earlier) = self.claimed.find(hash, makes_it).map(|(_, place)| earlier(*place)) else {
                *slot = Some(hash);
                continue;
            };
            let (ours, theirs) = (&row.change, &earlier.change);
            if user(ours) == user(theirs) && ask_for_the_same(ours, theirs) {
                return Err((ProblemKind::SameRowTwice, earlier.row));
            }
            if !claim.agree(ours, theirs) {
                return Err((claim.problem(), earlier.row));
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
