//! An observer gets nothing secret or personal of any operation, wherever it stands in request and response.

use std::sync::{Arc, Mutex};

use trunkline::descriptor::OperationDescriptor;
use trunkline::{
    BoxFuture, Client, Credential, HttpRequest, HttpResponse, OPERATIONS, Operation, RawBody, RetryPolicy, TestClock,
    Transport, TransportError, TransportFault,
};

const TOKEN: &str = "canary-token-7f3a9c51";
const NUMBER: &str = "2065550147";
const NAME: &str = "ana.canary@contoso.example";

/// A gateway that sends back what it was sent in all places, and then fails.
struct Mirror(Mutex<u32>);

impl Transport for Mirror {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let everything = format!("{} {:?} {NUMBER} {NAME} {TOKEN}", request.url, request.headers);
        let mut response = HttpResponse {
            status: [429, 503, 200, 400][*count as usize % 4].try_into().unwrap(),
            body: everything.clone().into_bytes(),
            ..HttpResponse::default()
        };
        for name in ["request-id", "x-ms-request-id", "location", "client-request-id"] {
            response.headers.append(name, everything.parse().unwrap());
        }
        let lost = TransportError::new(TransportFault::Lost, everything);
        Box::pin(std::future::ready(if count.is_multiple_of(5) {
            Err(lost)
        } else {
            Ok(response)
        }))
    }
}

/// A request for an operation with canaries in every place that a caller can fill.
fn filled(descriptor: &'static OperationDescriptor, template: &str) -> Operation {
    let mut path = String::new();
    for (index, step) in template.split('/').skip(1).enumerate() {
        let value = match (step.starts_with('{'), index % 2) {
            (false, _) => step.to_owned(),
            (true, 0) => NAME.replace('@', "%40"),
            (true, _) => format!("%2B1{NUMBER}"),
        };
        path.push('/');
        path.push_str(&value);
    }
    let mut operation = Operation::of(descriptor, path)
        .query("$filter", format!("telephoneNumber eq '+1{NUMBER}'"))
        .body(format!("{{\"number\": \"+1{NUMBER}\", \"user\": \"{NAME}\"}}"));
    operation.set_header("x-note", NAME).unwrap();
    operation.set_header("client-request-id", NUMBER).unwrap();
    operation
}

#[tokio::test]
async fn no_event_of_any_operation_holds_a_token_a_number_or_a_name() {
    let events: Arc<Mutex<Vec<String>>> = Arc::default();
    let lines = events.clone();
    let client = Client::builder()
        .credential(Credential::token(TOKEN))
        .transport(Arc::new(Mirror(Mutex::default())))
        .clock(Arc::new(TestClock::default()))
        .retry(RetryPolicy::default().with_attempts(6))
        .observer(move |event| lines.lock().unwrap().push(format!("{event:?}")))
        .build()
        .unwrap();
    let mut batch = client.batch();
    let mut operations = 0;
    for descriptor in OPERATIONS.0 {
        for path in descriptor.paths {
            let operation = filled(descriptor, path.template);
            let request = client.core().request::<RawBody>(operation.clone());
            // It fails with most of them.
            drop(request.send().await);
            batch.add(client.core().request::<RawBody>(operation));
            operations += 1;
        }
    }
    drop(batch.send().await);
    // A path that no operation describes, with a method of the caller's own.
    let own = Operation::new(NUMBER.parse().unwrap(), format!("/canary/{NUMBER}"));
    drop(client.core().request::<RawBody>(own).send().await);
    let events = events.lock().unwrap();
    let requests = events.iter().filter(|event| event.contains("Request {")).count();
    assert!(operations > 50 && requests >= operations, "{requests} for {operations}");
    assert!(events.iter().any(|event| event.contains("method: \"_OTHER\"")));
    for event in events.iter() {
        for canary in ["canary", NUMBER, "ana."] {
            assert!(!event.contains(canary), "{canary} is in {event}");
        }
    }
}
