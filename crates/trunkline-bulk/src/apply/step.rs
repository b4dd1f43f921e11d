//! Carrying out one step: read, compare with the plan, journal, send once, read back.

mod read_back;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use trunkline::{
    Change, ChangeProgress, Client, Clock, Current, Decision, DecisionAction, Error, ErrorKind, Refusal, RefusalReason,
    Subject, decide,
};
use trunkline_core::backoff::{Backoff, requested_wait};

use super::drift::drift;
use super::notes::{Notes, Phase};
use super::options::ApplyOptions;
use crate::error::{BulkError, BulkErrorKind};
use crate::journal::{Entry, LoadedStep, StepEnd, StepState, WriterHandle};
use crate::outcome::{Ending, Failure};
use crate::plan::{State, StepId};

const FIRST_WAIT: Duration = Duration::from_secs(1);
const BACKOFF: Backoff = Backoff::new(FIRST_WAIT, Duration::from_secs(15));

/// How long a thing is read again that still shows how it was before steps that this one needs, and how often at least: a
/// reading may take longer than that.
const FLAPPING: Duration = Duration::from_secs(60);
const FLAPPING_READINGS: u32 = 6;

/// The parts that all steps of a run share.
#[derive(Debug)]
pub(super) struct RunContext {
    pub(super) client: Client,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) journal: WriterHandle,
    pub(super) options: ApplyOptions,
    /// When the service last did something for us, in milliseconds of the clock.
    pub(super) last_contact: AtomicU64,
}

/// How the attempt at a step ended.
#[derive(Debug)]
pub(super) enum StepResult {
    /// To be journalled.
    Ended(Box<StepEnd>),
    /// The journal is as it should be, and a later run goes on; with what kept the step from ending, if something did.
    Left(Option<Box<Failure>>),
    /// The run cannot go on. The journal is as it should be.
    Fatal(BulkError),
}

/// One step.
pub(super) struct Attempt {
    pub(super) id: StepId,
    pub(super) loaded: LoadedStep,
    /// Whether other steps of the plan had to be done before: what is read may still show how it was before them.
    pub(super) needs_others: bool,
    pub(super) notes: Notes,
    pub(super) context: Arc<RunContext>,
}

/// The consequence of an error.
enum After {
    /// This is the end.
    End(StepResult),
    /// Nothing was sent; again after this time.
    Again(Duration),
    /// Something may have been sent: read.
    Doubt,
    /// An order was accepted that has this token, and something else went wrong since.
    Follow(String),
    /// The service accepted the change, and reading does not show it yet.
    See,
}

/// A change that went well.
#[derive(Debug)]
struct Completed {
    is_already: bool,
    after: State,
    warnings: Vec<String>,
}

/// Whether something else is under way, so that the change may be made later.
fn is_under_way(refusal: &Refusal) -> bool {
    matches!(refusal.reason, RefusalReason::UnderWay { .. })
}

fn ended(end: StepEnd) -> StepResult {
    StepResult::Ended(Box::new(end))
}

impl Attempt {
    /// Rare cases are on the heap, here and below: hundreds of steps wait at a time, and each has the room of all that it
    /// may come to.
    pub(super) async fn execute(self) -> StepResult {
        for id in &self.loaded.request_ids {
            self.notes.add_request(Some(id));
        }
        match (self.loaded.state, self.loaded.token.clone()) {
            (StepState::Waiting, _) => self.begin().await,
            (StepState::Accepted | StepState::Ended(Ending::Pending), Some(token)) => {
                self.notes.set_operation(self.loaded.operation_id.clone());
                Box::pin(self.follow(&token)).await
            }
            (StepState::Ended(Ending::NotSeen), _) => Box::pin(self.see()).await,
            _ => Box::pin(self.doubt()).await,
        }
    }

    /// Reads, decides, sends; as often as nothing comes of it and patience lasts.
    async fn begin(&self) -> StepResult {
        let start = self.context.clock.elapsed();
        let mut backoff = BACKOFF;
        let mut obstacle;
        let mut readings = 0;
        loop {
            let wait = backoff.next_wait();
            obstacle = None;
            let after = match self.read().await {
                Err(error) => {
                    let after = self.after_reading(&error, wait);
                    obstacle = Some(Failure::of(&error));
                    after
                }
                Ok(current) => {
                    let now = self.state(&current);
                    match decide(self.change(), &current) {
                        Ok(Decision {
                            action: DecisionAction::Already,
                            warnings,
                            ..
                        }) => {
                            return ended(StepEnd {
                                after: Some(now),
                                warnings: warnings.iter().map(ToString::to_string).collect(),
                                ..StepEnd::plain(Ending::Already)
                            });
                        }
                        Ok(decision) if decision.action == DecisionAction::Wait => {
                            self.wait_for(current, decision).await
                        }
                        decided => {
                            let drift = self.drift(&now);
                            readings += 1;
                            let may_be_old = self.needs_others
                                && (self.elapsed_since(start) + wait <= FLAPPING || readings < FLAPPING_READINGS);
                            let is_refused = decided.as_ref().is_err_and(|refusal| !is_under_way(refusal));
                            match (drift, decided) {
                                (drift, _) if may_be_old && (drift.is_some() || is_refused) => After::Again(wait),
                                (Some(drift), _) => return self.stale(&drift, now),
                                (None, Err(refusal)) if is_under_way(&refusal) => {
                                    obstacle = Some(Failure::of(&refusal.into()));
                                    After::Again(wait)
                                }
                                // Nothing was sent, so the service refused nothing.
                                (None, Err(refusal)) => {
                                    return self.with_failure(Ending::Skipped, &refusal.into(), Some(now));
                                }
                                (None, Ok(decision)) => self.send(current, decision).await,
                            }
                        }
                    }
                }
            };
            match after {
                After::End(result) => return result,
                After::Doubt => return Box::pin(self.doubt()).await,
                After::Follow(token) => return Box::pin(self.follow(&token)).await,
                After::See => return Box::pin(self.see()).await,
                After::Again(pause) => {
                    if let Some(result) = self.out_of_patience(start, pause, obstacle) {
                        return result;
                    }
                    self.rest(pause).await;
                }
            }
        }
    }

    fn change(&self) -> &Change {
        &self.loaded.step.change
    }

    /// The state in the form of plans.
    fn state(&self, current: &Current) -> State {
        State::of(self.change(), current)
    }

    /// The difference between the state that the plan expects and this one.
    fn drift(&self, now: &State) -> Option<String> {
        drift(self.change(), &self.loaded.step.expects, now)
    }

    async fn read(&self) -> Result<Current, Error> {
        let read = Current::read(&self.context.client, self.change()).await;
        if read.is_ok() {
            self.note_contact();
        }
        read
    }

    /// Carries the decision out that was made on this state. Nothing is returned when the service accepted the change and it
    /// does not show yet.
    async fn apply(&self, current: Current, decision: Decision) -> Result<Option<Completed>, Error> {
        let notes = self.notes.clone();
        let is_number = self.change().subject() == Subject::Number;
        let apply = self.context.client.apply(self.change().clone());
        let outcome = apply
            .with_decision(current, decision)
            // The plan has judged whether it is a main number.
            .base(true)
            .with_wait(self.context.options.order_timeout)
            .with_progress(move |progress| match progress {
                // A change of a user reads back by itself, as a conflict need not be a refusal.
                ChangeProgress::InDoubt | ChangeProgress::Settling if !is_number => Ok(()),
                progress => notes.progress(progress),
            })
            .await?;
        Ok(outcome.seen.then(|| Completed {
            is_already: outcome.is_already,
            after: self.state(&outcome.after),
            warnings: outcome.warnings,
        }))
    }

    fn note_contact(&self) {
        let now = u64::try_from(self.context.clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.context.last_contact.fetch_max(now, Ordering::Relaxed);
    }

    /// Journals, then sends.
    async fn send(&self, current: Current, decision: Decision) -> After {
        let sending = Entry::Sending {
            step: self.id,
            at: self.context.clock.now(),
        };
        if let Err(error) = self.context.journal.write(vec![sending]).wait().await {
            return After::End(StepResult::Fatal(error));
        }
        self.notes.allow();
        let now = self.state(&current);
        match self.apply(current, decision).await {
            Ok(Some(completed)) => After::End(self.done(completed)),
            Ok(None) => After::See,
            Err(error) => self.after_sending(&error, now),
        }
    }

    /// It is being made as wanted, by an order of ours or of somebody else's. Nothing is sent.
    async fn wait_for(&self, current: Current, decision: Decision) -> After {
        let now = self.state(&current);
        self.notes.enter(Phase::Waiting);
        let applied = self.apply(current, decision).await;
        self.notes.enter(Phase::Active);
        match applied {
            Ok(Some(completed)) => After::End(self.done(completed)),
            Ok(None) => After::See,
            Err(_) if self.notes.snapshot().is_held_back => {
                self.notes.forget();
                After::Again(FIRST_WAIT)
            }
            Err(error) if error.kind() == ErrorKind::Timeout => After::End(ended(StepEnd {
                after: Some(now),
                failure: Some(Failure::of(&error)),
                ..StepEnd::plain(Ending::Pending)
            })),
            Err(error) if error.kind() == ErrorKind::OperationFailed => After::End(self.failed(&error)),
            Err(error) => self.after_reading(&error, FIRST_WAIT),
        }
    }

    fn done(&self, completed: Completed) -> StepResult {
        self.note_contact();
        let noted = self.notes.snapshot();
        let ending = if completed.is_already {
            Ending::Already
        } else {
            Ending::Done
        };
        ended(StepEnd {
            after: Some(completed.after),
            request_ids: noted.request_ids,
            warnings: completed.warnings,
            operation: noted.operation,
            ..StepEnd::plain(ending)
        })
    }

    /// A reading failed, and nothing was sent.
    fn after_reading(&self, error: &Error, wait: Duration) -> After {
        match error.kind() {
            _ if error.may_succeed_later() => After::Again(self.pause(error, wait)),
            ErrorKind::Authentication | ErrorKind::WrongTenant => After::End(StepResult::Fatal(fatal(error))),
            // It is gone since it was planned; the service refused nothing.
            ErrorKind::NotFound => After::End(self.with_failure(Ending::Skipped, error, None)),
            _ => After::End(self.failed(error)),
        }
    }

    /// The service refused a change.
    fn after_refusal(&self, error: &Error, wait: Duration) -> After {
        match error.kind() {
            _ if error.may_succeed_later() => After::Again(self.pause(error, wait)),
            ErrorKind::Authentication | ErrorKind::WrongTenant => After::End(StepResult::Fatal(fatal(error))),
            _ => After::End(self.failed(error)),
        }
    }

    /// An intent failed that was allowed to send.
    fn after_sending(&self, error: &Error, now: State) -> After {
        self.notes.add_request(error.request_id());
        let noted = self.notes.snapshot();
        if let Some(failure) = self.context.journal.failure() {
            return After::End(StepResult::Fatal(failure));
        }
        let kind = error.kind();
        if noted.is_lost || matches!(kind, ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked) {
            return After::Doubt;
        }
        // The intent also reads afterwards: an error of that says nothing of the change. Nor does a refusal that came after
        // an attempt whose answer was lost.
        let is_of_change = error.operation().is_none() || error.operation() == noted.sent_as.as_deref();
        let is_answer = error.attempts() <= 1 && !error.is_foreign_answer();
        let is_refused = is_answer && error.status().is_some_and(|status| status.is_client_error());
        let is_certain = is_of_change && !noted.is_answered && (is_refused || !error.may_have_reached_service());
        if is_certain || !noted.is_sent {
            self.context.journal.post(vec![Entry::NotSent { step: self.id }]);
            self.notes.forget();
            return self.after_refusal(error, FIRST_WAIT);
        }
        if !noted.is_answered {
            return After::Doubt;
        }
        match (kind, noted.token) {
            (ErrorKind::Authentication | ErrorKind::WrongTenant, _) if !error.may_succeed_later() => {
                After::End(StepResult::Fatal(fatal(error)))
            }
            // An order failed, or what was accepted shows that the service refused it.
            (ErrorKind::OperationFailed, _) => After::End(self.failed_at(error, now)),
            // The order goes on without us, and its token is in the journal.
            (ErrorKind::Timeout, Some(_)) => After::End(self.pending(error)),
            (_, Some(token)) => After::Follow(token),
            // It was accepted: whatever reading says, it is not refused.
            (_, None) => After::See,
        }
    }

    fn elapsed_since(&self, start: Duration) -> Duration {
        self.context.clock.elapsed().saturating_sub(start)
    }

    async fn rest(&self, pause: Duration) {
        self.notes.enter(Phase::Waiting);
        self.context.clock.sleep(pause).await;
        self.notes.enter(Phase::Active);
    }

    fn pause(&self, error: &Error, wait: Duration) -> Duration {
        requested_wait(error, self.context.clock.now()).unwrap_or(wait)
    }

    /// The end of a step that was tried for long enough: the row is left to a later run when others go well, and the run
    /// ends when none does. The service refused nothing, so nothing has failed.
    fn out_of_patience(&self, start: Duration, pause: Duration, obstacle: Option<Failure>) -> Option<StepResult> {
        let patience = self.context.options.patience;
        if self.elapsed_since(start) + pause <= patience {
            return None;
        }
        let last = Duration::from_millis(self.context.last_contact.load(Ordering::Relaxed));
        let what = format!("the service was not available for {} seconds", patience.as_secs());
        if last > start && self.elapsed_since(last) < patience {
            let step =
                "Run it again: it continues with this row. If only this row gets no answer, ask Microsoft's support";
            let failure = obstacle.unwrap_or_else(|| Failure::ours("service", what, step));
            return Some(StepResult::Left(Some(Box::new(failure))));
        }
        let what = match obstacle {
            Some(obstacle) => format!("{what}: {}", trunkline::mask::text(&obstacle.what)),
            None => what,
        };
        Some(StepResult::Fatal(BulkError::new(
            BulkErrorKind::Service,
            what,
            "Run it again when the service is back: it continues where it stopped",
        )))
    }

    fn failed(&self, error: &Error) -> StepResult {
        self.with_failure(Ending::Failed, error, None)
    }

    fn failed_at(&self, error: &Error, now: State) -> StepResult {
        self.with_failure(Ending::Failed, error, Some(now))
    }

    fn pending(&self, error: &Error) -> StepResult {
        self.with_failure(Ending::Pending, error, None)
    }

    fn unknown(&self, error: &Error) -> StepResult {
        self.with_failure(Ending::Unknown, error, None)
    }

    fn with_failure(&self, ending: Ending, error: &Error, after: Option<State>) -> StepResult {
        self.notes.add_request(error.request_id());
        let noted = self.notes.snapshot();
        ended(StepEnd {
            after,
            request_ids: noted.request_ids,
            failure: Some(Failure::of(error)),
            operation: noted.operation,
            ..StepEnd::plain(ending)
        })
    }

    /// Somebody changed it, and nothing was sent.
    fn stale(&self, drift: &str, now: State) -> StepResult {
        ended(StepEnd {
            after: Some(now),
            failure: Some(Failure::stale(drift)),
            ..StepEnd::plain(Ending::Skipped)
        })
    }
}

/// An error that concerns every row alike.
fn fatal(error: &Error) -> BulkError {
    error.clone().into()
}
