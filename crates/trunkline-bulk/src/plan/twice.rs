//! Rows about one person under two names: what the file could not see before the directory was asked.

use std::collections::HashMap;

use trunkline::Change;

use super::draft::Draft;
use crate::claim::{Claim, ask_for_the_same};

/// Refuses rows that want different things of one person: nothing says which of them is meant.
pub(super) fn refuse(drafts: &mut [Draft]) {
    let mut claimed: HashMap<Claim<'_, String>, usize> = HashMap::new();
    let mut contradictions = Vec::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.is_refused()) {
        let Some(change) = draft.wanted.change() else { continue };
        let id = change.person().and_then(|person| person.id.as_deref());
        let claims = Claim::all(change, id.map(str::to_ascii_lowercase));
        // Numbers have one name, so that the file was compared by them.
        for claim in claims.filter(Claim::is_of_a_person) {
            let first = *claimed.entry(claim.clone()).or_insert(at);
            let earlier = drafts[first].wanted.change();
            let is_same = earlier.is_some_and(|earlier| ask_for_the_same(earlier, change));
            // Each of two assignments that leave their number open would pick one.
            let is_open = matches!(change, Change::Assign { picked: true, .. });
            if first != at && (is_open || !is_same) {
                contradictions.push((first, at, claim.problem()));
            }
        }
    }
    for (first, second, problem) in contradictions {
        for (at, other) in [(first, second), (second, first)] {
            let row = drafts[other].row;
            if !drafts[at].is_refused() {
                let what = format!("row {row} is about the same user, under another name, and asks for something else");
                drafts[at].refuse(problem.name(), what, problem.next_step());
            }
        }
    }
}
