//! Every fault on the wire: the error that a caller sees, and the state of the service afterwards. The graph layer against
//! the emulator, which carries requests out before an answer is lost, where the raw servers of the contract tests only
//! pretend to.

use std::sync::Arc;

use futures_util::StreamExt;
use serde_json::{Value, json};
use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::teams_administration::NumberType;
use trunkline::{Client, Clock, Credential, Error, ErrorKind, TestClock};
use trunkline_emulator::{ClockMode, Emulator, Fault};

const FREE: &str = "+12061234567";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";

struct Fixture {
    emulator: Emulator,
    client: Client,
    clock: TestClock,
}

impl Fixture {
    async fn build() -> Self {
        let emulator = Emulator::builder()
            .clock(ClockMode::Manual)
            .start()
            .await
            .expect("a port is free");
        let clock = TestClock::new(emulator.now());
        let driven = emulator.clock();
        clock.on_advance(move |by| driven.advance(by));
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(emulator.token()))
            .clock(Arc::new(clock.clone()))
            .no_proxy()
            .build()
            .expect("builds");
        Self {
            emulator,
            client,
            clock,
        }
    }

    /// A fixture in which `fault` strikes every time, or as it says.
    async fn with(fault: &Value) -> Self {
        let fixture = Self::build().await;
        fixture.fault(fault);
        fixture
    }

    fn fault(&self, fault: &Value) {
        let fault: Fault = serde_json::from_value(fault.clone()).expect("is a fault");
        self.emulator.fault(fault);
    }

    fn numbers(&self) -> trunkline::Collection<trunkline::teams_administration::NumberAssignment> {
        self.client
            .graph()
            .admin()
            .teams()
            .telephone_number_management()
            .number_assignments()
    }

    fn phones(&self) -> trunkline::Collection<PhoneAuthenticationMethod> {
        self.client
            .graph()
            .users()
            .by_id("ana@contoso.example")
            .authentication()
            .phone_methods()
    }

    async fn assign(&self) -> trunkline::Result<trunkline::LongRunning<impl Sized + use<>>> {
        let call = self.numbers().assign_number(FREE, ANA, NumberType::CallingPlan);
        call.await.map(trunkline::Response::into_value)
    }

    async fn create(&self) -> trunkline::Result<()> {
        let phone = PhoneAuthenticationMethod::new("+1 2065550100", "office");
        self.phones().create(&phone).await.map(|_| ())
    }

    async fn update(&self) -> trunkline::Result<()> {
        let phone = PhoneAuthenticationMethod::new("+1 2065550142", "mobile");
        self.phones().by_id(MOBILE).update(&phone).await.map(|_| ())
    }

    /// How many requests there were.
    fn sent(&self) -> usize {
        self.emulator.requests().len()
    }

    /// The phones of the user as the service has them.
    fn stored_phones(&self) -> String {
        let state = self.emulator.state();
        let users = state["users"].as_array().expect("a list");
        let ana = users.iter().find(|user| user["id"] == ANA).expect("is there");
        ana["authentication"]["phoneMethods"].to_string()
    }
}

/// The error, once it shows itself as every error must.
#[track_caller]
fn failed<T>(result: trunkline::Result<T>, about: &Value) -> Error {
    let Err(error) = result else {
        panic!("{about} succeeded")
    };
    let line = error.to_string();
    assert!(!line.contains('\n') && !line.contains("eyJ"), "{about}: {line}");
    assert!(
        !line.contains("2065550100") && !line.contains("ana@"),
        "{about} shows who it is about: {line}"
    );
    error
}

#[tokio::test]
async fn every_fault_has_its_kind_for_a_read_and_for_a_write() {
    use ErrorKind::*;
    let html = |status: u16| json!({"kind": "html", "status": status});
    let status = |status: u16| json!({"kind": "status", "status": status});
    let redirect = json!({"kind": "redirect", "status": 307, "location": "https://evil.example/"});
    // Effect; what a read ends with after how many requests; what a write that must not be repeated ends with.
    let table = [
        (json!({"kind": "drop"}), Some((Connection, 4)), UnknownOutcome),
        (json!({"kind": "cut"}), Some((Connection, 4)), UnknownOutcome),
        (
            json!({"kind": "cut", "after": 0}),
            Some((Connection, 4)),
            UnknownOutcome,
        ),
        (html(502), Some((Service, 4)), UnknownOutcome),
        (html(200), Some((UnexpectedBody, 4)), UnknownOutcome),
        (html(403), Some((UnexpectedBody, 4)), UnknownOutcome),
        (html(404), Some((UnexpectedBody, 4)), UnknownOutcome),
        (status(400), Some((Rejected, 1)), Rejected),
        (status(401), Some((Authentication, 1)), Authentication),
        (status(403), Some((PermissionDenied, 1)), PermissionDenied),
        (status(404), Some((NotFound, 1)), NotFound),
        (status(409), Some((Conflict, 1)), Conflict),
        (status(500), Some((Service, 1)), UnknownOutcome),
        (status(503), Some((Service, 4)), UnknownOutcome),
        (status(504), Some((Service, 4)), UnknownOutcome),
        (status(429), Some((Throttled, 4)), Throttled),
        (json!({"kind": "notJson"}), Some((UnexpectedBody, 1)), UnexpectedBody),
        (json!({"kind": "empty"}), Some((UnexpectedBody, 1)), UnexpectedBody),
        (json!({"kind": "claims"}), Some((Authentication, 1)), Authentication),
        (redirect, Some((Redirected, 4)), UnknownOutcome),
        (json!({"kind": "withoutType"}), None, Rejected),
        (json!({"kind": "wrapValue"}), None, Rejected),
    ];
    for (effect, read, write) in table {
        let fixture = Fixture::with(&json!({"method": "GET", "effect": effect})).await;
        let result = fixture.phones().by_id(MOBILE).get().await;
        match read {
            None => assert_eq!(result.expect("is read").id, Some(MOBILE), "{effect}"),
            Some((kind, requests)) => {
                let error = failed(result, &effect);
                assert_eq!((error.kind(), fixture.sent()), (kind, requests), "{effect}: {error:?}");
            }
        }
        if write == Rejected && read.is_none() {
            continue;
        }
        let fixture = Fixture::with(&json!({"method": "POST", "effect": effect})).await;
        let error = failed(fixture.create().await, &effect);
        assert_eq!(error.kind(), write, "{effect}: {error:?}");
        let repeated = if write == Throttled { 4 } else { 1 };
        assert_eq!(
            fixture.sent(),
            repeated,
            "{effect}: only what was not carried out is sent again"
        );
    }
}

#[tokio::test]
async fn a_write_that_was_carried_out_is_not_carried_out_again() {
    for effect in [
        json!({"kind": "drop"}),
        json!({"kind": "html", "status": 504}),
        json!({"kind": "cut"}),
    ] {
        let fixture = Fixture::with(&json!({"method": "POST", "commit": true, "effect": effect})).await;
        let before = fixture.stored_phones();
        let error = failed(fixture.create().await, &effect);
        assert_eq!(
            (error.kind(), fixture.sent()),
            (ErrorKind::UnknownOutcome, 1),
            "{effect}"
        );
        assert!(
            error.may_have_reached_service() && !error.next_step().is_empty(),
            "{error}"
        );
        assert_ne!(fixture.stored_phones(), before, "{effect}: it did happen");
    }
    // The same error when it did not: nobody can tell, and nobody pretends to.
    let fixture = Fixture::with(&json!({"method": "POST", "effect": {"kind": "drop"}})).await;
    let before = fixture.stored_phones();
    let error = failed(fixture.create().await, &json!("drop without commit"));
    assert_eq!((error.kind(), fixture.sent()), (ErrorKind::UnknownOutcome, 1));
    assert_eq!(fixture.stored_phones(), before);
}

#[tokio::test]
async fn a_write_that_ends_in_the_same_state_is_sent_until_it_is_answered() {
    for effect in [
        json!({"kind": "drop"}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "html", "status": 502}),
    ] {
        let fault = json!({"method": "PATCH", "nth": 1, "times": 2, "commit": true, "effect": effect});
        let fixture = Fixture::with(&fault).await;
        fixture.update().await.expect("is changed in the end");
        assert_eq!(fixture.sent(), 3, "{effect}");
        assert!(fixture.stored_phones().contains("2065550142"), "{effect}");
    }
}

#[tokio::test]
async fn a_removal_whose_answer_was_lost_differs_from_one_of_nothing() {
    let fault = json!({"method": "DELETE", "nth": 1, "commit": true, "effect": {"kind": "drop"}});
    let fixture = Fixture::with(&fault).await;
    // The second attempt finds nothing: that may be because the first one worked.
    let alternate = "b6332ec1-7057-4abe-9331-3d72feddfe41";
    fixture.fault(&json!({"method": "DELETE", "nth": 2, "effect": {"kind": "status", "status": 404}}));
    let error = failed(fixture.phones().by_id(alternate).delete().await, &fault);
    assert!(error.is_not_found() && error.may_have_reached_service(), "{error:?}");
    assert_eq!((fixture.sent(), error.attempts()), (2, 2));
    // Without a lost answer, nothing is just nothing.
    let fixture = Fixture::build().await;
    let error = failed(
        fixture.phones().by_id(alternate).delete().await,
        &json!("nothing to remove"),
    );
    assert!(error.is_not_found() && !error.may_have_reached_service(), "{error:?}");
}

#[tokio::test]
async fn a_pause_is_never_undercut_and_never_longer_than_the_caller_waits() {
    let throttled = json!({"kind": "status", "status": 429, "retryAfter": "9"});
    let fixture = Fixture::with(&json!({"path": "phoneMethods", "nth": 1, "effect": throttled})).await;
    let before = fixture.clock.elapsed();
    fixture.phones().list().all().await.expect("is read after the pause");
    let waited = fixture.clock.elapsed() - before;
    assert!(waited.as_secs_f64() >= 9.0 && waited.as_secs_f64() < 10.0, "{waited:?}");
    // A date, measured against the service's own clock.
    let dated = json!({"kind": "status", "status": 503, "retryAfterDate": 30});
    let fixture = Fixture::with(&json!({"path": "phoneMethods", "nth": 1, "effect": dated})).await;
    fixture.phones().list().all().await.expect("is read after the pause");
    assert!(
        fixture.clock.waits()[0].as_secs_f64() >= 29.0,
        "{:?}",
        fixture.clock.waits()
    );
    // Longer than the deadline: the error comes at once.
    let long = json!({"kind": "status", "status": 429, "retryAfter": "600"});
    let fixture = Fixture::with(&json!({"path": "phoneMethods", "effect": long})).await;
    let request = fixture
        .phones()
        .by_id(MOBILE)
        .get()
        .with_timeout(std::time::Duration::from_secs(60));
    let error = failed(request.await, &long);
    assert!(error.is_throttled() && fixture.clock.waits().is_empty(), "{error:?}");
    assert_eq!(fixture.sent(), 1);
}

#[tokio::test]
async fn links_that_the_service_was_made_to_change_are_not_followed() {
    for value in [
        "https://evil.example/v1.0/x",
        "{url}@evil.example/v1.0/x",
        "{url}.evil.example/v1.0/x",
        "//evil.example/v1.0/x",
        "{url}/beta/x",
        "{url}/v1.0/../beta/x",
    ] {
        let fixture = Fixture::with(&json!({"effect": {"kind": "replaceNextLink", "value": value}})).await;
        let error = failed(fixture.numbers().list().top(1).all().await, &json!(value));
        assert_eq!(
            (error.kind(), fixture.sent()),
            (ErrorKind::UntrustedLink, 1),
            "{value}: {error:?}"
        );

        let fixture =
            Fixture::with(&json!({"method": "POST", "effect": {"kind": "replaceLocation", "value": value}})).await;
        let error = failed(fixture.assign().await, &json!(value));
        assert_eq!(
            (error.kind(), fixture.sent()),
            (ErrorKind::UntrustedLink, 1),
            "{value}: {error:?}"
        );
        assert!(error.may_have_reached_service(), "the order was placed: {error:?}");
    }
    let fixture = Fixture::with(&json!({"method": "POST", "effect": {"kind": "replaceLocation"}})).await;
    let error = failed(fixture.assign().await, &json!("no location"));
    assert_eq!(error.kind(), ErrorKind::AcceptedUntracked);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_come_to_an_end() {
    for effect in [json!({"kind": "repeatNextLink"}), json!({"kind": "emptyPage"})] {
        let fixture = Fixture::with(&json!({"method": "GET", "effect": effect})).await;
        let mut items = Box::pin(fixture.numbers().list().items());
        let mut read = 0_usize;
        let error = loop {
            match items.next().await {
                Some(Ok(_)) => read += 1,
                Some(Err(error)) => break error,
                None => panic!("{effect} has no end"),
            }
        };
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{effect}: {error:?}");
        assert!(fixture.sent() <= 3, "{effect}: {}", fixture.sent());
        assert!(read > 0 || effect["kind"] == "emptyPage", "{effect}");
    }
}

#[tokio::test]
async fn an_order_is_followed_through_failures_on_the_way() {
    let fixture = Fixture::build().await;
    let polls = json!({"method": "GET", "path": "*/operations*", "nth": 1, "times": 3});
    let mut fault = polls.clone();
    fault["effect"] = json!({"kind": "status", "status": 503});
    fixture.fault(&fault);
    let call = fixture.numbers().assign_number(FREE, ANA, NumberType::CallingPlan);
    let running = call.await.expect("is accepted").into_value();
    let finished = running.wait().await.expect("ends");
    assert!(finished.succeeded(), "{finished:?}");
    let posts = fixture
        .emulator
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!(posts, 1, "the order was placed once");
}

#[tokio::test]
async fn the_documented_shapes_are_all_read() {
    let fixture = Fixture::build().await;
    for fault in trunkline_emulator::documented_shapes() {
        fixture.emulator.fault(fault);
    }
    let graph = fixture.client.graph();
    let numbers = fixture
        .numbers()
        .list()
        .first_page()
        .await
        .expect("one object is read as a list of one")
        .items;
    assert_eq!(numbers.len(), 1);
    let id = numbers[0].id.value().expect("has an id").clone();
    assert_eq!(
        fixture.numbers().by_id(&id).get().await.expect("is unwrapped").id,
        Some(id)
    );
    let user = graph
        .admin()
        .teams()
        .user_configurations()
        .by_id(ANA)
        .get()
        .await
        .expect("is unwrapped");
    assert_eq!(user.id, Some(ANA));
    let details = graph.reports().authentication_methods().user_registration_details();
    assert_eq!(details.by_id(ANA).get().await.expect("is unwrapped").id, Some(ANA));
    let policy = graph.policies().authentication_methods_policy();
    let voice = policy
        .authentication_method_configurations()
        .by_id("voice")
        .get()
        .await
        .expect("is unwrapped");
    let allowed = voice
        .property::<bool>("isOfficePhoneAllowed")
        .expect("has the property");
    assert!(allowed.is_value(), "a Boolean in quotes is a Boolean");
}
