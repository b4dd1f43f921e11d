//! Applications: secret, certificate, federation.

use super::*;
use std::time::Duration;
use trunkline_core::error::{ErrorKind, RetryAdvice};
use trunkline_core::transport::TransportFault;

#[tokio::test]
async fn a_client_secret_is_exchanged_for_a_token() {
    let script = Script::new([token("first"), done()]);
    send(&client(&script, secret())).await.unwrap();
    assert_eq!(
        script.addresses(),
        [
            "POST https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token",
            "GET https://graph.microsoft.com/v1.0/users",
        ]
    );
    let form = script.form(0);
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], CLIENT);
    assert_eq!(form["client_secret"], CANARY);
    assert_eq!(form["scope"], "https://graph.microsoft.com/.default");
    assert_eq!(script.claims(0)["access_token"]["xms_cc"]["values"], json!(["cp1"]));
    assert_eq!(form.len(), 5);
    assert_eq!(script.header(0, "authorization"), None);
    assert_eq!(script.header(0, "prefer"), None);
    assert_eq!(script.header(1, "authorization").unwrap(), "Bearer first");
}

#[tokio::test]
async fn each_cloud_has_its_authority() {
    for (cloud, authority, scope) in [
        (
            "us-gov-l4",
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us/.default",
        ),
        (
            "us-gov-l5",
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us/.default",
        ),
        (
            "china",
            "https://login.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn/.default",
        ),
    ] {
        let script = Script::new([token("first"), done()]);
        let client = builder(&script, &TestClock::default())
            .cloud(cloud)
            .credential(secret())
            .build()
            .unwrap();
        send(&client).await.unwrap();
        assert_eq!(
            script.addresses()[0],
            format!("POST {authority}/contoso.example/oauth2/v2.0/token")
        );
        assert_eq!(script.form(0)["scope"], scope);
    }
}

#[tokio::test]
async fn an_endpoint_without_tls_on_this_computer_is_asked_as_it_is() {
    for (endpoint, base) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost/", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("https://localhost:8443", "https://localhost:8443"),
    ] {
        let script = Script::new([token("first"), done()]);
        let client = builder(&script, &TestClock::default())
            .endpoint(endpoint)
            .credential(secret())
            .build()
            .unwrap();
        send(&client).await.unwrap();
        assert_eq!(
            script.addresses(),
            [
                format!("POST {base}/contoso.example/oauth2/v2.0/token"),
                format!("GET {base}/v1.0/users")
            ]
        );
    }
}

#[test]
fn signing_in_blocks_without_a_runtime() {
    let script = Script::new([token("first"), done()]);
    client(&script, secret())
        .core()
        .execute_blocking(&Operation::get("/users"))
        .unwrap();
    assert_eq!(script.header(1, "authorization").unwrap(), "Bearer first");
}

#[tokio::test]
async fn tokens_are_kept_and_renewed_before_they_end() {
    let (script, clock) = (
        Script::new([token("first"), done(), done(), token("second"), done()]),
        TestClock::default(),
    );
    let client = builder(&script, &clock).credential(secret()).build().unwrap();
    send(&client).await.unwrap();
    clock.advance(Duration::from_secs(3000));
    send(&client.clone()).await.unwrap();
    clock.advance(Duration::from_secs(400));
    send(&client).await.unwrap();
    assert_eq!(script.header(2, "authorization").unwrap(), "Bearer first");
    assert_eq!(script.header(4, "authorization").unwrap(), "Bearer second");
    script.assert_played();
}

#[tokio::test]
async fn claims_that_the_service_asks_for_reach_the_authority_once() {
    let script = Script::new([token("first"), challenge(), token("second"), done()]);
    send(&client(&script, secret())).await.unwrap();
    let claims = script.claims(2);
    assert_eq!(claims["access_token"]["nbf"]["value"], "7");
    assert_eq!(claims["access_token"]["xms_cc"]["values"], json!(["cp1"]));
    assert_eq!(script.header(3, "authorization").unwrap(), "Bearer second");

    let script = Script::new([token("first"), challenge(), token("second"), challenge()]);
    let error = send(&client(&script, secret())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.claims().unwrap().contains("nbf"));
    script.assert_played();
}

#[tokio::test]
async fn refusals_of_the_authority_say_what_to_do() {
    for (status, code, number, step) in [
        (
            401,
            "invalid_client",
            7_000_215,
            "Use the value of the client secret, not its id",
        ),
        (401, "invalid_client", 7_000_222, "create a new one (AADSTS7000222)"),
        (
            400,
            "unauthorized_client",
            700_016,
            "the tenant does not know this application",
        ),
        (
            400,
            "invalid_request",
            90_002,
            "there is none of that name in this cloud",
        ),
        (
            400,
            "invalid_grant",
            99_999,
            "https://login.microsoftonline.com/error?code=99999",
        ),
    ] {
        let script = Script::new([refusal(status, code, number, "Words.")]);
        let error = send(&client(&script, secret())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.retry_advice(), RetryAdvice::Never);
        assert!(error.next_step().contains(step), "{error}");
        assert!(!error.may_have_reached_service(), "{error}");
        assert!(error.service_message().unwrap().starts_with("AADSTS"), "{error}");
        script.assert_played();
    }
}

#[tokio::test]
async fn passing_faults_of_the_authority_are_waited_out() {
    let clock = TestClock::default();
    let throttled = with_header(
        answer(429, &json!({"error": "temporarily_unavailable"})),
        "retry-after",
        "7",
    );
    let script = Script::new([throttled, answer(503, &json!({})), token("first"), done()]);
    let client = builder(&script, &clock).credential(secret()).build().unwrap();
    send(&client).await.unwrap();
    assert_eq!(clock.waits().len(), 2);
    assert!(clock.waits()[0] >= Duration::from_secs(7));
    script.assert_played();

    for (fault, kind) in [
        (TransportFault::NotConnected, ErrorKind::Connection),
        (TransportFault::TimedOut, ErrorKind::Timeout),
        (TransportFault::Lost, ErrorKind::Connection),
    ] {
        let script = Script::default();
        for _ in 0..4 {
            script.then(Err(TransportError::new(fault, "no answer")));
        }
        // The write was not sent, however the sign-in ended.
        let client = super::client(&script, secret());
        let error = client
            .core()
            .execute(&Operation::post("/users").body("{}"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!error.next_step().contains("Sign in again"), "{error}");
        assert_eq!(error.retry_advice(), RetryAdvice::Later);
        assert!(!error.may_have_reached_service(), "{error:?}");
        script.assert_played();
    }
}

#[tokio::test]
async fn redirects_and_other_answers_of_the_authority_are_errors() {
    let redirect = with_header(answer(302, &json!({})), "location", "https://evil.example/token");
    let authentication = ErrorKind::Authentication;
    for (response, kind, words) in [
        (redirect, ErrorKind::Redirected, "redirected to evil.example"),
        (
            answer(200, &json!({"access_token": 7, "expires_in": "canary"})),
            authentication,
            "not a token",
        ),
        (
            answer(200, &json!({"access_token": "x", "expires_in": i64::MAX})),
            authentication,
            "lifetime",
        ),
        (answer(200, &json!([])), authentication, "not a token"),
        (
            answer(200, &json!({"access_token": "", "expires_in": 3599})),
            authentication,
            "not a token",
        ),
    ] {
        let script = Script::new([response]);
        let error = send(&client(&script, secret())).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.message().contains(words), "{error}");
        assert!(!shown(&error).contains("canary"), "{error:?}");
        script.assert_played();
    }
}

#[tokio::test]
async fn an_authority_that_fails_for_long_is_not_taken_for_a_refusal() {
    let throttled = || {
        with_header(
            answer(429, &json!({"error": "temporarily_unavailable"})),
            "retry-after",
            "86400",
        )
    };
    let page = || {
        let mut page = answer(403, &json!("<html><title>Blocked</title></html>"));
        page.headers.insert("content-type", "text/html".parse().unwrap());
        page
    };
    for (response, count, kind) in [
        (throttled(), 1, ErrorKind::Throttled),
        (answer(500, &json!({"error": "server_error"})), 4, ErrorKind::Service),
        (answer(503, &json!({})), 4, ErrorKind::Service),
        (page(), 4, ErrorKind::UnexpectedBody),
    ] {
        let script = Script::default();
        for _ in 0..count {
            let HttpResponse {
                status, headers, body, ..
            } = &response;
            script.then(Ok(HttpResponse {
                status: *status,
                headers: headers.clone(),
                body: body.clone(),
                cut: None,
            }));
        }
        let error = send(&client(&script, secret())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().starts_with("no token was obtained: "), "{error}");
        assert!(!error.next_step().contains("ign in again"), "{error}");
        script.assert_played();
    }
}

#[tokio::test]
async fn a_token_without_a_lifetime_is_used_for_as_long_as_it_says_or_for_minutes() {
    let clock = TestClock::default();
    let bare = |name: &str| answer(200, &json!({"token_type": "Bearer", "access_token": name}));
    let script = Script::new([bare("first"), done(), done(), bare("second"), done()]);
    let client = builder(&script, &clock).credential(secret()).build().unwrap();
    send(&client).await.unwrap();
    clock.advance(Duration::from_secs(60));
    send(&client).await.unwrap();
    clock.advance(Duration::from_secs(240));
    send(&client).await.unwrap();
    script.assert_played();
    assert_eq!(script.header(1, "authorization").unwrap(), "Bearer first");
    assert_eq!(script.header(4, "authorization").unwrap(), "Bearer second");

    let written = answer(
        200,
        &json!({"token_type": "Bearer", "expires_in": "3599", "access_token": "text"}),
    );
    let script = Script::new([written, done()]);
    send(&super::client(&script, secret())).await.unwrap();
    script.assert_played();
}

#[tokio::test]
async fn a_certificate_signs_an_assertion_for_each_token() {
    let certificate = crate::ClientCertificate::from_pem(include_str!("../testdata/certificate.pem"));
    let clock = TestClock::default();
    let script = Script::new([token("first"), done(), token("second"), done()]);
    let credential = Credential::client_certificate(TENANT, CLIENT, certificate);
    let client = builder(&script, &clock).credential(credential).build().unwrap();
    send(&client).await.unwrap();
    clock.advance(Duration::from_secs(4000));
    send(&client).await.unwrap();
    let (first, second) = (script.form(0), script.form(2));
    assert_eq!(
        first["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert_eq!(first["client_id"], CLIENT);
    assert_eq!(first["grant_type"], "client_credentials");
    assert!(!first.contains_key("client_secret"));
    assert_ne!(first["client_assertion"], second["client_assertion"]);
    let claims = trunkline_core::token_view::TokenView::read(&first["client_assertion"]).unwrap();
    assert_eq!(
        claims.audience.unwrap(),
        "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
    );
    assert_eq!(claims.issuer.unwrap(), CLIENT);
}

#[tokio::test]
async fn a_federated_token_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "service-account-token").unwrap();
    let variables = [
        ("AZURE_TENANT_ID", TENANT.to_owned()),
        ("AZURE_CLIENT_ID", CLIENT.to_owned()),
        ("AZURE_FEDERATED_TOKEN_FILE", path.display().to_string()),
    ];
    let credential = crate::credential::environment::read(None, |name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.clone().into())
    });
    let credential = credential.unwrap();
    let script = Script::new([token("first"), done()]);
    send(&client(&script, credential.clone())).await.unwrap();
    assert_eq!(script.form(0)["client_assertion"], "service-account-token");
    assert_eq!(script.form(0)["client_id"], CLIENT);

    drop(folder);
    let error = send(&client(&Script::default(), credential)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.next_step().contains("AZURE_FEDERATED_TOKEN_FILE"), "{error}");
}

#[test]
fn credentials_that_cannot_work_are_refused_when_the_client_is_built() {
    for (credential, words) in [
        (Credential::client_secret("a/../b", CLIENT, CANARY), "tenant"),
        (Credential::client_secret("..", CLIENT, CANARY), "tenant"),
        (Credential::client_secret(TENANT, "a b", CANARY), "client id"),
        (Credential::client_secret(TENANT, CLIENT, ""), "secret is empty"),
        (Credential::managed_identity(Some("")), "managed identity"),
        (Credential::device_code("", CLIENT, |_| {}), "tenant"),
    ] {
        let error = Client::builder().credential(credential).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(words), "{error}");
    }
}
