//! One deadline limits a whole change, whichever request gets no answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use trunkline::ChangeProgress;
use trunkline::phones::PhoneRole;
use trunkline::{
    Client, Clock, Credential, Error, ErrorKind, HttpRequest, HttpResponse, TestClock, Transport, TransportError,
    TransportFault,
};

use super::{ANA, BEN, FREE, Fixture};

const DEADLINE: Duration = Duration::from_secs(3);

/// The network, on which some requests are never answered. Waiting for those moves the clock.
struct Silence {
    http: reqwest::Client,
    clock: TestClock,
    /// Method, part of the path, and the occurrence from which on nothing is answered.
    from: (&'static str, &'static str, u32),
    met: Mutex<u32>,
}

impl Transport for Silence {
    fn send(
        &self,
        request: HttpRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + '_>> {
        let (method, path, nth) = self.from;
        let is_met = request.method == method && request.url.path().contains(path);
        let is_silent = is_met && {
            let mut met = self.met.lock().expect("nobody panicked");
            *met += 1;
            *met >= nth
        };
        Box::pin(async move {
            if is_silent {
                self.clock.advance(request.timeout.expect("no request waits for ever"));
                return Err(TransportError::new(TransportFault::TimedOut, "no answer came in time"));
            }
            let lost = |error: reqwest::Error| TransportError::new(TransportFault::Lost, error.to_string());
            let sent = self.http.request(request.method, request.url).headers(request.headers);
            let answer = sent.body(request.body.unwrap_or_default()).send().await.map_err(lost)?;
            Ok(HttpResponse {
                status: answer.status(),
                headers: answer.headers().clone(),
                body: answer.bytes().await.map_err(lost)?.to_vec(),
                cut: None,
            })
        })
    }
}

fn plain_http() -> reqwest::Client {
    // It never encrypts, and does not begin without one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// A client to which the service never answers such a request, from the `nth` on.
async fn silent(method: &'static str, path: &'static str, nth: u32) -> (Fixture, Client) {
    let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::ZERO)).await;
    let transport = Silence {
        http: plain_http(),
        clock: fixture.clock.clone(),
        from: (method, path, nth),
        met: Mutex::default(),
    };
    let client = Client::builder()
        .endpoint(fixture.emulator.url())
        .credential(Credential::token(fixture.emulator.token()))
        .clock(Arc::new(fixture.clock.clone()))
        .transport(Arc::new(transport))
        .build()
        .expect("builds");
    (fixture, client)
}

fn in_time(fixture: &Fixture) {
    let elapsed = fixture.clock.elapsed();
    assert!(elapsed <= DEADLINE, "took {elapsed:?}");
}

fn nothing_sent(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.message().contains("no change was sent"), "{error}");
    assert!(!error.may_have_reached_service(), "{error}");
}

#[tokio::test]
async fn looking_up_ends_in_time_and_nothing_is_sent() {
    for path in ["/users/ana@", "/numberAssignments"] {
        let (fixture, client) = silent("GET", path, 1).await;
        let assign = client.numbers().assign(FREE, "ana@contoso.example");
        nothing_sent(&assign.with_timeout(DEADLINE).await.expect_err("is silent"));
        in_time(&fixture);
        assert_eq!(fixture.sent("POST", "assignNumber"), 0);
    }
    let (fixture, client) = silent("GET", "/numberAssignments", 1).await;
    nothing_sent(
        &client
            .numbers()
            .unassign(FREE)
            .with_timeout(DEADLINE)
            .await
            .expect_err("is silent"),
    );
    in_time(&fixture);
    for path in ["/users/ben@", "/phoneMethods"] {
        let (fixture, client) = silent("GET", path, 1).await;
        let phones = client.phones("ben@contoso.example");
        let remove = phones.remove(PhoneRole::Office).with_timeout(DEADLINE);
        nothing_sent(&remove.await.expect_err("is silent"));
        in_time(&fixture);
    }
}

#[tokio::test]
async fn an_order_that_is_not_answered_ends_in_time_as_unknown() {
    let (fixture, client) = silent("POST", "/assignNumber", 1).await;
    let assign = client.numbers().assign(FREE, ANA).with_timeout(DEADLINE);
    let error = assign.await.expect_err("is silent");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{error}");
    assert!(error.may_have_reached_service(), "{error}");
    in_time(&fixture);
}

#[tokio::test]
async fn waiting_for_an_order_ends_in_time_with_its_token() {
    for (path, nth) in [("/operations", 1), ("/numberAssignments", 2)] {
        let (fixture, client) = silent("GET", path, nth).await;
        let assign = client.numbers().assign(FREE, ANA).with_timeout(DEADLINE);
        let error = assign.await.expect_err("is silent");
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.may_have_reached_service(), "{error}");
        in_time(&fixture);
        // The token is of the order, which ended well.
        let token = error.resume_token().expect("the order was accepted");
        let outcome = fixture.client.numbers().follow(token).await.expect("ended well");
        assert_eq!(outcome.after.expect("is read").holder(), Some(ANA));
    }
    let (fixture, client) = silent("GET", "/operations", 1).await;
    let token = fixture.place(FREE).await;
    let error = client
        .numbers()
        .follow(&token)
        .with_timeout(DEADLINE)
        .await
        .expect_err("is silent");
    assert!(error.resume_token().is_some(), "{error}");
    in_time(&fixture);
}

#[tokio::test]
async fn a_location_ends_in_time() {
    let place = Some("10c00000-0000-4000-8000-000000000002".to_owned());
    let (fixture, client) = silent("GET", "/numberAssignments", 2).await;
    let set = client.numbers().set_location(FREE, place).with_timeout(DEADLINE);
    let set = set.await.expect("was accepted");
    assert!(
        !set.seen && set.warnings[0].contains("no answer came in time"),
        "{set:?}"
    );
    in_time(&fixture);
}

#[tokio::test]
async fn a_move_whose_time_ends_between_its_orders_says_that_the_number_is_free() {
    let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::ZERO)).await;
    let clock = fixture.clock.clone();
    let slow = move |progress: &ChangeProgress| {
        // Whatever takes its time after the first order: the second has none left.
        if matches!(progress, ChangeProgress::Stage(_)) {
            clock.advance(DEADLINE);
        }
    };
    let move_to = fixture
        .client
        .numbers()
        .move_to("+12065550100", ANA)
        .with_progress(slow);
    let error = move_to.with_timeout(DEADLINE).await.expect_err("is late");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.next_step().contains("+***00"), "{error}");
    assert_eq!(fixture.sent("POST", "/assignNumber"), 0, "{error}");
    assert!(error.may_have_reached_service(), "{error}");
}

#[tokio::test]
async fn a_phone_is_done_when_only_reading_it_back_is_late() {
    let (fixture, client) = silent("GET", "/phoneMethods", 2).await;
    let set = client.phones(ANA).set(PhoneRole::Mobile, "+1 206 555 0198");
    let outcome = set.with_timeout(DEADLINE).await.expect("is done");
    assert!(
        !outcome.seen && outcome.warnings[0].contains("reading it back failed"),
        "{outcome:?}"
    );
    in_time(&fixture);
    let (fixture, client) = silent("DELETE", "/phoneMethods", 1).await;
    let remove = client.phones(BEN).remove(PhoneRole::Office).with_timeout(DEADLINE);
    let error = remove.await.expect_err("nobody knows");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{error}");
    in_time(&fixture);
}
