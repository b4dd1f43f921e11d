//! What every request goes through: checks, token, pause, and the one loop that sends again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::sync::SemaphorePermit;
use tracing::{Instrument, Span};
use url::Url;
use uuid::Uuid;

use crate::answer::RawAnswer;
use crate::challenge::Claims;
use crate::client::Inner;
use crate::clock::{Timestamp, later, until};
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::failure::{self, Failure};
use crate::foreign;
use crate::limits::Charge;
use crate::operation::Operation;
use crate::pace::Pacer;
use crate::recent_sign_in;
use crate::retry::RetryPolicy;
use crate::retry_after;
use crate::tenant;
use crate::token::CachedToken;
use crate::transport::{HttpRequest, HttpResponse, TransportError, TransportFault};

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

/// What to do about a certificate that is not trusted.
const TRUST: &str = "Check the address and this computer's clock; where a proxy reads along, give its authority as a PEM file, \
    for instance by SSL_CERT_FILE";

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

/// What a source of tokens gives, unless the caller's time is up before. `remaining` is in the world's time.
pub(crate) async fn in_time<T>(remaining: Option<Duration>, source: impl Future<Output = Result<T>>) -> Result<T> {
    match remaining {
        Some(remaining) if tokio::runtime::Handle::try_current().is_ok() => tokio::time::timeout(remaining, source)
            .await
            .map_err(|_| Error::new(ErrorKind::Timeout, "the credential gave no token before the deadline"))?,
        _ => source.await,
    }
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
            let turn = self.take_turn().await?;
            let request = self.request(&url, id)?;
            self.attempts += 1;
            let outcome = self.inner.transport.send(request).await;
            drop(turn);
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
    async fn take_turn(&self) -> Result<Option<SemaphorePermit<'r>>> {
        if let Ok(turn) = self.inner.turns.try_acquire() {
            return Ok(Some(turn));
        }
        let turn = self.inner.turns.acquire();
        match self.remaining_real() {
            Some(remaining) if tokio::runtime::Handle::try_current().is_ok() => {
                match tokio::time::timeout(remaining, turn).await {
                    Ok(turn) => Ok(turn.ok()),
                    Err(_) => Err(Error::new(
                        ErrorKind::Timeout,
                        "the deadline passed while others of this client's requests were under way",
                    )
                    .with_next_step("Send fewer requests at once, or give them more time")
                    .with_may_have_reached_service(self.uncertain)),
                }
            }
            _ => Ok(turn.await.ok()),
        }
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
        let token = in_time(self.remaining_real(), source).await?;
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

    fn judge(&mut self, outcome: Result<HttpResponse, TransportError>, id: Uuid) -> Next {
        let response = match outcome {
            Ok(response) => response,
            Err(error) => return self.judge_silence(error),
        };
        tracing::debug!(
            target: "trunkline",
            attempt = self.attempts,
            status = response.status.as_u16(),
            request_id = response.headers.get("request-id").and_then(|value| value.to_str().ok()),
            client_request_id = %id,
            "answered"
        );
        let status = response.status;
        // The answers inside a batch speak for themselves.
        if self.charges.is_none() && status != StatusCode::TOO_MANY_REQUESTS {
            self.tell_pacer(Pacer::speed_up);
        }
        if status.is_success() {
            return self.judge_success(response, id);
        }
        let failure = Failure::new(
            response,
            self.token.as_deref(),
            self.inner.authorization.tokens.is_none(),
        );
        // Throttling is waited out, whoever asks for it.
        if failure.foreign && status != StatusCode::TOO_MANY_REQUESTS {
            return self.judge_foreign(failure);
        }
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            return Next::Refused(failure);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            return self.judge_throttling(failure);
        }
        if status.is_server_error() {
            return self.judge_server_error(failure);
        }
        Next::Fail(self.refused(failure))
    }

    fn judge_success(&mut self, response: HttpResponse, id: Uuid) -> Next {
        let HttpResponse {
            status,
            headers,
            body,
            cut,
        } = response;
        // The sign-in page of a network says 200 to everything.
        if foreign::is_page(&headers, &body) {
            let response = HttpResponse {
                status,
                headers,
                body,
                cut: None,
            };
            let anonymous = self.inner.authorization.tokens.is_none();
            let failure = Failure::new(response, self.token.as_deref(), anonymous);
            return self.judge_foreign(Failure {
                foreign: true,
                ..failure
            });
        }
        let is_cut = cut.is_some();
        let body = match cut {
            // The body of these says nothing that the headers do not.
            Some(_) if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) => Vec::new(),
            Some(error) if error.fault == TransportFault::TooLarge => {
                return Next::Fail(
                    Error::new(ErrorKind::UnexpectedBody, error.message)
                        .with_status(status, headers)
                        .with_next_step("Ask for less, or raise the limit of the client")
                        .with_may_have_reached_service(self.idempotency != Idempotency::Safe),
                );
            }
            Some(error) if self.idempotency.may_repeat() => return self.judge_silence(error),
            Some(error) => {
                let message = "the service carried it out, but its answer was cut off";
                return Next::Fail(
                    Error::new(ErrorKind::UnknownOutcome, message)
                        .with_status(status, headers)
                        .with_next_step(failure::how_to_settle(self.idempotency))
                        .with_source(error),
                );
            }
            None => body,
        };
        match RawAnswer::new(status, headers, body, id, self.attempts) {
            Ok(answer) => Next::Done(answer.cut(is_cut)),
            Err(error) => {
                Next::Fail(error.with_may_have_reached_service(self.uncertain || self.idempotency != Idempotency::Safe))
            }
        }
    }

    /// Something other than the service answered, so that nobody knows what the service would say.
    #[cold]
    fn judge_foreign(&mut self, failure: Failure) -> Next {
        let asked = retry_after::read(&failure.headers, self.inner.clock.now());
        // A proxy that wants a password has forwarded nothing.
        let sent = failure.status != StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        self.uncertain |= sent && self.idempotency != Idempotency::Safe;
        if (!sent || self.idempotency.may_repeat())
            && let Some(wait) = self.repetition(asked, false)
        {
            return Next::Wait(wait);
        }
        if sent && !self.idempotency.may_repeat() {
            return Next::Fail(failure::answered_elsewhere(failure, self.idempotency));
        }
        let error = self.refused(failure);
        Next::Fail(match asked {
            Some(asked) if !asked.is_zero() => error.with_retry_advice(RetryAdvice::After(asked)),
            _ => error,
        })
    }

    /// No answer, or not a whole one.
    fn judge_silence(&mut self, error: TransportError) -> Next {
        tracing::debug!(target: "trunkline", attempt = self.attempts, %error, "no answer");
        let sent = error.may_have_been_sent();
        self.uncertain |= sent;
        let kind = match error.fault {
            TransportFault::TimedOut => ErrorKind::Timeout,
            TransportFault::TooLarge => ErrorKind::UnexpectedBody,
            TransportFault::Unusable => ErrorKind::InvalidInput,
            _ => ErrorKind::Connection,
        };
        let final_fault = matches!(error.fault, TransportFault::Unusable | TransportFault::NotTrusted);
        let may_repeat = !final_fault && (!sent || self.idempotency.may_repeat());
        if may_repeat && let Some(wait) = self.repetition(None, false) {
            return Next::Wait(wait);
        }
        if sent && !self.idempotency.may_repeat() {
            return Next::Fail(failure::unknown_outcome(&error.message, self.idempotency).with_source(error));
        }
        let message = error.message.clone();
        let is_stranger = error.fault == TransportFault::NotTrusted;
        let error = Error::new(kind, message)
            .with_source(error)
            .with_may_have_reached_service(self.uncertain);
        Next::Fail(if is_stranger {
            error.with_next_step(TRUST)
        } else {
            error
        })
    }

    /// 401 and 403: perhaps another token is all it takes. An error when there is none.
    async fn replace_token(&mut self, failure: Failure) -> Result<()> {
        let view = self.token.as_deref().and_then(|token| token.view.as_ref());
        let claims = recent_sign_in::claims_of(&failure, self.operation, view, self.inner.clock.now());
        let is_new = match &claims {
            Claims::Asked(_) | Claims::Supposed => !std::mem::replace(&mut self.challenged, true),
            Claims::None if failure.status == StatusCode::UNAUTHORIZED => !std::mem::replace(&mut self.refreshed, true),
            Claims::None | Claims::Malformed => false,
        };
        if is_new {
            let replacement = self.inner.authorization.replace(self.token.as_ref(), &claims);
            match in_time(self.remaining_real(), replacement).await {
                Ok(Some(token)) => {
                    self.check(&token).await?;
                    self.token = Some(token);
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) => return Err(failure.describe(error).with_claims_of(claims)),
            }
        }
        Err(recent_sign_in::challenged(self.refused(failure), claims))
    }

    /// 429: not carried out, so it may always be sent again; but not before the service says.
    fn judge_throttling(&mut self, failure: Failure) -> Next {
        let now = self.inner.clock.now();
        let asked = retry_after::read(&failure.headers, now).filter(|asked| !asked.is_zero());
        let group = self.operation.group();
        let patient = self.policy.throttle_budget.is_some();
        self.throttled += u32::from(patient);
        if let Some(asked) = asked {
            self.inner.pauses.pause(group, now, asked);
        }
        let wait = self.repetition(asked, patient);
        self.tell_pacer(|pacer, group| pacer.slow_down(group, asked.or(wait).unwrap_or_default()));
        if let Some(wait) = wait {
            if asked.is_none() {
                // The service did not say for how long; what this request waits is the best guess for the others.
                self.inner.pauses.pause(group, now, wait);
            }
            return Next::Wait(wait);
        }
        let error = self.refused(failure);
        Next::Fail(match asked {
            Some(asked) => failure::told_to_wait(error, now, later(now, asked)),
            None => error.with_retry_advice(RetryAdvice::Later),
        })
    }

    /// 5xx: a read may be repeated, a write may have been carried out.
    fn judge_server_error(&mut self, failure: Failure) -> Next {
        let status = failure.status;
        let asked = retry_after::read(&failure.headers, self.inner.clock.now());
        // An authority that fails is asked again: a token changes nothing.
        let is_authority = self.inner.authorization.tokens.is_none();
        let passing =
            matches!(status.as_u16(), 502..=504) || is_authority && status == StatusCode::INTERNAL_SERVER_ERROR;
        // These say that it was not carried out.
        let definite = failure::is_definite(status);
        self.uncertain |= !definite && self.idempotency != Idempotency::Safe;
        if passing
            && self.idempotency.may_repeat()
            && let Some(wait) = self.repetition(asked, false)
        {
            return Next::Wait(wait);
        }
        if !definite && !self.idempotency.may_repeat() {
            let message = format!("the service answered {} to a write", status.as_u16());
            return Next::Fail(failure.describe(failure::unknown_outcome(&message, self.idempotency)));
        }
        let advice = match asked {
            Some(asked) => RetryAdvice::After(asked),
            None if definite => RetryAdvice::Never,
            None => RetryAdvice::Later,
        };
        Next::Fail(self.refused(failure).with_retry_advice(advice))
    }

    /// The wait before the next attempt; `None`: there is none. `patient`: it was throttled, and that counts by itself.
    fn repetition(&mut self, asked: Option<Duration>, patient: bool) -> Option<Duration> {
        let tried = self.attempts - self.throttled;
        if !patient && tried >= self.policy.attempts {
            return None;
        }
        let tried = if patient { self.throttled } else { tried };
        let wait = match asked {
            Some(asked) => self.policy.asked(asked, tried),
            None => self.policy.backoff(tried),
        };
        if wait > self.patience(patient) {
            return None;
        }
        // What the service asked for costs nothing: it knows what it can bear.
        let free = patient || asked.is_some_and(|asked| !asked.is_zero());
        let granted = free || self.inner.budget.take(self.inner.clock.elapsed());
        granted.then(|| {
            self.spend(wait, patient);
            wait
        })
    }

    fn refused(&self, failure: Failure) -> Error {
        let view = self.token.as_deref().and_then(|token| token.view.as_ref());
        failure.into_error(self.operation, self.inner, view, self.uncertain)
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
