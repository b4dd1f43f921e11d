//! Carrying out a decision about a number: each step is sent once, orders are waited for, the number is read back.

use std::time::Duration;

use super::base::check_base;
use super::decision::{decide, shows, warnings};
use super::order::{Order, OrderedChange, Running, Verb, accept};
use super::read_back::Unsettled;
use super::record::{is_free, masked};
use super::requests;
use crate::change::Change;
use crate::decision::{Current, Decision, DecisionAction};
use crate::generated::teams_administration::{ActivationState, NumberAssignment};
use crate::options::ChangeOptions;
use crate::outcome::ChangeOutcome;
use crate::progress::ChangeProgress;
use crate::read_back::{Deadline, Late, before_sending, settle};
use crate::refusal::{ASSIGN, Refusal, RefusalReason};
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Request, Result};

/// How long the number is read at least before an order whose answer was lost is placed once more: what is seen at once
/// proves nothing.
const PROOF: Duration = Duration::from_secs(60);

/// A change of one number on its way.
pub(crate) struct Run<'r> {
    /// Ends at the deadline.
    pub(crate) client: &'r Client,
    pub(crate) deadline: Deadline,
    pub(crate) number: TelephoneNumber,
    pub(crate) change: Change,
    pub(crate) options: &'r ChangeOptions,
}

impl Run<'_> {
    /// Carries the decision out that was made on this state of the number.
    pub(crate) async fn execute(self, before: NumberAssignment, decision: Decision) -> Result<ChangeOutcome> {
        let mut found = before.clone();
        let mut action = decision.action;
        if action == DecisionAction::Wait {
            found = self.wait(&found).await?;
            action = decide(&self.change, &found)?.action;
        }
        let DecisionAction::Send(steps) = action else {
            return Ok(self.outcome(true, before, found, Vec::new()));
        };
        let takes = steps.iter().any(|step| matches!(step, Change::Unassign { .. }));
        if takes && !self.options.takes_base {
            let checked = check_base(self.client, &self.number, &found).await;
            checked.map_err(before_sending)?;
        }
        // The requests are those of the decision: what is read back between two orders may say less.
        let decided = found.clone();
        let mut orders = Vec::new();
        let mut unseen = None;
        for step in &steps {
            let verb = match step {
                Change::SetLocation { .. } => {
                    match self.locate(&found, step).await? {
                        Located::Seen(after) => found = *after,
                        Located::Unseen { last, warning } => {
                            found = last.map_or(found, |last| *last);
                            unseen = Some(warning);
                        }
                    }
                    continue;
                }
                Change::Assign { .. } => Verb::Assign,
                _ => Verb::Unassign,
            };
            let (order, after) = match self.order(verb, step, &decided, &found).await {
                Ok(ordered) => ordered,
                Err(error) if orders.is_empty() => return Err(error),
                Err(error) => return Err(self.taken_but_not_given(error).await),
            };
            orders.push(order);
            found = after;
        }
        let mut outcome = self.outcome(false, before, found, orders);
        if let Some(warning) = unseen {
            outcome.seen = false;
            outcome.warnings.push(warning);
        }
        Ok(outcome)
    }

    fn outcome(
        self,
        is_already: bool,
        before: NumberAssignment,
        after: NumberAssignment,
        orders: Vec<Order>,
    ) -> ChangeOutcome {
        ChangeOutcome {
            is_already,
            seen: true,
            warnings: warnings(&self.change, &after).iter().map(ToString::to_string).collect(),
            change: self.change,
            before: Current::from(before),
            after: Current::from(after),
            orders,
        }
    }

    /// Reads until the number shows `goal`, or until a moment of the clock.
    async fn settle(
        &self,
        until: Duration,
        goal: &Change,
        before: &NumberAssignment,
    ) -> Result<NumberAssignment, Unsettled> {
        let shows = |found: &NumberAssignment| shows(goal, found, before);
        let read = || requests::read(self.client, &self.number);
        settle(self.client.core().clock(), until, &self.options.watcher, read, shows).await
    }

    /// Waits for a change that is already in progress.
    async fn wait(&self, found: &NumberAssignment) -> Result<NumberAssignment> {
        self.options.watcher.tell(&ChangeProgress::Settling).await?;
        let settled = self.settle(self.deadline.until, &self.change, found).await;
        settled.map_err(|unsettled| match (unsettled, &self.change) {
            (Unsettled::Failed(state), Change::Assign { .. }) => {
                Refusal::of_number(&self.number.to_string(), ASSIGN, RefusalReason::Failed { state }).into()
            }
            (unsettled, _) => unsettled
                .explained("the number is already correct; nothing was sent", &masked(&self.number))
                .with_may_have_reached_service(false),
        })
    }

    /// The first half of a move is done, the second is not: says what is certain of the number.
    async fn taken_but_not_given(&self, error: Error) -> Error {
        let shown = masked(&self.number);
        let is_certainly_free = match error.kind() {
            // The order has ended, so what the number shows now is final.
            ErrorKind::OperationFailed => {
                matches!(requests::look_up(self.client, &self.number).await, Ok(Some(found)) if is_free(&found))
            }
            _ => !error.may_have_reached_service(),
        };
        let state = match error.kind() {
            _ if is_certainly_free => format!("{shown} was taken from its holder and is free now; assign it again"),
            ErrorKind::Timeout | ErrorKind::AcceptedUntracked => {
                format!("{shown} was taken from its holder; its assignment is in progress: read the number")
            }
            _ => {
                format!("{shown} was taken from its holder; its assignment has an unknown outcome: read the number")
            }
        };
        let step = format!("{state}. {}", error.next_step());
        error.with_next_step(step).with_may_have_reached_service(true)
    }

    /// Places an order, waits for its end, and reads the number until it shows it.
    ///
    /// The order is placed once. When its answer was lost, only a read shows its outcome: an order can stay
    /// unseen for longer than anybody waits, so a number that shows nothing is no proof that nothing was ordered.
    async fn order(
        &self,
        verb: Verb,
        step: &Change,
        decided: &NumberAssignment,
        before: &NumberAssignment,
    ) -> Result<(Order, NumberAssignment)> {
        let watcher = &self.options.watcher;
        let clock = self.client.core().clock().clone();
        let ordered = OrderedChange {
            number: masked(&self.number),
            verb,
        };
        // The order that takes a number from its holder is never repeated.
        let may_repeat = self.options.repeats && verb == Verb::Assign;
        let mut repeats = may_repeat;
        loop {
            let is_again = may_repeat && !repeats;
            let start = clock.elapsed();
            let until = self.deadline.until;
            let request: Request<Running> = requests::change(self.client, step, decided).reading();
            let sent = match self.deadline.check(self.client) {
                Ok(()) => self.options.send(request, is_again).await?,
                Err(error) => Err(error),
            };
            let error = match sent {
                Ok(accepted) => {
                    let token = accepted.token();
                    let order = accept(self.client, accepted, until, watcher, &ordered).await?;
                    return match self.settle(until, step, before).await {
                        Ok(after) => Ok((order, after)),
                        Err(unsettled) => Err(unsettled.after_success(&order, &ordered.number, token)),
                    };
                }
                Err(error) => error,
            };
            // Refused, or never sent.
            if !error.may_have_reached_service() {
                return Err(error.with_may_have_reached_service(is_again));
            }
            // Half of the time is for another attempt, if there is enough of it for a proof.
            let half = until.saturating_sub(start) / 2;
            repeats &= error.kind() == ErrorKind::UnknownOutcome && half >= PROOF;
            let proven_by = if repeats { start.saturating_add(half) } else { until };
            watcher.tell_after_sending(&ChangeProgress::InDoubt).await?;
            match self.settle(proven_by, step, before).await {
                Ok(after) => return Ok((Order::unseen(&error), after)),
                Err(Unsettled::Late(late)) if repeats && is_untouched(&late) => repeats = false,
                Err(unsettled) => return Err(unsettled.in_doubt(error, &ordered.number)),
            }
        }
    }

    /// Changes the emergency location and reads until it shows.
    async fn locate(&self, before: &NumberAssignment, step: &Change) -> Result<Located> {
        self.deadline.check(self.client)?;
        let request = requests::change(self.client, step, before);
        let doubt = match self.options.send(request, false).await? {
            Ok(_) => None,
            Err(error) if error.may_have_reached_service() => {
                let watcher = &self.options.watcher;
                watcher.tell_after_sending(&ChangeProgress::InDoubt).await?;
                Some(error)
            }
            Err(error) => return Err(error),
        };
        let until = match doubt {
            Some(_) => self.deadline.until,
            None => self.options.until(self.client, self.deadline, None),
        };
        let settled = self.settle(until, step, before).await;
        let shown = masked(&self.number);
        match (settled, doubt) {
            (Ok(after), _) => Ok(Located::Seen(Box::new(after))),
            (Err(unsettled), Some(error)) => Err(unsettled.in_doubt(error, &shown)),
            (Err(unsettled @ (Unsettled::Failed(_) | Unsettled::Stopped(_))), None) => {
                Err(unsettled.explained("the service accepted the location", &shown))
            }
            (Err(Unsettled::Late(Late { last, after, .. })), None) => Ok(Located::Unseen {
                warning: format!(
                    "the service accepted the location, but reading for {} seconds does not show it; read the number again \
                     later, and check that the location's id is of this tenant. It need not be sent again",
                    after.as_secs()
                ),
                last: Some(last),
            }),
            (Err(Unsettled::Unread { error, last }), None) => Ok(Located::Unseen {
                warning: format!(
                    "the service accepted the location, but reading the number back failed: {}; read it again later, it need \
                     not be sent again",
                    error.message()
                ),
                last,
            }),
        }
    }
}

/// A location that the service accepted.
enum Located {
    /// The number shows it.
    Seen(Box<NumberAssignment>),
    /// It does not show yet.
    Unseen {
        /// The state that was read last.
        last: Option<Box<NumberAssignment>>,
        warning: String,
    },
}

/// Whether a number was free and at rest to the end, with nothing to be seen of an order at any time.
fn is_untouched(late: &Late<NumberAssignment>) -> bool {
    let activation = late.last.activation_state.value();
    !late.was_pending && is_free(&late.last) && activation.is_none_or(|state| *state == ActivationState::Activated)
}
