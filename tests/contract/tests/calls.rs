//! The calls that the reference of operations shows, made on the emulator: each sends the request of its case.

#[rustfmt::skip]
#[path = "generated/calls.rs"]
mod calls;

use trunkline::{Client, Credential};
use trunkline_contract::case;
use trunkline_emulator::{Emulator, TokenRequest};

#[tokio::test]
async fn every_call_sends_the_request_of_a_case_of_its_operation() {
    let files = case::read_all().unwrap();
    let mut made = 0;
    for file in &files {
        let cases: Vec<_> = file.cases.iter().filter(|case| case.request.is_some()).collect();
        // Some need what a seed brings, or a signed-in user; all of an operation need the same.
        let run = cases
            .iter()
            .filter_map(|case| case.emulator.as_ref())
            .find(|run| run.status < 300);
        let mut builder = Emulator::builder();
        if let Some(seed) = run.and_then(|run| run.seed.clone()) {
            builder = builder.seed(seed);
        }
        let emulator = builder.start().await.unwrap();
        let user = run
            .filter(|run| run.delegated)
            .map(|_| "gina@contoso.example".to_owned());
        let token = emulator.issue_token(TokenRequest {
            user,
            ..TokenRequest::default()
        });
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(token))
            .build()
            .unwrap();
        let called = calls::call(&client, &file.operation).await;
        if matches!(called, Ok(false)) {
            assert_eq!(file.operation, "batch.send", "the reference shows no call");
            continue;
        }
        made += 1;
        let log = emulator.requests();
        let sent = log.first().expect("a request");
        let wire = |case: &&&case::Case| {
            let request = case.request.as_ref().unwrap();
            request.method == sent.method && request.path == sent.path
        };
        let case = cases.iter().find(wire);
        assert!(case.is_some(), "{}: {} {}", file.operation, sent.method, sent.path);
        if run.is_some() {
            called.unwrap_or_else(|error| panic!("{}: {error}", file.operation));
        }
    }
    assert!(made > 75, "{made}");
}
