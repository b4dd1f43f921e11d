//! Reading back: what became of an order of an earlier run, and of a request whose answer never came.

use trunkline::ErrorKind;

use super::{After, Attempt, FIRST_WAIT, LONGEST_WAIT, StepResult, ended, fatal, passes};
use crate::apply::notes::Phase;
use crate::apply::target::{Carried, Target, Verdict};
use crate::journal::StepEnd;
use crate::outcome::{Ending, Failure};
use crate::plan::State;

/// How often a change in doubt is sent again in one run, each time after it was seen untouched for all of the proof.
const REPEATS: u32 = 3;

/// Told of a change whose answer never came.
const ANSWER_LOST: &str = "the answer to the request was lost; reading back shows that it was carried out";

impl Attempt {
    /// Takes up an order that was accepted, in this run or an earlier one.
    pub(super) async fn follow(&self, target: &Target, token: &str) -> StepResult {
        let start = self.around.clock.elapsed();
        let mut wait = FIRST_WAIT;
        loop {
            self.notes.enter(Phase::Waiting);
            let notes = self.notes.clone();
            let follow = self.around.client.numbers().follow(token);
            let followed = follow
                .with_deadline(self.around.options.order_deadline)
                .with_progress(move |progress| notes.number_progress(progress))
                .send()
                .await;
            self.notes.enter(Phase::Active);
            let error = match followed {
                Ok(_) => return self.confirm(target).await,
                Err(error) => error,
            };
            self.notes.add_request(error.request_id());
            match error.kind() {
                ErrorKind::OperationFailed => return self.failed(&error),
                ErrorKind::Authentication | ErrorKind::WrongTenant => return StepResult::Fatal(fatal(&error)),
                // The service has forgotten the order, or its token cannot be read: what remains is the number.
                ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::UntrustedLink => {
                    return self.doubt(target).await;
                }
                ErrorKind::Timeout => return self.pending(&error),
                _ if passes(&error) => {
                    let pause = self.pause(&error, wait);
                    if self.elapsed_since(start) + pause > self.around.options.patience {
                        return self.pending(&error);
                    }
                    self.rest(pause).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                _ => return self.unknown(&error),
            }
        }
    }

    /// An order ended well: what counts is the number.
    pub(super) async fn confirm(&self, target: &Target) -> StepResult {
        let start = self.around.clock.elapsed();
        let mut wait = FIRST_WAIT;
        loop {
            let after = match self.read(target).await {
                Err(error) if passes(&error) => After::Again(self.pause(&error, wait)),
                Err(error) => return self.unknown(&error),
                Ok(live) => {
                    let now = target.state(&live);
                    match target.decide(&live) {
                        Verdict::Already(warnings) => {
                            return self.done(Carried {
                                is_already: false,
                                after: now,
                                warnings,
                            });
                        }
                        Verdict::Wait => self.wait_for(target, live).await,
                        _ => {
                            let what = target
                                .drift(&self.loaded.step.expects, &now)
                                .unwrap_or_else(|| "the order succeeded, but it is as it was before".to_owned());
                            return self.stale_after_sending(&what, now);
                        }
                    }
                }
            };
            match after {
                After::End(StepResult::Ended(end)) if end.ending == Ending::Already => {
                    return ended(StepEnd {
                        ending: Ending::Done,
                        ..*end
                    });
                }
                After::End(result) => return result,
                After::Doubt => return self.doubt(target).await,
                After::Follow(token) => return Box::pin(self.follow(target, &token)).await,
                After::Again(pause) => {
                    if self.elapsed_since(start) + pause > self.around.options.patience {
                        let what = "the order succeeded, and the service could not be read since";
                        let noted = self.notes.noted();
                        return ended(StepEnd {
                            request_ids: noted.request_ids,
                            operation: noted.operation,
                            failure: Some(Failure::ours("service", what, "Run it again: it reads again")),
                            ..StepEnd::plain(Ending::Pending)
                        });
                    }
                    self.rest(pause).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// A request may have been carried out, and only reading can tell.
    pub(super) async fn doubt(&self, target: &Target) -> StepResult {
        let options = &self.around.options;
        let mut since = self.around.clock.elapsed();
        let mut repeats = if options.repeat_after_read_back { REPEATS } else { 0 };
        let mut wait = FIRST_WAIT;
        loop {
            self.notes.forget();
            self.notes.enter(Phase::Active);
            let gone = self.elapsed_since(since);
            let pause = match self.read(target).await {
                Err(error) if matches!(error.kind(), ErrorKind::Authentication | ErrorKind::WrongTenant) => {
                    return StepResult::Fatal(fatal(&error));
                }
                Err(error) if passes(&error) && gone < options.proof + options.patience => self.pause(&error, wait),
                Err(error) => return self.unknown(&error),
                Ok(live) => {
                    let now = target.state(&live);
                    match target.decide(&live) {
                        Verdict::Already(mut warnings) => {
                            warnings.push(ANSWER_LOST.to_owned());
                            return self.done(Carried {
                                is_already: false,
                                after: now,
                                warnings,
                            });
                        }
                        Verdict::Wait => match self.wait_for(target, live).await {
                            After::End(StepResult::Ended(mut end)) => {
                                if end.ending.is_good() {
                                    end.ending = Ending::Done;
                                    end.warnings.push(ANSWER_LOST.to_owned());
                                }
                                return StepResult::Ended(end);
                            }
                            After::End(result) => return result,
                            After::Again(pause) => pause,
                            After::Doubt => wait,
                            After::Follow(token) => return Box::pin(self.follow(target, &token)).await,
                        },
                        Verdict::UnderWay(error) if gone >= options.order_deadline => return self.pending(&error),
                        // Ours, most likely.
                        Verdict::UnderWay(_) => wait,
                        verdict => {
                            if let Some(drift) = target.drift(&self.loaded.step.expects, &now) {
                                return self.stale_after_sending(&drift, now);
                            }
                            if let Verdict::Refused(error) = verdict {
                                return self.failed_at(&error, now);
                            }
                            let missing = options.proof.saturating_sub(gone);
                            if !missing.is_zero() {
                                wait.min(missing)
                            } else if repeats > 0 {
                                repeats -= 1;
                                match self.send(target, live).await {
                                    After::End(result) => return result,
                                    // That request was certainly not carried out, so another may leave.
                                    After::Again(pause) => {
                                        repeats += 1;
                                        if let Some(result) = self.out_of_patience(since + options.proof, pause) {
                                            return result;
                                        }
                                        pause
                                    }
                                    After::Follow(token) => return Box::pin(self.follow(target, &token)).await,
                                    After::Doubt => {
                                        since = self.around.clock.elapsed();
                                        wait = FIRST_WAIT;
                                        continue;
                                    }
                                }
                            } else {
                                return self.undecided(now);
                            }
                        }
                    }
                }
            };
            self.rest(pause).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Seen untouched for all of the proof, and not to be sent again.
    fn undecided(&self, now: State) -> StepResult {
        let noted = self.notes.noted();
        let what = format!(
            "the answer to the request was lost, and reading for {} seconds showed nothing of it",
            self.around.options.proof.as_secs()
        );
        let step = "Run it again later: it reads again first. Nothing is sent twice unless repeating is allowed";
        ended(StepEnd {
            after: Some(now),
            request_ids: noted.request_ids,
            failure: Some(Failure::ours("unknown_outcome", what, step)),
            operation: noted.operation,
            ..StepEnd::plain(Ending::Unknown)
        })
    }
}
