//! An operation that the service has accepted, and the request that reads its state.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::LOCATION;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::blocking::block_on;
use crate::codec::Decode;
use crate::error::{Error, ErrorKind, Result};
use crate::request::long_running::location;
use crate::request::long_running::stage;
use crate::request::long_running::stage::{Progress, Stage};
use crate::request::operation::Operation;
use crate::request::saved_text;
use crate::request::{Answer, Request};
use crate::sending::answer::{self, RawAnswer, Response, ResponseMeta};
use crate::sending::context::Client;
use crate::sending::observer::CallEventKind;
use crate::sending::options::Options;
use crate::sending::report::Subject;
use crate::sending::retry_after;
use crate::signing::secret::Secret;
use crate::table::operation::{LongRunningDescriptor, OperationDescriptor};

/// An operation that the service has accepted. Its state is a `T`.
///
/// [`wait`](Self::wait) for its end, watch its [`stages`](Self::stages), or save its [`token`](Self::token) and resume it
/// later with [`Client::follow`], in another process or language.
pub struct LongRunning<T> {
    pub(super) client: Client,
    poll: Operation,
    id: String,
    descriptor: Option<&'static LongRunningDescriptor>,
    started_by: Option<&'static str>,
    /// The wait that the service asked for before the first reading.
    pub(super) asked: Option<Duration>,
    /// Time of the start, on the clock's scale; `None` for an operation that was resumed.
    pub(super) started: Option<Duration>,
    /// The answer that accepted it; `None` for an operation that was resumed.
    acceptance: Option<Arc<Acceptance>>,
    state: PhantomData<fn() -> T>,
}

/// The answer that accepted an operation. Its body may hold a password.
struct Acceptance {
    meta: ResponseMeta,
    body: Secret,
    is_cut: bool,
}

/// The content of a token.
#[derive(Serialize, Deserialize)]
struct Token {
    format: u8,
    base: String,
    path: String,
    id: String,
    started_by: Option<String>,
}

impl<T: Decode + Send + 'static> Answer for LongRunning<T> {
    fn read(raw: RawAnswer, client: &Client, operation: &Operation) -> Result<Response<Self>> {
        let descriptor = operation
            .descriptor()
            .and_then(|descriptor| descriptor.long_running.as_ref());
        let state = descriptor.and_then(|descriptor| client.operations().get(descriptor.operation));
        let text = raw.meta.headers.get(LOCATION).and_then(|text| text.to_str().ok());
        let located = location::read(&client.context.root, text, operation.path(), state);
        let located = match (located, raw.meta.status) {
            // Answered at once: the body is the state, and has the id.
            (Err(_), status) if status != StatusCode::ACCEPTED && !raw.body.is_empty() => {
                let id = stage::read(&raw.body, descriptor).id;
                let name = id.as_ref().map(|id| format!("operations/{}", encoded(id)));
                location::read(&client.context.root, name.as_deref(), operation.path(), state)
            }
            (located, _) => located,
        };
        let found = located.map_err(|error| {
            error
                .with_status(raw.meta.status, raw.meta.headers.clone())
                .with_body(&raw.body)
                .with_client_request_id(&raw.meta.client_request_id())
        })?;
        let asked = retry_after::read(&raw.meta.headers, client.clock().now());
        let running = Self {
            poll: poll_operation(operation, found.url, state),
            client: client.clone(),
            id: found.id,
            descriptor,
            started_by: operation.id(),
            asked,
            started: Some(client.clock().elapsed()),
            acceptance: Some(Arc::new(Acceptance {
                meta: raw.meta.clone(),
                body: Secret::new(raw.body),
                is_cut: raw.is_cut,
            })),
            state: PhantomData,
        };
        Ok(Response {
            value: running,
            meta: raw.meta,
        })
    }
}

/// The request that reads the state.
fn poll_operation(started_by: &Operation, url: Url, state: Option<&'static OperationDescriptor>) -> Operation {
    let mut bare = Operation::get("/");
    if let Some(state) = state {
        bare = bare.with_descriptor(state);
    }
    for (name, value) in started_by.headers() {
        // The body's type does not matter for reading the state.
        if *name != http::header::CONTENT_TYPE {
            bare.headers_mut().insert(name.clone(), value.clone());
        }
    }
    bare.following(Method::GET, url)
}

fn encoded(id: &str) -> String {
    let mut path = String::new();
    match crate::request::path::push_key(&mut path, id) {
        Ok(()) => path.trim_start_matches('/').to_owned(),
        Err(_) => String::new(),
    }
}

/// Whether a text has the form of a [token](LongRunning::token) of an operation, which no id of the service has.
///
/// ```
/// assert!(!trunkline_core::long_running::is_operation_token("4a1f6c0e-7a0c-4d0c-8e7b-0c5c5cf2c1aa"));
/// ```
#[must_use]
pub fn is_operation_token(text: &str) -> bool {
    // A token is a JSON object in base64.
    text.trim_start().starts_with("eyJ")
}

impl<T: Decode + Send + 'static> LongRunning<T> {
    pub(crate) fn resume(client: Client, token: &str) -> Result<Self> {
        let token: Token = saved_text::read(token, "the token of a long-running operation")?;
        if token.format != 1 {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the token was written by a newer version",
            ));
        }
        if token.base != client.base() {
            let message = "the token belongs to another root or version than the client's";
            return Err(Error::new(ErrorKind::UntrustedLink, message)
                .with_next_step("Use a client of the same cloud and version"));
        }
        let started_by = match &token.started_by {
            None => None,
            Some(id) => Some(client.operations().get(id).ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "the token names an operation that this client does not know",
                )
            })?),
        };
        let url = client.context.root.check(&format!("{}{}", client.base(), token.path))?;
        let descriptor = started_by.and_then(|started_by| started_by.long_running.as_ref());
        let state = descriptor.and_then(|descriptor| client.operations().get(descriptor.operation));
        Ok(Self {
            poll: poll_operation(&Operation::get("/"), url, state),
            client,
            id: token.id,
            descriptor,
            started_by: started_by.map(|started_by| started_by.id),
            asked: None,
            started: None,
            acceptance: None,
            state: PhantomData,
        })
    }

    /// Resumes an operation of which only the id is known: `state` is the request that reads its state, such as
    /// `…operations().by_id(id).get()`, and `started_by` the id of the operation that starts it, such as
    /// `numberAssignments.assignNumber`, whose description says what the states mean.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when `started_by` is not a long-running operation that the client knows,
    /// or when the request is not valid.
    pub fn of(state: Request<T>, started_by: &str, id: impl Into<String>) -> Result<Self> {
        if let Some(invalid) = state.invalid {
            return Err(invalid);
        }
        let client = state.client;
        let descriptor = client
            .operations()
            .get(started_by)
            .and_then(|started_by| started_by.long_running.as_ref())
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "the operation that the token names is not a long-running one",
                )
            })?;
        let url = client
            .context
            .root
            .check(&format!("{}{}", client.base(), state.operation.relative_url()))?;
        let poll = client.operations().get(descriptor.operation);
        Ok(Self {
            poll: poll_operation(&Operation::get("/"), url, poll),
            id: id.into(),
            descriptor: Some(descriptor),
            started_by: None,
            asked: None,
            started: None,
            acceptance: None,
            client,
            state: PhantomData,
        })
    }

    /// The id of the operation, as the service wrote it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The id of the operation that started it, for instance `numberAssignments.assignNumber`.
    #[must_use]
    pub fn started_by(&self) -> Option<&str> {
        self.started_by
    }

    /// The answer that accepted the operation, for instance with the password that the service generated: read it
    /// before this value is dropped, because it is sent once. `None` when it was empty, and when the operation was resumed
    /// from a token, which holds no secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedBody`] when it was cut off or is not JSON, [`ErrorKind::Decode`] when it is not an
    /// `A`. The operation continues in all cases. The error does not show the answer.
    pub fn accepted<A: Decode>(&self) -> Result<Option<A>> {
        let Some(acceptance) = &self.acceptance else {
            return Ok(None);
        };
        if acceptance.is_cut {
            let message = "the service accepted the operation, but its answer was cut off";
            return Err(self.unread(acceptance, Error::new(ErrorKind::UnexpectedBody, message)));
        }
        let body = acceptance.body.expose();
        if body.trim().is_empty() {
            return Ok(None);
        }
        A::decode(body).map(Some).map_err(|cause| {
            let error = match answer::is_json(body) {
                true => Error::new(
                    ErrorKind::Decode,
                    "the answer that accepted the operation is not of the expected shape",
                )
                .with_path(cause.path()),
                false => Error::new(
                    ErrorKind::UnexpectedBody,
                    "the answer that accepted the operation is not JSON",
                ),
            };
            self.unread(acceptance, error)
        })
    }

    /// Completes an error about the acceptance, without its body.
    fn unread(&self, acceptance: &Acceptance, error: Error) -> Error {
        let meta = &acceptance.meta;
        let error = error
            .with_status(meta.status, meta.headers.clone())
            .with_client_request_id(&meta.client_request_id())
            .with_attempts(meta.attempts)
            .with_next_step("Follow the operation as usual; this answer cannot be requested again");
        self.with_token(error)
    }

    /// The request that reads the state, as a value.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.poll
    }

    /// The text from which [`Client::follow`] resumes the operation. It holds the path of the state and no secret.
    #[must_use]
    pub fn token(&self) -> String {
        let root = &self.client.context.root;
        let path = self.poll.link().and_then(|url| root.relative(url));
        saved_text::write(&Token {
            format: 1,
            base: root.base().to_owned(),
            path: path.unwrap_or_default(),
            id: self.id.clone(),
            started_by: self.started_by.map(str::to_owned),
        })
    }

    /// Reads the state once.
    ///
    /// # Errors
    ///
    /// All errors of a request; see [`ErrorKind`].
    pub async fn poll(&self) -> Result<Stage<T>> {
        self.look(&Options::default()).await
    }

    /// The blocking form of [`poll`](Self::poll).
    ///
    /// # Errors
    ///
    /// The errors of `poll`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn poll_blocking(&self) -> Result<Stage<T>> {
        block_on(self.poll())?
    }

    pub(super) async fn look(&self, options: &Options) -> Result<Stage<T>> {
        let raw = self.client.send(&self.poll, options).await?;
        let reading = stage::read(&raw.body, self.descriptor);
        if let Some(own) = reading.id.as_deref().filter(|own| !own.eq_ignore_ascii_case(&self.id)) {
            return Err(self.of_another(own, &raw));
        }
        let progress = reading.progress.unwrap_or(Progress::Running);
        self.report(progress);
        let (value, meta) = raw
            .decode::<T>(true)
            .map_err(|error| self.poll.name_in(error))?
            .into_parts();
        Ok(Stage {
            status: reading.status,
            progress,
            value,
            verdicts: reading.verdicts,
            meta,
        })
    }

    /// Reports the age of an operation that this process began.
    fn report(&self, progress: Progress) {
        let context = &self.client.context;
        let Some(started) = self.started else { return };
        let subject = || Subject {
            call: context.call_number(),
            operation: Some(&self.poll),
            attempt: 1,
            id: Uuid::nil(),
        };
        context.report(subject, || CallEventKind::Order {
            progress: match progress {
                Progress::Running => "running",
                Progress::Succeeded => "succeeded",
                Progress::Failed => "failed",
            },
            age: context.clock.elapsed().saturating_sub(started),
        });
    }

    /// The error for a state of another operation.
    #[cold]
    fn of_another(&self, own: &str, raw: &RawAnswer) -> Error {
        let of = |id: &str| format!("the operation {}", crate::mask::text(id));
        self.poll.name_in(
            Error::key_mismatch(of(&self.id), of(own))
                .with_status(raw.meta.status, raw.meta.headers.clone())
                .with_client_request_id(&raw.meta.client_request_id())
                .with_attempts(raw.meta.attempts),
        )
    }

    pub(super) fn with_token(&self, error: Error) -> Error {
        let error = match self.started_by {
            Some(id) => error.with_operation(id),
            None => error,
        };
        self.poll.name_in(
            error
                .with_may_have_reached_service(true)
                .with_resume_token(self.token()),
        )
    }
}

impl<T> Clone for LongRunning<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            poll: self.poll.clone(),
            id: self.id.clone(),
            descriptor: self.descriptor,
            started_by: self.started_by,
            asked: self.asked,
            started: self.started,
            acceptance: self.acceptance.clone(),
            state: PhantomData,
        }
    }
}

impl<T> fmt::Debug for LongRunning<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LongRunning")
            .field("id", &crate::mask::text(&self.id))
            .field("started_by", &self.started_by)
            .finish_non_exhaustive()
    }
}
