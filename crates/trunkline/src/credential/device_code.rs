//! A user who signs in by a short code, with the flow of the `oauth2` crate.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, DeviceAuthorizationResponse, DeviceAuthorizationUrl, EndpointNotSet,
    EndpointSet, ExtraDeviceAuthorizationFields, HttpRequest, HttpResponse, RefreshToken, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use trunkline_core::clock::{BoxFuture, Timestamp};
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::secret::{AccessToken, Secret};
use trunkline_core::token::TokenRequest;
use url::{Url, form_urlencoded};

use super::application::{Application, invalid};
use super::refusal;
use super::session::{Ask, Session};
use super::store::{StoredTokens, TokenOwner, TokenStore};

/// The scope that makes an authority issue a refresh token.
const OFFLINE: &str = "offline_access";

/// The instructions for the user who signs in.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceCodePrompt {
    /// The code that the user enters.
    pub user_code: String,
    /// The address at which the user types the code in.
    pub verification_address: String,
    /// Both in one sentence, in English, as the authority words it.
    pub message: String,
    /// The time at which the code expires.
    pub expires_on: Timestamp,
}

impl fmt::Debug for DeviceCodePrompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever has the code while it lasts can have another user sign in with it.
        formatter
            .debug_struct("DeviceCodePrompt")
            .field("verification_address", &self.verification_address)
            .field("expires_on", &self.expires_on)
            .finish_non_exhaustive()
    }
}

type Prompt = Arc<dyn Fn(&DeviceCodePrompt) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// A user of an application, and what keeps the user signed in.
pub(crate) struct DeviceCode {
    application: Application,
    prompt: Prompt,
    /// The place that keeps the sign-in between processes.
    store: Option<Arc<dyn TokenStore>>,
    held: Mutex<Option<Held>>,
}

/// A refresh token. It is shown to the authority that gave it and to no other.
struct Held {
    authority: Url,
    refresh: Secret,
}

/// The members that Entra adds to the answer of the protocol.
#[derive(Debug, Serialize, Deserialize)]
struct Wording {
    #[serde(default)]
    message: Option<String>,
}

impl ExtraDeviceAuthorizationFields for Wording {}

type Flow = BasicClient<EndpointNotSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

impl DeviceCode {
    pub(super) fn new(application: Application, prompt: Prompt) -> Self {
        Self {
            application,
            prompt,
            store: None,
            held: Mutex::default(),
        }
    }

    /// The same user, whose sign-in `store` keeps.
    pub(super) fn kept_in(&self, store: Arc<dyn TokenStore>) -> Self {
        Self {
            application: self.application.clone(),
            prompt: self.prompt.clone(),
            store: Some(store),
            held: Mutex::default(),
        }
    }

    pub(super) fn application(&self) -> &Application {
        &self.application
    }

    /// A token, silently when the user is signed in and the authority asks for no more.
    pub(super) async fn token(&self, session: &Arc<Session>, request: TokenRequest<'_>) -> Result<AccessToken> {
        let flow = self.flow(session)?;
        let mut claims = request.claims.map(str::to_owned);
        let mut refresh = self.refresh_token(session);
        if refresh.is_none()
            && let Some(store) = &self.store
            && let Some(stored) = store.load(&self.owner(session)).await?
        {
            self.hold(session, Some(stored.refresh.clone()));
            let usable = stored.usable_access(request.scopes, session.clock().now());
            match usable.filter(|_| claims.is_none() && !request.fresh) {
                Some(access) => return Ok(access.clone()),
                None => refresh = Some(stored.refresh),
            }
        }
        while let Some(current) = refresh {
            let outcome = self
                .renew(session, &flow, &current, request.scopes, claims.as_deref())
                .await;
            match outcome {
                Err(error) if error.kind() == ErrorKind::Authentication && error.status().is_some() => {
                    tracing::info!(target: "trunkline", code = error.code(), "the user has to sign in again");
                    // The new sign-in must satisfy the claims that the authority asks for now.
                    claims = refusal::claims(&error).or(claims);
                    self.hold(session, None);
                    refresh = self.after_refusal(session, &current, claims.is_none()).await?;
                }
                outcome => return outcome,
            }
        }
        self.sign_in(session, &flow, request.scopes, claims.as_deref()).await
    }

    fn owner(&self, session: &Session) -> TokenOwner {
        let Application { tenant, client } = &self.application;
        TokenOwner::new(session.authority().as_str(), tenant, client)
    }

    /// The refresh token that another process has saved in the meantime, if there is one. The store forgets the refused one, unless
    /// the authority only asks for more than it can prove.
    async fn after_refusal(&self, session: &Session, refused: &Secret, is_over: bool) -> Result<Option<Secret>> {
        let Some(store) = &self.store else { return Ok(None) };
        let owner = self.owner(session);
        let is_other = |refresh: &Secret| refresh.expose() != refused.expose();
        let stored = store.load(&owner).await?.map(|stored| stored.refresh);
        if !is_over || stored.as_ref().is_some_and(is_other) {
            return Ok(stored.filter(is_other));
        }
        if let Err(error) = store.forget(&owner).await {
            tracing::warn!(target: "trunkline", %error, "a refused sign-in could not be removed");
        }
        // The store has the last word: one that may not go on without a sign-in says so here, before the authority makes a code.
        let stored = store.load(&owner).await?.map(|stored| stored.refresh);
        Ok(stored.filter(is_other))
    }

    fn flow(&self, session: &Session) -> Result<Flow> {
        let Application { tenant, client } = &self.application;
        let device = DeviceAuthorizationUrl::from_url(session.endpoint(tenant, "devicecode")?);
        let token = TokenUrl::from_url(session.endpoint(tenant, "token")?);
        Ok(BasicClient::new(ClientId::new(client.clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_device_authorization_url(device)
            .set_token_uri(token))
    }

    async fn renew(
        &self,
        session: &Arc<Session>,
        flow: &Flow,
        refresh: &Secret,
        scopes: &[String],
        claims: Option<&str>,
    ) -> Result<AccessToken> {
        let transport = SessionTransport::new(session, claims)?;
        let token = RefreshToken::new(refresh.expose().to_owned());
        let ask = flow.exchange_refresh_token(&token).add_scopes(wanted(scopes));
        let outcome = ask.request_async(&transport).await;
        let answer = outcome.map_err(|error| transport.explain(error))?;
        Ok(self.keep(session, &answer, Some(refresh), scopes).await)
    }

    async fn sign_in(
        &self,
        session: &Arc<Session>,
        flow: &Flow,
        scopes: &[String],
        claims: Option<&str>,
    ) -> Result<AccessToken> {
        let transport = SessionTransport::new(session, claims)?;
        let ask = flow.exchange_device_code().add_scopes(wanted(scopes));
        let code: DeviceAuthorizationResponse<Wording> = ask
            .request_async(&transport)
            .await
            .map_err(|error| transport.explain(error))?;
        let lifetime = i64::try_from(code.expires_in().as_secs()).unwrap_or(i64::MAX);
        let address = code.verification_uri().as_str();
        let user_code = code.user_code().secret();
        let wording = || format!("To sign in, open {address} and enter the code {user_code}");
        let shown = (self.prompt)(&DeviceCodePrompt {
            user_code: user_code.clone(),
            verification_address: address.to_owned(),
            message: code.extra_fields().message.clone().unwrap_or_else(wording),
            expires_on: session.after(lifetime),
        });
        shown.await?;
        let (clock, now) = (session.clock().clone(), session.clock().clone());
        let outcome = flow
            .exchange_device_access_token(&code)
            .set_time_fn(move || moment(now.now()))
            .request_async(&transport, move |wait| clock.sleep(wait), None)
            .await;
        let answer = outcome.map_err(|error| transport.explain(error))?;
        Ok(self.keep(session, &answer, None, scopes).await)
    }

    /// Keeps the refresh token, or the `earlier` one when the authority sent none, and returns the access token.
    async fn keep(
        &self,
        session: &Session,
        answer: &BasicTokenResponse,
        earlier: Option<&Secret>,
        scopes: &[String],
    ) -> AccessToken {
        let seconds = answer.expires_in().map_or_else(
            || session.unstated_lifetime(answer.access_token().secret()),
            |left| i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
        );
        let access = AccessToken::new(answer.access_token().secret(), session.after(seconds));
        let new = answer
            .refresh_token()
            .map(|refresh| Secret::new(refresh.secret().clone()));
        if let Some(refresh) = new.or_else(|| earlier.cloned()) {
            self.hold(session, Some(refresh.clone()));
            if let Some(store) = &self.store {
                let tokens = StoredTokens::new(refresh).with_access(access.clone(), scopes);
                if let Err(error) = store.save(&self.owner(session), &tokens).await {
                    tracing::warn!(target: "trunkline", %error, "the sign-in could not be kept for the next process");
                }
            }
        }
        access
    }

    fn hold(&self, session: &Session, refresh: Option<Secret>) {
        let held = refresh.map(|refresh| Held {
            authority: session.authority().clone(),
            refresh,
        });
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }

    fn refresh_token(&self, session: &Session) -> Option<Secret> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref().filter(|held| held.authority == *session.authority())?;
        Some(held.refresh.clone())
    }
}

fn wanted(scopes: &[String]) -> Vec<Scope> {
    scopes
        .iter()
        .map(String::as_str)
        .chain([OFFLINE])
        .map(|scope| Scope::new(scope.to_owned()))
        .collect()
}

/// Converts the clock's time to the type of the `oauth2` crate.
fn moment(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(now.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Sends the requests of the `oauth2` crate through the client's session, and keeps the last refusal.
struct SessionTransport {
    session: Arc<Session>,
    claims: String,
    /// Whether the service asked for claims.
    has_claims: bool,
    refusal: Mutex<Option<Error>>,
}

impl SessionTransport {
    fn new(session: &Arc<Session>, claims: Option<&str>) -> Result<Self> {
        Ok(Self {
            session: session.clone(),
            claims: refusal::request_claims(claims)?,
            has_claims: claims.is_some(),
            refusal: Mutex::default(),
        })
    }

    /// Returns the authority's answer, also if it is a refusal. Fails when there is no answer.
    async fn pass(&self, request: HttpRequest) -> Result<HttpResponse> {
        let (parts, mut body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|error| invalid("the sign-in address cannot be read").with_source(error))?;
        // The flow has no place to add claims. The request for a code carries those that the service asked for, so that the page
        // where the code is entered asks the user for them.
        if self.has_claims || form_urlencoded::parse(&body).any(|(name, _)| name == "grant_type") {
            body.extend_from_slice(b"&claims=");
            body.extend(form_urlencoded::byte_serialize(self.claims.as_bytes()).flat_map(str::bytes));
        }
        let headers = [ACCEPT, CONTENT_TYPE].into_iter().filter_map(|name| {
            let value = parts.headers.get(&name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        let ask = Ask {
            method: Method::POST,
            url,
            headers: headers.collect(),
            body,
            metadata: false,
        };
        match self.session.exchange(ask).await {
            Ok(text) => answer(200, text),
            Err(error) => {
                let refused = error.status().zip(error.body().map(str::to_owned));
                match refused {
                    Some((status, text)) => {
                        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        answer(status.as_u16(), text)
                    }
                    None => Err(error),
                }
            }
        }
    }

    /// Returns the reason why there is no token. Messages of the `oauth2` crate may quote the answer, so they are left out.
    fn explain<T: oauth2::ErrorResponse>(&self, error: RequestTokenError<Error, T>) -> Error {
        let refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take();
        // When the code expires, the last answer of the authority was still a request to wait.
        let waiting = |refusal: &Error| refusal.has_code("authorization_pending") || refusal.has_code("slow_down");
        match (error, refusal) {
            (RequestTokenError::Request(error), _) => error,
            (_, Some(refusal)) if !waiting(&refusal) => refusal::explain(refusal),
            (RequestTokenError::ServerResponse(_), _) => {
                Error::new(ErrorKind::Authentication, "nobody signed in before the code expired")
                    .with_next_step("Sign in again, and enter the code in time")
            }
            _ => Error::new(ErrorKind::Authentication, "the authority's answer is not a token"),
        }
    }
}

impl<'c> AsyncHttpClient<'c> for SessionTransport {
    type Error = Error;
    type Future = BoxFuture<'c, Result<HttpResponse>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.pass(request))
    }
}

fn answer(status: u16, text: String) -> Result<HttpResponse> {
    http::Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json")
        .body(text.into_bytes())
        .map_err(|error| {
            Error::new(ErrorKind::UnexpectedBody, "the authority's answer cannot be read").with_source(error)
        })
}
