//! Undo: plans the changes that restore the states before a run.

mod brought_along;

use std::collections::HashSet;

use trunkline::{Change, Client, PhoneMethodNumber};

use crate::Bulk;
use crate::error::BulkError;
use crate::journal::{BegunStep, Journal, JournalHeader, StepState};
use crate::outcome::{Ending, Failure};
use crate::plan::{
    Finding, Plan, PlanOptions, PlannedRow, RELEASED_BY_RUN, Severity, State, Verdict, Wanted, plan_wanted,
};
use crate::verify::check_owner;

impl Bulk {
    /// Plans how to bring back what the rows of a journal changed. Apply it with a journal of its own.
    ///
    /// Everything that the service accepted is undone, also where the run ended before it was seen. Rows that changed
    /// nothing are left out. What cannot be brought back is said here, by findings: a row whose thing somebody else changed
    /// since is refused with `changedSince`, because undoing it would undo theirs; one whose change was accepted and still
    /// does not show is refused with `notSeen`; one whose number was taken and could not be given has the warning
    /// `takenNotGiven`, with what the service said.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    ///
    /// ```no_run
    /// use trunkline_bulk::{ApplyOptions, Bulk, Journal};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), trunkline_bulk::BulkError> {
    /// let bulk = Bulk::new(&client);
    /// let back = bulk.undo(&Journal::open("numbers.journal")?).await?;
    /// bulk.apply(back, "undo.journal", &ApplyOptions::new()).run(|_| ()).await?;
    /// # Ok(()) }
    /// ```
    pub fn undo(&self, journal: &Journal) -> impl Future<Output = Result<Plan, BulkError>> + Send + use<> {
        // A journal stays on its thread: what waits for the service holds nothing of it.
        let back = Back::read(journal);
        let released = released(journal);
        let client = self.client.clone();
        async move {
            let mut plan = back?.plan(&client).await?;
            mark_closed_ways(&mut plan, &released?);
            Ok(plan)
        }
    }
}

/// Numbers that a run took from their holders.
fn released(journal: &Journal) -> Result<HashSet<String>, BulkError> {
    let mut released = HashSet::new();
    for row in journal.rows() {
        released.extend(row?.losses.into_iter().map(|loss| loss.number));
    }
    Ok(released)
}

/// Says which ways back may be closed: a block of the tenant on what was released, a holder who is not there any more.
fn mark_closed_ways(plan: &mut Plan, released: &HashSet<String>) {
    for row in &mut plan.rows {
        let assigns = row
            .steps
            .iter()
            .any(|step| matches!(&step.change, Change::Assign { number, .. } if released.contains(number)));
        if assigns {
            row.findings.push(Finding {
                severity: Severity::Warning,
                code: RELEASED_BY_RUN.to_owned(),
                what:
                    "the run released it; if the tenant blocks released numbers, it cannot be assigned until the block ends"
                        .to_owned(),
                next_step: "Lift the block first: Remove-CsPhoneNumberAssignmentBlock in Teams PowerShell".to_owned(),
            });
        }
        for finding in &mut row.findings {
            if finding.code == "unknownUser" && matches!(row.wanted.change(), Some(Change::Assign { .. })) {
                finding.code = "holderGone".to_owned();
                finding.what = format!(
                    "the account that held {} is no longer in the directory, so the change cannot be undone",
                    row.wanted.number()
                );
                finding.next_step = "Restore the account, or assign the number to somebody else".to_owned();
            }
        }
    }
}

/// The state before the run, from its journal.
struct Back {
    header: JournalHeader,
    wanted: Vec<(u32, Wanted)>,
    /// The row that each of them undoes.
    originals: Vec<Undone>,
}

/// A row that changed something, or may have.
#[derive(Clone)]
struct Undone {
    planned: PlannedRow,
    /// Whether the service accepted something of it that was not seen.
    is_unseen: bool,
    /// The reason why the number was not assigned after it was taken.
    not_given: Option<Failure>,
}

impl Back {
    fn read(journal: &Journal) -> Result<Self, BulkError> {
        let header = journal.header()?;
        let mut wanted = Vec::new();
        let mut originals = Vec::new();
        let mut further = Vec::new();
        let mut last = 0;
        for row in journal.rows() {
            let planned = row?.planned;
            last = last.max(planned.row);
            let begun = journal.begun_steps(planned.row)?;
            if !begun.iter().any(may_have_changed) {
                continue;
            }
            let undone = Undone {
                is_unseen: begun.iter().any(|step| may_show_later(step.state)),
                not_given: not_given(&begun, &planned),
                planned,
            };
            for (at, back) in undone.planned.reverse().into_iter().enumerate() {
                if at == 0 {
                    wanted.push((undone.planned.row, Wanted::Change(back)));
                    originals.push(undone.clone());
                } else {
                    further.push((back, undone.clone()));
                }
            }
        }
        // A number that a row released besides its own gets a row of its own, after those of the file.
        for (at, (back, original)) in further.into_iter().enumerate() {
            wanted.push((last + 1 + u32::try_from(at).unwrap_or(u32::MAX), Wanted::Change(back)));
            originals.push(original);
        }
        Ok(Self {
            header,
            wanted,
            originals,
        })
    }

    async fn plan(self, client: &Client) -> Result<Plan, BulkError> {
        let Self {
            header,
            wanted,
            originals,
        } = self;
        check_owner(client, &header).await?;
        // Numbers that the run took or gave are restored, main numbers too.
        let options = PlanOptions::default().base(true);
        let mut plan = plan_wanted(client, wanted, &header.plan_digest, &options).await?;
        for (row, undone) in plan.rows.iter_mut().zip(&originals) {
            let finding = match row.verdict {
                Verdict::Change if is_changed_since(row, &undone.planned) => finding(
                    "changedSince",
                    "somebody changed it after the journal's run",
                    "Check it; change it with a separate file if needed",
                ),
                Verdict::Already if undone.is_unseen => finding(
                    "notSeen",
                    "the service may have accepted the change, but it is not visible yet, so it cannot be undone yet",
                    "Run verify; once the change is visible, run undo again",
                ),
                _ => {
                    if let (Verdict::Change, Some(failure)) = (row.verdict, &undone.not_given) {
                        row.findings.insert(0, taken_not_given(failure));
                    }
                    brought_along::take_back(row, &undone.planned);
                    continue;
                }
            };
            row.verdict = Verdict::Refused;
            row.steps.clear();
            row.findings.insert(0, finding);
        }
        Ok(plan)
    }
}

fn finding(code: &str, what: &str, next_step: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        code: code.to_owned(),
        what: what.to_owned(),
        next_step: next_step.to_owned(),
    }
}

/// The number has to be given back, and giving it is what failed.
fn taken_not_given(failure: &Failure) -> Finding {
    let words = failure
        .service_words()
        .map_or_else(String::new, |words| format!(": {words}"));
    Finding {
        severity: Severity::Warning,
        code: "takenNotGiven".to_owned(),
        what: format!("the number was taken from its holder and could not be assigned{words}"),
        next_step: "If the tenant keeps released numbers from being assigned, remove that first \
                    (Remove-CsPhoneNumberAssignmentBlock in Teams PowerShell), or giving it back fails as well"
            .to_owned(),
    }
}

/// Whether the service accepted a step, or may have. What was refused, or skipped, changed nothing; an order that was
/// accepted and then failed may have left something.
fn may_have_changed(step: &BegunStep) -> bool {
    match step.state {
        StepState::Waiting | StepState::Ended(Ending::Already | Ending::Skipped) => false,
        StepState::Ended(Ending::Failed) => step.has_order,
        StepState::Sending | StepState::Accepted | StepState::Ended(_) => true,
    }
}

/// Whether a change that does not show now may show later.
fn may_show_later(state: StepState) -> bool {
    matches!(
        state,
        StepState::Sending
            | StepState::Accepted
            | StepState::Ended(Ending::NotSeen | Ending::Pending | Ending::Unknown)
    )
}

/// The reason why a row did not assign its number although it had taken one.
fn not_given(begun: &[BegunStep], planned: &PlannedRow) -> Option<Failure> {
    let has_taken = begun
        .iter()
        .any(|step| step.kind.takes() && step.state == StepState::Ended(Ending::Done));
    let refused = begun
        .iter()
        .find(|step| step.kind.gives() && step.state == StepState::Ended(Ending::Failed))?;
    let needs_others = planned
        .steps
        .get(usize::from(refused.position))
        .is_some_and(|step| !step.needs.is_empty());
    (has_taken || needs_others).then(|| refused.failure.clone())?
}

/// Whether the thing is neither as the row left it nor as it was before.
fn is_changed_since(back: &PlannedRow, original: &PlannedRow) -> bool {
    let target = |wanted: &Wanted| match wanted.change() {
        Some(Change::Assign { to, .. }) => to.id.clone(),
        _ => None,
    };
    match &back.before {
        Some(State::Number(live)) => match (back.wanted.change(), original.wanted.change()) {
            (
                Some(Change::SetLocation { location: before, .. }),
                Some(Change::SetLocation { location: left, .. } | Change::Assign { location: left, .. }),
            ) => live.location != *left && live.location != *before,
            _ => {
                let known = [target(&original.wanted), target(&back.wanted)];
                live.holder.is_some() && !known.contains(&live.holder)
            }
        },
        Some(State::Phone(live)) => match (original.wanted.change(), &original.before) {
            (Some(Change::SetPhone { number, .. }), Some(State::Phone(before))) => {
                !is_same(&live.number, Some(number)) && !is_same(&live.number, before.number.as_ref())
            }
            (Some(Change::RemovePhone { .. }), Some(State::Phone(before))) => {
                live.number.is_some() && !is_same(&live.number, before.number.as_ref())
            }
            _ => false,
        },
        Some(State::Policy(live)) => match (original.wanted.change(), &original.before) {
            (Some(change), Some(State::Policy(before))) => {
                let left = match change {
                    Change::SetPolicy { policy_id, .. } => policy_id.as_deref(),
                    _ => None,
                };
                live.own() != left && live.own() != before.own()
            }
            _ => false,
        },
        None => false,
    }
}

/// Whether two phone methods have one number, however the service spells it.
fn is_same(live: &Option<String>, other: Option<&String>) -> bool {
    let read = |number: &String| {
        PhoneMethodNumber::from_service(number).map_or_else(|_| number.clone(), |number| number.to_string())
    };
    live.as_ref().map(read) == other.map(read)
}
