//! Signing in as credential libraries do: discovery, certificates, tokens of other authorities, users, and errors on demand.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::{Value, json};
use trunkline_emulator::{DEFAULT_TENANT_ID, Effect, Emulator, Fault, SignInError};

use crate::client::{Answer, Client};

const APPLICATION: &str = "44444444-4444-4444-4444-444444444444";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
/// Any key of RSA will do to sign an assertion; this one is at hand.
const KEY: &[u8] = include_bytes!("../../data/signing-key.der");

async fn post(emulator: &Emulator, path: &str, form: &[(&str, &str)]) -> Answer {
    let url = format!("{}/{DEFAULT_TENANT_ID}/oauth2/v2.0/{path}", emulator.url());
    Client::new(emulator).form(&url, form).await
}

async fn get(emulator: &Emulator, path: &str) -> Answer {
    let client = Client::new(emulator);
    client.get_absolute(&format!("{}/{path}", emulator.url())).await
}

fn part(token: &str, at: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn signed(header: &Value, claims: &Value, encoding: &'static dyn RsaEncoding) -> String {
    let key = ring::rsa::KeyPair::from_pkcs8(KEY).unwrap();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", encode(header), encode(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A certificate of the key, as `keyCredentials` of an application hold it.
fn certificate() -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from(KEY);
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_RSA_SHA256).unwrap();
    CertificateParams::default().self_signed(&key).unwrap().der().to_vec()
}

async fn with_assertion(emulator: &Emulator, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", APPLICATION),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    post(emulator, "token", &form).await
}

fn code(answer: &Answer) -> (u16, u64) {
    let code = answer.body["error_codes"][0].as_u64();
    (answer.status, code.unwrap_or_default())
}

#[tokio::test]
async fn the_authority_describes_itself_and_its_tokens_verify() {
    let emulator = Emulator::start().await.unwrap();
    let root = emulator.url();
    let configuration = get(
        &emulator,
        &format!("{DEFAULT_TENANT_ID}/v2.0/.well-known/openid-configuration"),
    )
    .await
    .body;
    let issuer = format!("{root}/{DEFAULT_TENANT_ID}/v2.0");
    assert_eq!(configuration["issuer"], issuer);
    let keys = configuration["jwks_uri"].as_str().unwrap();
    let keys = Client::new(&emulator).get_absolute(keys).await.body;
    let key = &keys["keys"][0];
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = ring::rsa::PublicKeyComponents {
        n: number("n"),
        e: number("e"),
    };
    let token = emulator.token();
    assert_eq!(part(&token, 0)["kid"], key["kid"]);
    assert_eq!(part(&token, 1)["iss"], issuer);
    let (text, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let verify = |text: &str| public.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature);
    assert!(verify(text).is_ok() && verify(&text.replace('a', "b")).is_err());
    // Graph looks at the signature as well.
    let mut claims = part(&token, 1);
    claims["roles"] = json!(["User.ReadWrite.All"]);
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    let client = Client::with_token(&emulator, parts.join("."));
    assert_eq!(client.get("/organization").await.status, 401);

    let instance =
        |endpoint: &str| format!("common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}");
    let known = get(&emulator, &instance(&format!("{root}/common/oauth2/v2.0/authorize"))).await;
    assert_eq!(
        known.body["tenant_discovery_endpoint"],
        format!("{root}/common/v2.0/.well-known/openid-configuration")
    );
    assert_eq!(
        known.body["metadata"][0]["aliases"][0],
        root.trim_start_matches("http://")
    );
    let foreign = get(
        &emulator,
        &instance("https://login.contoso.example/common/oauth2/v2.0/authorize"),
    )
    .await;
    assert_eq!(
        (foreign.status, &foreign.body["error"]),
        (400, &json!("invalid_instance"))
    );
}

#[tokio::test]
async fn an_application_signs_in_with_its_certificate() {
    let certificate = certificate();
    let application = json!({ "appId": APPLICATION, "keyCredentials": [{ "key": STANDARD.encode(&certificate) }] });
    let seed = json!({ "clients": [application] });
    let emulator = Emulator::builder().seed(seed).start().await.unwrap();
    let endpoint = format!("{}/{DEFAULT_TENANT_ID}/oauth2/v2.0/token", emulator.url());
    let now = emulator.now().as_second();
    let claims = json!({ "iss": APPLICATION, "sub": APPLICATION, "aud": endpoint, "nbf": now, "exp": now + 600 });
    let old = json!({ "alg": "RS256", "x5t": URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate)) });
    let new = json!({ "alg": "PS256", "x5t#S256": URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate)) });
    let changed = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    for (header, encoding) in [
        (&old, &RSA_PKCS1_SHA256 as &'static dyn RsaEncoding),
        (&new, &RSA_PSS_SHA256),
    ] {
        let answer = with_assertion(&emulator, &signed(header, &claims, encoding)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let good = signed(&old, &claims, &RSA_PKCS1_SHA256);
    let (text, _) = good.rsplit_once('.').unwrap();
    let unknown = json!({ "alg": "RS256", "x5t": "AAAA" });
    for (assertion, expected) in [
        ("not a token".to_owned(), 50_027),
        (format!("{text}.{}", URL_SAFE_NO_PAD.encode([0; 256])), 700_027),
        (signed(&unknown, &claims, &RSA_PKCS1_SHA256), 700_027),
        (signed(&json!({ "alg": "none" }), &claims, &RSA_PKCS1_SHA256), 700_027),
        (
            signed(
                &old,
                &changed("aud", json!("https://login.contoso.example/x/oauth2/v2.0/token")),
                &RSA_PKCS1_SHA256,
            ),
            700_023,
        ),
        (signed(&old, &changed("sub", json!(ANA)), &RSA_PKCS1_SHA256), 700_021),
        (
            signed(&old, &changed("exp", json!(now - 1)), &RSA_PKCS1_SHA256),
            700_024,
        ),
        (
            signed(&old, &changed("nbf", json!(now + 3600)), &RSA_PKCS1_SHA256),
            700_024,
        ),
    ] {
        let answer = with_assertion(&emulator, &assertion).await;
        assert_eq!(code(&answer), (401, expected), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_application_signs_in_with_a_token_of_an_authority_that_it_trusts() {
    let trusted =
        json!({ "issuer": "https://tokens.contoso.example", "subject": "repo:voice", "audiences": ["api://exchange"] });
    let seed = json!({ "clients": [{ "appId": APPLICATION, "federatedIdentityCredentials": [trusted] }] });
    let emulator = Emulator::builder().seed(seed).start().await.unwrap();
    let claims = |issuer: &str, subject: &str, audience: &str| {
        let end = emulator.now().as_second() + 600;
        let claims = json!({ "iss": issuer, "sub": subject, "aud": audience, "exp": end });
        signed(&json!({ "alg": "RS256" }), &claims, &RSA_PKCS1_SHA256)
    };
    let issuer = "https://tokens.contoso.example";
    let good = claims(issuer, "repo:voice", "api://exchange");
    assert_eq!(with_assertion(&emulator, &good).await.status, 200);
    for (assertion, expected) in [
        (
            claims("https://tokens.fabrikam.example", "repo:voice", "api://exchange"),
            700_211,
        ),
        (claims(issuer, "repo:other", "api://exchange"), 700_213),
        (claims(issuer, "repo:voice", "api://other"), 700_212),
    ] {
        assert_eq!(code(&with_assertion(&emulator, &assertion).await), (401, expected));
    }
    // A token that names this authority has to be signed by it.
    let own = format!("{}/x/v2.0", emulator.url());
    let end = emulator.now().as_second() + 600;
    let forged = URL_SAFE_NO_PAD.encode(json!({ "iss": own, "sub": "x", "aud": "y", "exp": end }).to_string());
    assert_eq!(
        code(&with_assertion(&emulator, &format!("e30.{forged}.e30")).await),
        (401, 50_027)
    );
}

#[tokio::test]
async fn a_user_gets_what_was_asked_for() {
    let emulator = Emulator::builder().device_code_polls(0).start().await.unwrap();
    let sign_in = async |scope: &str| {
        let begun = post(&emulator, "devicecode", &[("client_id", APPLICATION), ("scope", scope)]).await;
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", APPLICATION),
            ("client_info", "1"),
            ("device_code", begun.body["device_code"].as_str().unwrap()),
        ];
        post(&emulator, "token", &form).await.body
    };
    let answer = sign_in("https://graph.microsoft.com/.default openid profile offline_access").await;
    let claims = part(answer["id_token"].as_str().unwrap(), 1);
    assert_eq!(
        (&claims["aud"], &claims["oid"], &claims["preferred_username"]),
        (&json!(APPLICATION), &json!(ANA), &json!("ana@contoso.example"))
    );
    let info = URL_SAFE_NO_PAD.decode(answer["client_info"].as_str().unwrap()).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert_eq!(info, json!({ "uid": ANA, "utid": DEFAULT_TENANT_ID }));
    let scopes: Vec<&str> = answer["scope"].as_str().unwrap().split(' ').collect();
    for expected in [
        "https://graph.microsoft.com/.default",
        "https://graph.microsoft.com/TeamsTelephoneNumber.Read.All",
        "openid",
    ] {
        assert!(scopes.contains(&expected), "{scopes:?}");
    }
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", APPLICATION),
        ("refresh_token", answer["refresh_token"].as_str().unwrap()),
    ];
    let renewed = post(&emulator, "token", &form).await.body;
    assert_eq!(renewed["scope"], answer["scope"]);
    assert!(renewed.get("client_info").is_none());

    let narrow = sign_in("User.Read.All").await;
    assert_eq!(narrow["scope"], "User.Read.All");
    assert!(narrow.get("refresh_token").is_none() && narrow.get("id_token").is_none());
    let mixed = "https://graph.microsoft.com/User.Read https://graph.microsoft.us/User.Read";
    let refused = sign_in(mixed).await;
    assert_eq!(refused["error"], "invalid_resource");
    let two = format!("https://graph.microsoft.com/User.Read {}/User.Read", emulator.url());
    assert_eq!(sign_in(&two).await["error_codes"], json!([28_000]));
}

#[tokio::test]
async fn errors_of_signing_in_come_on_demand() {
    let emulator = Emulator::start().await.unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", APPLICATION),
        ("client_secret", "any"),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    for (error, kind, expected) in [
        (SignInError::WrongSecret, "invalid_client", (401, 7_000_215)),
        (SignInError::ExpiredSecret, "invalid_client", (401, 7_000_222)),
        (SignInError::UnknownCertificate, "invalid_client", (401, 700_027)),
        (SignInError::UnknownApplication, "unauthorized_client", (400, 700_016)),
        (SignInError::ConsentMissing, "invalid_grant", (400, 65_001)),
        (SignInError::ConditionalAccess, "invalid_grant", (400, 53_003)),
        (SignInError::SecondFactorNeeded, "interaction_required", (400, 50_076)),
        (SignInError::DisabledUser, "invalid_grant", (400, 50_057)),
        (SignInError::ExpiredRefreshToken, "invalid_grant", (400, 700_082)),
        (SignInError::RevokedRefreshToken, "invalid_grant", (400, 50_173)),
        (SignInError::ExpiredCode, "expired_token", (400, 70_019)),
        (SignInError::Declined, "authorization_declined", (400, 70_000)),
        (SignInError::Unavailable, "temporarily_unavailable", (503, 90_033)),
    ] {
        emulator.fault(Fault::once(Effect::SignInError { error }));
        assert_eq!(Client::new(&emulator).get("/organization").await.status, 200);
        let answer = post(&emulator, "token", &form).await;
        assert_eq!(
            (&answer.body["error"], code(&answer)),
            (&json!(kind), expected),
            "{}",
            answer.text
        );
        assert_eq!(post(&emulator, "token", &form).await.status, 200);
    }
    // As part of a fault with several effects it strikes the authority alone, too.
    let effects = vec![
        Effect::Delay { milliseconds: 0 },
        Effect::SignInError {
            error: SignInError::Declined,
        },
    ];
    emulator.fault(Fault::once(Effect::All { effects }));
    assert_eq!(Client::new(&emulator).get("/organization").await.status, 200);
    assert_eq!(
        post(&emulator, "token", &form).await.body["error"],
        "authorization_declined"
    );
    // In JSON, as other languages write it.
    let fault = json!({ "effect": { "kind": "signInError", "error": "secondFactorNeeded" } });
    emulator.fault(serde_json::from_value(fault).unwrap());
    let answer = post(&emulator, "token", &form).await.body;
    let claims: Value = serde_json::from_str(answer["claims"].as_str().unwrap()).unwrap();
    assert_eq!(claims["access_token"]["capolids"]["essential"], true);
    assert_eq!(answer["suberror"], "basic_action");
}
