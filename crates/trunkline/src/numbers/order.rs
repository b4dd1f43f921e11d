//! Carrying out an assignment or unassignment: send once, wait for the order, read the number back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use serde::Serialize;
use trunkline_core::long_running::{Finished, LongRunning, Verdict};
use trunkline_core::mask;

use super::settling::{Shows, Unsettled};
use super::{Numbers, is_free, masked};
use crate::generated::handles::Call;
use crate::generated::teams_administration::{ActivationState, NumberAssignment, TelephoneNumberLongRunningOperation};
use crate::intent::Masked;
use crate::telephone::TelephoneNumber;
use crate::{Error, ErrorKind, Response, Result};

/// How long an order and its read-back may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the number is read at least when the answer to an order was lost, however short the caller's deadline:
/// what is seen at once proves nothing.
const PROOF: Duration = Duration::from_secs(60);

/// How far a change has come, told while it runs.
#[derive(Clone)]
#[non_exhaustive]
pub enum Progress {
    /// The number was found in the inventory.
    Found(Box<NumberAssignment>),
    /// The service accepted the order. The token resumes waiting for it, in this or another process.
    Accepted {
        /// Id of the operation.
        id: String,
        /// Text for [`Numbers::follow`] and `Client::resume`.
        token: String,
    },
    /// The order's status, as read.
    Stage(String),
    /// The answer to the order was lost; the number is read to see whether it happened.
    AnswerLost,
    /// The number was read back but does not show the change yet.
    Settling,
}

impl fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(found) => formatter.debug_tuple("Found").field(found).finish(),
            Self::Accepted { id, .. } => formatter
                .debug_struct("Accepted")
                .field("id", &Masked(id))
                .finish_non_exhaustive(),
            Self::Stage(status) => formatter.debug_tuple("Stage").field(&Masked(status)).finish(),
            Self::AnswerLost => formatter.write_str("AnswerLost"),
            Self::Settling => formatter.write_str("Settling"),
        }
    }
}

/// An order that was carried out.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Id of the operation; absent when the answer that held it was lost and reading the number back settled it.
    pub id: Option<String>,
    /// The stages that were seen, in order, without repetitions.
    pub stages: Vec<String>,
    /// What the service says of each number.
    pub verdicts: Vec<Verdict>,
    /// The id under which Microsoft's support finds the request.
    pub request_id: Option<String>,
}

impl fmt::Debug for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdicts: Vec<_> = self.verdicts.iter().map(MaskedVerdict).collect();
        formatter
            .debug_struct("Order")
            .field("id", &self.id.as_deref().map(Masked))
            .field(
                "stages",
                &self.stages.iter().map(|stage| Masked(stage)).collect::<Vec<_>>(),
            )
            .field("verdicts", &verdicts)
            .field("request_id", &self.request_id.as_deref().map(Masked))
            .finish()
    }
}

struct MaskedVerdict<'v>(&'v Verdict);

impl fmt::Debug for MaskedVerdict<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.0.resource_location.as_deref().map(mask::url);
        formatter
            .debug_struct("Verdict")
            .field("resource_location", &location)
            .field("status", &self.0.status.as_deref().map(Masked))
            .field("detail", &self.0.detail.as_deref().map(Masked))
            .field("succeeded", &self.0.succeeded)
            .finish()
    }
}

/// What is told of progress.
type Watch = dyn Fn(&Progress) + Send + Sync;

/// Told of progress; shared between the two orders of a move.
#[derive(Clone, Default)]
pub(super) struct Watcher(Option<Arc<Watch>>);

impl Watcher {
    pub(super) fn new(watch: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watch)))
    }

    pub(super) fn tell(&self, progress: &Progress) {
        if let Some(watch) = &self.0 {
            watch(progress);
        }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "Watcher(set)"
        } else {
            "Watcher(none)"
        })
    }
}

/// How the change is to be carried out.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) watcher: Watcher,
    pub(super) deadline: Duration,
    /// Whether an order whose answer was lost may be placed once more, when the number was seen free to the end.
    pub(super) repeats: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            watcher: Watcher::default(),
            deadline: DEADLINE,
            repeats: false,
        }
    }
}

/// What an order does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Assign,
    Unassign,
}

impl Verb {
    pub(super) const fn operation(self) -> &'static str {
        match self {
            Self::Assign => "numberAssignments.assignNumber",
            Self::Unassign => "numberAssignments.unassignNumber",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Assign => "assigned",
            Self::Unassign => "unassigned",
        }
    }

    const fn correction(self) -> &'static str {
        match self {
            Self::Assign => {
                "Correct what the service names; look at licence, usage location and other numbers of the holder, and \
                 at the number's emergency location; then assign it again"
            }
            Self::Unassign => "Read the number, correct what the service names, then unassign it again",
        }
    }
}

/// An order in words: what it does to which number.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    /// Masked.
    pub(super) number: String,
    pub(super) verb: Verb,
}

/// The call that places an order.
pub(super) type Placing<B> = Call<B, LongRunning<TelephoneNumberLongRunningOperation>>;

/// An order the service accepted.
pub(super) type Running = LongRunning<TelephoneNumberLongRunningOperation>;

impl Numbers {
    /// Places an order, waits for its end, and reads the number until it shows what `is_done` looks for.
    ///
    /// The order is placed once. When its answer was lost, only reading tells what became of it: an order can stay
    /// unseen for longer than anybody waits, so a number that shows nothing is no proof that nothing was ordered.
    pub(super) async fn carry_out<B: trunkline_core::codec::Model>(
        &self,
        number: &TelephoneNumber,
        manner: &Manner,
        verb: Verb,
        place: impl Fn() -> Placing<B>,
        is_done: impl Fn(&NumberAssignment) -> bool,
    ) -> Result<(Order, NumberAssignment)> {
        let clock = self.client.core().clock().clone();
        let deed = Deed {
            number: masked(number),
            verb,
        };
        let shows = |found: &NumberAssignment| Shows::of(found, is_done(found));
        let mut repeats = manner.repeats;
        loop {
            let start = clock.elapsed();
            let until = start.saturating_add(manner.deadline);
            let error = match place().await {
                Ok(accepted) => {
                    let order = self.accept(accepted, until, &manner.watcher, &deed).await?;
                    return match self.settle(&manner.watcher, until, || self.need(number), shows).await {
                        Ok(after) => Ok((order, after)),
                        Err(unsettled) => Err(unsettled.after_success(&order, &deed.number)),
                    };
                }
                Err(error) => error,
            };
            let proven_by = match error.kind() {
                ErrorKind::UnknownOutcome => start.saturating_add(manner.deadline.max(PROOF)),
                ErrorKind::AcceptedUntracked => until,
                _ if manner.repeats && !repeats => return Err(error.with_may_have_reached_service(true)),
                _ => return Err(error),
            };
            manner.watcher.tell(&Progress::AnswerLost);
            match self
                .settle(&manner.watcher, proven_by, || self.need(number), shows)
                .await
            {
                Ok(after) => return Ok((Order::unseen(&error), after)),
                Err(Unsettled::Late { last, .. })
                    if repeats && error.kind() == ErrorKind::UnknownOutcome && is_untouched(&last) =>
                {
                    repeats = false;
                }
                Err(unsettled) => return Err(unsettled.in_doubt(error, &deed.number)),
            }
        }
    }

    /// Sees an accepted order through to its end.
    async fn accept(
        &self,
        accepted: Response<Running>,
        until: Duration,
        watcher: &Watcher,
        deed: &Deed,
    ) -> Result<Order> {
        let (running, meta) = accepted.into_parts();
        watcher.tell(&Progress::Accepted {
            id: running.id().to_owned(),
            token: running.token(),
        });
        self.see_through(&running, meta.request_id(), until, watcher, deed)
            .await
    }

    /// Waits for the end of an order.
    pub(super) async fn see_through(
        &self,
        running: &Running,
        request_id: Option<&str>,
        until: Duration,
        watcher: &Watcher,
        deed: &Deed,
    ) -> Result<Order> {
        let mut order = Order {
            id: Some(running.id().to_owned()),
            stages: Vec::new(),
            verdicts: Vec::new(),
            request_id: request_id.map(str::to_owned),
        };
        let left = until.saturating_sub(self.client.core().clock().elapsed());
        let mut stages = running.stages_for(left);
        while let Some(stage) = stages.try_next().await? {
            watcher.tell(&Progress::Stage(stage.status.clone()));
            if order.stages.last() != Some(&stage.status) {
                order.stages.push(stage.status.clone());
            }
            order.verdicts.clone_from(&stage.verdicts);
            if let Some(finished) = stage.into_finished()
                && !finished.succeeded()
            {
                return Err(order.failure(finished, deed));
            }
        }
        Ok(order)
    }
}

/// Whether a number is free and at rest, with nothing to be seen of an order.
fn is_untouched(number: &NumberAssignment) -> bool {
    let activation = number.activation_state.value();
    is_free(number) && activation.is_none_or(|state| *state == ActivationState::Activated)
}

impl Order {
    fn unseen(error: &Error) -> Self {
        Self {
            id: None,
            stages: Vec::new(),
            verdicts: Vec::new(),
            request_id: error.request_id().map(str::to_owned),
        }
    }

    /// Its ids, as they are shown.
    pub(super) fn ids(&self) -> String {
        let id = self.id.as_deref().map_or_else(|| "unknown".to_owned(), mask::text);
        match &self.request_id {
            Some(request) => format!("order id {id}, ordered by request id {}", mask::text(request)),
            None => format!("order id {id}"),
        }
    }

    /// Why the order did not do what it should.
    fn failure(&self, finished: Finished<TelephoneNumberLongRunningOperation>, deed: &Deed) -> Error {
        let failed = self.verdicts.iter().find(|verdict| !verdict.succeeded);
        let detail = failed.and_then(|verdict| verdict.detail.as_deref()).map(one_sentence);
        let status = mask::text(&finished.status);
        let item = failed.and_then(|verdict| verdict.status.as_deref()).map(mask::text);
        let reason = detail
            .filter(|detail| !detail.is_empty())
            .unwrap_or_else(|| match &item {
                Some(item) if *item != status => format!("the order ended as {status}, the number as {item}"),
                _ => format!("the order ended as {status}"),
            });
        let message = format!(
            "{} was not {}: {reason} ({})",
            deed.number,
            deed.verb.done(),
            self.ids()
        );
        let step = deed.verb.correction();
        match finished.into_success() {
            Err(error) => error.with_message(message).with_next_step(step),
            Ok(_) => Error::new(ErrorKind::OperationFailed, message)
                .with_may_have_reached_service(true)
                .with_next_step(step),
        }
        .with_operation(deed.verb.operation())
    }
}

/// The service's words as part of a sentence of ours.
fn one_sentence(words: &str) -> String {
    let words: String = words.trim().chars().take(300).collect();
    mask::text(words.trim_end_matches(['.', ' ']))
}
