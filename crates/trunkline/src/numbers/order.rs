//! Carrying out an assignment or unassignment: send, wait for the order, read the number back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use serde::Serialize;
use trunkline_core::long_running::{LongRunning, Verdict};

use super::{Numbers, masked};
use crate::generated::handles::Call;
use crate::generated::teams_administration::{
    ActivationState, NumberAssignment, TelephoneNumberLongRunningOperation,
};
use crate::telephone::TelephoneNumber;
use crate::{Error, ErrorKind, Response, Result};

/// How long an order and its read-back may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the inventory may take to show what an order did, or what a lost answer may have started.
const SETTLING: Duration = Duration::from_secs(60);

/// How far a change has come, told while it runs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Progress {
    /// The number was found in the inventory.
    Found(Box<NumberAssignment>),
    /// The service accepted the order. The token resumes waiting for it, in this or another process.
    Accepted {
        /// Id of the operation.
        id: String,
        /// Text for `Client::resume`.
        token: String,
    },
    /// The order's status, as read.
    Stage(String),
    /// The answer to the order was lost; the number is read to see whether it happened.
    AnswerLost,
    /// The number was read back but does not show the change yet.
    Settling,
}

/// An order that was carried out.
#[derive(Debug, Clone, Serialize)]
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
        formatter.write_str(if self.0.is_some() { "Watcher(set)" } else { "Watcher(none)" })
    }
}

/// How the change is to be carried out.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) watcher: Watcher,
    pub(super) deadline: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self { watcher: Watcher::default(), deadline: DEADLINE }
    }
}

/// The call that places an order.
pub(super) type Placing<B> = Call<B, LongRunning<TelephoneNumberLongRunningOperation>>;

impl Numbers {
    /// Places an order, waits for its end, and reads the number until it shows what `is_done` looks for.
    ///
    /// `place` makes the call; it is made again only when the first one's answer was lost and the number still shows
    /// nothing of it when it has settled.
    pub(super) async fn carry_out<B: trunkline_core::codec::Model>(
        &self,
        number: &TelephoneNumber,
        manner: &Manner,
        place: impl Fn() -> Placing<B>,
        is_done: impl Fn(&NumberAssignment) -> bool,
    ) -> Result<(Order, NumberAssignment)> {
        let order = match place().await {
            Ok(accepted) => self.follow(accepted, manner).await?,
            Err(error) if settles_by_reading(&error) => {
                manner.watcher.tell(&Progress::AnswerLost);
                match self.settle(number, manner, &is_done).await {
                    Ok(after) => return Ok((Order::unseen(&error), after)),
                    // Nothing of it can be seen: it did not happen, so this is not a repetition.
                    Err(unsettled) if unsettled.untouched => self.follow(place().await?, manner).await?,
                    Err(unsettled) => {
                        return Err(error.with_source(unsettled.error));
                    }
                }
            }
            Err(error) => return Err(error),
        };
        match self.settle(number, manner, &is_done).await {
            Ok(after) => Ok((order, after)),
            Err(unsettled) => Err(unsettled.error),
        }
    }

    /// Follows an accepted order to its end.
    async fn follow(
        &self,
        accepted: Response<LongRunning<TelephoneNumberLongRunningOperation>>,
        manner: &Manner,
    ) -> Result<Order> {
        let (running, meta) = accepted.into_parts();
        let accepted = Progress::Accepted { id: running.id().to_owned(), token: running.token() };
        manner.watcher.tell(&accepted);
        let mut order = Order {
            id: Some(running.id().to_owned()),
            stages: Vec::new(),
            verdicts: Vec::new(),
            request_id: meta.request_id().map(str::to_owned),
        };
        let mut stages = running.stages_for(manner.deadline);
        while let Some(stage) = stages.try_next().await? {
            manner.watcher.tell(&Progress::Stage(stage.status.clone()));
            if order.stages.last() != Some(&stage.status) {
                order.stages.push(stage.status.clone());
            }
            order.verdicts.clone_from(&stage.verdicts);
            if let Some(finished) = stage.into_finished() {
                finished.into_success()?;
            }
        }
        Ok(order)
    }

    /// Reads the number until it shows the change, or long enough to say that it does not.
    async fn settle(
        &self,
        number: &TelephoneNumber,
        manner: &Manner,
        is_done: &impl Fn(&NumberAssignment) -> bool,
    ) -> std::result::Result<NumberAssignment, Unsettled> {
        let clock = self.client.core().clock().clone();
        let start = clock.elapsed();
        let limit = SETTLING.min(manner.deadline);
        let mut wait = Duration::from_millis(500);
        loop {
            let found = self.need(number).await.map_err(|error| Unsettled { error, untouched: false })?;
            let activation = found.activation_state.value();
            let done = is_done(&found);
            if done && activation.is_none_or(|state| *state == ActivationState::Activated) {
                return Ok(found);
            }
            if done && let Some(state @ (ActivationState::AssignmentFailed | ActivationState::UpdateFailed)) = activation {
                let message = format!("the order ended, but {} shows {state}", masked(number));
                let error = Error::new(ErrorKind::OperationFailed, message)
                    .with_operation("numberAssignments.list")
                    .with_next_step("Unassign the number and assign it again, or ask the provider");
                return Err(Unsettled { error, untouched: false });
            }
            if clock.elapsed().saturating_sub(start) >= limit {
                let pending = activation.is_some_and(|state| *state != ActivationState::Activated);
                let message = format!("{} does not show the change {} seconds later", masked(number), limit.as_secs());
                let error = Error::new(ErrorKind::Timeout, message)
                    .with_operation("numberAssignments.list")
                    .with_may_have_reached_service(true)
                    .with_next_step("Read the number again later; do not send the change again before it shows a final state");
                return Err(Unsettled { error, untouched: !done && !pending });
            }
            manner.watcher.tell(&Progress::Settling);
            clock.sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(8));
        }
    }
}

/// Why a number does not show a change.
struct Unsettled {
    error: Error,
    /// It shows nothing of the change at all, not even that it is under way.
    untouched: bool,
}

/// Whether only reading the number can tell what happened.
fn settles_by_reading(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked)
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
}
