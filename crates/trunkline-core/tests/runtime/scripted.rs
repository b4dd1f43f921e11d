//! A service that answers from a script, and a client that talks to it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use trunkline_core::clock::{BoxFuture, TestClock};
use trunkline_core::descriptor::*;
use trunkline_core::token::StaticToken;
use trunkline_core::transport::*;
use trunkline_core::*;

/// The scripted reaction to one request.
pub(crate) enum Act {
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The head of an answer, and then silence.
    Cut(u16, Vec<(&'static str, String)>),
    Fault(TransportFault),
}

pub(crate) fn answer(status: u16, body: &str) -> Act {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if status >= 400 {
        // Without an id it would not be the service's.
        headers.push(("x-ms-request-id", "scripted".to_owned()));
    }
    Act::Answer(status, headers, body.into())
}

/// The answer of something between here and the service.
pub(crate) fn web_page(status: u16, title: &str) -> Act {
    let body = format!("<html><head><title>{title}</title></head></html>");
    Act::Answer(status, vec![("content-type", "text/html".into())], body)
}

pub(crate) fn with(act: Act, name: &'static str, value: &str) -> Act {
    match act {
        Act::Answer(status, mut headers, body) => {
            headers.push((name, value.to_owned()));
            Act::Answer(status, headers, body)
        }
        Act::Cut(status, mut headers) => {
            headers.push((name, value.to_owned()));
            Act::Cut(status, headers)
        }
        fault => fault,
    }
}

pub(crate) fn lost() -> Act {
    Act::Fault(TransportFault::Lost)
}

type Brain = Box<dyn FnMut(&HttpRequest) -> Option<Act> + Send>;

#[derive(Default)]
pub(crate) struct Service {
    script: Mutex<VecDeque<Act>>,
    brain: Mutex<Option<Brain>>,
    pub(crate) requests: Mutex<Vec<HttpRequest>>,
}

impl Service {
    pub(crate) fn sent(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn request(&self, index: usize) -> HttpRequest {
        self.requests.lock().unwrap()[index].clone()
    }

    pub(crate) fn header(&self, index: usize, name: &str) -> Option<String> {
        self.request(index)
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    }
}

impl Transport for Service {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let thought = self.brain.lock().unwrap().as_mut().and_then(|brain| brain(&request));
        let act = thought.or_else(|| self.script.lock().unwrap().pop_front());
        let act = act.unwrap_or_else(|| panic!("the script ends before {} {}", request.method, request.url));
        self.requests.lock().unwrap().push(request);
        let headers_of = |headers: Vec<(&'static str, String)>| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap());
            }
            map
        };
        let result = match act {
            Act::Answer(status, headers, body) => Ok(HttpResponse {
                status: StatusCode::from_u16(status).unwrap(),
                headers: headers_of(headers),
                body: body.into_bytes(),
                cut: None,
            }),
            Act::Cut(status, headers) => Ok(HttpResponse {
                status: StatusCode::from_u16(status).unwrap(),
                headers: headers_of(headers),
                body: b"{\"va".to_vec(),
                cut: Some(TransportError::new(TransportFault::Lost, "the answer was cut off")),
            }),
            Act::Fault(fault) => Err(TransportError::new(fault, format!("{fault:?}"))),
        };
        Box::pin(std::future::ready(result))
    }
}

pub(crate) struct Rig {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: TestClock,
    pub(crate) client: Client,
}

/// A client of a service that answers with `acts`, one after the other.
pub(crate) fn rig(acts: Vec<Act>) -> Rig {
    rig_with(acts, |builder| builder)
}

pub(crate) fn rig_with(acts: Vec<Act>, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Rig {
    let service = Arc::new(Service {
        script: Mutex::new(acts.into()),
        ..Service::default()
    });
    let clock = TestClock::default();
    let builder = Client::builder()
        .with_transport(service.clone())
        .with_clock(Arc::new(clock.clone()))
        .with_operations(TABLE)
        .with_token_source(StaticToken::new("opaque"));
    Rig {
        client: change(builder).build().unwrap(),
        service,
        clock,
    }
}

/// A service that thinks about each request before it looks at its script.
pub(crate) fn rig_thinking(brain: impl FnMut(&HttpRequest) -> Option<Act> + Send + 'static) -> Rig {
    let rig = rig(Vec::new());
    *rig.service.brain.lock().unwrap() = Some(Box::new(brain));
    rig
}

pub(crate) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn at(template: &'static str, clouds: CloudSet) -> PathDescriptor {
    PathDescriptor {
        template,
        clouds,
        delegated: Some(PermissionSet {
            least: &["TeamsTelephoneNumber.Read.All"],
            higher: &["TeamsTelephoneNumber.ReadWrite.All"],
        }),
        application: Some(PermissionSet {
            least: &["TeamsTelephoneNumber.ReadWrite.All"],
            higher: &[],
        }),
    }
}

pub(crate) static TABLE: OperationTable = OperationTable(&[
    OperationDescriptor {
        id: "numbers.list",
        paths: &[at(
            "/admin/teams/telephoneNumberManagement/numberAssignments",
            CloudSet::of(&[Cloud::Global]),
        )],
        query: &["$top", "$skip", "$filter"],
        page_size: Some(PageSize { default: 3, maximum: 5 }),
        throttling: Some("teams"),
        roles: &["Teams Telephony Administrator"],
        ..OperationDescriptor::UNKNOWN
    },
    OperationDescriptor {
        id: "numbers.assign",
        method: http::Method::POST,
        paths: &[at(
            "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber",
            CloudSet::of(&[Cloud::Global]),
        )],
        success: &[202],
        idempotency: Idempotency::Confirm {
            by: "numbers.list",
            how: "Read the number with numbers.list",
        },
        long_running: Some(LongRunningDescriptor {
            operation: "operations.get",
            state: 0,
            status: "status",
            succeeded: &["succeeded"],
            failed: &["failed"],
            details: Some("numbers"),
        }),
        throttling: Some("teams"),
        ..OperationDescriptor::UNKNOWN
    },
    OperationDescriptor {
        id: "operations.get",
        paths: &[at(
            "/admin/teams/telephoneNumberManagement/operations/{operation-id}",
            CloudSet::ALL,
        )],
        throttling: Some("teams"),
        ..OperationDescriptor::UNKNOWN
    },
    OperationDescriptor {
        id: "phones.update",
        method: http::Method::PATCH,
        roles: &["Authentication Administrator"],
        recent_sign_in: true,
        paths: &[
            at("/users/{user-id}/authentication/phoneMethods/{phone-id}", CloudSet::ALL),
            at(
                "/me/authentication/phoneMethods/{phone-id}",
                CloudSet::of(&[Cloud::Global]),
            ),
        ],
        success: &[204],
        idempotency: Idempotency::Idempotent,
        ..OperationDescriptor::UNKNOWN
    },
    OperationDescriptor {
        id: "phones.delete",
        method: http::Method::DELETE,
        paths: &[at(
            "/users/{user-id}/authentication/phoneMethods/{phone-id}",
            CloudSet::ALL,
        )],
        success: &[204],
        idempotency: Idempotency::Idempotent,
        ..OperationDescriptor::UNKNOWN
    },
    OperationDescriptor {
        id: "batch.send",
        method: http::Method::POST,
        paths: &[at("/$batch", CloudSet::ALL)],
        idempotency: Idempotency::Never {
            how: "See each request",
        },
        ..OperationDescriptor::UNKNOWN
    },
]);

pub(crate) const LIST: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";
pub(crate) const ASSIGN: &str = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";
pub(crate) const PHONE: &str =
    "/users/ana@contoso.example/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7";
pub(crate) const ROOT: &str = "https://graph.microsoft.com/v1.0";

pub(crate) fn assign() -> Operation {
    Operation::post(ASSIGN).body(r#"{"telephoneNumber":"+12055550123"}"#)
}

pub(crate) fn update() -> Operation {
    Operation::new(http::Method::PATCH, PHONE).body(r#"{"phoneNumber":"+1 2055550123"}"#)
}

/// An unsigned token with these claims.
pub(crate) fn token_of(claims: serde_json::Value) -> String {
    use base64::Engine;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("eyJhbGciOiJub25lIn0.{payload}.c2lnbmF0dXJl")
}
