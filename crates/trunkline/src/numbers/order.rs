//! Orders: changes that the service accepts and executes later, followed to their end.

use std::fmt;
use std::time::Duration;

use futures_util::TryStreamExt;
use serde::Serialize;
use trunkline_core::long_running::{Finished, LongRunning, Verdict};
use trunkline_core::mask;

use crate::generated::teams_administration::TelephoneNumberLongRunningOperation;
use crate::masked::Masked;
use crate::progress::{ChangeProgress, Watcher};
use crate::refusal::{ASSIGN, UNASSIGN};
use crate::{Client, Error, ErrorKind, Response, Result};

/// An order that was carried out.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Id of the operation; absent when the answer that held it was lost and reading the number back settled it.
    pub id: Option<String>,
    /// The stages that were seen, in order, without repetitions.
    pub stages: Vec<String>,
    /// The service's verdict on each number.
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

/// The kind of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Assign,
    Unassign,
    /// An order of which only the id is known.
    Change,
}

impl Verb {
    pub(super) const fn operation(self) -> &'static str {
        match self {
            Self::Assign => ASSIGN,
            Self::Unassign => UNASSIGN,
            Self::Change => "operations.get",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Assign => "assigned",
            Self::Unassign => "unassigned",
            Self::Change => "changed",
        }
    }

    const fn correction(self) -> &'static str {
        match self {
            Self::Assign => {
                "Correct what the service names; look at licence, usage location and other numbers of the holder, and \
                 at the number's emergency location; then assign it again"
            }
            Self::Unassign => "Read the number, correct what the service names, then unassign it again",
            Self::Change => "Read the number, correct what the service names, then order it again",
        }
    }
}

/// An order in words: what it does to which number.
#[derive(Debug, Clone)]
pub(super) struct OrderedChange {
    /// Masked.
    pub(super) number: String,
    pub(super) verb: Verb,
}

/// An order the service accepted.
pub(super) type Running = LongRunning<TelephoneNumberLongRunningOperation>;

/// Sees an accepted order through to its end.
pub(super) async fn accept(
    client: &Client,
    accepted: Response<Running>,
    until: Duration,
    watcher: &Watcher,
    ordered: &OrderedChange,
) -> Result<Order> {
    let (running, meta) = accepted.into_parts();
    watcher.tell_after_sending(&accepted_progress(&running)).await?;
    see_through(client, &running, meta.request_id(), until, watcher, ordered).await
}

/// The event for an order that the service accepted.
pub(super) fn accepted_progress(running: &Running) -> ChangeProgress {
    ChangeProgress::Accepted {
        id: running.id().to_owned(),
        token: running.token(),
    }
}

/// Waits for the end of an order.
pub(super) async fn see_through(
    client: &Client,
    running: &Running,
    request_id: Option<&str>,
    until: Duration,
    watcher: &Watcher,
    ordered: &OrderedChange,
) -> Result<Order> {
    let mut order = Order {
        id: Some(running.id().to_owned()),
        stages: Vec::new(),
        verdicts: Vec::new(),
        request_id: request_id.map(str::to_owned),
    };
    let left = until.saturating_sub(client.core().clock().elapsed());
    let mut stages = running.stages_for(left);
    while let Some(stage) = stages.try_next().await? {
        watcher
            .tell_after_sending(&ChangeProgress::Stage(stage.status.clone()))
            .await?;
        if order.stages.last() != Some(&stage.status) {
            order.stages.push(stage.status.clone());
        }
        order.verdicts.clone_from(&stage.verdicts);
        if let Some(finished) = stage.into_finished()
            && !finished.succeeded()
        {
            return Err(order.failure(finished, ordered));
        }
    }
    Ok(order)
}

impl Order {
    pub(super) fn unseen(error: &Error) -> Self {
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
    fn failure(&self, finished: Finished<TelephoneNumberLongRunningOperation>, ordered: &OrderedChange) -> Error {
        let failed = self.verdicts.iter().find(|verdict| !verdict.succeeded);
        let detail = failed.and_then(|verdict| verdict.detail.as_deref()).map(mask::sentence);
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
            ordered.number,
            ordered.verb.done(),
            self.ids()
        );
        let step = ordered.verb.correction();
        match finished.into_success() {
            Err(error) => error.with_message(message).with_next_step(step),
            Ok(_) => Error::new(ErrorKind::OperationFailed, message)
                .with_may_have_reached_service(true)
                .with_next_step(step),
        }
        .with_operation(ordered.verb.operation())
    }
}
