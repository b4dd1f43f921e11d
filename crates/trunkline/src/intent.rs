//! The common parts of intents: each is described first, then awaited or sent blocking.

use std::fmt;
use std::future::{Future, ready};
use std::ops::ControlFlow;
use std::sync::Arc;

use trunkline_core::clock::BoxFuture;

use crate::{Error, Result};

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
/// use trunkline::numbers::Progress;
/// use trunkline::{Error, ErrorKind};
///
/// let assign = client.numbers().assign("+12065550101", "ana@contoso.example");
/// assign
///     .with_progress(|progress| match progress {
///         Progress::Sending(operation) => journal(operation)
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
type Watch<P> = dyn Fn(&P) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// The progress callback, shared between the requests of an intent.
pub(crate) struct Watcher<P>(Option<Arc<Watch<P>>>);

impl<P> Watcher<P> {
    pub(crate) fn new<H: ProgressResult>(watch: impl Fn(&P) -> H + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(move |progress: &P| watch(progress).into_result())))
    }

    /// Notifies, and waits for whether to go on. The future does not hold the progress.
    pub(crate) fn tell(&self, progress: &P) -> impl Future<Output = Result<()>> + Send + use<P> {
        let answer = self.0.as_ref().map(|watch| watch(progress));
        async move {
            match answer {
                Some(answer) => answer.await,
                None => Ok(()),
            }
        }
    }

    /// [`tell`](Self::tell) when something was sent before: an error that stops the intent says so.
    pub(crate) fn tell_after_sending(&self, progress: &P) -> impl Future<Output = Result<()>> + Send + use<P> {
        let answer = self.tell(progress);
        async move { answer.await.map_err(|error| error.with_may_have_reached_service(true)) }
    }
}

impl<P> Default for Watcher<P> {
    fn default() -> Self {
        Self(None)
    }
}

impl<P> Clone for Watcher<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P> fmt::Debug for Watcher<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "Watcher(set)"
        } else {
            "Watcher(none)"
        })
    }
}

/// A text whose `Debug` shows no number, name or address.
pub(crate) struct Masked<'t>(pub(crate) &'t str);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::text(self.0), formatter)
    }
}

/// A telephone number as it was given, of which `Debug` shows the last two digits.
pub(crate) struct MaskedNumber<'t>(pub(crate) &'t str);

impl fmt::Debug for MaskedNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::number(self.0), formatter)
    }
}

/// Gives an intent its two ways of execution, over its `async fn execute(self) -> Result<Outcome>`.
macro_rules! intent {
    ($intent:ident => $outcome:ty) => {
        impl $intent {
            /// Carries it out.
            ///
            /// # Errors
            ///
            /// See the method that made it.
            pub async fn send(self) -> $crate::Result<$outcome> {
                self.execute().await
            }

            /// Carries it out and blocks until it is done.
            ///
            /// # Errors
            ///
            /// See the method that made it; also when called from asynchronous code.
            pub fn send_blocking(self) -> $crate::Result<$outcome> {
                trunkline_core::blocking::block_on(self.execute())?
            }
        }

        impl ::std::future::IntoFuture for $intent {
            type Output = $crate::Result<$outcome>;
            type IntoFuture = trunkline_core::clock::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.execute())
            }
        }
    };
}
pub(crate) use intent;
