//! A row while it is being planned.

use super::{Finding, PlanOptions, PlannedRow, Severity, State, Step, StepId, Verdict, Wanted};
use crate::snapshot::{Holder, PersonState, Questions, Snapshot};
use trunkline::{Change, TelephoneNumber};

const UNKNOWN_USER: &str = "Correct the name, or remove the row";

/// A row while it is being planned.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) row: u32,
    pub(super) wanted: Wanted,
    pub(super) before: Option<State>,
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Finding>,
    pub(super) verdict: Verdict,
    /// Whether the row names somebody by an object id that the directory does not have: an account that is gone may still
    /// hold a number.
    pub(super) is_gone: bool,
}

impl Draft {
    /// Notes what has to be read for a row.
    pub(super) fn ask(wanted: &Wanted, questions: &mut Questions) {
        let Some(change) = wanted.change() else { return };
        if let Some(user) = change.person() {
            questions.people.insert(user.name.clone());
        }
        match change {
            Change::Assign { number, to, picked, .. } => {
                // A number that was picked by an earlier plan is one like others.
                if *picked && number.is_empty() {
                    questions.inventory = true;
                }
                questions.numbers.extend(TelephoneNumber::from_service(number));
                questions.licences.insert(to.name.clone());
            }
            Change::Unassign { number, .. } | Change::SetLocation { number, .. } => {
                questions.numbers.extend(TelephoneNumber::from_service(number));
            }
            Change::SetPhone { user, .. } | Change::RemovePhone { user, .. } | Change::SmsSignIn { user, .. } => {
                questions.phones.insert(user.name.clone());
            }
            Change::SetPolicy {
                user,
                policy_type,
                policy,
                ..
            } => {
                questions.policies.insert(user.name.clone());
                questions.policy_names.insert((policy_type.clone(), policy.clone()));
            }
            Change::ClearPolicy { user, .. } => {
                questions.policies.insert(user.name.clone());
            }
        }
    }

    /// Whether a number may be taken from its holder for a row.
    pub(super) fn may_release(wanted: &Wanted, options: &PlanOptions) -> bool {
        match wanted.change() {
            Some(Change::Unassign { .. }) => true,
            Some(Change::Assign { takes, .. }) => *takes || options.replace,
            _ => false,
        }
    }

    /// A row with the people it names found, or found to be missing.
    pub(super) fn of(line: u32, mut wanted: Wanted, snapshot: &Snapshot) -> Self {
        let mut is_gone = false;
        let is_of_a_number = wanted.teams_number().is_some();
        if let Some(user) = wanted.change_mut().and_then(Change::person_mut) {
            user.id = snapshot.people.id(&user.name).map(str::to_owned);
            match snapshot.holders.of(&user.name) {
                Some(Holder::Account(name)) => user.principal_name = Some(name.clone()),
                Some(Holder::Gone) if is_of_a_number => {
                    is_gone = true;
                    user.id = Some(user.name.clone());
                }
                _ => {}
            }
        }
        let mut draft = Self {
            row: line,
            wanted,
            before: None,
            steps: Vec::new(),
            findings: Vec::new(),
            verdict: Verdict::Already,
            is_gone,
        };
        if !is_gone {
            draft.missing_people(snapshot);
        }
        if matches!(draft.wanted, Wanted::Unreadable { .. }) {
            draft.refuse(
                "unreadableRow",
                "the row cannot be read",
                "Correct it in the file, and plan the file again",
            );
        }
        draft
    }

    /// Refuses a row that names somebody who is not there.
    fn missing_people(&mut self, snapshot: &Snapshot) {
        let Some(name) = self.wanted.person().map(|person| person.name.clone()) else {
            return;
        };
        if let Some(Err(error)) = snapshot.people.person(&name) {
            if error.is_not_found() {
                let what = format!("there is no user {name}");
                self.refuse("unknownUser", what, UNKNOWN_USER);
            } else {
                let what = format!("the user {name} cannot be read: {}", error.message());
                self.refuse("unreadableUser", what, error.next_step());
            }
        }
    }

    /// Refuses a row that would give something to an account that is gone.
    pub(super) fn refuse_gone(&mut self) {
        let name = self
            .wanted
            .person()
            .map_or_else(String::new, |person| person.name.clone());
        let what = format!("there is no user {name}: the account is not in the directory");
        self.refuse("unknownUser", what, UNKNOWN_USER);
    }

    /// The person that the row is about, as the directory has them.
    pub(super) fn person<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s PersonState> {
        let user = self.wanted.person()?;
        snapshot.people.person(&user.name)?.as_ref().ok()
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

    /// One more thing to send. It is to find `expects`.
    pub(super) fn send(&mut self, change: Change, needs: Vec<StepId>, expects: State) -> StepId {
        self.verdict = Verdict::Change;
        // A row has at most a handful of steps.
        let id = StepId(self.row, u16::try_from(self.steps.len()).unwrap_or(u16::MAX));
        self.steps.push(Step { change, needs, expects });
        id
    }

    /// The row of the plan.
    pub(super) fn into_row(mut self) -> PlannedRow {
        // Findings that block the row come first.
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let mut row = PlannedRow {
            row: self.row,
            wanted: self.wanted,
            verdict: self.verdict,
            before: self.before,
            steps: self.steps,
            findings: self.findings,
        };
        // A plan is its reader's own file; sentences of the crates below it are written for logs, too.
        if !row.findings.is_empty() {
            let names = row.names();
            for finding in &mut row.findings {
                names.put_into(&mut finding.what);
                names.put_into(&mut finding.next_step);
            }
        }
        row
    }
}
