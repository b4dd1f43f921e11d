//! What every request goes through: checks, token, pause, and the one loop that sends again.

mod judgement;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue};
use tokio::sync::SemaphorePermit;
use tracing::{Instrument, Span};
use url::Url;
use uuid::Uuid;

use crate::answer::RawAnswer;
use crate::client::Inner;
use crate::clock::{Timestamp, later, until};
use crate::deadline::{NO_TOKEN, in_time};
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::failure::{self, Failure};
use crate::limits::Charge;
use crate::operation::Operation;
use crate::pace::Pacer;
use crate::retry::RetryPolicy;
use crate::tenant;
use crate::token::CachedToken;
use crate::transport::HttpRequest;

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

/// How the caller wants one request to behave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// From now to the end, waits included.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// What it counts as, when that is not one request of its own group: the requests of a batch.
    pub(crate) charges: Option<Vec<Charge>>,
    /// What became of a first attempt, when that was made among others in a batch.
    pub(crate) failed: Option<Error>,
}

/// Sends `operation` until there is an answer to give, or until `end`, a moment on the clock's scale.
pub(crate) async fn run(
    inner: &Inner,
    operation: &Operation,
    options: &Options,
    end: Option<Duration>,
) -> Result<RawAnswer> {
    let span = if tracing::enabled!(target: "trunkline", tracing::Level::DEBUG) {
        tracing::debug_span!(
            target: "trunkline",
            "operation",
            id = operation.id(),
            method = operation.method().as_str(),
            path = operation.masked_path()
        )
    } else {
        Span::none()
    };
    let mut run = Run::new(inner, operation, options, end);
    let result = run.finish().instrument(span).await;
    result.map_err(|error| {
        // Whatever ended it: an attempt before it may have been carried out.
        let uncertain = run.uncertain || error.may_have_reached_service();
        operation
            .name_in(error)
            .with_attempts(run.attempts)
            .with_may_have_reached_service(uncertain)
    })
}

/// Refuses what the client's cloud does not offer.
pub(crate) fn check_cloud(inner: &Inner, operation: &Operation) -> Result<()> {
    let Some(descriptor) = operation.descriptor() else {
        return Ok(());
    };
    let cloud = inner.cloud;
    if operation.link().is_some() || descriptor.is_everywhere(cloud) {
        return Ok(());
    }
    let Some(place) = descriptor.place(operation.path()) else {
        return Ok(());
    };
    if place.clouds.contains(cloud) {
        return Ok(());
    }
    let offered: Vec<&str> = place.clouds.iter().map(crate::cloud::Cloud::name).collect();
    let offered = if offered.is_empty() {
        "no cloud".to_owned()
    } else {
        offered.join(", ")
    };
    let message = format!("the cloud {cloud} does not offer this; offered by {offered}");
    Err(Error::new(ErrorKind::UnsupportedByCloud, message))
}

/// What to do after an attempt.
enum Next {
    Done(RawAnswer),
    Wait(Duration),
    /// It is sent again if there is another token.
    Refused(Failure),
    Fail(Error),
}

struct Run<'r> {
    inner: &'r Inner,
    operation: &'r Operation,
    policy: &'r RetryPolicy,
    idempotency: Idempotency,
    charges: Option<&'r [Charge]>,
    failed: Option<&'r Error>,
    /// On the clock's scale. Within it, waits are not limited by the retry policy.
    deadline: Option<Duration>,
    /// On the clock's scale: the end of all that the client sends. The retry policy holds as well.
    end: Option<Duration>,
    waited: Duration,
    attempts: u32,
    /// How many of the attempts were answered 429, and how long was waited for that, when these count by themselves.
    throttled: u32,
    waited_throttled: Duration,
    /// Whether an earlier attempt may have been carried out.
    uncertain: bool,
    refreshed: bool,
    challenged: bool,
    token: Option<Arc<CachedToken>>,
}

impl<'r> Run<'r> {
    fn new(inner: &'r Inner, operation: &'r Operation, options: &'r Options, end: Option<Duration>) -> Self {
        Self {
            inner,
            operation,
            policy: options.retry.as_ref().unwrap_or(&inner.retry),
            idempotency: operation.idempotency(),
            charges: options.charges.as_deref(),
            failed: options.failed.as_ref(),
            deadline: options
                .timeout
                .map(|timeout| inner.clock.elapsed().saturating_add(timeout)),
            end,
            waited: Duration::ZERO,
            attempts: 0,
            throttled: 0,
            waited_throttled: Duration::ZERO,
            uncertain: false,
            refreshed: false,
            challenged: false,
            token: None,
        }
    }

    async fn finish(&mut self) -> Result<RawAnswer> {
        check_cloud(self.inner, self.operation)?;
        let url = self.inner.root.url_of(self.operation)?;
        if let Some(error) = self.failed {
            self.go_on_after(error).await?;
        }
        loop {
            self.wait_for_turn().await?;
            if self.token.is_none() {
                self.token = self.find_token().await?;
            }
            let id = Uuid::new_v4();
            let slot = self.take_slot().await?;
            let request = self.request(&url, id)?;
            self.attempts += 1;
            let outcome = self.inner.transport.send(request).await;
            drop(slot);
            let named = |error: Error| error.with_client_request_id(&id.to_string());
            match self.judge(outcome, id) {
                Next::Done(answer) => {
                    self.inner.budget.succeed();
                    return Ok(answer);
                }
                Next::Fail(error) => return Err(named(error)),
                // On the heap: requests that are not refused need not carry its room.
                Next::Refused(failure) => Box::pin(self.replace_token(failure)).await.map_err(named)?,
                Next::Wait(wait) => {
                    tracing::debug!(
                        target: "trunkline",
                        attempt = self.attempts,
                        wait_ms = wait.as_millis() as u64,
                        "waits before it is sent again"
                    );
                    self.inner.clock.sleep(wait).await;
                    // It may have to be refreshed by now.
                    self.token = None;
                }
            }
        }
    }

    /// Waits until fewer requests are under way than may be at once.
    async fn take_slot(&self) -> Result<Option<SemaphorePermit<'r>>> {
        if let Ok(slot) = self.inner.slots.try_acquire() {
            return Ok(Some(slot));
        }
        let slot = async { Ok(self.inner.slots.acquire().await.ok()) };
        let late = "the deadline passed while others of this client's requests were under way";
        in_time(self.remaining_real(), late, slot).await.map_err(|error| {
            error
                .with_next_step("Send fewer requests at once, or give them more time")
                .with_may_have_reached_service(self.uncertain)
        })
    }

    /// Waits as after an attempt of its own, if the one in a batch failed for a while only. What failed for good is told as
    /// it is told of a request by itself: it is sent once more, as if for the first time.
    async fn go_on_after(&mut self, error: &Error) -> Result<()> {
        let asked = match error.retry_advice() {
            RetryAdvice::After(asked) => Some(asked),
            RetryAdvice::Later => None,
            // A pause is waited for by every request.
            _ => return Ok(()),
        };
        let patient = error.kind() == ErrorKind::Throttled && self.policy.throttle_budget.is_some();
        self.attempts = 1;
        self.throttled = u32::from(patient);
        let wait = self.repetition(asked, patient).ok_or_else(|| error.clone())?;
        self.inner.clock.sleep(wait).await;
        Ok(())
    }

    /// Waits until neither a pause nor the client's pace speaks against sending.
    async fn wait_for_turn(&mut self) -> Result<()> {
        self.wait_for_pause().await?;
        let inner = self.inner;
        let Some(pacer) = &inner.pacer else { return Ok(()) };
        let turn = match self.charges {
            Some(charges) => pacer.enter(charges),
            None => pacer.enter(&[Charge::of(self.operation)]),
        };
        let Some(turn) = turn else { return Ok(()) };
        loop {
            while let Some(wait) = turn.wait() {
                if self.remaining().is_some_and(|remaining| wait > remaining) {
                    let end = later(inner.clock.now(), wait);
                    return Err(failure::paced(inner, end).with_may_have_reached_service(self.uncertain));
                }
                turn.sleep(wait).await;
            }
            if self.pause().is_none() {
                break;
            }
            self.wait_for_pause().await?;
        }
        turn.take();
        Ok(())
    }

    /// Until when its groups are to be left alone, if they are.
    fn pause(&self) -> Option<Timestamp> {
        let pause_of = |group| self.inner.pauses.pause_of(group, || self.inner.clock.now());
        match self.charges {
            Some(charges) => charges.iter().filter_map(|charge| pause_of(charge.group)).max(),
            None => pause_of(self.operation.group()),
        }
    }

    /// Waits out a pause that another request's 429 caused.
    async fn wait_for_pause(&mut self) -> Result<()> {
        while let Some(end) = self.pause() {
            let asked = until(self.inner.clock.now(), end);
            let wait = self.policy.asked(asked, 1);
            let patient = self.policy.throttle_budget.is_some();
            if wait > self.patience(patient) {
                return Err(failure::paused(self.inner, end).with_may_have_reached_service(self.uncertain));
            }
            let group = self.operation.group();
            tracing::debug!(target: "trunkline", wait_ms = wait.as_millis() as u64, group, "paused");
            self.spend(wait, patient);
            self.tell_pacer(|pacer, group| pacer.hold(group, asked));
            self.inner.clock.sleep(wait).await;
        }
        Ok(())
    }

    /// Lets the pacer know what concerns each group of the request.
    fn tell_pacer(&self, tell: impl Fn(&Pacer, Option<&'static str>)) {
        let Some(pacer) = &self.inner.pacer else { return };
        match self.charges {
            Some(charges) => charges.iter().for_each(|charge| tell(pacer, charge.group)),
            None => tell(pacer, self.operation.group()),
        }
    }

    async fn find_token(&self) -> Result<Option<Arc<CachedToken>>> {
        // Pinned here, it is handed on without being copied.
        let source = pin!(self.inner.authorization.token());
        let token = in_time(self.remaining_real(), NO_TOKEN, source).await?;
        if let Some(token) = &token {
            self.check(token).await?;
        }
        Ok(token)
    }

    /// Refuses what the service would refuse, and a write with the token of another tenant.
    async fn check(&self, token: &CachedToken) -> Result<()> {
        if self.idempotency != Idempotency::Safe {
            tenant::find(self.inner, token, self.remaining_real()).await?;
        }
        self.inner.authorization.check(token, self.operation)
    }

    /// How long there is until the caller's deadline; `None`: there is no deadline.
    fn remaining(&self) -> Option<Duration> {
        let first = match (self.deadline, self.end) {
            (Some(deadline), Some(end)) => deadline.min(end),
            (deadline, end) => deadline.or(end)?,
        };
        Some(first.saturating_sub(self.inner.clock.elapsed()))
    }

    /// The same in the world's time.
    fn remaining_real(&self) -> Option<Duration> {
        self.remaining().map(|remaining| self.inner.clock.real(remaining))
    }

    /// How long may still be waited: `patient`, for what the service throttles.
    fn patience(&self, patient: bool) -> Duration {
        let budget = match (self.policy.throttle_budget, patient) {
            (Some(budget), true) => budget.saturating_sub(self.waited_throttled),
            _ => self.policy.budget.saturating_sub(self.waited),
        };
        match (self.remaining(), self.deadline) {
            (Some(remaining), Some(_)) => remaining,
            (Some(remaining), None) => remaining.min(budget),
            (None, _) => budget,
        }
    }

    fn spend(&mut self, wait: Duration, patient: bool) {
        let waited = if patient {
            &mut self.waited_throttled
        } else {
            &mut self.waited
        };
        *waited = waited.saturating_add(wait);
    }

    fn request(&self, url: &Url, id: Uuid) -> Result<HttpRequest> {
        let remaining = self.remaining();
        if remaining.is_some_and(|remaining| remaining.is_zero()) {
            return Err(Error::new(
                ErrorKind::Timeout,
                "the deadline passed before the request could be sent",
            )
            .with_may_have_reached_service(self.uncertain));
        }
        let mut headers = self.inner.headers.clone();
        merge(&mut headers, self.operation.headers());
        let body = self.operation.body_bytes().cloned();
        if body.is_some() && !headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if !headers.contains_key(CLIENT_REQUEST_ID) {
            let mut buffer = Uuid::encode_buffer();
            let text: &str = id.hyphenated().encode_lower(&mut buffer);
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(CLIENT_REQUEST_ID, value);
            }
        }
        if self.attempts > 0 {
            headers.insert(RETRY_ATTEMPT, HeaderValue::from(self.attempts));
        }
        if let Some(token) = &self.token {
            self.inner
                .authorization
                .attach(&self.inner.root, url, token, &mut headers)?;
        }
        Ok(HttpRequest {
            method: self.operation.method().clone(),
            url: url.clone(),
            headers,
            body,
            // The network waits in the world's time.
            timeout: Some(
                self.inner
                    .clock
                    .real(remaining.map_or(self.inner.timeout, |remaining| remaining.min(self.inner.timeout))),
            ),
            maximum_body: self.inner.maximum_body,
        })
    }
}

/// Adds the operation's headers to the client's; preferences are joined, others replace.
pub(crate) fn merge(headers: &mut HeaderMap, own: &HeaderMap) {
    const PREFER: HeaderName = HeaderName::from_static("prefer");
    headers.reserve(own.len() + 4);
    for (name, value) in own {
        if *name == PREFER
            && let Some(known) = headers.get(PREFER)
        {
            let joined = [known.as_bytes(), b", ", value.as_bytes()].concat();
            if let Ok(joined) = HeaderValue::from_bytes(&joined) {
                headers.insert(PREFER, joined);
                continue;
            }
        }
        headers.insert(name.clone(), value.clone());
    }
}
