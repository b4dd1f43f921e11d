//! Reading back: the outcome of an order of an earlier run, of a request whose answer never came, and of a change that
//! was accepted and does not show yet.

use std::time::Duration;

use trunkline::{Decision, DecisionAction, ErrorKind, decide};

use super::{After, Attempt, BACKOFF, Completed, StepResult, ended, fatal, is_under_way};
use crate::apply::notes::Phase;
use crate::journal::StepEnd;
use crate::outcome::{Ending, Failure};
use crate::plan::State;

/// How often a change in doubt is sent again in one run, each time after it was seen untouched for all of the proof.
const REPEATS: u32 = 3;

/// How long an accepted change is read until it shows, at most; a shorter deadline for orders shortens it.
const SEEN_WITHIN: Duration = Duration::from_secs(120);

/// The message for a change whose answer never came.
const ANSWER_LOST: &str = "the answer to the request was lost; reading back shows that the change was made";

impl Attempt {
    /// Takes up an order that was accepted, in this run or an earlier one.
    pub(super) async fn follow(&self, token: &str) -> StepResult {
        let start = self.context.clock.elapsed();
        let mut backoff = BACKOFF;
        loop {
            let wait = backoff.next_wait();
            self.notes.enter(Phase::Waiting);
            let notes = self.notes.clone();
            let follow = self.context.client.numbers().follow(token);
            let followed = follow
                .with_timeout(self.context.options.order_timeout)
                .with_progress(move |progress| notes.progress(progress))
                .send()
                .await;
            self.notes.enter(Phase::Active);
            let error = match followed {
                Ok(_) => return self.see().await,
                Err(error) => error,
            };
            self.notes.add_request(error.request_id());
            match error.kind() {
                ErrorKind::OperationFailed => return self.failed(&error),
                ErrorKind::Timeout => return self.pending(&error),
                _ if error.may_succeed_later() => {
                    let pause = self.pause(&error, wait);
                    if self.elapsed_since(start) + pause > self.context.options.patience {
                        return self.pending(&error);
                    }
                    self.rest(pause).await;
                }
                ErrorKind::Authentication | ErrorKind::WrongTenant => return StepResult::Fatal(fatal(&error)),
                // The service has forgotten the order, or its token cannot be read: what remains is the number.
                ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::UntrustedLink => {
                    return self.doubt().await;
                }
                _ => return self.unknown(&error),
            }
        }
    }

    /// The service accepted the change, or its order succeeded: reads until that shows. A single reading proves nothing:
    /// it may come from a replica that does not have the change yet, or has it and then not again.
    pub(super) async fn see(&self) -> StepResult {
        let start = self.context.clock.elapsed();
        let within = SEEN_WITHIN.min(self.context.options.order_timeout);
        let mut backoff = BACKOFF;
        let mut last = None;
        loop {
            let wait = backoff.next_wait();
            let pause = match self.read().await {
                Err(error) if error.may_succeed_later() => self.pause(&error, wait),
                Err(error) if matches!(error.kind(), ErrorKind::Authentication | ErrorKind::WrongTenant) => {
                    return StepResult::Fatal(fatal(&error));
                }
                // Not there is what a replica says that does not have the change yet.
                Err(_) => wait,
                Ok(current) => {
                    let now = self.state(&current);
                    last = Some(now.clone());
                    match decide(self.change(), &current) {
                        Ok(Decision {
                            action: DecisionAction::Already,
                            warnings,
                            ..
                        }) => {
                            return self.done(Completed {
                                is_already: false,
                                after: now,
                                warnings: warnings.iter().map(ToString::to_string).collect(),
                            });
                        }
                        Ok(decision) if decision.action == DecisionAction::Wait => {
                            match self.wait_for(current, decision).await {
                                After::End(StepResult::Ended(end)) if end.ending == Ending::Already => {
                                    return ended(StepEnd {
                                        ending: Ending::Done,
                                        ..*end
                                    });
                                }
                                After::End(result) => return result,
                                After::Again(pause) => pause,
                                After::Doubt | After::Follow(_) | After::See => wait,
                            }
                        }
                        _ => wait,
                    }
                }
            };
            if self.elapsed_since(start) + pause > within {
                return self.not_seen(last, within);
            }
            self.rest(pause).await;
        }
    }

    /// The change was accepted and does not show, for as long as it was read.
    fn not_seen(&self, last: Option<State>, within: Duration) -> StepResult {
        let noted = self.notes.snapshot();
        let drift = last.as_ref().and_then(|now| self.drift(now));
        let mut what = format!(
            "the service accepted the change, but it was not visible within {} seconds",
            within.as_secs()
        );
        if let Some(drift) = drift {
            what.push_str("; ");
            what.push_str(&trunkline::mask::text(&drift));
        }
        ended(StepEnd {
            after: last,
            request_ids: noted.request_ids,
            failure: Some(Failure::ours(
                "notSeen",
                what,
                "Run it again later: it reads again and sends nothing",
            )),
            operation: noted.operation,
            ..StepEnd::plain(Ending::NotSeen)
        })
    }

    /// A request may have been carried out, and only reading can tell.
    pub(super) async fn doubt(&self) -> StepResult {
        let options = &self.context.options;
        let mut since = self.context.clock.elapsed();
        let mut repeats = if options.repeat_after_read_back { REPEATS } else { 0 };
        let mut backoff = BACKOFF;
        loop {
            let wait = backoff.next_wait();
            self.notes.forget();
            self.notes.enter(Phase::Active);
            let gone = self.elapsed_since(since);
            let pause = match self.read().await {
                Err(error)
                    if !error.may_succeed_later()
                        && matches!(error.kind(), ErrorKind::Authentication | ErrorKind::WrongTenant) =>
                {
                    return StepResult::Fatal(fatal(&error));
                }
                Err(error) if error.may_succeed_later() && gone < options.proof + options.patience => {
                    self.pause(&error, wait)
                }
                // Not there is also what a replica says that does not have the change yet.
                Err(error) if error.kind() == ErrorKind::NotFound && gone < options.proof => wait,
                Err(error) => return self.unknown(&error),
                Ok(current) => {
                    let now = self.state(&current);
                    match decide(self.change(), &current) {
                        Ok(Decision {
                            action: DecisionAction::Already,
                            warnings,
                            ..
                        }) => {
                            let mut warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
                            warnings.push(ANSWER_LOST.to_owned());
                            return self.done(Completed {
                                is_already: false,
                                after: now,
                                warnings,
                            });
                        }
                        Ok(decision) if decision.action == DecisionAction::Wait => {
                            match self.wait_for(current, decision).await {
                                After::End(StepResult::Ended(mut end)) => {
                                    if end.ending.is_good() {
                                        end.ending = Ending::Done;
                                        end.warnings.push(ANSWER_LOST.to_owned());
                                    }
                                    return StepResult::Ended(end);
                                }
                                After::End(result) => return result,
                                After::Again(pause) => pause,
                                After::Doubt | After::See => wait,
                                After::Follow(token) => return Box::pin(self.follow(&token)).await,
                            }
                        }
                        // Ours, most likely.
                        Err(refusal) if is_under_way(&refusal) && gone < options.order_timeout => wait,
                        Err(refusal) if is_under_way(&refusal) => return self.pending(&refusal.into()),
                        decided => {
                            let missing = options.proof.saturating_sub(gone);
                            if !missing.is_zero() {
                                wait.min(missing)
                            } else if let Some(drift) = self.drift(&now) {
                                return self.changed_in_doubt(&drift, now);
                            } else {
                                let decision = match decided {
                                    Err(refusal) => {
                                        return self.with_failure(Ending::Unknown, &refusal.into(), Some(now));
                                    }
                                    Ok(_) if repeats == 0 => return self.undecided(now),
                                    Ok(decision) => decision,
                                };
                                match self.send(current, decision).await {
                                    After::End(result) => return result,
                                    // That request was certainly not carried out, so another may leave.
                                    After::Again(pause) => {
                                        if let Some(result) = self.out_of_patience(since + options.proof, pause, None) {
                                            return result;
                                        }
                                        pause
                                    }
                                    After::Follow(token) => return Box::pin(self.follow(&token)).await,
                                    After::See => return Box::pin(self.see()).await,
                                    After::Doubt => {
                                        repeats -= 1;
                                        since = self.context.clock.elapsed();
                                        backoff = BACKOFF;
                                        continue;
                                    }
                                }
                            }
                        }
                    }
                }
            };
            self.rest(pause).await;
        }
    }

    /// Somebody changed it, and whether ours was carried out before is not known.
    fn changed_in_doubt(&self, drift: &str, now: State) -> StepResult {
        let noted = self.notes.snapshot();
        let stale = Failure::stale(drift);
        ended(StepEnd {
            after: Some(now),
            request_ids: noted.request_ids,
            failure: Some(Failure {
                what: format!("the answer to the request was lost; {}", stale.what),
                ..stale
            }),
            operation: noted.operation,
            ..StepEnd::plain(Ending::Unknown)
        })
    }

    /// Seen untouched for all of the proof, and not to be sent again.
    fn undecided(&self, now: State) -> StepResult {
        let noted = self.notes.snapshot();
        let what = format!(
            "the answer to the request was lost, and the change was not visible within {} seconds",
            self.context.options.proof.as_secs()
        );
        let step = "Run it again later: it reads again first. Nothing is sent twice unless repeating is allowed";
        ended(StepEnd {
            after: Some(now),
            request_ids: noted.request_ids,
            failure: Some(Failure::ours("unknownOutcome", what, step)),
            operation: noted.operation,
            ..StepEnd::plain(Ending::Unknown)
        })
    }
}
