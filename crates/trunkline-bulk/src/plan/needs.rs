//! Rows that need others: when one cannot be, neither can what needs it.

use std::collections::{HashMap, HashSet};

use super::draft::Draft;

/// Refuses, as far as it reaches, what needs a row that was refused.
pub(super) fn settle(drafts: &mut [Draft]) {
    let place: HashMap<u32, usize> = drafts.iter().enumerate().map(|(at, draft)| (draft.row, at)).collect();
    let mut needed_by: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        let needed: HashSet<u32> = draft
            .steps
            .iter()
            .flat_map(|step| &step.needs)
            .map(|need| need.0)
            .collect();
        for line in needed.into_iter().filter(|line| *line != draft.row) {
            if let Some(needed) = place.get(&line) {
                needed_by.entry(*needed).or_default().push(at);
            }
        }
    }
    let mut refused: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].is_refused()).collect();
    while let Some(at) = refused.pop() {
        let line = drafts[at].row;
        for dependent in needed_by.remove(&at).unwrap_or_default() {
            if !drafts[dependent].is_refused() {
                let what = format!("it depends on row {line}, which is blocked");
                drafts[dependent].refuse("neededRow", what, format!("Correct row {line} first"));
                refused.push(dependent);
            }
        }
    }
}
