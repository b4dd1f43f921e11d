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

/// Follows such a text in place of the rows that are not added.
const MORE: &str = "; … and further rows";

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
                match (&mut known.detail, mark.detail) {
                    (_, None) => {}
                    (Some(known), Some(further)) if *known == further || known.ends_with(MORE) => {}
                    (Some(known), Some(_)) if known.len() >= LONGEST => known.push_str(MORE),
                    (Some(known), Some(further)) => {
                        known.push_str("; ");
                        known.push_str(&further);
                    }
                    (nothing, further) => *nothing = further,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_very_many_rows_names_some_and_says_that_there_are_more() {
        let mut marks = Marks::default();
        for row in 2..1000 {
            marks.add(
                "+12065550100",
                NumberUse::Blocked,
                Some(format!("row {row}: wird blockiert für Köln")),
            );
        }
        let number = marks.into_numbers().next().expect("a number");
        let detail = number.detail.expect("a text");
        assert!(
            detail.starts_with("row 2: wird") && detail.contains("; row 3: "),
            "{detail}"
        );
        assert!(detail.ends_with("Köln; … and further rows"), "{detail}");
        assert!(detail.len() < 2 * LONGEST, "{detail}");
    }

    #[test]
    fn a_text_stands_once_and_the_use_that_matters_most_wins() {
        let mut marks = Marks::default();
        for usage in [NumberUse::InUse, NumberUse::WillChange, NumberUse::Blocked] {
            marks.add("+12065550100", usage, Some("row 2: open".to_owned()));
        }
        marks.add("+12065550100", NumberUse::Free, None);
        let number = marks.into_numbers().next().expect("a number");
        assert_eq!(
            (number.usage, number.detail.as_deref()),
            (NumberUse::WillChange, Some("row 2: open"))
        );
    }
}
