//! Sends a request: checks, token, pause, and the one loop that sends again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue};
use tokio::sync::SemaphorePermit;
use tracing::Instrument;
use url::Url;
use uuid::Uuid;

use crate::clock::BoxFuture;
use crate::clock::{Timestamp, later, until};
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::request::operation::Operation;
use crate::sending::answer::RawAnswer;
use crate::sending::attempt::{Attempt, Attempts, Judgement, Load, Next, Refusal};
use crate::sending::context::{Client, Context};
use crate::sending::deadline::{NO_TOKEN, in_time};
use crate::sending::failure;
use crate::sending::limits::Charge;
use crate::sending::observer::CallEventKind;
use crate::sending::options::Options;
use crate::sending::pace::Pacer;
use crate::sending::report::{self, Subject};
use crate::sending::spans;
use crate::sending::transport::{HttpRequest, HttpResponse, TransportError};
use crate::sending::wait_budget::{Wait, WaitBudget};
use crate::signing::token::CachedToken;
use crate::table::operation::Idempotency;

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

impl Client {
    /// Sends an operation, together with other reads if the client gathers them.
    ///
    /// On the heap, and so compiled in this crate: an async function is otherwise compiled by each crate that awaits it in
    /// something generic, with the options of that crate, and packages are built small.
    pub(crate) fn send<'s>(
        &'s self,
        operation: &'s Operation,
        options: &'s Options,
    ) -> BoxFuture<'s, Result<RawAnswer>> {
        if let Some(reads) = &self.reads
            && let Some(answer) = reads.clone().read(self, operation, options)
        {
            return answer;
        }
        Box::pin(run(&self.context, operation, options, self.end))
    }
}

/// Sends `operation` until there is a final answer, or until `end`, a time on the clock's scale.
pub(crate) async fn run(
    context: &Context,
    operation: &Operation,
    options: &Options,
    end: Option<Duration>,
) -> Result<RawAnswer> {
    run_counted(context, operation, options, end)
        .await
        .map(|(answer, _)| answer)
}

/// The same with the attempts that it took.
pub(crate) async fn run_counted(
    context: &Context,
    operation: &Operation,
    options: &Options,
    end: Option<Duration>,
) -> Result<(RawAnswer, Attempts)> {
    let span = spans::of_operation(operation);
    let mut run = Run::new(context, operation, options, end);
    let result = run.finish().instrument(span).await;
    let attempts = run.attempts;
    let result = result.map(|answer| (answer, attempts));
    result.map_err(|error| {
        // Whatever the last error: an earlier attempt may have been executed.
        let uncertain = attempts.uncertain || error.may_have_reached_service();
        operation
            .name_in(error)
            .with_attempts(attempts.count)
            .with_may_have_reached_service(uncertain)
    })
}

/// Refuses an operation that the client's cloud does not offer.
pub(crate) fn check_cloud(context: &Context, operation: &Operation) -> Result<()> {
    let Some(descriptor) = operation.descriptor() else {
        return Ok(());
    };
    let cloud = context.cloud;
    if operation.link().is_some() || descriptor.is_everywhere(cloud) {
        return Ok(());
    }
    let Some(path) = descriptor.path_of(operation.path()) else {
        return Ok(());
    };
    if path.clouds.contains(cloud) {
        return Ok(());
    }
    let offered: Vec<&str> = path.clouds.iter().map(crate::cloud::Cloud::name).collect();
    let offered = if offered.is_empty() {
        "no cloud".to_owned()
    } else {
        offered.join(", ")
    };
    let message = format!("the cloud {cloud} does not offer this; offered by {offered}");
    Err(Error::new(ErrorKind::UnsupportedByCloud, message))
}

struct Run<'r> {
    context: &'r Context,
    operation: &'r Operation,
    charges: Option<&'r [Charge]>,
    failed: Option<&'r Error>,
    waits: WaitBudget<'r>,
    attempts: Attempts,
    token: Option<Arc<CachedToken>>,
    /// Number of the call for whoever observes it.
    call: u64,
    /// The time that was waited since the last attempt.
    waited: Duration,
}

impl<'r> Run<'r> {
    fn new(context: &'r Context, operation: &'r Operation, options: &'r Options, end: Option<Duration>) -> Self {
        Self {
            context,
            operation,
            charges: options.charges.as_deref(),
            failed: options.failed.as_ref(),
            waits: WaitBudget::new(
                options.retry.as_ref().unwrap_or(&context.retry),
                &*context.clock,
                options.timeout,
                end,
            ),
            attempts: Attempts::default(),
            token: None,
            call: context.call_number(),
            waited: Duration::ZERO,
        }
    }

    async fn finish(&mut self) -> Result<RawAnswer> {
        check_cloud(self.context, self.operation)?;
        let url = self.context.root.url_of(self.operation)?;
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
            self.attempts.count += 1;
            let exchange = self
                .context
                .begin_exchange(self.subject(id), std::mem::take(&mut self.waited));
            let span = spans::of_attempt(self.context, self.operation, self.attempts.count);
            let outcome = self.context.transport.send(request).instrument(span.clone()).await;
            spans::end(&span, &outcome);
            if let Some(exchange) = exchange {
                exchange.end(&outcome);
            }
            drop(slot);
            let status = outcome.as_ref().ok().map(|response| response.status.as_u16());
            let named = |error: Error| error.with_client_request_id(&id.to_string());
            match self.judge(outcome, id) {
                Next::Done(answer) => {
                    self.context.budget.succeed();
                    return Ok(answer);
                }
                Next::Fail(error) => return Err(named(error)),
                // On the heap: requests that are not refused need no space for it.
                Next::ReplaceToken(refusal) => {
                    Box::pin(self.replace_token(refusal, id)).await.map_err(named)?;
                    self.report_retry(id, Duration::ZERO, report::retry_reason(status));
                }
                Next::Repeat(wait) => {
                    tracing::debug!(
                        target: "trunkline",
                        attempt = self.attempts.count,
                        wait_ms = wait.time.as_millis() as u64,
                        "waits before it is sent again"
                    );
                    self.report_retry(id, wait.time, report::retry_reason(status));
                    self.waits.spend(wait);
                    self.context.clock.sleep(wait.time).await;
                    self.waited += wait.time;
                    // The token may have expired during the wait.
                    self.token = None;
                }
            }
        }
    }

    /// The call, for events; `id` is the `client-request-id` of the attempt.
    fn subject(&self, id: Uuid) -> Subject<'r> {
        Subject {
            call: self.call,
            operation: Some(self.operation),
            attempt: self.attempts.count,
            id,
        }
    }

    fn report_retry(&self, id: Uuid, wait: Duration, reason: &'static str) {
        let context = self.context;
        context.report(|| self.subject(id), || CallEventKind::Retry { wait, reason });
    }

    fn report_throttle(&self, wait: Duration, reason: &'static str) {
        let context = self.context;
        context.report(
            || self.subject(Uuid::nil()),
            || CallEventKind::Throttle { wait, reason },
        );
    }

    /// Judges an attempt, and lets the requests of the same group know about the load of the service.
    fn judge(&mut self, outcome: Result<HttpResponse, TransportError>, id: Uuid) -> Next {
        if let Ok(response) = &outcome {
            tracing::debug!(
                target: "trunkline",
                attempt = self.attempts.count,
                status = response.status.as_u16(),
                request_id = response.headers.get("request-id").and_then(|value| value.to_str().ok()),
                client_request_id = %id,
                "answered"
            );
        }
        let mut attempts = self.attempts;
        let Judgement { next, load } = self.attempt(id).judge(&mut attempts, outcome);
        self.attempts = attempts;
        match (self.charges, &load) {
            (None, load) => self.context.record_load(self.operation.group(), load),
            // If the whole batch was throttled, all of its groups are; otherwise each answer in it counts by itself.
            (Some(charges), Load::Throttled(_)) => {
                charges
                    .iter()
                    .for_each(|charge| self.context.record_load(charge.group, &load));
            }
            (Some(_), _) => {}
        }
        next
    }

    fn attempt(&self, id: Uuid) -> Attempt<'_> {
        Attempt {
            operation: self.operation,
            id,
            token: self.token.as_deref(),
            is_anonymous: self.context.authorization.tokens.is_none(),
            is_in_batch: false,
            waits: &self.waits,
            retries: &self.context.budget,
            clock: &*self.context.clock,
        }
    }

    async fn replace_token(&mut self, refusal: Refusal, id: Uuid) -> Result<()> {
        let replacement = self.context.authorization.replace(self.token.as_ref(), &refusal.claims);
        match in_time(self.remaining_real(), NO_TOKEN, replacement).await {
            Ok(Some(token)) => {
                self.check(&token).await?;
                self.token = Some(token);
                Ok(())
            }
            Ok(None) => Err(self.attempt(id).error_of_refusal(&self.attempts, refusal)),
            Err(error) => Err(refusal.without_token(error)),
        }
    }

    /// Waits until fewer requests than the maximum are in progress.
    async fn take_slot(&self) -> Result<Option<SemaphorePermit<'r>>> {
        if let Ok(slot) = self.context.slots.try_acquire() {
            return Ok(Some(slot));
        }
        let slot = async { Ok(self.context.slots.acquire().await.ok()) };
        let late = "the deadline passed while the request waited for other requests of this client";
        in_time(self.remaining_real(), late, slot).await.map_err(|error| {
            error
                .with_next_step("Send fewer requests at once, or set a longer timeout")
                .with_may_have_reached_service(self.attempts.uncertain)
        })
    }

    /// Waits as after an attempt outside of a batch, if the one in the batch may succeed later. A request that failed for good
    /// is sent once more as if for the first time, so that its error is that of a request sent by itself.
    async fn go_on_after(&mut self, error: &Error) -> Result<()> {
        let requested = match error.retry_advice() {
            RetryAdvice::After(requested) => Some(requested),
            RetryAdvice::Later => None,
            // Every request waits for a pause.
            _ => return Ok(()),
        };
        let is_throttled = error.kind() == ErrorKind::Throttled;
        self.attempts.count = 1;
        self.attempts.throttled = u32::from(is_throttled && self.waits.policy.throttle_budget.is_some());
        let attempt = self.attempt(Uuid::nil());
        let wait = attempt.repetition(&self.attempts, requested, is_throttled);
        let wait = wait.ok_or_else(|| error.clone())?;
        let status = error.status().map(|status| status.as_u16());
        self.report_retry(Uuid::nil(), wait.time, report::retry_reason(status));
        self.waits.spend(wait);
        self.context.clock.sleep(wait.time).await;
        self.waited += wait.time;
        Ok(())
    }

    /// Waits for the end of pauses and for the client's pace.
    async fn wait_for_turn(&mut self) -> Result<()> {
        self.wait_for_pause().await?;
        let context = self.context;
        let Some(pacer) = &context.pacer else { return Ok(()) };
        let turn = match self.charges {
            Some(charges) => pacer.enter(charges),
            None => pacer.enter(&[Charge::of(self.operation)]),
        };
        let Some(turn) = turn else { return Ok(()) };
        loop {
            while let Some(wait) = turn.wait() {
                if self.remaining().is_some_and(|remaining| wait > remaining) {
                    let end = later(context.clock.now(), wait);
                    return Err(
                        failure::paced(context.clock.now(), end).with_may_have_reached_service(self.attempts.uncertain)
                    );
                }
                self.report_throttle(wait, "pace");
                turn.sleep(wait).await;
                self.waited += wait;
            }
            if self.pause().is_none() {
                break;
            }
            self.wait_for_pause().await?;
        }
        turn.take();
        Ok(())
    }

    /// The end of the pause of its groups, if there is one.
    fn pause(&self) -> Option<Timestamp> {
        let pause_of = |group| self.context.pauses.pause_of(group, || self.context.clock.now());
        match self.charges {
            Some(charges) => charges.iter().filter_map(|charge| pause_of(charge.group)).max(),
            None => pause_of(self.operation.group()),
        }
    }

    /// Waits out a pause that another request's 429 caused.
    async fn wait_for_pause(&mut self) -> Result<()> {
        while let Some(end) = self.pause() {
            let now = self.context.clock.now();
            let requested = until(now, end);
            let wait = Wait {
                time: self.waits.policy.at_least(requested, 1),
                is_throttled: true,
            };
            if !self.waits.allows(wait, &*self.context.clock) {
                return Err(failure::paused(now, end).with_may_have_reached_service(self.attempts.uncertain));
            }
            let group = self.operation.group();
            tracing::debug!(target: "trunkline", wait_ms = wait.time.as_millis() as u64, group, "paused");
            self.report_throttle(wait.time, "pause");
            self.waits.spend(wait);
            self.each_pace(|pacer, group| pacer.hold(group, requested));
            self.context.clock.sleep(wait.time).await;
            self.waited += wait.time;
        }
        Ok(())
    }

    /// Changes the pace of each group of the request.
    fn each_pace(&self, change: impl Fn(&Pacer, Option<&'static str>)) {
        let Some(pacer) = &self.context.pacer else { return };
        match self.charges {
            Some(charges) => charges.iter().for_each(|charge| change(pacer, charge.group)),
            None => change(pacer, self.operation.group()),
        }
    }

    async fn find_token(&self) -> Result<Option<Arc<CachedToken>>> {
        // Pinned here, so that it is passed on without a copy.
        let source = pin!(self.context.authorization.token());
        let token = in_time(self.remaining_real(), NO_TOKEN, source).await?;
        if let Some(token) = &token {
            self.check(token).await?;
        }
        Ok(token)
    }

    /// Refuses a request that the service would refuse, and a write with the token of another tenant.
    async fn check(&self, token: &CachedToken) -> Result<()> {
        if self.operation.idempotency() != Idempotency::Safe {
            self.context
                .authorization
                .tenant
                .find_for(token, self.remaining_real())
                .await?;
        }
        self.context.authorization.check(token, self.operation)
    }

    fn remaining(&self) -> Option<Duration> {
        self.waits.remaining(&*self.context.clock)
    }

    fn remaining_real(&self) -> Option<Duration> {
        self.waits.remaining_real(&*self.context.clock)
    }

    fn request(&self, url: &Url, id: Uuid) -> Result<HttpRequest> {
        let remaining = self.remaining();
        if remaining.is_some_and(|remaining| remaining.is_zero()) {
            return Err(Error::new(
                ErrorKind::Timeout,
                "the deadline passed before the request could be sent",
            )
            .with_may_have_reached_service(self.attempts.uncertain));
        }
        let mut headers = self.context.headers.clone();
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
        if self.attempts.count > 0 {
            headers.insert(RETRY_ATTEMPT, HeaderValue::from(self.attempts.count));
        }
        if let Some(token) = &self.token {
            self.context
                .authorization
                .attach(&self.context.root, url, token, &mut headers)?;
        }
        Ok(HttpRequest {
            method: self.operation.method().clone(),
            url: url.clone(),
            headers,
            body,
            // The network waits in real time.
            timeout: Some(
                self.context
                    .clock
                    .real(remaining.map_or(self.context.timeout, |remaining| remaining.min(self.context.timeout))),
            ),
            maximum_body: self.context.maximum_body,
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
