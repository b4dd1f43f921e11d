//! Bringing a change about: decide, send each step once, wait for orders, read the number back.

use std::time::Duration;

use super::decision::{Action, Decision, Step, Wanted, decide};
use super::order::{Order, OrderedChange, Running, Verb};
use super::progress::{NumberWatcher, Progress};
use super::read_back::Unsettled;
use super::refusal::{ASSIGN, Refusal, RefusalReason};
use super::{Change, LocationChange, NumberOutcome, Numbers, is_free, masked};
use crate::generated::teams_administration::{ActivationState, NumberAssignment};
use crate::read_back::{Deadline, Late, before_sending};
use crate::telephone::TelephoneNumber;
use crate::{Error, ErrorKind, Request, Result};

/// How long each order of a change and its read-back may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the number is read at least before an order whose answer was lost is placed once more: what is seen at once
/// proves nothing.
const PROOF: Duration = Duration::from_secs(60);

/// How long a location that the service accepted is read back when the caller does not say how long all may take.
const READ_BACK: Duration = Duration::from_secs(60);

/// Options of a change.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeOptions {
    pub(super) watcher: NumberWatcher,
    /// For the whole change, when the caller says.
    pub(super) deadline: Option<Duration>,
    /// How long orders are waited for, when only that has an end.
    pub(super) wait: Option<Duration>,
    /// Whether an order whose answer was lost may be placed once more, when the number was seen free to the end.
    pub(super) repeats: bool,
    /// Whether a number may be taken from its holder although there are numbers with an extension of it.
    pub(super) takes_base: bool,
}

impl ChangeOptions {
    /// The time that a change of this many orders has, from now on, and the numbers of a client that ends in time.
    pub(super) fn begin(&self, numbers: &Numbers, orders: u32) -> (Numbers, Deadline) {
        if let Some(wait) = self.wait {
            return (numbers.clone(), Deadline::of_waiting(&numbers.client, wait));
        }
        let total = self.deadline.unwrap_or(DEADLINE * orders);
        let (client, deadline) = Deadline::begin(&numbers.client, total);
        (Numbers::new(&client), deadline)
    }
}

/// A change of one number on its way.
pub(super) struct Execution<'n> {
    /// Of a client that ends at the deadline.
    pub(super) numbers: &'n Numbers,
    pub(super) deadline: Deadline,
    pub(super) number: &'n TelephoneNumber,
    pub(super) wanted: &'n Wanted,
    pub(super) options: &'n ChangeOptions,
}

impl Execution<'_> {
    /// Carries it out on a number that was found so.
    pub(super) async fn execute(&self, before: NumberAssignment) -> Result<NumberOutcome> {
        self.options
            .watcher
            .tell(&Progress::Found(Box::new(before.clone())))
            .await?;
        let mut found = before.clone();
        let mut decision = decide(&found, self.wanted)?;
        if decision.action == Action::Wait {
            found = self.wait(&found).await?;
            decision = decide(&found, self.wanted)?;
        }
        let Decision {
            action: Action::Send(steps),
            ..
        } = decision
        else {
            return Ok(self.outcome(Change::Already, before, found, Vec::new()));
        };
        if !self.options.takes_base && steps.iter().any(|step| matches!(step, Step::Unassign { .. })) {
            let checked = self.numbers.check_base(self.number, &found).await;
            checked.map_err(before_sending)?;
        }
        let mut orders = Vec::new();
        let mut unseen = None;
        for step in &steps {
            let ordered = match step {
                Step::SetLocation(location) => {
                    match self.locate(&found, location).await? {
                        Located::Seen(after) => found = *after,
                        Located::Unseen { last, warning } => {
                            found = last.map_or(found, |last| *last);
                            unseen = Some(warning);
                        }
                    }
                    continue;
                }
                Step::Unassign { number_type } => {
                    let place = || self.numbers.unassignment(self.number, number_type);
                    self.order(Verb::Unassign, &Wanted::Unassigned, &found, place).await
                }
                Step::Assign {
                    to,
                    number_type,
                    category,
                    location,
                } => {
                    let (category, location) = (category.as_ref(), location.as_deref());
                    let place = || {
                        self.numbers
                            .assignment(self.number, to, number_type, category, location)
                    };
                    self.order(Verb::Assign, self.wanted, &found, place).await
                }
            };
            let (order, after) = match ordered {
                Ok(ordered) => ordered,
                Err(error) if orders.is_empty() => return Err(error),
                Err(error) => return Err(self.taken_but_not_given(error).await),
            };
            orders.push(order);
            found = after;
        }
        let mut outcome = self.outcome(Change::Done, before, found, orders);
        if let Some(warning) = unseen {
            outcome.seen = false;
            outcome.warnings.push(warning);
        }
        Ok(outcome)
    }

    fn outcome(
        &self,
        change: Change,
        before: NumberAssignment,
        after: NumberAssignment,
        orders: Vec<Order>,
    ) -> NumberOutcome {
        NumberOutcome {
            change,
            seen: true,
            number: self.number.clone(),
            warnings: self.wanted.warnings(&after).iter().map(ToString::to_string).collect(),
            before,
            after,
            orders,
        }
    }

    /// Waits for a change that is already in progress.
    async fn wait(&self, found: &NumberAssignment) -> Result<NumberAssignment> {
        self.options.watcher.tell(&Progress::Settling).await?;
        let shows = |seen: &NumberAssignment| self.wanted.shown_by(seen, found);
        let read = || self.numbers.need(self.number);
        let until = self.deadline.until;
        let settled = self.numbers.settle(&self.options.watcher, until, read, shows).await;
        settled.map_err(|unsettled| match (unsettled, self.wanted) {
            (Unsettled::Failed(state), Wanted::Assigned(_)) => {
                Refusal::new(&self.number.to_string(), ASSIGN, RefusalReason::Failed { state }).into()
            }
            (unsettled, _) => unsettled
                .explained("the number is already correct; nothing was sent", &masked(self.number))
                .with_may_have_reached_service(false),
        })
    }

    /// The first half of a move is done, the second is not: says what is certain of the number.
    async fn taken_but_not_given(&self, error: Error) -> Error {
        let shown = masked(self.number);
        let is_certainly_free = match error.kind() {
            // The order has ended, so what the number shows now is final.
            ErrorKind::OperationFailed => {
                matches!(self.numbers.look_up(self.number).await, Ok(Some(found)) if is_free(&found))
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
        goal: &Wanted,
        before: &NumberAssignment,
        place: impl Fn() -> Request<Running>,
    ) -> Result<(Order, NumberAssignment)> {
        let (numbers, watcher) = (self.numbers, &self.options.watcher);
        let clock = numbers.client.core().clock().clone();
        let ordered = OrderedChange {
            number: masked(self.number),
            verb,
        };
        let shows = |found: &NumberAssignment| goal.shown_by(found, before);
        let read = || numbers.need(self.number);
        // The order that takes a number from its holder is never repeated.
        let may_repeat = self.options.repeats && verb == Verb::Assign;
        let mut repeats = may_repeat;
        loop {
            let is_again = may_repeat && !repeats;
            let start = clock.elapsed();
            let until = self.deadline.until;
            let sent = match self.deadline.check(&numbers.client) {
                Ok(()) => self.send(place(), is_again).await?,
                Err(error) => Err(error),
            };
            let error = match sent {
                Ok(accepted) => {
                    let token = accepted.token();
                    let order = numbers.accept(accepted, until, watcher, &ordered).await?;
                    return match numbers.settle(watcher, until, read, shows).await {
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
            watcher.tell_after_sending(&Progress::InDoubt).await?;
            match numbers.settle(watcher, proven_by, read, shows).await {
                Ok(after) => return Ok((Order::unseen(&error), after)),
                Err(Unsettled::Late(late)) if repeats && is_untouched(&late) => repeats = false,
                Err(unsettled) => return Err(unsettled.in_doubt(error, &ordered.number)),
            }
        }
    }

    /// Tells, and sends unless it is stopped.
    async fn send<A: crate::Answer>(&self, request: Request<A>, is_again: bool) -> Result<Result<crate::Response<A>>> {
        let sending = Progress::Sending(Box::new(request.operation().clone()));
        if is_again {
            self.options.watcher.tell_after_sending(&sending).await?;
        } else {
            self.options.watcher.tell(&sending).await?;
        }
        Ok(request.await)
    }

    /// Changes the emergency location and reads until it shows.
    async fn locate(&self, before: &NumberAssignment, location: &LocationChange) -> Result<Located> {
        let watcher = &self.options.watcher;
        let request = self.numbers.relocation(self.number, location);
        self.deadline.check(&self.numbers.client)?;
        let doubt = match self.send(request, false).await? {
            Ok(answer) => {
                watcher
                    .tell_after_sending(&Progress::Answered(Box::new(answer.meta().clone())))
                    .await?;
                None
            }
            Err(error) if error.may_have_reached_service() => {
                watcher.tell_after_sending(&Progress::InDoubt).await?;
                Some(error)
            }
            Err(error) => return Err(error),
        };
        let goal = Wanted::Located(location.clone());
        let shows = |found: &NumberAssignment| goal.shown_by(found, before);
        let read = || self.numbers.need(self.number);
        let mut until = self.deadline.until;
        if self.options.deadline.is_none() && doubt.is_none() {
            let now = self.numbers.client.core().clock().elapsed();
            until = until.min(now.saturating_add(READ_BACK));
        }
        let settled = self.numbers.settle(watcher, until, read, shows).await;
        let shown = masked(self.number);
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
