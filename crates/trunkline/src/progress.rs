//! The progress of a change, and the callback that receives it.

use std::fmt;
use std::future::{Future, ready};
use std::ops::ControlFlow;
use std::sync::Arc;

use trunkline_core::clock::BoxFuture;

use crate::decision::Current;
use crate::masked::Masked;
use crate::{Error, Operation, ResponseMeta, Result};

/// One event in the course of a change.
///
/// A watcher that answers with an error stops the change: see [`ProgressResult`].
#[derive(Clone)]
#[non_exhaustive]
pub enum ChangeProgress {
    /// The state before the change, as it was read, or as the caller passed it.
    Found(Current),
    /// This request is about to be sent, and changes something. The time to write down that it was meant to be sent.
    ///
    /// A repetition by the client below this, because the request provably did not happen (throttled, connection refused) or does
    /// no harm, is not reported again.
    Sending(Box<Operation>),
    /// The service accepted the request that was reported last. For an order, [`Accepted`](Self::Accepted) follows.
    Answered(Box<ResponseMeta>),
    /// The service accepted the order. The token resumes waiting for it, in this or another process.
    Accepted {
        /// Id of the operation.
        id: String,
        /// Text for [`Numbers::follow`](crate::numbers::Numbers::follow) and `Client::follow`.
        token: String,
    },
    /// The order's status, as read.
    Stage(String),
    /// The answer was lost, or says less than what happened: the state is read to see.
    InDoubt,
    /// The state was read back but does not show the change yet.
    Settling,
}

impl fmt::Debug for ChangeProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(found) => formatter.debug_tuple("Found").field(found).finish(),
            Self::Sending(operation) => formatter.debug_tuple("Sending").field(operation).finish(),
            Self::Answered(meta) => formatter.debug_tuple("Answered").field(meta).finish(),
            Self::Accepted { id, .. } => formatter
                .debug_struct("Accepted")
                .field("id", &Masked(id))
                .finish_non_exhaustive(),
            Self::Stage(status) => formatter.debug_tuple("Stage").field(&Masked(status)).finish(),
            Self::InDoubt => formatter.write_str("InDoubt"),
            Self::Settling => formatter.write_str("Settling"),
        }
    }
}

/// The result of a progress callback: nothing, or an error that stops the intent.
///
/// A watcher that returns `()` only watches. One that returns `Result<(), Error>` or `ControlFlow<Error>` can stop the
/// intent, which then ends with that error. One that returns `Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>`
/// answers later: the intent waits for it, and sends nothing meanwhile. When it stops at `Sending`, that request is not sent; what was sent before
/// is not taken back, and the error says that it may have reached the service.
///
/// ```no_run
/// # fn journal(_: &trunkline::Operation) -> std::io::Result<()> { Ok(()) }
/// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
/// use trunkline::{ChangeProgress, Error, ErrorKind};
///
/// let assign = client.numbers().assign("+12065550101", "ana@contoso.example");
/// assign
///     .with_progress(|progress| match progress {
///         ChangeProgress::Sending(operation) => journal(operation)
///             .map_err(|error| Error::new(ErrorKind::Cancelled, "the journal cannot be written").with_source(error)),
///         _ => Ok(()),
///     })
///     .await?;
/// # Ok(()) }
/// ```
pub trait ProgressResult {
    /// The answer: whether to go on, or the error that the intent ends with.
    fn into_result(self) -> BoxFuture<'static, Result<()>>;
}

impl ProgressResult for () {
    fn into_result(self) -> BoxFuture<'static, Result<()>> {
        Box::pin(ready(Ok(())))
    }
}

impl ProgressResult for Result<()> {
    fn into_result(self) -> BoxFuture<'static, Result<()>> {
        Box::pin(ready(self))
    }
}

impl ProgressResult for ControlFlow<Error> {
    fn into_result(self) -> BoxFuture<'static, Result<()>> {
        Box::pin(ready(match self {
            Self::Continue(()) => Ok(()),
            Self::Break(error) => Err(error),
        }))
    }
}

impl ProgressResult for BoxFuture<'static, Result<()>> {
    fn into_result(self) -> BoxFuture<'static, Result<()>> {
        self
    }
}

/// Receives progress and answers whether to go on.
type Watch = dyn Fn(&ChangeProgress) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// The progress callback, shared between the requests of an intent.
#[derive(Clone, Default)]
pub(crate) struct Watcher(Option<Arc<Watch>>);

impl Watcher {
    pub(crate) fn new<H: ProgressResult>(watch: impl Fn(&ChangeProgress) -> H + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(move |progress: &ChangeProgress| {
            watch(progress).into_result()
        })))
    }

    /// Notifies, and waits for whether to go on. The future does not hold the progress.
    pub(crate) fn tell(&self, progress: &ChangeProgress) -> impl Future<Output = Result<()>> + Send + use<> {
        let answer = self.0.as_ref().map(|watch| watch(progress));
        async move {
            match answer {
                Some(answer) => answer.await,
                None => Ok(()),
            }
        }
    }

    /// [`tell`](Self::tell) when something was sent before: an error that stops the intent says so.
    pub(crate) fn tell_after_sending(
        &self,
        progress: &ChangeProgress,
    ) -> impl Future<Output = Result<()>> + Send + use<> {
        let answer = self.tell(progress);
        async move { answer.await.map_err(|error| error.with_may_have_reached_service(true)) }
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
