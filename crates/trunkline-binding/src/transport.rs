//! A transport for tests: a function of the program's answers requests in the network's place. Each binding calls it by itself.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use trunkline::{HttpRequest, HttpResponse, TransportError, TransportFault};
use trunkline_core::http::{HeaderName, HeaderValue, StatusCode};

/// Headers whose values are secrets. A test needs to know that they are there, and no more.
const SECRET_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "x-identity-header"];

/// The value of a secret header.
const HIDDEN: &str = "(hidden)";

/// A request as the function gets it.
#[derive(Clone)]
pub struct FunctionRequest {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers, by their names in small letters. The values of secret ones are hidden.
    pub headers: Vec<(String, String)>,
    /// The body; empty without one.
    pub body: Vec<u8>,
    timeout: Option<Duration>,
    maximum_body: usize,
}

impl FunctionRequest {
    /// The parts of a request.
    #[must_use]
    pub fn new(request: &HttpRequest) -> Self {
        let headers = request.headers.iter().map(|(name, value)| {
            let is_secret = SECRET_HEADERS.contains(&name.as_str());
            let value = if is_secret {
                hidden(value)
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.as_str().to_owned(), value)
        });
        Self {
            method: request.method.to_string(),
            url: request.url.to_string(),
            headers: headers.collect(),
            body: request.body.as_ref().map(|body| body.to_vec()).unwrap_or_default(),
            timeout: request.timeout,
            maximum_body: request.maximum_body,
        }
    }

    /// Waits for the answer of the function as long as an attempt may take, and cuts its body off at the maximum, as the network's
    /// transport does.
    ///
    /// # Errors
    ///
    /// Those of the answer, and [`TransportFault::TimedOut`].
    pub fn receive(
        &self,
        answer: impl Future<Output = Result<HttpResponse, TransportError>>,
    ) -> impl Future<Output = Result<HttpResponse, TransportError>> {
        let (timeout, maximum) = (self.timeout, self.maximum_body);
        async move {
            let mut response = match timeout {
                Some(timeout) => tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
                    let message = "the transport did not answer in time";
                    Err(TransportError::new(TransportFault::TimedOut, message))
                })?,
                None => answer.await?,
            };
            if response.status.is_success() && response.body.len() > maximum {
                response.body.truncate(maximum);
                let message = format!("the body is larger than the allowed {maximum} bytes");
                response.cut = Some(TransportError::new(TransportFault::TooLarge, message));
            }
            Ok(response)
        }
    }
}

impl fmt::Debug for FunctionRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address, the headers and the body hold personal data.
        formatter
            .debug_struct("FunctionRequest")
            .field("method", &self.method)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The scheme of a token stays: `Bearer (hidden)`.
fn hidden(value: &HeaderValue) -> String {
    let scheme = value.to_str().ok().and_then(|text| text.split_once(' '));
    scheme.map_or_else(|| HIDDEN.to_owned(), |(scheme, _)| format!("{scheme} {HIDDEN}"))
}

/// The response of the function.
///
/// # Errors
///
/// When its status or a header is none of HTTP.
pub fn response(
    status: u16,
    headers: impl IntoIterator<Item = (String, String)>,
    body: Vec<u8>,
) -> Result<HttpResponse, TransportError> {
    let wrong = |what: String| {
        let error = TransportError::new(TransportFault::Unusable, format!("the transport returned {what}"));
        TransportError {
            next_step: Some("Return a status such as 200, and headers that HTTP knows"),
            ..error
        }
    };
    let known = StatusCode::from_u16(status)
        .ok()
        .filter(|status| status.as_u16() >= 200);
    let known = known.ok_or_else(|| wrong(format!("the status {status}, which ends no request")))?;
    let mut response = HttpResponse {
        status: known,
        body,
        ..HttpResponse::default()
    };
    for (name, value) in headers {
        let pair = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(&value).ok());
        // The value may be a secret.
        let (name, value) = pair.ok_or_else(|| wrong(format!("a header {name:?} that is not valid")))?;
        response.headers.append(name, value);
    }
    Ok(response)
}

/// An exception of the function's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionFault {
    /// It stands for a connection that was refused: nothing of the request was sent.
    Refused,
    /// It stands for a connection that was lost.
    Lost,
    /// It stands for an answer that did not come in time.
    TimedOut,
    /// It stands for itself: the call ends with it, and nothing is sent again.
    Own,
}

impl FunctionFault {
    /// The error of a function that raised an exception of this name. The caller adds the exception as its source.
    #[must_use]
    pub fn error(self, name: &str) -> TransportError {
        let fault = match self {
            Self::Refused => TransportFault::NotConnected,
            Self::Lost => TransportFault::Lost,
            Self::TimedOut => TransportFault::TimedOut,
            Self::Own => TransportFault::Unusable,
        };
        TransportError {
            next_step: (self == Self::Own).then_some("See the cause of this error"),
            ..TransportError::new(fault, format!("the transport failed with {name}"))
        }
    }
}

/// The error of a request that was not answered because the program ended.
#[must_use]
pub fn ended() -> TransportError {
    TransportError::new(
        TransportFault::Unusable,
        "the program ended before its transport answered",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkline_core::http::{HeaderMap, Method};

    fn request(maximum_body: usize) -> HttpRequest {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Bearer canary"));
        headers.insert("x-identity-header", HeaderValue::from_static("canary"));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        HttpRequest {
            method: Method::GET,
            url: "https://graph.microsoft.com/v1.0/x".parse().unwrap(),
            headers,
            body: None,
            timeout: Some(Duration::ZERO),
            maximum_body,
        }
    }

    #[test]
    fn a_secret_is_hidden_and_known_to_be_there() {
        let request = FunctionRequest::new(&request(1));
        let header = |name: &str| {
            let found = request.headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(header("authorization"), Some("Bearer (hidden)"));
        assert_eq!(header("x-identity-header"), Some("(hidden)"));
        assert_eq!(header("accept"), Some("application/json"));
        assert!(!format!("{request:?}").contains("canary"));
    }

    #[test]
    fn the_limits_of_an_attempt_hold() {
        let request = FunctionRequest::new(&request(2));
        let ended = trunkline::blocking::block_on(request.receive(std::future::pending()));
        let error = ended.unwrap().unwrap_err();
        assert_eq!(error.fault, TransportFault::TimedOut);
        for (status, is_cut) in [(200, true), (404, false)] {
            let answer = std::future::ready(response(status, [], b"abc".to_vec()));
            let answer = trunkline::blocking::block_on(request.receive(answer)).unwrap().unwrap();
            assert_eq!(answer.cut.is_some(), is_cut, "{status}");
        }
    }

    #[test]
    fn a_response_that_http_does_not_know_is_named() {
        for (status, name, words) in [
            (42, "a", "the status 42"),
            (100, "a", "the status 100"),
            (200, "a b", "a header \"a b\""),
        ] {
            let error = response(status, [(name.to_owned(), "canary\n".to_owned())], Vec::new()).unwrap_err();
            assert!(
                error.message.contains(words) && !error.message.contains("canary"),
                "{error}"
            );
        }
    }
}
