//! The transport of a test: requests are answered by a function of the program's.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use trunkline::{HttpRequest, HttpResponse, Transport, TransportError};
use trunkline_binding::transport::{self, FunctionFault, FunctionRequest};
use trunkline_core::clock::BoxFuture;

use crate::events::{Cause, Event, JsonText, Payload, Reply};
use crate::function::Function;
use crate::work::Queue;

/// The function, which the program keeps under a number.
pub(crate) struct FunctionTransport(Function);

impl FunctionTransport {
    pub(crate) fn new(number: u32, queue: &Arc<Queue>) -> Self {
        Self(Function::new(number, queue))
    }

    async fn ask(&self, request: &FunctionRequest) -> Result<HttpResponse, TransportError> {
        let payload = json!({
            "transport": self.0.number,
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "body": STANDARD.encode(&request.body),
        });
        let question = |id| Event {
            id,
            payload: Payload::Request(JsonText::new(payload.to_string())),
            metadata: None,
        };
        match self.0.queue.ask(question).await {
            Some(Reply::Response { status, headers, body }) => {
                let mut headers = headers.into_iter();
                let pairs = std::iter::from_fn(|| headers.next().zip(headers.next()));
                transport::response(status, pairs, body)
            }
            Some(Reply::Failed { asked, reason }) => Err(FunctionFault::Own.error(&reason).with_source(Cause(asked))),
            Some(Reply::Fault { asked, reason, fault }) => {
                let fault = match fault.as_str() {
                    "refused" => FunctionFault::Refused,
                    "timedOut" => FunctionFault::TimedOut,
                    _ => FunctionFault::Lost,
                };
                Err(fault.error(&reason).with_source(Cause(asked)))
            }
            Some(Reply::Token { .. } | Reply::GoOn) | None => Err(transport::ended()),
        }
    }
}

impl Transport for FunctionTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let request = FunctionRequest::new(&request);
        Box::pin(async move { request.receive(self.ask(&request)).await })
    }
}
