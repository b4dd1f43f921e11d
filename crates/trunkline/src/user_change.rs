//! Common parts of changes to a user: options, progress, sending one request, reading back until it shows.

use std::time::Duration;

use crate::intent::Watcher;
use crate::read_back::{Deadline, Late, Shows, Unsettled, settle};
use crate::{Answer, Client, Error, ErrorKind, Operation, Request, ResponseMeta, Result, RetryAdvice};

/// How long a change may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the state is read after a change when the caller does not say: the change is done already, and only to be seen.
const READ_BACK: Duration = Duration::from_secs(60);

/// One event in the course of a change. `S` is the state that is changed, as it is read.
///
/// A watcher that answers with an error stops the change: see [`ProgressResult`](crate::ProgressResult).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ChangeProgress<S> {
    /// The state before the change, as it was read, or as the caller said.
    Found(S),
    /// This request is about to be sent, and changes something. The time to write down that it was meant to be sent.
    ///
    /// A repetition by the client below this, because the request provably did not happen (throttled, connection refused) or does
    /// no harm, is not reported again.
    Sending(Box<Operation>),
    /// The service accepted the request. Its result is read back now.
    Answered(Box<ResponseMeta>),
    /// The answer was lost, or says less than what happened: the state is read to see.
    InDoubt,
    /// The state was read back but does not show the change yet.
    Settling,
}

/// Options of a change.
#[derive(Debug, Clone)]
pub(crate) struct ChangeOptions<S> {
    pub(crate) watcher: Watcher<ChangeProgress<S>>,
    /// The state, as the caller read it.
    pub(crate) known: Option<S>,
    /// For the whole change, when the caller says.
    pub(crate) deadline: Option<Duration>,
    /// How long is waited and read, when only that has an end.
    pub(crate) wait: Option<Duration>,
}

impl<S> Default for ChangeOptions<S> {
    fn default() -> Self {
        Self {
            watcher: Watcher::default(),
            known: None,
            deadline: None,
            wait: None,
        }
    }
}

/// Result of reading a change back.
pub(crate) enum ReadBack<S> {
    /// This state shows the change.
    Shown(S),
    /// The service accepted the change, and this state, which was read last, does not show it.
    NotShown(Option<Box<S>>, NotShown),
}

/// Why a change that the service accepted was not seen.
pub(crate) enum NotShown {
    /// Time was up.
    Late(Duration),
    /// The last reading failed.
    Unread(Error),
}

impl NotShown {
    /// A warning about it, with the state that was read last in words.
    pub(crate) fn warning(&self, shown: &str) -> String {
        let read = match self {
            Self::Late(after) => format!("reading for {} seconds still showed {shown}", after.as_secs()),
            Self::Unread(error) => format!("reading it back failed: {}", error.message()),
        };
        format!("the service accepted the change, but {read}; read it again later, it need not be sent again")
    }
}

/// A warning about a change that shows although the answer to its request was lost.
pub(crate) fn lost_answer(doubt: &Error) -> String {
    format!("the answer to the request was lost, and reading back shows the change: {doubt}")
}

impl<S> ChangeOptions<S> {
    /// Starts the clock. All that the client which comes with the deadline sends ends in time.
    pub(crate) fn start(&self, client: &Client) -> (Client, Deadline) {
        match self.wait {
            Some(wait) => (client.clone(), Deadline::of_waiting(client, wait)),
            None => Deadline::begin(client, self.deadline.unwrap_or(DEADLINE)),
        }
    }

    /// Sends one request. The outer error is the watcher's, the inner one the service's.
    pub(crate) async fn send_request<A: Answer>(&self, request: Request<A>) -> Result<Result<()>> {
        let sending = ChangeProgress::Sending(Box::new(request.operation().clone()));
        self.watcher.tell(&sending).await?;
        match request.await {
            Ok(answer) => {
                let answered = ChangeProgress::Answered(Box::new(answer.meta().clone()));
                self.watcher.tell_after_sending(&answered).await?;
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Until when the state is read. `patience` is for readings that need not take longer, whatever the caller allows.
    pub(crate) fn until(&self, client: &Client, deadline: Deadline, patience: Option<Duration>) -> Duration {
        let patience = match patience {
            Some(patience) => patience,
            None if self.deadline.is_some() => return deadline.until,
            None => READ_BACK,
        };
        let now = client.core().clock().elapsed();
        now.saturating_add(patience).min(deadline.until)
    }

    /// Reads until a change shows, or until a moment of the clock. `doubt` is the error of a request that may have been carried
    /// out; `state` names what is read and by which operation.
    ///
    /// # Errors
    ///
    /// The watcher's; the one that a reading fails the change with; [`ErrorKind::UnknownOutcome`] when there is a doubt and
    /// nothing settles it.
    pub(crate) async fn read_back<R: Future<Output = Result<S>>>(
        &self,
        client: &Client,
        until: Duration,
        doubt: Option<&Error>,
        state: &str,
        read: impl Fn() -> R,
        shows: impl Fn(&S) -> Shows<Error>,
    ) -> Result<ReadBack<S>> {
        if doubt.is_some() {
            self.watcher.tell_after_sending(&ChangeProgress::InDoubt).await?;
        }
        let watching = (&self.watcher, &ChangeProgress::Settling);
        // On the heap: many changes of a job wait here at a time.
        let settled = Box::pin(settle(client.core().clock(), until, watching, read, shows)).await;
        let (last, why) = match settled {
            Ok(state) => return Ok(ReadBack::Shown(state)),
            Err(Unsettled::Stopped(error)) => return Err(error.with_may_have_reached_service(true)),
            Err(Unsettled::Failed(error)) => return Err(error),
            Err(Unsettled::Late(Late { last, after, .. })) => (Some(last), NotShown::Late(after)),
            Err(Unsettled::Unread { error, last }) => (last, NotShown::Unread(error)),
        };
        match doubt {
            Some(doubt) => Err(in_doubt(doubt.clone(), state, &why)),
            None => Ok(ReadBack::NotShown(last, why)),
        }
    }
}

/// The outcome of the change is unknown; a conflict says by itself that it was refused.
fn in_doubt(doubt: Error, state: &str, why: &NotShown) -> Error {
    if doubt.kind() == ErrorKind::Conflict {
        return doubt;
    }
    let read = match why {
        NotShown::Late(after) => format!("they did not show the change within {} seconds", after.as_secs()),
        NotShown::Unread(error) => format!("that failed just now ({})", error.message()),
    };
    doubt
        .with_kind(ErrorKind::UnknownOutcome)
        .with_retry_advice(RetryAdvice::AfterReadBack)
        .with_may_have_reached_service(true)
        .with_next_step(format!("Read {state} before sending the change again: {read}"))
}

/// Gives an intent what all of them offer: a state that is known, a deadline, and being watched.
macro_rules! change_options {
    ($intent:ident, known $(#[$known:meta])+ $state:ty, $progress:path) => {
        impl $intent {
            $(#[$known])+
            pub fn known(mut self, state: $state) -> Self {
                self.options.known = Some(state);
                self
            }

            /// How long the whole change may take: looking up, sending and reading back. Default: ten minutes, of which at
            /// most one for reading back; then the outcome says that the change is not yet `seen`.
            pub fn with_deadline(mut self, deadline: ::std::time::Duration) -> Self {
                self.options.deadline = Some(deadline);
                self
            }

            /// How long to read until the change shows, instead of a deadline for the whole change: a request that was sent is
            /// never given up because of it. For programs that journal each request, as an answer that is given up is a lost
            /// answer.
            pub fn with_wait(mut self, wait: ::std::time::Duration) -> Self {
                self.options.wait = Some(wait);
                self
            }

            /// Calls `watch` with the progress of the change. The callback can stop it: see [`ProgressResult`](crate::ProgressResult).
            pub fn with_progress<H: $crate::ProgressResult>(
                mut self,
                watch: impl Fn(&$progress) -> H + Send + Sync + 'static,
            ) -> Self {
                self.options.watcher = $crate::intent::Watcher::new(watch);
                self
            }
        }
    };
}
pub(crate) use change_options;
