//! The spans of a call in `tracing`, with the names that OpenTelemetry's conventions for HTTP clients have. A layer such as
//! `tracing-opentelemetry` exports them as they are.

use tracing::{Level, Span, field};

use crate::request::operation::Operation;
use crate::sending::context::Context;
use crate::sending::report;
use crate::sending::transport::{HttpResponse, TransportError};

/// The span of an operation with all attempts and waits; none when nobody listens.
pub(crate) fn of_operation(operation: &Operation) -> Span {
    if !tracing::enabled!(target: "trunkline", Level::DEBUG) {
        return Span::none();
    }
    tracing::debug_span!(
        target: "trunkline",
        "operation",
        otel.name = operation.id().unwrap_or("request"),
        id = operation.id(),
        method = operation.method().as_str(),
        path = operation.masked_path(),
    )
}

/// The span of one attempt.
pub(crate) fn of_attempt(context: &Context, operation: &Operation, attempt: u32) -> Span {
    if !tracing::enabled!(target: "trunkline", Level::DEBUG) {
        return Span::none();
    }
    let method = report::method_name(operation.method());
    let template = report::template_of(operation);
    tracing::debug_span!(
        target: "trunkline",
        "request",
        otel.name = template.map_or_else(|| method.to_owned(), |template| format!("{method} {template}")),
        otel.kind = "client",
        http.request.method = method,
        url.template = template,
        server.address = context.root.host(),
        server.port = context.root.port(),
        http.request.resend_count = Some(attempt - 1).filter(|count| *count > 0),
        http.response.status_code = field::Empty,
        otel.status_code = field::Empty,
        error.type = field::Empty,
        trunkline.operation = operation.id(),
        trunkline.request_id = field::Empty,
    )
}

/// Adds what a span says of the response.
pub(crate) fn end(span: &Span, outcome: &Result<HttpResponse, TransportError>) {
    if span.is_disabled() {
        return;
    }
    let fault = match outcome {
        Ok(response) => {
            let status = response.status.as_u16();
            span.record("http.response.status_code", status);
            if let Some(id) = report::request_id(&response.headers) {
                span.record("trunkline.request_id", field::display(id));
            }
            if status >= 400 {
                span.record("error.type", field::display(status));
                span.record("otel.status_code", "ERROR");
            }
            response.cut.as_ref()
        }
        Err(error) => Some(error),
    };
    if let Some(error) = fault {
        span.record("error.type", report::fault_name(error.fault));
        span.record("otel.status_code", "ERROR");
    }
}
