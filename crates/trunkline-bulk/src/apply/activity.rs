//! A step under way: it is carried out, or left when the run stops while it only waits.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use super::notes::Notes;
use super::step::{Attempt, RunContext, StepResult};
use super::stop::StopHandle;
use crate::journal::{LoadedStep, StepEnd};
use crate::outcome::{Ending, Failure};
use crate::plan::StepId;

/// How an activity ended.
pub(super) struct Report {
    pub(super) id: StepId,
    /// The number that the step released, for the quarantine.
    pub(super) freed: Option<String>,
    pub(super) result: StepResult,
}

/// A step that begins.
pub(super) struct Attempted {
    pub(super) id: StepId,
    pub(super) loaded: LoadedStep,
    /// The number that it releases.
    pub(super) freed: Option<String>,
    /// Whether other steps of the plan had to be done before.
    pub(super) needs_others: bool,
}

/// Carries a step out, unless the run stops while it only waits.
pub(super) async fn attempt(attempted: Attempted, notes: Notes, context: Arc<RunContext>, stop: StopHandle) -> Report {
    let Attempted {
        id,
        loaded,
        freed,
        needs_others,
    } = attempted;
    let attempt = Attempt {
        id,
        loaded,
        needs_others,
        notes: notes.clone(),
        context,
    };
    let mut carrying: Pin<Box<_>> = Box::pin(attempt.execute());
    let mut stopped = Box::pin(stop.stopped());
    let mut is_stopped = false;
    let result = std::future::poll_fn(|context| {
        if let Poll::Ready(result) = carrying.as_mut().poll(context) {
            return Poll::Ready(result);
        }
        is_stopped = is_stopped || stopped.as_mut().poll(context).is_ready();
        if is_stopped && notes.is_waiting() {
            return Poll::Ready(left(&notes));
        }
        Poll::Pending
    })
    .await;
    Report { id, freed, result }
}

/// A step that waits is left: an order goes on without us.
fn left(notes: &Notes) -> StepResult {
    let noted = notes.snapshot();
    match noted.operation {
        Some(operation) => StepResult::Ended(Box::new(StepEnd {
            request_ids: noted.request_ids,
            failure: Some(Failure::ours(
                "timeout",
                "the run ended before the order did",
                "Run it again: it continues with the order",
            )),
            operation: Some(operation),
            ..StepEnd::plain(Ending::Pending)
        })),
        None => StepResult::Left(None),
    }
}
