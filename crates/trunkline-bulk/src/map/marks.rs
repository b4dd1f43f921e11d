//! The use that a plan or a run gives to numbers.

use std::collections::HashMap;

use trunkline::Change;

use super::{MapNumber, NumberUse};
use crate::plan::{Plan, PlannedRow, Severity, State, Verdict, Wanted};

/// The use that rows give to numbers, by number.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    marks: HashMap<String, Mark>,
}

#[derive(Debug, Clone)]
struct Mark {
    usage: NumberUse,
    detail: Option<String>,
}

/// The longest text about a number to which a further row is added: thousands of rows can be about one number.
const LONGEST: usize = 200;

impl Marks {
    /// The marks of a plan: numbers that it changes, and numbers of rows that are blocked. Numbers that are already as their row
    /// wants them have the use that planning saw.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        let mut marks = Self::default();
        for row in &plan.rows {
            marks.planned(row);
        }
        marks
    }

    fn planned(&mut self, row: &PlannedRow) {
        let detail = |text: String| Some(format!("row {}: {text}", row.row));
        match row.verdict {
            Verdict::Change => {
                let numbers = row
                    .steps
                    .iter()
                    .filter_map(|step| Some((step.change.teams_number()?, &step.change)));
                for (number, change) in numbers {
                    let words = match change {
                        Change::Unassign { .. } if row.wanted.teams_number() != Some(number) => {
                            "released to make room".to_owned()
                        }
                        _ => row.wanted.end(),
                    };
                    self.add(number, NumberUse::WillChange, detail(words));
                }
            }
            Verdict::Already => {
                if let Some(number) = row.wanted.teams_number() {
                    self.add(
                        number,
                        Self::usage(row.before.as_ref()),
                        detail("already correct".to_owned()),
                    );
                }
            }
            Verdict::Refused => {
                if let Some(number) = Self::number_of(&row.wanted) {
                    let finding = row.findings.iter().find(|finding| finding.severity == Severity::Error);
                    let why = finding.map_or_else(|| "blocked".to_owned(), |finding| finding.what.clone());
                    self.add(number, NumberUse::Blocked, detail(why));
                }
            }
        }
    }

    /// A number that several rows are about has the use that matters most.
    pub(crate) fn add(&mut self, number: &str, usage: NumberUse, detail: Option<String>) {
        let mark = Mark { usage, detail };
        match self.marks.get_mut(number) {
            None => {
                self.marks.insert(number.to_owned(), mark);
            }
            Some(known) => {
                if weight(usage) > weight(known.usage) {
                    known.usage = usage;
                }
                let is_short = known.detail.as_ref().is_none_or(|detail| detail.len() < LONGEST);
                if known.detail != mark.detail && is_short {
                    let details: Vec<_> = [known.detail.take(), mark.detail].into_iter().flatten().collect();
                    known.detail = Some(details.join("; "));
                }
            }
        }
    }

    /// The Teams number of a row; of one that cannot be read, the value of its cell.
    pub(crate) fn number_of(wanted: &Wanted) -> Option<&str> {
        let number = match wanted {
            Wanted::Change(change) => change.teams_number()?,
            Wanted::Unreadable { number, .. } => number.as_deref()?,
        };
        (!number.is_empty()).then_some(number)
    }

    /// The use of a number in a state.
    pub(crate) fn usage(state: Option<&State>) -> NumberUse {
        match state {
            Some(State::Number(state)) if state.holder_kind().is_some() => NumberUse::InUse,
            _ => NumberUse::Free,
        }
    }

    /// How many numbers are marked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether no number is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Puts the marks on numbers of the inventory. Numbers that the inventory does not have are added.
    #[must_use]
    pub fn on(mut self, numbers: Vec<MapNumber>) -> Vec<MapNumber> {
        let mut marked = numbers;
        for number in &mut marked {
            if let Some(mark) = self.marks.remove(&number.number) {
                // The inventory is newer than the state that planning saw.
                if matches!(mark.usage, NumberUse::WillChange | NumberUse::Blocked) {
                    number.usage = mark.usage;
                }
                number.detail = mark.detail;
            }
        }
        marked.extend(self.into_numbers());
        marked
    }

    /// The marked numbers alone.
    pub fn into_numbers(self) -> impl Iterator<Item = MapNumber> {
        self.marks.into_iter().map(|(number, mark)| MapNumber {
            detail: mark.detail,
            ..MapNumber::new(number, mark.usage)
        })
    }
}

const fn weight(usage: NumberUse) -> u8 {
    match usage {
        NumberUse::Free => 0,
        NumberUse::InUse => 1,
        NumberUse::Blocked => 2,
        NumberUse::WillChange => 3,
    }
}
