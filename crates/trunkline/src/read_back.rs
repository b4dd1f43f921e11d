//! Reading until a change shows. What the service accepted is done; another part of it may not know that yet, or may answer
//! from before, so one reading decides nothing.

use std::sync::Arc;
use std::time::Duration;

use trunkline_core::backoff::{Backoff, requested_wait};
use trunkline_core::clock::Clock;

use crate::progress::{ChangeProgress, Watcher};
use crate::{Client, Error, ErrorKind, Result};

const BACKOFF: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(15));

/// The time that the last read may take.
const LAST_LOOK: Duration = Duration::from_secs(2);

/// The progress of a change as a read shows it.
pub(crate) enum Shows<F> {
    /// All of it, in service.
    Change,
    /// That it is under way.
    Pending,
    /// That it failed, and how.
    Failed(F),
    /// Nothing of it.
    Nothing,
}

/// Why a change was not seen.
pub(crate) enum Unsettled<T, F> {
    /// The last reading failed.
    Unread {
        error: Error,
        /// The state that was read before.
        last: Option<Box<T>>,
    },
    /// The watcher stopped it.
    Stopped(Error),
    /// A reading shows that the change failed.
    Failed(F),
    /// Time is up.
    Late(Late<T>),
}

/// The state that was read last when time was up.
pub(crate) struct Late<T> {
    pub(crate) last: Box<T>,
    /// How long it was read.
    pub(crate) after: Duration,
    /// Whether some reading showed the change under way, even if later ones did not.
    pub(crate) was_pending: bool,
}

/// The time that a whole change may take: everything that is read and sent for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// On the clock's scale: until when is waited. What is left after that is for the last look.
    pub(crate) until: Duration,
}

impl Deadline {
    /// Begins now. All that the client which comes with it sends ends in time.
    pub(crate) fn begin(client: &Client, total: Duration) -> (Client, Self) {
        let now = client.core().clock().elapsed();
        let last_look = LAST_LOOK.min(total / 4);
        let end = now.saturating_add(total);
        let until = now.saturating_add(total - last_look);
        (client.ending_at(end), Self { until })
    }

    /// Begins now, and bounds only what is waited: requests have their own limits.
    pub(crate) fn of_waiting(client: &Client, wait: Duration) -> Self {
        let until = client.core().clock().elapsed().saturating_add(wait);
        Self { until }
    }

    /// Refuses to send anything when it could not be waited for any more.
    pub(crate) fn check(self, client: &Client) -> Result<()> {
        if client.core().clock().elapsed() < self.until {
            return Ok(());
        }
        Err(before_sending(Error::new(
            ErrorKind::Timeout,
            "the deadline passed before the change could be sent",
        )))
    }
}

/// An error of what is read before anything is sent.
pub(crate) fn before_sending(error: Error) -> Error {
    let error = error.with_may_have_reached_service(false);
    if error.kind() != ErrorKind::Timeout {
        return error;
    }
    let message = format!("{}; no change was sent", error.message());
    error
        .with_message(message)
        .with_next_step("Try again with a longer timeout")
}

/// Reads until the change shows, or until a moment of the clock; at least once. The watcher is notified before each further
/// reading.
pub(crate) async fn settle<T, F, R: Future<Output = Result<T>>>(
    clock: &Arc<dyn Clock>,
    until: Duration,
    watcher: &Watcher,
    read: impl Fn() -> R,
    shows: impl Fn(&T) -> Shows<F>,
) -> Result<T, Unsettled<T, F>> {
    let start = clock.elapsed();
    let mut backoff = BACKOFF;
    let mut last = None;
    let mut was_pending = false;
    loop {
        let read = read().await;
        let left = until.saturating_sub(clock.elapsed());
        let wait = backoff.next_wait().min(left);
        let (pause, error) = match read {
            Ok(found) => {
                match shows(&found) {
                    Shows::Change => return Ok(found),
                    Shows::Failed(how) => return Err(Unsettled::Failed(how)),
                    Shows::Pending => was_pending = true,
                    Shows::Nothing => {}
                }
                last = Some(Box::new(found));
                (wait, None)
            }
            // The part of the service that answers may not know yet what was there before the change.
            Err(error) if error.may_succeed_later() || error.is_not_found() => {
                (requested_wait(&error, clock.now()).unwrap_or(wait), Some(error))
            }
            Err(error) => return Err(Unsettled::Unread { error, last }),
        };
        if left.is_zero() || pause > left {
            return Err(match (error, last) {
                (None, Some(last)) => Unsettled::Late(Late {
                    last,
                    after: clock.elapsed().saturating_sub(start),
                    was_pending,
                }),
                (error, last) => Unsettled::Unread {
                    error: error.unwrap_or_else(|| Error::new(ErrorKind::Timeout, "the deadline passed")),
                    last,
                },
            });
        }
        watcher
            .tell(&ChangeProgress::Settling)
            .await
            .map_err(Unsettled::Stopped)?;
        clock.sleep(pause).await;
    }
}
