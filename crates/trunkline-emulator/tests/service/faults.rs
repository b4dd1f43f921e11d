//! Faults: the requests that they match, and their effects.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Effect, Emulator, Fault, TokenRequest, documented_shapes};

use crate::client::{Answer, Client};

const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn fault(value: Value) -> Fault {
    serde_json::from_value(value).unwrap()
}

async fn assign(client: &Client) -> reqwest::Result<reqwest::Response> {
    let body = json!({ "telephoneNumber": "12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001", "numberType": "callingPlan" });
    client
        .try_send(
            "POST",
            &client.url(&format!("{NUMBERS}/assignNumber")),
            &[],
            Some(body.to_string().into_bytes()),
        )
        .await
}

fn orders(emulator: &Emulator) -> usize {
    emulator.state()["operations"].as_array().unwrap().len()
}

#[tokio::test]
async fn faults_count_and_match() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    emulator.fault(
        Fault::new(Effect::status(503))
            .method("get")
            .path("/organization")
            .nth(2)
            .times(2),
    );
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(client.get("/organization").await.status);
        assert_eq!(client.get("/users").await.status, 200);
    }
    assert_eq!(statuses, [200, 503, 503, 200, 200]);
    emulator.fault(Fault::new(Effect::status(500)).path("/users?*$top=1*"));
    assert_eq!(
        client.get("/users?$top=1").await.status,
        200,
        "the pattern covers the whole path"
    );
    emulator.fault(Fault::new(Effect::status(500)).path("*/users?*$top=1*"));
    assert_eq!(client.get("/users?$top=1").await.status, 500);
    emulator.clear_faults();
    assert_eq!(client.get("/users?$top=1").await.status, 200);
}

#[tokio::test]
async fn probability_repeats_with_its_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::start().await.unwrap();
        let client = Client::new(&emulator);
        emulator.fault(Fault::new(Effect::status(500)).probability(0.5, 42));
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(client.get("/organization").await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&500));
}

#[tokio::test]
async fn retry_after_in_every_form() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let client = Client::new(&emulator);
    for (effect, expected) in [
        (json!({ "kind": "status", "status": 429 }), None),
        (
            json!({ "kind": "status", "status": 429, "retryAfter": "10" }),
            Some("10"),
        ),
        (
            json!({ "kind": "status", "status": 429, "retryAfter": "-5" }),
            Some("-5"),
        ),
        (
            json!({ "kind": "status", "status": 503, "retryAfter": "1e9" }),
            Some("1e9"),
        ),
        (
            json!({ "kind": "status", "status": 429, "retryAfter": "abc" }),
            Some("abc"),
        ),
        (
            json!({ "kind": "status", "status": 429, "retryAfterDate": 30 }),
            Some("Thu, 15 Jan 2026 09:00:30 GMT"),
        ),
        (
            json!({ "kind": "status", "status": 429, "retryAfterDate": -30 }),
            Some("Thu, 15 Jan 2026 08:59:30 GMT"),
        ),
    ] {
        emulator.fault(fault(json!({ "times": 1, "effect": effect })));
        let answer = client.get("/organization").await;
        assert_eq!(answer.header("retry-after"), expected, "{effect}");
        assert_eq!(u64::from(answer.status), effect["status"].as_u64().unwrap());
        assert!(answer.body["error"]["innerError"]["request-id"].is_string());
    }
    let two = json!({ "kind": "all", "effects": [
        { "kind": "status", "status": 429, "retryAfter": "1", "headers": { "Retry-After": "2" } },
    ] });
    emulator.fault(fault(json!({ "times": 1, "effect": two })));
    assert_eq!(
        client
            .get("/organization")
            .await
            .headers
            .get_all("retry-after")
            .iter()
            .count(),
        2
    );
}

#[tokio::test]
async fn a_connection_that_drops_stays_closed_whatever_else_strikes() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for effect in [
        json!({ "kind": "drop" }),
        json!({ "kind": "cut" }),
        json!({ "kind": "slow", "chunk": 9, "milliseconds": 1 }),
    ] {
        emulator.fault(fault(
            json!({ "method": "POST", "path": "assignNumber", "effect": effect }),
        ));
    }
    assert!(assign(&client).await.is_err());
    assert_eq!(emulator.requests().last().unwrap().status, 0);
    assert_eq!(orders(&emulator), 0);
}

#[tokio::test]
async fn a_connection_drops_before_or_after_the_order() {
    for (commit, expected) in [(false, 0), (true, 1)] {
        let emulator = Emulator::start().await.unwrap();
        let client = Client::new(&emulator);
        emulator.fault(fault(json!({ "method": "POST", "path": "assignNumber", "commit": commit, "nth": 1, "effect": { "kind": "drop" } })));
        let error = assign(&client).await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(orders(&emulator), expected);
        let logged = emulator.requests().pop().unwrap();
        assert_eq!((logged.status, logged.faults), (0, vec!["drop".to_owned()]));
        assert_eq!(assign(&client).await.unwrap().status(), 202);
    }
}

#[tokio::test]
async fn an_order_is_carried_out_and_answered_with_an_error() {
    for status in [504, 409] {
        let emulator = Emulator::start().await.unwrap();
        let client = Client::new(&emulator);
        emulator.fault(Fault::once(Effect::status(status)).path("assignNumber").committed());
        assert_eq!(assign(&client).await.unwrap().status().as_u16(), status);
        assert_eq!(orders(&emulator), 1);
    }
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    emulator.fault(
        Fault::once(Effect::phone_number_not_unique())
            .method("POST")
            .path("phoneMethods")
            .committed(),
    );
    let phones = "/users/carla@contoso.example/authentication/phoneMethods";
    let answer = client
        .post(
            phones,
            &json!({ "phoneNumber": "+1 2065550160", "phoneType": "mobile" }),
        )
        .await;
    assert_eq!((answer.status, answer.code()), (409, "phoneNumberNotUnique"));
    assert_eq!(client.get(phones).await.items().len(), 1);
}

#[tokio::test]
async fn a_body_stops_half_way() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let whole = client.get(NUMBERS).await.text.len();
    for after in [json!(null), json!(0), json!(10)] {
        emulator.fault(fault(
            json!({ "times": 1, "effect": { "kind": "cut", "after": after } }),
        ));
        let response = client.try_send("GET", &client.url(NUMBERS), &[], None).await.unwrap();
        assert_eq!(response.content_length(), Some(whole as u64));
        let error = response.bytes().await.unwrap_err();
        assert!(error.is_body() || error.is_decode(), "{error:?}");
    }
    assert_eq!(client.get(NUMBERS).await.text.len(), whole);
}

#[tokio::test]
async fn answers_are_delayed_and_slow() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    emulator.fault(Fault::once(Effect::Delay { milliseconds: 30 }));
    let begun = std::time::Instant::now();
    assert_eq!(client.get("/organization").await.status, 200);
    assert!(begun.elapsed().as_millis() >= 30);
    emulator.fault(Fault::once(Effect::Slow {
        chunk: 200,
        milliseconds: 5,
    }));
    let begun = std::time::Instant::now();
    assert_eq!(client.get("/organization").await.items().len(), 1);
    assert!(begun.elapsed().as_millis() >= 5);
}

#[tokio::test]
async fn a_claims_challenge_is_met_by_another_token() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    emulator.fault(
        Fault::new(Effect::Claims {
            claims: None,
            raw: None,
        })
        .path("/organization"),
    );
    for _ in 0..2 {
        let answer = client.get("/organization").await;
        assert_eq!(answer.status, 401);
        let header = answer.header("www-authenticate").unwrap();
        assert!(header.contains("error=\"insufficient_claims\""));
        let claims = header.split("claims=\"").nth(1).unwrap().trim_end_matches('"');
        let claims: Value = serde_json::from_slice(&STANDARD.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["access_token"]["acrs"]["value"], "cp1");
    }
    let renewed = Client::with_token(&emulator, emulator.issue_token(TokenRequest::default()));
    assert_eq!(renewed.get("/organization").await.status, 200);
    emulator.clear_faults();
    emulator.fault(Fault::once(Effect::Claims {
        claims: None,
        raw: Some("%%%".to_owned()),
    }));
    assert!(
        client
            .get("/organization")
            .await
            .header("www-authenticate")
            .unwrap()
            .contains("claims=\"%%%\"")
    );
}

async fn with_effect(emulator: &Emulator, effect: Value, path: &str) -> Answer {
    emulator.clear_faults();
    emulator.fault(fault(json!({ "times": 1, "effect": effect })));
    Client::new(emulator).get(path).await
}

#[tokio::test]
async fn bodies_are_spoilt_in_every_way() {
    let emulator = Emulator::start().await.unwrap();
    let users = "/users?$top=2";
    let html = with_effect(&emulator, json!({ "kind": "html", "status": 502 }), users).await;
    assert_eq!((html.status, html.header("content-type")), (502, Some("text/html")));
    let broken = with_effect(&emulator, json!({ "kind": "notJson" }), users).await;
    assert!(broken.status == 200 && broken.body.is_null() && !broken.text.is_empty());
    let empty = with_effect(&emulator, json!({ "kind": "empty" }), users).await;
    assert_eq!((empty.status, empty.text.as_str()), (200, ""));
    let redirect = with_effect(
        &emulator,
        json!({ "kind": "redirect", "status": 307, "location": "https://elsewhere.example/" }),
        users,
    )
    .await;
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (307, Some("https://elsewhere.example/"))
    );
    let text = with_effect(
        &emulator,
        json!({ "kind": "status", "status": 500, "body": { "error": "a text" } }),
        users,
    )
    .await;
    assert_eq!(text.body["error"], "a text");
    let header = with_effect(&emulator, json!({ "kind": "header", "name": "request-id" }), users).await;
    assert_eq!(header.status, 200);
}

#[tokio::test]
async fn pages_and_links_are_spoilt() {
    let emulator = Emulator::start().await.unwrap();
    let users = "/users?$top=2";
    let address = format!("{}/v1.0{users}", emulator.url());
    let page = with_effect(&emulator, json!({ "kind": "emptyPage" }), users).await;
    assert_eq!(
        (page.items().len(), page.body["@odata.nextLink"].as_str()),
        (0, Some(address.as_str()))
    );
    assert_eq!(
        Client::new(&emulator).get(users).await.items().len(),
        2,
        "the next request gets the page"
    );
    let repeated = with_effect(&emulator, json!({ "kind": "repeatNextLink" }), users).await;
    assert_eq!(repeated.body["@odata.nextLink"], address);
    let evil = json!({ "kind": "replaceNextLink", "value": "https://graph.microsoft.com.evil.example/v1.0/users" });
    let evil = with_effect(&emulator, evil, users).await;
    assert!(evil.body["@odata.nextLink"].as_str().unwrap().contains("evil.example"));
    let beta = with_effect(
        &emulator,
        json!({ "kind": "replaceNextLink", "value": "{url}/beta/users" }),
        users,
    )
    .await;
    assert_eq!(beta.body["@odata.nextLink"], format!("{}/beta/users", emulator.url()));
    let none = with_effect(&emulator, json!({ "kind": "replaceNextLink" }), users).await;
    assert!(none.body.get("@odata.nextLink").is_none());
}

#[tokio::test]
async fn locations_come_in_every_form() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let base = "/v1.0/admin/teams/telephoneNumberManagement/operations";
    for (value, check) in [
        (json!(null), None),
        (json!(""), Some(String::new())),
        (json!(format!("{base}/{{id}}")), Some(format!("{base}/"))),
        (
            json!(format!("{{url}}{base}/{{id}}")),
            Some(format!("{}{base}/", emulator.url())),
        ),
        (
            json!(format!("{{url}}{base}'{{id}}'")),
            Some(format!("{}{base}'", emulator.url())),
        ),
        (
            json!("http://127.0.0.1:1{location}"),
            Some(format!("http://127.0.0.1:1{}", emulator.url())),
        ),
    ] {
        emulator.clear_faults();
        emulator.fault(fault(
            json!({ "times": 1, "effect": { "kind": "replaceLocation", "value": value } }),
        ));
        let response = assign(&client).await.unwrap();
        assert_eq!(response.status(), 202);
        let location = response
            .headers()
            .get("location")
            .map(|value| value.to_str().unwrap().to_owned());
        match check {
            None => assert_eq!(location, None),
            Some(start) => {
                let location = location.unwrap();
                assert!(location.starts_with(&start), "{location}");
                assert!(!location.contains('{'), "{location}");
            }
        }
    }
}

#[tokio::test]
async fn documentation_errors_can_be_had() {
    let emulator = Emulator::start().await.unwrap();
    let wrapped = with_effect(&emulator, json!({ "kind": "wrapValue" }), "/users/ana@contoso.example").await;
    assert_eq!(wrapped.body["value"]["userPrincipalName"], "ana@contoso.example");
    let single = with_effect(&emulator, json!({ "kind": "objectValue" }), NUMBERS).await;
    assert_eq!(single.body["value"]["telephoneNumber"], "+12061234567");
    let voice = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/voice";
    let texts = with_effect(&emulator, json!({ "kind": "stringBooleans" }), voice).await;
    assert_eq!(texts.body["isOfficePhoneAllowed"], "false");
    let untyped = with_effect(
        &emulator,
        json!({ "kind": "withoutType" }),
        "/users/ana@contoso.example/authentication/methods",
    )
    .await;
    assert!(untyped.items().iter().all(|item| item.get("@odata.type").is_none()));
    let set = json!({ "kind": "all", "effects": [
        { "kind": "set", "pointer": "/value/*/numberType", "value": "satellite" },
        { "kind": "set", "pointer": "/value/0/newProperty", "value": { "a": 1 } },
        { "kind": "remove", "pointer": "/value/1/city" },
        { "kind": "set", "pointer": "/@odata.context", "value": "beta" },
    ] });
    let changed = with_effect(&emulator, set, NUMBERS).await;
    assert!(changed.items().iter().all(|item| item["numberType"] == "satellite"));
    assert_eq!(changed.items()[0]["newProperty"]["a"], 1);
    assert!(changed.items()[1].get("city").is_none());
    // The state is untouched.
    assert_eq!(
        Client::new(&emulator).get(NUMBERS).await.items()[0]["numberType"],
        "callingPlan"
    );
}

#[tokio::test]
async fn the_login_authority_can_fail_too() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(fault(
        json!({ "path": "/oauth2/v2.0/token", "times": 1, "effect": { "kind": "status", "status": 503 } }),
    ));
    let url = format!("{}/contoso.example/oauth2/v2.0/token", emulator.url());
    let scope = format!("{}/.default", emulator.url());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "x"),
        ("client_secret", "y"),
        ("scope", scope.as_str()),
    ];
    let client = Client::new(&emulator);
    assert_eq!(client.form(&url, &form).await.status, 503);
    assert_eq!(client.form(&url, &form).await.status, 200);
}

#[test]
fn faults_are_the_same_in_rust_and_json() {
    let rust = Fault::new(Effect::throttled(Some(10)))
        .method("POST")
        .path("assignNumber")
        .nth(3)
        .committed()
        .named("busy");
    let json = json!({
        "name": "busy", "method": "POST", "path": "assignNumber", "nth": 3, "commit": true,
        "effect": { "kind": "status", "status": 429, "retryAfter": "10" },
    });
    assert_eq!(serde_json::to_value(&rust).unwrap(), json);
    assert_eq!(fault(json), rust);
    for wrong in [
        json!({}),
        json!({ "effect": { "kind": "flood" } }),
        json!({ "effect": { "kind": "drop" }, "pathh": "x" }),
    ] {
        assert!(serde_json::from_value::<Fault>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn the_shapes_of_the_documentation_are_a_preset() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    documented_shapes().into_iter().for_each(|fault| emulator.fault(fault));
    let list = client.get(NUMBERS).await.body;
    let id = list["value"]["id"].as_str().unwrap();
    assert_eq!(client.get(&format!("{NUMBERS}/{id}")).await.body["value"]["id"], id);
    let voice = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/voice";
    assert_eq!(client.get(voice).await.body["value"]["isOfficePhoneAllowed"], "false");
    assert_eq!(client.get("/organization").await.items().len(), 1);
    emulator.clear_faults();
    let preset = json!({ "preset": "documentedShapes" }).to_string().into_bytes();
    let url = format!("{}/__emulator/faults", emulator.url());
    assert_eq!(client.send("POST", &url, &[], Some(preset)).await.status, 204);
    assert!(client.get(NUMBERS).await.body["value"].is_object());
}

#[tokio::test]
async fn an_update_may_answer_with_a_body() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = "/users/ana@contoso.example/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7";
    let body = json!({ "phoneNumber": "+1 2065550143", "phoneType": "mobile" });
    let shown = json!({ "kind": "status", "status": 200, "body": body });
    emulator.fault(fault(
        json!({ "method": "PATCH", "commit": true, "times": 1, "effect": shown }),
    ));
    let answer = client.patch(path, &body).await;
    assert_eq!((answer.status, &answer.body), (200, &body));
    assert_eq!(client.get(path).await.body["phoneNumber"], "+1 2065550143");
}

#[tokio::test]
async fn a_replica_that_is_behind_answers_as_before_the_change_and_then_no_more() {
    let clock = ClockMode::Manual;
    let emulator = Emulator::builder().clock(clock).start().await.unwrap();
    let client = Client::new(&emulator);
    let path = "/users/ana@contoso.example/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7";
    emulator.fault(
        serde_json::from_value(json!({ "effect": { "kind": "stale", "seconds": 30 }, "path": "phoneMethods" }))
            .unwrap(),
    );
    let number = async || client.get(path).await.body["phoneNumber"].clone();
    let before = number().await;
    let body = json!({ "phoneNumber": "+1 2065550198", "phoneType": "mobile" });
    assert_eq!(client.patch(path, &body).await.status, 204);
    assert_eq!(number().await, before, "the replica does not know of the change");
    emulator.advance(std::time::Duration::from_secs(30));
    assert_eq!(number().await, before);
    emulator.advance(std::time::Duration::from_secs(1));
    assert_eq!(number().await, "+1 2065550198");
}

#[tokio::test]
async fn pages_end_early_and_items_come_twice() {
    let emulator = Emulator::start().await.unwrap();
    let users = "/users?$top=3&$select=id";
    let short = with_effect(&emulator, json!({ "kind": "shortPage", "items": 2 }), users).await;
    assert_eq!(short.body["value"].as_array().unwrap().len(), 2);
    assert!(short.body.get("@odata.nextLink").is_none());
    let twice = with_effect(&emulator, json!({ "kind": "repeatItem" }), users).await;
    let items = twice.body["value"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]), (4, &items[3]));
}

#[tokio::test]
async fn a_sign_in_that_is_not_recent_is_refused_until_the_user_signs_in_again() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let token_of = |recent_sign_in| {
        emulator.issue_token(TokenRequest {
            user: Some("gina@contoso.example".to_owned()),
            recent_sign_in,
            ..TokenRequest::default()
        })
    };
    let body = json!({ "phoneNumber": "+1 2065550142", "phoneType": "mobile" });
    let phones = "/users/a0000000-0000-4000-8000-000000000003/authentication/phoneMethods";
    for challenge in [false, true] {
        emulator.clear_faults();
        emulator.fault(Fault::new(Effect::StaleSignIn { challenge }).path("*/authentication/phoneMethods*"));
        let client = |token: String| Client {
            token: Some(token),
            ..Client::new(&emulator)
        };
        let old = client(token_of(false));
        let answer = old.post(phones, &body).await;
        assert_eq!((answer.status, answer.code()), (403, "accessDenied"));
        assert_eq!(answer.header("www-authenticate").is_some(), challenge);
        let recent = client(token_of(true));
        assert_eq!(recent.get(phones).await.status, 200);
        let application = Client::new(&emulator);
        assert_eq!(application.get(phones).await.status, 200);
        emulator.advance(Duration::from_secs(601));
        assert_eq!(recent.get(phones).await.status, 403, "it is not recent any more");
    }
}
