//! Signing in at the emulator's authority, over the network stack that programs use.
#![cfg(feature = "identity")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use trunkline::phones::PhoneRole;
use trunkline::{Client, Credential, ErrorKind, Operation, TestClock};
use trunkline_emulator::{
    DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TENANT_DOMAIN, DEFAULT_TENANT_ID, Effect, Emulator, Fault,
    OTHER_TENANT_ID, TokenRequest,
};

const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn secret(secret: &str) -> Credential {
    Credential::client_secret(DEFAULT_TENANT_DOMAIN, DEFAULT_CLIENT_ID, secret)
}

fn token_requests(emulator: &Emulator) -> usize {
    emulator
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/oauth2/v2.0/token"))
        .count()
}

#[tokio::test]
async fn a_client_secret_signs_in_once_for_many_requests() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.url())
        .tenant(DEFAULT_TENANT_ID)
        .credential(secret(DEFAULT_CLIENT_SECRET))
        .build()
        .unwrap();
    let operation = Operation::get(NUMBERS);
    for _ in 0..3 {
        client.core().execute(&operation).await.unwrap();
    }
    assert_eq!(token_requests(&emulator), 1);
}

#[test]
fn a_client_secret_signs_in_without_a_runtime() {
    let emulator = Emulator::start_blocking().unwrap();
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(secret(DEFAULT_CLIENT_SECRET))
        .build()
        .unwrap();
    client.core().execute_blocking(&Operation::get(NUMBERS)).unwrap();
    assert_eq!(token_requests(&emulator), 1);
}

#[tokio::test]
async fn a_wrong_secret_is_an_authentication_error() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(secret("canary-secret"))
        .build()
        .unwrap();
    let error = client.core().execute(&Operation::get(NUMBERS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.code(), Some("invalid_client"));
    assert!(error.next_step().contains("AADSTS7000215"), "{error}");
    assert!(
        !format!("{error} {error:?} {} {:?}", error.to_json(), error.body()).contains("canary"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_token_of_another_tenant_sends_no_request() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.url())
        .tenant(OTHER_TENANT_ID)
        .credential(secret(DEFAULT_CLIENT_SECRET))
        .build()
        .unwrap();
    let error = client.core().execute(&Operation::get(NUMBERS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongTenant);
    assert_eq!(emulator.requests().len(), token_requests(&emulator));
}

fn asked_for_tenant(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    let described = requests
        .iter()
        .filter(|request| request.path.ends_with("/openid-configuration"));
    described.count()
}

#[tokio::test]
async fn a_token_of_another_domains_tenant_writes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let client_for = |tenant: &str, credential| {
        let builder = Client::builder().endpoint(emulator.url()).tenant(tenant);
        builder.credential(credential).build().unwrap()
    };
    let write = |client: Client| async move { client.numbers().assign("+12065550101", "ana@contoso.example").await };
    for credential in [Credential::token(emulator.token()), secret(DEFAULT_CLIENT_SECRET)] {
        let error = write(client_for("fabrikam.onmicrosoft.com", credential))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongTenant);
        assert!(
            error.message().contains(OTHER_TENANT_ID) && error.message().contains(DEFAULT_TENANT_ID),
            "{error}"
        );
    }
    assert_eq!(asked_for_tenant(&emulator), 2);
    let is_order = |path: &str| path.ends_with("assignNumber");
    assert!(!emulator.requests().iter().any(|request| is_order(&request.path)));
    let client = client_for("contoso.onmicrosoft.com", Credential::token(emulator.token()));
    client.core().execute(&Operation::get(NUMBERS)).await.unwrap();
    assert_eq!(asked_for_tenant(&emulator), 2, "a read costs nothing");
    write(client.clone()).await.unwrap();
    client.numbers().unassign("+12065550101").await.unwrap();
    assert_eq!(asked_for_tenant(&emulator), 3, "once for a client");
    assert_eq!(
        client.verify_tenant().await.unwrap().as_deref(),
        Some(DEFAULT_TENANT_ID)
    );
}

#[tokio::test]
async fn a_write_is_refused_while_nobody_says_which_tenant_a_domain_is() {
    let emulator = Emulator::start().await.unwrap();
    // Nobody listens there any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client_for = |tenant: &str| {
        let builder = Client::builder()
            .root(emulator.url())
            .authority(format!("http://{gone}"));
        builder
            .tenant(tenant)
            .retry(trunkline::RetryPolicy::never())
            .credential(Credential::token(emulator.token()))
            .build()
            .unwrap()
    };
    let write = |client: Client| async move { client.numbers().assign("+12065550101", "ana@contoso.example").await };
    let error = write(client_for(DEFAULT_TENANT_DOMAIN)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.next_step().contains("the tenant's id"), "{error}");
    assert!(!error.may_have_reached_service());
    write(client_for(DEFAULT_TENANT_ID)).await.unwrap();
}

#[test]
fn a_tenant_is_an_id_or_a_domain() {
    for tenant in ["contoso/example", "https://contoso.example", "Contoso Ltd", "a?b", ".."] {
        let error = Client::builder().tenant(tenant).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{tenant}");
        assert!(error.message().contains("neither an id nor a domain"), "{error}");
    }
}

#[tokio::test]
async fn a_device_code_signs_a_user_in() {
    let emulator = Emulator::builder().device_code_polls(2).start().await.unwrap();
    let prompts = Arc::new(AtomicU32::new(0));
    let count = prompts.clone();
    let credential = Credential::device_code(DEFAULT_TENANT_DOMAIN, DEFAULT_CLIENT_ID, move |prompt| {
        assert_eq!(prompt.user_code, "EMULATOR");
        count.fetch_add(1, Ordering::SeqCst);
    });
    let clock = TestClock::new(trunkline::Timestamp::now());
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(credential)
        .clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    client.core().execute(&Operation::get("/me")).await.unwrap();
    let first = token_requests(&emulator);
    clock.advance(Duration::from_secs(4000));
    client.core().execute(&Operation::get("/me")).await.unwrap();
    assert_eq!(token_requests(&emulator), first + 1, "the refresh token renews");
    assert_eq!(prompts.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_user_whose_sign_in_is_not_recent_is_asked_once() {
    for challenge in [false, true] {
        let emulator = Emulator::builder().device_code_polls(0).start().await.unwrap();
        emulator.fault(
            Fault::new(Effect::StaleSignIn { challenge })
                .path("*/authentication/phoneMethods*")
                .method("POST"),
        );
        let prompts = Arc::new(AtomicU32::new(0));
        let count = prompts.clone();
        let credential = Credential::device_code(DEFAULT_TENANT_DOMAIN, DEFAULT_CLIENT_ID, move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(credential)
            .clock(Arc::new(TestClock::new(trunkline::Timestamp::now())))
            .build()
            .unwrap();
        let set = client
            .phones("carla@contoso.example")
            .set(PhoneRole::Mobile, "+1 2065550142");
        set.await.unwrap();
        assert_eq!(
            prompts.load(Ordering::SeqCst),
            2,
            "the sign-in, and the one that the service wants"
        );
        let requests = emulator.requests();
        let codes: Vec<_> = requests
            .iter()
            .filter(|request| request.path.ends_with("/devicecode"))
            .collect();
        let body = |index: usize| codes[index].body.clone().unwrap_or_default().to_string();
        assert!(!body(0).contains("ngcmfa") && body(1).contains("ngcmfa"), "{codes:?}");
        let posts = requests
            .iter()
            .filter(|request| request.method == "POST" && request.path.ends_with("phoneMethods"));
        assert_eq!(posts.count(), 2);
    }
}

#[tokio::test]
async fn a_token_at_hand_is_refused_with_what_to_ask_for() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::new(Effect::StaleSignIn { challenge: false }).method("POST"));
    let token = emulator.issue_token(TokenRequest {
        user: Some("gina@contoso.example".to_owned()),
        ..TokenRequest::default()
    });
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(token))
        .build()
        .unwrap();
    let set = client
        .phones("carla@contoso.example")
        .set(PhoneRole::Mobile, "+1 2065550142");
    let error = set.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.needs_recent_sign_in(), "{error:?}");
    assert!(error.to_string().contains("older than ten minutes"), "{error}");
}

#[test]
fn building_a_client_is_cheap() {
    let build = || {
        Client::builder()
            .tenant(DEFAULT_TENANT_ID)
            .credential(secret(DEFAULT_CLIENT_SECRET))
            .build()
            .unwrap()
    };
    // The best of many: other work on the machine must not fail it. Without optimisation it is about 25 µs.
    let best = (0..200).map(|_| {
        let start = Instant::now();
        std::hint::black_box(build());
        start.elapsed()
    });
    assert!(best.min().unwrap() < Duration::from_millis(1));
}
