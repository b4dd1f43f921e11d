//! Applying a plan: every change is in the journal before it is sent, and its end afterwards, so that a run can be killed
//! at any moment and taken up again.

mod activity;
mod drift;
mod engine;
mod failure;
mod identity;
mod notes;
mod options;
mod outbox;
mod rows;
mod schedule;
mod selection;
mod step;
mod stop;
mod timeline;
mod window;

use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use trunkline::Client;

use self::engine::Engine;
pub(crate) use self::identity::owner;
use self::identity::runner;
pub use self::options::ApplyOptions;
use self::outbox::Outbox;
pub use self::selection::Narrowed;
pub use self::stop::StopHandle;
use crate::error::{BulkError, BulkErrorKind};
use crate::event::Event;
use crate::journal::Opening;
use crate::outcome::Summary;
use crate::plan::Plan;

/// Bulk work of one client.
///
/// ```no_run
/// use std::path::Path;
/// use trunkline_bulk::{ApplyOptions, Bulk, plan::Plan};
///
/// # async fn run(client: trunkline::Client) -> Result<(), trunkline_bulk::BulkError> {
/// let plan = Plan::read(Path::new("numbers.plan"))?;
/// let apply = Bulk::new(&client).apply(plan, "numbers.journal", &ApplyOptions::new());
/// let summary = apply.run(|event| println!("{event:?}")).await?;
/// println!("{} rows are done", summary.done);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Bulk {
    pub(crate) client: Client,
}

impl Bulk {
    /// Bulk work with this client.
    #[must_use]
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Applies a plan, or goes on applying it when the journal is there already. Nothing happens until the run is polled.
    ///
    /// # Errors
    ///
    /// The run tells them, before anything is sent: [`BulkErrorKind::OtherTenant`] when plan or journal are of another
    /// tenant or cloud, [`BulkErrorKind::OtherPlan`] when the journal is of another plan, [`BulkErrorKind::Busy`] when
    /// another process works on it or applies the same plan with another journal, [`BulkErrorKind::Journal`] when it is
    /// damaged, newer, or a copy without its `-wal` file, [`BulkErrorKind::Disk`] when it cannot be written. Later
    /// [`BulkErrorKind::Journal`] when its files are taken away, and [`BulkErrorKind::Disk`], [`BulkErrorKind::Stopped`]
    /// and [`BulkErrorKind::Service`] end a run early; what was on its way is in the journal, and the same call goes on.
    pub fn apply(&self, plan: impl Into<Arc<Plan>>, journal: impl AsRef<Path>, options: &ApplyOptions) -> Apply {
        self.run(Some(plan.into()), journal.as_ref(), options)
    }

    /// Goes on with what a journal holds.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn resume(&self, journal: impl AsRef<Path>, options: &ApplyOptions) -> Apply {
        self.run(None, journal.as_ref(), options)
    }

    fn run(&self, plan: Option<Arc<Plan>>, journal: &Path, options: &ApplyOptions) -> Apply {
        let (client, path, options) = (self.client.clone(), journal.to_owned(), options.clone());
        let (outbox, stop) = (Outbox::default(), StopHandle::new());
        let (sender, stopped) = (outbox.clone(), stop.clone());
        let run = async move {
            options.check()?;
            if let Some(plan) = &plan {
                // Before the journal is made: options that name no row of the plan are mistyped.
                options.selection.of_plan(plan)?;
            }
            let opening = Opening {
                owner: owner(&client).await?,
                runner: runner(&client).await?,
                endpoint: client.core().base().to_owned(),
                now: client.core().clock().now(),
                reservation: options.reservation,
                path,
                plan,
            };
            let engine = Engine::start(client, opening, options, sender, stopped).await?;
            engine.run().await
        };
        Apply {
            outbox,
            stop,
            run: Some(Box::pin(run)),
            failure: None,
        }
    }
}

/// A run: a stream of what happens, which ends after [`Event::Ended`], or with the error that ended it early.
///
/// Dropping it stops the run as a kill would: the journal has what was on its way.
#[must_use = "nothing happens until it is polled"]
pub struct Apply {
    outbox: Outbox,
    stop: StopHandle,
    run: Option<BoxFuture<'static, Result<(), BulkError>>>,
    /// The last event.
    failure: Option<BulkError>,
}

impl Apply {
    /// Stops the run gently, from anywhere.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Runs to the end and tells everything to `watch`.
    ///
    /// # Errors
    ///
    /// See [`Bulk::apply`].
    pub async fn run(mut self, mut watch: impl FnMut(&Event)) -> Result<Summary, BulkError> {
        let mut summary = None;
        while let Some(event) = self.next().await {
            let event = event?;
            if let Event::Ended(ended) = &event {
                summary = Some(*ended);
            }
            watch(&event);
        }
        summary.ok_or_else(|| BulkError::new(BulkErrorKind::Stopped, "the run has already ended", "Start another run"))
    }

    /// [`run`](Self::run), blocking.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), and when called from asynchronous code.
    pub fn run_blocking(self, watch: impl FnMut(&Event)) -> Result<Summary, BulkError> {
        trunkline::blocking::block_on(self.run(watch))?
    }
}

impl Stream for Apply {
    type Item = Result<Event, BulkError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            // Events come before the next step, and before the error.
            if let Some(event) = this.outbox.take() {
                return Poll::Ready(Some(Ok(event)));
            }
            let Some(run) = &mut this.run else {
                return Poll::Ready(this.failure.take().map(Err));
            };
            match run.as_mut().poll(context) {
                Poll::Ready(ended) => {
                    this.failure = ended.err();
                    this.run = None;
                }
                Poll::Pending => {
                    let event = this.outbox.take();
                    return event.map_or(Poll::Pending, |event| Poll::Ready(Some(Ok(event))));
                }
            }
        }
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Apply")
            .field("has_ended", &self.run.is_none())
            .finish_non_exhaustive()
    }
}
