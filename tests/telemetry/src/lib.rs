//! Metrics of a client for a program that exports them with OpenTelemetry: a function to copy.
//!
//! Spans need no code: `tracing-opentelemetry` exports those of `tracing` as they are. The page `docs/observability.md` says how.

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use trunkline::{CallEvent, CallEventKind};

/// The page's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/observability.md")]
mod page {}

/// A function that records the events of a client, for `ClientBuilder::observer`.
pub fn metrics(meter: &Meter) -> impl Fn(&CallEvent<'_>) + Send + Sync + 'static {
    let duration = meter
        .f64_histogram("http.client.request.duration")
        .with_unit("s")
        .build();
    let retries = meter.u64_counter("trunkline.retries").with_unit("{retry}").build();
    let throttled = meter.u64_counter("trunkline.throttled").with_unit("{response}").build();
    let waits = meter.f64_histogram("trunkline.throttle.wait").with_unit("s").build();
    let pace = meter.f64_gauge("trunkline.pace").with_unit("{request}/s").build();
    let age = meter.f64_histogram("trunkline.order.age").with_unit("s").build();
    let rows = meter.u64_counter("trunkline.rows").with_unit("{row}").build();
    move |event| {
        let operation = || event.operation.map(|id| KeyValue::new("trunkline.operation", id));
        let group: Vec<KeyValue> = event
            .group
            .map(|group| KeyValue::new("trunkline.group", group))
            .into_iter()
            .collect();
        match event.kind {
            CallEventKind::Response {
                status,
                duration: elapsed,
                in_batch,
                pace: rate,
                ..
            } => {
                // A request of a batch takes no time of its own.
                if !in_batch {
                    duration.record(elapsed.as_secs_f64(), &attributes(event));
                }
                if status == Some(429) {
                    throttled.add(1, &group);
                }
                if let Some(rate) = rate {
                    pace.record(rate, &group);
                }
            }
            CallEventKind::Retry { reason, .. } => {
                let reason = KeyValue::new("trunkline.reason", reason);
                retries.add(
                    1,
                    &[Some(reason), operation()].into_iter().flatten().collect::<Vec<_>>(),
                );
            }
            CallEventKind::Throttle { wait, reason } => {
                let reason = KeyValue::new("trunkline.reason", reason);
                waits.record(wait.as_secs_f64(), &[group, vec![reason]].concat());
            }
            CallEventKind::Order { progress, age: seconds } => {
                let progress = KeyValue::new("trunkline.progress", progress);
                let attributes: Vec<_> = [Some(progress), operation()].into_iter().flatten().collect();
                age.record(seconds.as_secs_f64(), &attributes);
            }
            CallEventKind::Row { ending } => rows.add(1, &[KeyValue::new("trunkline.ending", ending)]),
            _ => {}
        }
    }
}

/// The attributes that OpenTelemetry's conventions have for the duration of a request.
fn attributes(event: &CallEvent<'_>) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new("http.request.method", event.method),
        KeyValue::new("server.address", event.host.to_owned()),
        KeyValue::new("server.port", i64::from(event.port)),
    ];
    attributes.extend(event.template.map(|template| KeyValue::new("url.template", template)));
    if let CallEventKind::Response { status, fault, .. } = event.kind {
        attributes.extend(status.map(|status| KeyValue::new("http.response.status_code", i64::from(status))));
        let refused = status.filter(|status| *status >= 400).map(|status| status.to_string());
        let failure = fault.map(str::to_owned).or(refused);
        attributes.extend(failure.map(|failure| KeyValue::new("error.type", failure)));
    }
    attributes
}
