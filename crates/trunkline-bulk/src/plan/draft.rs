//! A row while it is being planned.

use trunkline::numbers::LocationChange;
use trunkline_core::mask;

use super::{Action, Finding, Person, PlannedRow, Severity, State, Step, StepId, Verdict, Wanted};
use crate::input::{Change, NumberChoice, Row, Target};
use crate::snapshot::{PersonState, Questions, Snapshot};

/// A row while it is being planned.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) line: u32,
    pub(super) change: Change,
    pub(super) wanted: Wanted,
    pub(super) before: Option<State>,
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Finding>,
    pub(super) verdict: Verdict,
}

impl Draft {
    /// Notes what has to be read for a row.
    pub(super) fn ask(row: &Row, questions: &mut Questions) {
        if let Some(user) = row.change.user() {
            questions.people.insert(user.as_str().to_owned());
        }
        match &row.change {
            Change::Assign { number, user, .. } => {
                match number {
                    NumberChoice::Exact(number) => drop(questions.numbers.insert(number.clone())),
                    NumberChoice::Pick => questions.inventory = true,
                }
                questions.licences.insert(user.as_str().to_owned());
            }
            Change::Move { number, user, .. } => {
                questions.numbers.insert(number.clone());
                questions.licences.insert(user.as_str().to_owned());
            }
            Change::Unassign { number, .. } | Change::SetLocation { number, .. } => {
                questions.numbers.insert(number.clone());
            }
            Change::SetPhone { user, .. } | Change::RemovePhone { user, .. } | Change::SmsSignIn { user, .. } => {
                questions.phones.insert(user.as_str().to_owned());
            }
        }
    }

    /// A row with the people it names found, or found to be missing.
    pub(super) fn of(row: Row, snapshot: &Snapshot) -> Self {
        let person = |target: &Target| Person {
            id: snapshot.people.id(target.as_str()).map(str::to_owned),
            name: target.as_str().to_owned(),
        };
        let located = |change: &Option<LocationChange>| match change {
            Some(LocationChange::Set(id)) => Some(id.clone()),
            Some(LocationChange::Clear) | None => None,
        };
        let wanted = match &row.change {
            Change::Assign {
                number,
                user,
                category,
                location,
                number_type,
            } => Wanted::Assign {
                number: match number {
                    NumberChoice::Exact(number) => number.to_string(),
                    NumberChoice::Pick => String::new(),
                },
                to: person(user),
                category: category.as_ref().map(ToString::to_string),
                location: located(location),
                number_type: number_type.as_ref().map(ToString::to_string),
                takes: false,
                picked: *number == NumberChoice::Pick,
            },
            Change::Move {
                number,
                user,
                category,
                location,
                number_type,
            } => Wanted::Assign {
                number: number.to_string(),
                to: person(user),
                category: category.as_ref().map(ToString::to_string),
                location: located(location),
                number_type: number_type.as_ref().map(ToString::to_string),
                takes: true,
                picked: false,
            },
            Change::Unassign { number, holder } => Wanted::Unassign {
                number: number.to_string(),
                holder: holder.as_ref().map(person),
            },
            Change::SetLocation { number, location } => Wanted::SetLocation {
                number: number.to_string(),
                location: located(&Some(location.clone())),
            },
            Change::SetPhone { user, role, number } => Wanted::SetPhone {
                user: person(user),
                role: role.name().to_owned(),
                number: number.to_string(),
            },
            Change::RemovePhone { user, role } => Wanted::RemovePhone {
                user: person(user),
                role: role.name().to_owned(),
            },
            Change::SmsSignIn { user, enable } => Wanted::SmsSignIn {
                user: person(user),
                enabled: *enable,
            },
        };
        let mut draft = Self {
            line: row.line,
            change: row.change,
            wanted,
            before: None,
            steps: Vec::new(),
            findings: Vec::new(),
            verdict: Verdict::Already,
        };
        draft.missing_people(snapshot);
        draft
    }

    /// Refuses a row that names somebody who is not there.
    fn missing_people(&mut self, snapshot: &Snapshot) {
        let Some(user) = self.change.user().map(|user| user.as_str().to_owned()) else {
            return;
        };
        if let Some(Err(error)) = snapshot.people.person(&user) {
            let (code, step) = if error.is_not_found() {
                ("unknownUser", "Correct the name, or remove the row")
            } else {
                ("unreadableUser", error.next_step())
            };
            let what = match code {
                "unknownUser" => format!("there is no user {}", mask::text(&user)),
                _ => format!("the user {} cannot be read: {}", mask::text(&user), error.message()),
            };
            let step = step.to_owned();
            self.refuse(code, what, step);
        }
    }

    /// The person that the row is about, as the directory has them.
    pub(super) fn person<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s PersonState> {
        let user = self.change.user()?;
        snapshot.people.person(user.as_str())?.as_ref().ok()
    }

    /// Whether the row cannot be.
    pub(super) fn is_refused(&self) -> bool {
        self.verdict == Verdict::Refused
    }

    /// The row cannot be, and why.
    pub(super) fn refuse(&mut self, code: &str, what: impl Into<String>, next_step: impl Into<String>) {
        self.verdict = Verdict::Refused;
        self.steps.clear();
        self.find(Severity::Error, code, what, next_step);
    }

    /// Something to know of a row that can be.
    pub(super) fn warn(&mut self, code: &str, what: impl Into<String>, next_step: impl Into<String>) {
        self.find(Severity::Warning, code, what, next_step);
    }

    fn find(&mut self, severity: Severity, code: &str, what: impl Into<String>, next_step: impl Into<String>) {
        self.findings.push(Finding {
            severity,
            code: code.to_owned(),
            what: what.into(),
            next_step: next_step.into(),
        });
    }

    /// One more thing to send. The first is to find `expects`.
    pub(super) fn send(&mut self, action: Action, needs: Vec<StepId>, expects: State) -> StepId {
        self.verdict = Verdict::Change;
        // A row has at most a handful of steps.
        let id = StepId(self.line, u16::try_from(self.steps.len()).unwrap_or(u16::MAX));
        self.steps.push(Step { action, needs, expects });
        id
    }

    pub(super) fn into_row(mut self) -> PlannedRow {
        // What stops the row comes first.
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        PlannedRow {
            line: self.line,
            wanted: self.wanted,
            verdict: self.verdict,
            before: self.before,
            steps: self.steps,
            findings: self.findings,
        }
    }
}
