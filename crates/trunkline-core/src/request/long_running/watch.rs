//! Waits for the end of an operation: when to look, and which failures to tolerate on the way.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;

use super::running::LongRunning;
use crate::blocking::block_on;
use crate::codec::Decode;
use crate::error::{Error, ErrorKind, Result};
use crate::request::long_running::stage::{Finished, Stage};
use crate::sending::backoff::{self, Backoff, random_part};
use crate::sending::options::Options;
use crate::sending::retry_after;

/// Default limit of the wait for an operation.
const DEADLINE: Duration = Duration::from_secs(600);
/// The first wait between two looks, and the longest, when the service does not say.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How long an operation may be unknown to the part of the service that answers: a new one from its start, one that was
/// seen from the first such answer.
const UNSEEN: Duration = Duration::from_secs(30);
/// The time for the look at the deadline.
const LAST_LOOK: Duration = Duration::from_secs(2);

impl<T: Decode + Send + 'static> LongRunning<T> {
    /// Waits for the end, at most ten minutes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] when the end did not come; the operation goes on, and
    /// [`Error::resume_token`] takes it up again. Failures on the way to the service are lived with until the deadline;
    /// others end the wait, also with a token. That the operation failed is no error here: see [`Finished`].
    pub async fn wait(&self) -> Result<Finished<T>> {
        self.wait_for(DEADLINE).await
    }

    /// Waits for the end, at most `deadline`. The last reading starts at the deadline and may take two seconds.
    ///
    /// # Errors
    ///
    /// The errors of [`wait`](Self::wait).
    pub async fn wait_for(&self, deadline: Duration) -> Result<Finished<T>> {
        let mut watch = Watch::new(self, deadline);
        loop {
            let stage = watch.next(self).await?;
            if stage.is_finished() {
                return Ok(stage.finish());
            }
        }
    }

    /// The blocking form of [`wait`](Self::wait).
    ///
    /// # Errors
    ///
    /// The errors of `wait`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn wait_blocking(&self) -> Result<Finished<T>> {
        block_on(self.wait())?
    }

    /// The blocking form of [`wait_for`](Self::wait_for).
    ///
    /// # Errors
    ///
    /// The errors of `wait_for`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn wait_for_blocking(&self, deadline: Duration) -> Result<Finished<T>> {
        block_on(self.wait_for(deadline))?
    }

    /// Every look at the state until the end, which is the last of them. Waits like [`wait`](Self::wait).
    #[must_use]
    pub fn stages(&self) -> Stages<T> {
        self.stages_for(DEADLINE)
    }

    /// [`stages`](Self::stages), at most until `deadline`.
    #[must_use]
    pub fn stages_for(&self, deadline: Duration) -> Stages<T> {
        let state = (self.clone(), Watch::new(self, deadline), false);
        let stages = futures_util::stream::unfold(state, |(running, mut watch, ended)| async move {
            if ended {
                return None;
            }
            let stage = watch.next(&running).await;
            let ended = stage.as_ref().map_or(true, Stage::is_finished);
            Some((stage, (running, watch, ended)))
        });
        // A stream that is polled after its end ends again.
        Stages(Box::pin(stages.fuse()))
    }

    /// The blocking form of [`stages`](Self::stages).
    #[must_use]
    pub fn stages_blocking(&self) -> BlockingStages<T> {
        BlockingStages {
            running: self.clone(),
            watch: Watch::new(self, DEADLINE),
            ended: false,
        }
    }

    fn timeout(&self, last: Option<Error>) -> Error {
        let mut message = "the operation had not ended when the deadline passed; it continues".to_owned();
        if let Some(last) = &last {
            message.push_str("; the last reading of its state failed: ");
            message.push_str(last.message());
        }
        let error = Error::new(ErrorKind::Timeout, message).with_next_step("Resume it later with the resume token");
        self.with_token(match last {
            Some(last) => error.with_source(last),
            None => error,
        })
    }

    /// The error for a state that was looked for again and again, and `answer` was always that there is none. `seen`: not
    /// always, it was there before.
    fn never_found(&self, kind: ErrorKind, seen: bool, answer: &Error) -> Error {
        let message = if seen {
            "the operation was in progress, but the service no longer finds its state"
        } else {
            "the service accepted the operation, but its state was never found"
        };
        let mut error = Error::new(kind, message)
            .with_next_step("Read the object that it changes, or resume the operation later with the resume token")
            .with_attempts(answer.attempts());
        if let (Some(status), Some(headers)) = (answer.status(), answer.headers()) {
            error = error.with_status(status, headers.clone());
        }
        if let Some(body) = answer.body() {
            error = error.with_body(body);
        }
        if let Some(id) = answer.client_request_id() {
            error = error.with_client_request_id(id);
        }
        self.with_token(error)
    }
}

/// Decides when to look next.
struct Watch {
    /// On the clock's scale.
    deadline: Duration,
    backoff: Backoff,
    /// The wait that the service asked for in its last answer.
    requested: Option<Duration>,
    /// Whether the first look is due at once.
    at_once: bool,
    seen: bool,
    /// The last answer that there is no such operation, until it is seen again.
    missing: Option<Error>,
    /// When the first of these answers came, on the clock's scale.
    missing_since: Option<Duration>,
    /// The error of the last reading, if it failed.
    failed: Option<Error>,
}

impl Watch {
    fn new<T>(running: &LongRunning<T>, deadline: Duration) -> Self {
        Self {
            deadline: running.client.clock().elapsed().saturating_add(deadline),
            backoff: Backoff::new(FIRST_WAIT, LONGEST_WAIT),
            requested: running.asked,
            at_once: running.started.is_none(),
            seen: false,
            missing: None,
            missing_since: None,
            failed: None,
        }
    }

    /// Waits, looks, and gives what was seen; failures on the way are lived with.
    async fn next<T: Decode + Send + 'static>(&mut self, running: &LongRunning<T>) -> Result<Stage<T>> {
        let clock = running.client.clock().clone();
        loop {
            if !std::mem::take(&mut self.at_once) {
                let (least, wait) = self.interval();
                let left = self.deadline.saturating_sub(clock.elapsed());
                if left.is_zero() || least > left {
                    return Err(self.out_of_time(running));
                }
                clock.sleep(wait.min(left)).await;
            }
            let left = self.deadline.saturating_sub(clock.elapsed());
            let options = Options {
                timeout: Some(left.max(LAST_LOOK)),
                ..Options::default()
            };
            match running.look(&options).await {
                Ok(stage) => {
                    self.seen = true;
                    self.missing = None;
                    self.missing_since = None;
                    self.failed = None;
                    self.requested = retry_after::read(stage.meta.headers(), clock.now());
                    return Ok(stage);
                }
                Err(error) => self.live_with(error, running)?,
            }
        }
    }

    /// The shortest time to the next look that the service allows, and the time to wait, which is a little irregular.
    fn interval(&mut self) -> (Duration, Duration) {
        if let Some(requested) = self.requested.take().filter(|requested| !requested.is_zero()) {
            return (requested, backoff::spread(requested));
        }
        let wait = self.backoff.next_wait();
        // Between three quarters of it and all of it.
        (Duration::ZERO, wait * 3 / 4 + random_part(wait / 4))
    }

    fn out_of_time<T: Decode + Send + 'static>(&mut self, running: &LongRunning<T>) -> Error {
        match self.missing.take() {
            Some(answer) => running.never_found(ErrorKind::Timeout, self.seen, &answer),
            None => running.timeout(self.failed.take()),
        }
    }

    /// Whether an operation that is not found may be found later.
    fn may_be_behind(&self, now: Duration, started: Option<Duration>) -> bool {
        let since = match self.seen {
            true => Some(self.missing_since.unwrap_or(now)),
            false => started,
        };
        since.is_some_and(|since| now.saturating_sub(since) < UNSEEN)
    }

    fn live_with<T: Decode + Send + 'static>(&mut self, error: Error, running: &LongRunning<T>) -> Result<()> {
        let clock = running.client.clock();
        let now = clock.elapsed();
        match error.kind() {
            // A part of the service does not know of it yet, or is behind the part that answered before.
            ErrorKind::NotFound if self.may_be_behind(now, running.started) => {
                self.missing_since.get_or_insert(now);
                self.missing = Some(error);
                Ok(())
            }
            ErrorKind::NotFound if self.missing.is_some() => {
                Err(running.never_found(ErrorKind::NotFound, self.seen, &error))
            }
            _ if error.may_succeed_later() => {
                self.requested = backoff::requested_wait(&error, clock.now());
                let left = self.deadline.saturating_sub(clock.elapsed());
                let is_service = !matches!(error.kind(), ErrorKind::UnexpectedBody | ErrorKind::Redirected);
                let is_last = left.is_zero() || self.requested.is_some_and(|requested| requested > left);
                if is_last && is_service {
                    return Err(running.with_token(error));
                }
                self.failed = Some(error);
                if is_last {
                    Err(self.out_of_time(running))
                } else {
                    Ok(())
                }
            }
            _ => Err(running.with_token(error)),
        }
    }
}

/// The looks at an operation's state.
pub struct Stages<T>(Pin<Box<dyn Stream<Item = Result<Stage<T>>> + Send>>);

impl<T> Stream for Stages<T> {
    type Item = Result<Stage<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Stages<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Stages")
    }
}

/// The looks at an operation's state, for a thread that waits.
pub struct BlockingStages<T> {
    running: LongRunning<T>,
    watch: Watch,
    ended: bool,
}

impl<T: Decode + Send + 'static> Iterator for BlockingStages<T> {
    type Item = Result<Stage<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let stage = block_on(self.watch.next(&self.running)).and_then(|stage| stage);
        self.ended = stage.as_ref().map_or(true, Stage::is_finished);
        Some(stage)
    }
}

impl<T> fmt::Debug for BlockingStages<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BlockingStages")
    }
}
