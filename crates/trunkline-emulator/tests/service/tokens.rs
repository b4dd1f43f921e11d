//! The login authority, and which tokens Graph takes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use trunkline_emulator::{
    ClockMode, DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TENANT_ID, Emulator, OTHER_TENANT_ID,
    READER_CLIENT_ID, TokenRequest,
};

use crate::client::{Answer, Client};

fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// A token of a form alone: nobody signed it.
fn unsigned(claims: Value) -> String {
    format!("e30.{}.e30", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

async fn token(emulator: &Emulator, tenant: &str, form: &[(&str, &str)]) -> Answer {
    let client = Client::new(emulator);
    client
        .form(&format!("{}/{tenant}/oauth2/v2.0/token", emulator.url()), form)
        .await
}

fn secret<'a>(id: &'a str, secret: &'a str, scope: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", scope),
    ]
}

#[tokio::test]
async fn a_client_signs_in_with_a_secret_or_an_assertion() {
    let emulator = Emulator::start().await.unwrap();
    let scope = format!("{}/.default", emulator.url());
    for tenant in [DEFAULT_TENANT_ID, "contoso.example", "CONTOSO.EXAMPLE"] {
        let answer = token(
            &emulator,
            tenant,
            &secret(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, &scope),
        )
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let text = answer.body["access_token"].as_str().unwrap();
        let claims = claims(text);
        assert_eq!(
            (claims["tid"].as_str(), claims["aud"].as_str()),
            (Some(DEFAULT_TENANT_ID), Some(emulator.url()))
        );
        assert_eq!(claims["emu"], true);
        assert!(
            claims["roles"]
                .as_array()
                .unwrap()
                .contains(&json!("TeamsTelephoneNumber.ReadWrite.All"))
        );
        let client = Client::with_token(&emulator, text.to_owned());
        assert_eq!(client.get("/organization").await.status, 200);
    }
    let id = "44444444-4444-4444-4444-444444444444";
    let assertion = unsigned(json!({
        "iss": id,
        "sub": id,
        "aud": format!("{}/{DEFAULT_TENANT_ID}/oauth2/v2.0/token", emulator.url()),
        "exp": 4_000_000_000_u64,
    }));
    let assertion = [
        ("grant_type", "client_credentials"),
        ("client_id", "44444444-4444-4444-4444-444444444444"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", &assertion),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    assert_eq!(token(&emulator, DEFAULT_TENANT_ID, &assertion).await.status, 200);
    // msal for Python takes the time of its assertions with the fraction of the second.
    let fractional = unsigned(json!({
        "iss": id,
        "sub": id,
        "aud": format!("{}/{DEFAULT_TENANT_ID}/oauth2/v2.0/token", emulator.url()),
        "nbf": 1_000_000_000.25,
        "exp": 4_000_000_000.5,
    }));
    let mut assertion = assertion;
    assertion[3].1 = &fractional;
    assert_eq!(token(&emulator, DEFAULT_TENANT_ID, &assertion).await.status, 200);
    let reader = token(
        &emulator,
        DEFAULT_TENANT_ID,
        &secret(READER_CLIENT_ID, DEFAULT_CLIENT_SECRET, &scope),
    )
    .await;
    let roles = claims(reader.body["access_token"].as_str().unwrap())["roles"].clone();
    assert!(
        !roles
            .as_array()
            .unwrap()
            .contains(&json!("TeamsTelephoneNumber.ReadWrite.All"))
    );
}

#[tokio::test]
async fn refusals_have_the_shape_of_the_authority() {
    let emulator = Emulator::start().await.unwrap();
    let scope = format!("{}/.default", emulator.url());
    let good = secret(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, &scope);
    type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, u16, &'a str, u64);
    let cases: Vec<Case<'_>> = vec![
        (
            DEFAULT_TENANT_ID,
            secret(DEFAULT_CLIENT_ID, "wrong", &scope).to_vec(),
            401,
            "invalid_client",
            7_000_215,
        ),
        (
            DEFAULT_TENANT_ID,
            vec![good[0], good[1], good[3]],
            401,
            "invalid_client",
            7_000_216,
        ),
        (
            DEFAULT_TENANT_ID,
            vec![good[0], good[2], good[3]],
            400,
            "invalid_request",
            900_144,
        ),
        (DEFAULT_TENANT_ID, good[..3].to_vec(), 400, "invalid_request", 900_144),
        (
            DEFAULT_TENANT_ID,
            secret(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, "User.Read").to_vec(),
            400,
            "invalid_scope",
            1_002_012,
        ),
        (
            DEFAULT_TENANT_ID,
            secret(
                DEFAULT_CLIENT_ID,
                DEFAULT_CLIENT_SECRET,
                "https://other.example/.default",
            )
            .to_vec(),
            400,
            "invalid_resource",
            500_011,
        ),
        ("nowhere.example", good.to_vec(), 400, "invalid_request", 90_002),
        ("common", good.to_vec(), 400, "invalid_request", 90_014),
        (
            DEFAULT_TENANT_ID,
            vec![("grant_type", "password"), ("client_id", "x")],
            400,
            "unsupported_grant_type",
            70_003,
        ),
        (
            DEFAULT_TENANT_ID,
            vec![
                ("grant_type", "refresh_token"),
                ("client_id", "x"),
                ("refresh_token", "old"),
            ],
            400,
            "invalid_grant",
            70_000,
        ),
    ];
    for (tenant, form, status, error, code) in cases {
        let answer = token(&emulator, tenant, &form).await;
        assert_eq!(
            (answer.status, answer.body["error"].as_str()),
            (status, Some(error)),
            "{form:?}: {}",
            answer.text
        );
        assert_eq!(answer.body["error_codes"], json!([code]));
        assert!(
            answer.body["error_description"]
                .as_str()
                .unwrap()
                .starts_with(&format!("AADSTS{code}: "))
        );
    }
}

#[tokio::test]
async fn a_device_code_is_good_after_some_polls() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .device_code_polls(2)
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let url = format!("{}/common/oauth2/v2.0/devicecode", emulator.url());
    let scope = "TeamsTelephoneNumber.Read.All offline_access";
    let begun = client.form(&url, &[("client_id", "x"), ("scope", scope)]).await.body;
    let code = begun["device_code"].as_str().unwrap();
    assert!(begun["user_code"].is_string() && begun["interval"].is_number());
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "x"),
        ("device_code", code),
    ];
    for _ in 0..2 {
        let answer = token(&emulator, "common", &form).await;
        assert_eq!(
            (answer.status, answer.body["error"].as_str()),
            (400, Some("authorization_pending"))
        );
    }
    let answer = token(&emulator, "common", &form).await.body;
    let claims = claims(answer["access_token"].as_str().unwrap());
    assert_eq!(
        (claims["scp"].as_str(), claims["upn"].as_str()),
        (Some("TeamsTelephoneNumber.Read.All"), Some("ana@contoso.example"))
    );
    // The code is used up; the refresh token goes on.
    assert_eq!(
        token(&emulator, "common", &form).await.body["error"],
        "bad_verification_code"
    );
    let refresh = answer["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "x"),
        ("refresh_token", refresh),
    ];
    let renewed = token(&emulator, DEFAULT_TENANT_ID, &form).await;
    assert_eq!(renewed.status, 200);
    assert_ne!(renewed.body["access_token"], answer["access_token"]);
    // A code that was never confirmed runs out.
    let begun = client.form(&url, &[("client_id", "x"), ("scope", scope)]).await.body;
    emulator.advance(Duration::from_secs(901));
    let form = [
        ("grant_type", "device_code"),
        ("client_id", "x"),
        ("device_code", begun["device_code"].as_str().unwrap()),
    ];
    assert_eq!(token(&emulator, "common", &form).await.body["error"], "expired_token");
}

#[tokio::test]
async fn graph_takes_only_good_tokens() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let wish = |wish: TokenRequest| Some(emulator.issue_token(wish));
    let bad = [
        None,
        Some("opaque".to_owned()),
        Some("a.b.c".to_owned()),
        // A token like a real one, which another authority signed.
        Some(unsigned(
            json!({ "aud": "https://graph.microsoft.com", "tid": DEFAULT_TENANT_ID, "exp": 4_000_000_000_u64 }),
        )),
        wish(TokenRequest {
            expires_in_seconds: Some(-1),
            ..TokenRequest::default()
        }),
        wish(TokenRequest {
            tenant: Some(OTHER_TENANT_ID.to_owned()),
            ..TokenRequest::default()
        }),
        wish(TokenRequest {
            audience: Some("https://elsewhere.example".to_owned()),
            ..TokenRequest::default()
        }),
    ];
    for token in bad {
        let client = Client {
            token: token.clone(),
            ..Client::new(&emulator)
        };
        let answer = client.get("/organization").await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "InvalidAuthenticationToken"),
            "{token:?}"
        );
        assert!(
            answer
                .header("www-authenticate")
                .is_some_and(|text| text.starts_with("Bearer ")),
            "{token:?}"
        );
    }
    let client = Client::new(&emulator);
    let bare = Client {
        token: None,
        ..client.clone()
    };
    let basic = bare
        .send(
            "GET",
            &bare.url("/organization"),
            &[("Authorization", "Basic eDp5")],
            None,
        )
        .await;
    assert_eq!(basic.status, 401);
    assert_eq!(client.get("/organization").await.status, 200);
    emulator.advance(Duration::from_secs(3601));
    assert_eq!(client.get("/organization").await.status, 401);
    let open = Emulator::builder().require_token(false).start().await.unwrap();
    let client = Client {
        token: None,
        ..Client::new(&open)
    };
    assert_eq!(client.get("/organization").await.status, 200);
}

#[tokio::test]
async fn discovery_names_the_endpoints_of_the_tenant_that_is_asked_for() {
    let emulator = Emulator::start().await.unwrap();
    let root = emulator.url();
    let url_of = |tenant: &str| format!("{root}/{tenant}/v2.0/.well-known/openid-configuration");
    for (name, id) in [
        (DEFAULT_TENANT_ID, DEFAULT_TENANT_ID),
        ("contoso.example", DEFAULT_TENANT_ID),
        ("Contoso.onmicrosoft.com", DEFAULT_TENANT_ID),
        (OTHER_TENANT_ID, OTHER_TENANT_ID),
        ("fabrikam.example", OTHER_TENANT_ID),
        ("FABRIKAM.onmicrosoft.com", OTHER_TENANT_ID),
        ("organizations", "{tenantid}"),
    ] {
        let answer = Client::new(&emulator).get_absolute(&url_of(name)).await;
        assert_eq!(answer.body["issuer"], format!("{root}/{id}/v2.0"), "{name}");
        let segment = if name == "organizations" { name } else { id };
        let token = format!("{root}/{segment}/oauth2/v2.0/token");
        assert_eq!(answer.body["token_endpoint"], token, "{name}");
    }
    let answer = Client::new(&emulator).get_absolute(&url_of("nowhere.example")).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_tenant")));
    assert_eq!(answer.body["error_codes"], json!([90_002]));
}
