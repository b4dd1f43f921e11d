//! Steps read ahead from the journal: they begin in the order in which they lie there, and one query for many costs
//! little more than for one.

use std::collections::BTreeMap;

use crate::error::BulkError;
use crate::journal::{Journal, LoadedStep};
use crate::plan::StepId;

/// How many steps are read at once at most: what bounds the memory.
const LARGEST: usize = 64;

/// Steps that were read and have not begun. Nobody but the engine changes a step, and it changes none that has not
/// begun, so what was read stays true.
#[derive(Debug)]
pub(super) struct Window {
    steps: BTreeMap<StepId, LoadedStep>,
    /// How many were read last.
    size: usize,
}

impl Window {
    pub(super) fn new() -> Self {
        Self {
            steps: BTreeMap::new(),
            size: LARGEST,
        }
    }

    /// A step that is about to begin.
    pub(super) fn take(&mut self, journal: &Journal, id: StepId) -> Result<LoadedStep, BulkError> {
        if let Some(step) = self.steps.remove(&id) {
            return Ok(step);
        }
        // Where the order is another one, because steps wait for each other, less is read that is not used.
        let used = self.size.saturating_sub(self.steps.len());
        self.size = used.saturating_mul(2).clamp(1, LARGEST);
        self.steps = journal
            .load_steps(id, self.size)?
            .into_iter()
            .map(|step| (step.id, step))
            .collect();
        match self.steps.remove(&id) {
            Some(step) => Ok(step),
            None => journal.load_step(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use trunkline::{Change, Person, Timestamp};

    use super::*;
    use crate::journal::{Opening, Owner, Writer};
    use crate::plan::{PhoneState, Plan, PlanHeader, PlannedRow, State, Step, Verdict};

    fn on(user: &str) -> Change {
        Change::SmsSignIn {
            user: Person::named(user),
            enabled: true,
        }
    }

    fn row(line: u32) -> PlannedRow {
        let user = format!("user{line}@contoso.example");
        let state = State::Phone(PhoneState {
            user: user.clone(),
            role: "mobile".to_owned(),
            number: None,
            sms_sign_in: None,
        });
        PlannedRow {
            row: line,
            wanted: on(&user).into(),
            verdict: Verdict::Change,
            before: Some(state.clone()),
            steps: vec![Step {
                change: on(&user),
                needs: Vec::new(),
                expects: state,
            }],
            findings: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_step_is_the_one_asked_for_in_whatever_order_steps_begin() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("window.journal");
        let plan = Plan {
            header: PlanHeader::new("tenant", "global", "of a file"),
            rows: (2..202).map(row).collect(),
        };
        let opening = Opening {
            path: path.clone(),
            plan: Some(Arc::new(plan)),
            now: Timestamp::UNIX_EPOCH,
            reservation: Duration::ZERO,
            owner: Owner {
                tenant: "tenant".to_owned(),
                cloud: "global".to_owned(),
            },
            runner: None,
            endpoint: "of a test of windows".to_owned(),
        };
        let (_writer, _) = Writer::start(opening).await.expect("opens");
        let journal = Journal::open(&path).expect("opens");
        let mut window = Window::new();
        let mut take = |line: u32| {
            let loaded = window.take(&journal, StepId(line, 0)).expect("is there");
            assert_eq!(loaded.id, StepId(line, 0));
            let user = format!("user{line}@contoso.example");
            assert_eq!(loaded.step.change, on(&user));
            assert!(matches!(loaded.before, Some(State::Phone(_))));
            (window.steps.len(), window.size)
        };
        assert_eq!(take(2), (LARGEST - 1, LARGEST));
        for line in 3..66 {
            take(line);
        }
        assert_eq!(take(66), (LARGEST - 1, LARGEST), "all were used: as many again");
        assert_eq!(take(200), (1, 2), "one was used: no more than two are read");
        assert_eq!(take(4), (1, 2), "behind the window");
        assert_eq!(take(100).1, 2);
        assert!(window.take(&journal, StepId(900, 0)).is_err());
    }
}
