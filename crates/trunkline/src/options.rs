//! Options that every change has, the time that it may take, and the sending of one request.

use std::time::Duration;

use crate::progress::{ChangeProgress, Watcher};
use crate::read_back::Deadline;
use crate::{Answer, Client, Request, Response, Result};

/// How long each order of a change, or the whole of another change, may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the state is read after an accepted change when the caller does not say how long all may take: the change is done
/// already, and only to be seen.
const READ_BACK: Duration = Duration::from_secs(60);

/// Options of a change.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeOptions {
    pub(crate) watcher: Watcher,
    /// For the whole change, when the caller says.
    pub(crate) timeout: Option<Duration>,
    /// How long is waited and read, when only that has an end.
    pub(crate) wait: Option<Duration>,
    /// Whether an order whose answer was lost may be placed once more, when the number was seen free to the end.
    pub(crate) repeats: bool,
    /// Whether a number may be taken from its holder although there are numbers with an extension of it.
    pub(crate) takes_base: bool,
}

impl ChangeOptions {
    /// Starts the clock for a change of this many orders. All that the client which comes with the deadline sends ends in time.
    pub(crate) fn start(&self, client: &Client, orders: u32) -> (Client, Deadline) {
        match self.wait {
            Some(wait) => (client.clone(), Deadline::of_waiting(client, wait)),
            None => Deadline::begin(client, self.timeout.unwrap_or(DEADLINE * orders)),
        }
    }

    /// Until when an accepted change is read. `patience` is for readings that need not take longer, whatever the caller allows.
    pub(crate) fn until(&self, client: &Client, deadline: Deadline, patience: Option<Duration>) -> Duration {
        let patience = match patience {
            Some(patience) => patience,
            None if self.timeout.is_some() => return deadline.until,
            None => READ_BACK,
        };
        let now = client.core().clock().elapsed();
        now.saturating_add(patience).min(deadline.until)
    }

    /// Sends one request, and says that it was answered. The outer error is the watcher's, the inner one the service's.
    /// `is_again`: another request of the change was sent before.
    pub(crate) async fn send<A: Answer>(&self, request: Request<A>, is_again: bool) -> Result<Result<Response<A>>> {
        let sending = ChangeProgress::Sending(Box::new(request.operation().clone()));
        if is_again {
            self.watcher.tell_after_sending(&sending).await?;
        } else {
            self.watcher.tell(&sending).await?;
        }
        let answer = match request.await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let answered = ChangeProgress::Answered(Box::new(answer.meta().clone()));
        self.watcher.tell_after_sending(&answered).await?;
        Ok(Ok(answer))
    }
}
