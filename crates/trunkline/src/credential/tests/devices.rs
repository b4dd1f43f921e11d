//! Device code: prompts, polling, renewal.

use super::*;
use std::time::Duration;
use trunkline_core::error::ErrorKind;

pub(super) type Prompts = Arc<Mutex<Vec<crate::DeviceCodePrompt>>>;

pub(super) fn credential() -> (Credential, Prompts) {
    let prompts = Prompts::default();
    let sink = prompts.clone();
    (
        Credential::device_code(TENANT, CLIENT, move |prompt| sink.lock().unwrap().push(prompt.clone())),
        prompts,
    )
}

pub(super) fn code() -> HttpResponse {
    answer(
        200,
        &json!({
            "user_code": "GTHK-QPMN",
            "device_code": CANARY,
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900,
            "interval": 5,
            "message": "To sign in, open https://microsoft.com/devicelogin and enter GTHK-QPMN.",
        }),
    )
}

fn pending() -> HttpResponse {
    refusal(400, "authorization_pending", 70_016, "The user has not signed in yet.")
}

fn slow_down() -> HttpResponse {
    answer(400, &json!({"error": "slow_down"}))
}

pub(super) fn user_token(name: &str, refresh: &str) -> HttpResponse {
    answer(
        200,
        &json!({
            "token_type": "Bearer",
            "scope": "User.Read",
            "expires_in": 3600,
            "access_token": name,
            "refresh_token": refresh,
        }),
    )
}

#[tokio::test]
async fn polls_at_the_pace_the_authority_sets() {
    let clock = TestClock::default();
    let script = Script::new([
        code(),
        pending(),
        slow_down(),
        pending(),
        user_token("first", "r1"),
        done(),
    ]);
    let (credential, prompts) = credential();
    let client = builder(&script, &clock).credential(credential).build().unwrap();
    send(&client).await.unwrap();
    let base = "POST https://login.microsoftonline.com/contoso.example/oauth2/v2.0";
    assert_eq!(
        script.addresses()[..2],
        [format!("{base}/devicecode"), format!("{base}/token")]
    );
    assert_eq!(
        script.form(0)["scope"],
        "https://graph.microsoft.com/.default offline_access"
    );
    assert_eq!(script.form(0)["client_id"], CLIENT);
    let form = script.form(1);
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(form["device_code"], CANARY);
    assert_eq!(script.claims(1)["access_token"]["xms_cc"]["values"], json!(["cp1"]));
    assert_eq!(clock.waits(), [5, 10, 10].map(Duration::from_secs));
    let prompts = prompts.lock().unwrap();
    assert_eq!(prompts.len(), 1);
    assert_eq!(prompts[0].user_code, "GTHK-QPMN");
    assert_eq!(prompts[0].verification_address, "https://microsoft.com/devicelogin");
    assert!(prompts[0].message.starts_with("To sign in"));
    assert!(!format!("{:?}", prompts[0]).contains("GTHK"));
}

#[tokio::test]
async fn the_user_stays_signed_in_by_the_refresh_token() {
    let clock = TestClock::default();
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        user_token("second", "r2"),
        done(),
        user_token("third", "r3"),
        done(),
    ]);
    let (credential, prompts) = credential();
    let client = builder(&script, &clock).credential(credential.clone()).build().unwrap();
    for _ in 0..2 {
        send(&client).await.unwrap();
        clock.advance(Duration::from_secs(4000));
    }
    // Another client of the same credential finds the user signed in.
    send(&builder(&script, &clock).credential(credential).build().unwrap())
        .await
        .unwrap();
    assert_eq!(
        (
            script.form(3)["grant_type"].as_str(),
            script.form(3)["refresh_token"].as_str()
        ),
        ("refresh_token", "r1")
    );
    assert_eq!(
        script.form(3)["scope"],
        "https://graph.microsoft.com/.default offline_access"
    );
    assert_eq!(script.form(5)["refresh_token"], "r2");
    assert_eq!(prompts.lock().unwrap().len(), 1);
    script.assert_played();
}

#[tokio::test]
async fn a_refresh_token_is_shown_to_its_own_authority_only() {
    let clock = TestClock::default();
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        code(),
        user_token("second", "r2"),
        done(),
    ]);
    let (credential, prompts) = credential();
    send(&builder(&script, &clock).credential(credential.clone()).build().unwrap())
        .await
        .unwrap();
    let other = builder(&script, &clock)
        .endpoint("http://127.0.0.1:8080")
        .credential(credential)
        .build()
        .unwrap();
    send(&other).await.unwrap();
    assert!(script.addresses()[3].ends_with("http://127.0.0.1:8080/contoso.example/oauth2/v2.0/devicecode"));
    assert_eq!(prompts.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_user_is_asked_again_when_the_authority_wants_more() {
    let clock = TestClock::default();
    let mut wish = json!({"error": "interaction_required", "error_codes": [50_076], "suberror": "basic_action"});
    wish["claims"] = json!(r#"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#);
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        challenge(),
        answer(400, &wish),
        code(),
        user_token("second", "r2"),
        done(),
    ]);
    let (credential, prompts) = credential();
    let client = builder(&script, &clock).credential(credential).build().unwrap();
    send(&client).await.unwrap();
    assert_eq!(script.claims(3)["access_token"]["nbf"]["value"], "7");
    assert_eq!(script.claims(5)["access_token"]["polids"]["values"], json!(["p"]));
    assert_eq!(prompts.lock().unwrap().len(), 2);
    script.assert_played();
}

#[tokio::test]
async fn a_sign_in_that_fails_says_why() {
    let declined = refusal(400, "authorization_declined", 70_017, "Declined.");
    let expired = refusal(400, "expired_token", 70_020, "Expired.");
    for (last, step) in [(declined, "confirm it"), (expired, "in time")] {
        let script = Script::new([code(), pending(), last]);
        let error = send(&client(&script, credential().0)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert!(error.next_step().contains(step), "{error}");
        assert!(!shown(&error).contains(CANARY), "{error:?}");
        script.assert_played();
    }

    // Nobody signs in: the flow stops by the clock when the code has ended.
    let clock = TestClock::default();
    let script = Script::new([code()]);
    for _ in 0..181 {
        script.then(Ok(pending()));
    }
    let start = trunkline_core::clock::Clock::now(&clock);
    let client = builder(&script, &clock).credential(credential().0).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.message().contains("nobody signed in"), "{error}");
    let spent = start
        .duration_until(trunkline_core::clock::Clock::now(&clock))
        .as_secs();
    assert!((900..=910).contains(&spent), "{spent}");

    let script = Script::new([refusal(400, "invalid_request", 90_002, "Tenant not found.")]);
    let error = send(&super::client(&script, credential().0)).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_request"));
    assert!(error.next_step().contains("AADSTS90002"), "{error}");
}

#[tokio::test]
async fn a_prompt_that_fails_ends_the_sign_in() {
    let clock = TestClock::default();
    let script = Script::new([code()]);
    let credential = Credential::device_code(TENANT, CLIENT, |_| {
        Err::<(), _>(Error::new(ErrorKind::Authentication, "the screen is off"))
    });
    let client = builder(&script, &clock).credential(credential).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Authentication, "the screen is off")
    );
    assert_eq!(
        script.addresses().len(),
        1,
        "the authority is not polled for a code that nobody has seen"
    );
}
