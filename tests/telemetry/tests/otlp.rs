//! Spans and metrics as a collector receives them over OTLP from a Rust program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{MetricExporter, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::Value;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;
use trunkline::{Client, Credential, Pace, TestClock};
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::PlanOptions;
use trunkline_bulk::{ApplyOptions, Bulk};
use trunkline_emulator::{ClockMode, Effect, Emulator, Fault};

const NUMBER: &str = "+12065550147";
const ANA: &str = "ana@contoso.example";

type Received = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A collector of the test's own: it keeps every byte.
fn collect() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let received = Received::default();
    let bodies = received.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let bodies = bodies.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(connection);
                while let Some((path, body)) = read_request(&mut reader) {
                    bodies.lock().expect("not poisoned").push((path, body));
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                    if reader.get_mut().write_all(answer).is_err() {
                        break;
                    }
                }
            });
        }
    });
    (url, received)
}

fn read_request(reader: &mut BufReader<std::net::TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

/// Every object below the arrays of these names, one inside the other.
fn below<'v>(value: &'v Value, names: &[&str]) -> Vec<&'v Value> {
    names.iter().fold(vec![value], |values, name| {
        values
            .into_iter()
            .flat_map(|value| value[*name].as_array().into_iter().flatten())
            .collect()
    })
}

fn attribute<'v>(of: &'v Value, name: &str) -> Option<&'v Value> {
    let found = of["attributes"]
        .as_array()?
        .iter()
        .find(|attribute| attribute["key"] == name)?;
    found["value"].as_object()?.values().next()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_receives_spans_and_metrics_without_a_token_a_number_or_a_name() {
    // The exporter's reqwest has the features that trunkline asks for: without a provider of its own.
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("the only one");
    let (url, received) = collect();
    let spans = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpJson)
        .with_endpoint(format!("{url}/v1/traces"))
        .build()
        .expect("an exporter");
    let tracers = SdkTracerProvider::builder().with_batch_exporter(spans).build();
    let exporter = MetricExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpJson)
        .with_endpoint(format!("{url}/v1/metrics"))
        .build()
        .expect("an exporter");
    let meters = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(exporter).build())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("program"));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("the only one");

    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .start()
        .await
        .expect("a port is free");
    let clock = TestClock::new(emulator.now());
    let driven = emulator.clock();
    clock.on_advance(move |by| driven.advance(by));
    let token = emulator.token();
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(token.clone()))
        .clock(Arc::new(clock))
        .pace(Pace::per_second(50.0))
        .observer(trunkline_telemetry::metrics(&meters.meter("program")))
        .build()
        .expect("builds");
    emulator.fault(Fault::new(Effect::throttled(Some(1))).times(2));

    let folder = tempfile::tempdir().expect("a folder");
    let run = async {
        let file = format!("action,user,number,role\nunassign,,+12065550100,\nsetPhone,{ANA},{NUMBER},mobile\n");
        let input = input::read(file.as_bytes(), &InputOptions::default()).expect("rows");
        let bulk = Bulk::new(&client);
        let plan = bulk.plan(&input, &PlanOptions::default()).await.expect("a plan");
        let apply = bulk.apply(plan, folder.path().join("rows.journal"), &ApplyOptions::new());
        apply.run(|_| ()).await.expect("a run")
    };
    run.instrument(tracing::info_span!("bulk")).await;
    client
        .core()
        .execute(&trunkline::Operation::get(format!("/canary/{NUMBER}")))
        .await
        .unwrap_err();

    tokio::task::spawn_blocking(move || {
        tracers.force_flush().expect("spans are exported");
        meters.force_flush().expect("metrics are exported");
    })
    .await
    .expect("not cancelled");
    let received = received.lock().expect("not poisoned");
    let bodies = |of: &str| -> Vec<Value> {
        let of = received.iter().filter(|(path, _)| path == of);
        of.map(|(_, body)| serde_json::from_slice(body).expect("JSON"))
            .collect()
    };

    let traces = bodies("/v1/traces");
    let spans: Vec<&Value> = traces
        .iter()
        .flat_map(|body| below(body, &["resourceSpans", "scopeSpans", "spans"]))
        .collect();
    let bulk = spans
        .iter()
        .find(|span| span["name"] == "bulk")
        .expect("the program's span");
    let reads: Vec<&&Value> = spans
        .iter()
        .filter(|span| attribute(span, "http.request.method").is_some())
        .collect();
    assert!(reads.len() > 4);
    let throttled: Vec<&&&Value> = reads
        .iter()
        .filter(|span| attribute(span, "error.type").is_some_and(|kind| kind == "429"))
        .collect();
    assert_eq!(throttled.len(), 2);
    for span in &reads {
        let template = attribute(span, "url.template").and_then(Value::as_str);
        let method = attribute(span, "http.request.method")
            .and_then(Value::as_str)
            .expect("a method");
        let name = template.map_or_else(|| method.to_owned(), |template| format!("{method} {template}"));
        assert_eq!(span["name"], name.as_str());
        assert_eq!(span["kind"], 3, "a client's");
        assert_eq!(attribute(span, "server.address").expect("a host"), "127.0.0.1");
        assert!(template.is_none() || span["traceId"] == bulk["traceId"], "{span}");
    }
    assert!(
        reads
            .iter()
            .any(|span| attribute(span, "http.request.resend_count").is_some())
    );

    let exported = bodies("/v1/metrics");
    let metrics: Vec<&Value> = exported
        .iter()
        .flat_map(|body| below(body, &["resourceMetrics", "scopeMetrics", "metrics"]))
        .collect();
    for name in [
        "http.client.request.duration",
        "trunkline.retries",
        "trunkline.throttled",
        "trunkline.pace",
        "trunkline.order.age",
        "trunkline.rows",
    ] {
        assert!(metrics.iter().any(|metric| metric["name"] == name), "{name} is missing");
    }

    for (path, body) in received.iter() {
        let text = String::from_utf8_lossy(body);
        for canary in [token.as_str(), "2065550147", "2065550100", "ana@", "ana%40"] {
            assert!(!text.contains(canary), "{canary} is in {path}: {text}");
        }
    }
}
