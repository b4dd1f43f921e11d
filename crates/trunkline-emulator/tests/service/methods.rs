//! Authentication methods: phones with all their rules, and the other kinds.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Emulator};

use crate::client::Client;

const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const ALTERNATE: &str = "b6332ec1-7057-4abe-9331-3d72feddfe41";
const OFFICE: &str = "e37fc753-ff3b-4958-9484-eaa9425c82bc";

fn phones(user: &str) -> String {
    format!("/users/{user}@contoso.example/authentication/phoneMethods")
}

fn phone(number: &str, phone_type: &str) -> Value {
    json!({ "phoneNumber": number, "phoneType": phone_type })
}

#[tokio::test]
async fn phones_are_created_in_order_one_of_each_type() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = phones("carla");
    assert_eq!(
        client
            .post(&path, &phone("+1 2065550160", "alternateMobile"))
            .await
            .status,
        400
    );
    for (phone_type, id, state) in [
        ("mobile", MOBILE, "ready"),
        ("alternateMobile", ALTERNATE, "notSupported"),
        ("office", OFFICE, "notSupported"),
    ] {
        let created = client.post(&path, &phone("+1 2065550160x12", phone_type)).await;
        assert_eq!(created.status, 201, "{}", created.text);
        assert_eq!(
            (&created.body["id"], &created.body["smsSignInState"]),
            (&json!(id), &json!(state))
        );
        assert_eq!(
            client.post(&path, &phone("+1 2065550161", phone_type)).await.status,
            400,
            "a second {phone_type}"
        );
    }
    assert_eq!(client.get(&path).await.items().len(), 3);
}

#[tokio::test]
async fn the_grammar_of_a_phone_number() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = phones("carla");
    for number in ["+1 5555551234", "+1 5555551234x123", "+44 2079460000", "+358 401234567"] {
        assert_eq!(
            client.post(&path, &phone(number, "mobile")).await.status,
            201,
            "{number}"
        );
        assert_eq!(client.delete(&format!("{path}/{MOBILE}")).await.status, 204);
    }
    for number in [
        "+15555551234",
        "15555551234",
        "1 5555551234",
        "+1  5555551234",
        "+1 555 555 1234",
        "+1 555-555-1234",
        "+1 5555551234x",
        "+1 5555551234 x1",
        "+12345 5555551234",
        "+1 123",
        "",
        "+1 XXXXXXXX34",
        "+1 5555551234;ext=1",
        " +1 5555551234",
    ] {
        let answer = client.post(&path, &phone(number, "mobile")).await;
        assert_eq!(answer.status, 400, "{number}: {}", answer.text);
    }
    for body in [
        json!({ "phoneNumber": "+1 5555551234" }),
        json!({ "phoneType": "mobile" }),
        json!({ "phoneNumber": "+1 5555551234", "phoneType": "pager" }),
        json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile", "smsSignInState": "ready" }),
    ] {
        assert_eq!(client.post(&path, &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn an_update_recalculates_and_answers_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = format!("{}/{MOBILE}", phones("ana"));
    let answer = client.patch(&path, &phone("+1 2065550143", "mobile")).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(client.get(&path).await.body["phoneNumber"], "+1 2065550143");
    for (body, status) in [
        (json!({ "phoneNumber": "+1 2065550144" }), 400),
        (phone("+1 2065550144", "office"), 400),
        (json!({ "phoneType": "mobile" }), 400),
        (json!({}), 400),
        (phone("+12065550144", "mobile"), 400),
        (json!({ "phoneNumber": "+1 2065550144", "colour": "red" }), 400),
    ] {
        assert_eq!(client.patch(&path, &body).await.status, status, "{body}");
    }
    let absent = format!("{}/{OFFICE}", phones("ana"));
    assert_eq!(
        client.patch(&absent, &phone("+1 2065550144", "office")).await.status,
        404
    );
}

#[tokio::test]
async fn a_mobile_phone_holds_up_the_alternate_one() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = phones("ben");
    assert_eq!(client.delete(&format!("{path}/{MOBILE}")).await.status, 400);
    assert_eq!(client.delete(&format!("{path}/{ALTERNATE}")).await.status, 204);
    assert_eq!(client.delete(&format!("{path}/{MOBILE}")).await.status, 204);
    assert_eq!(client.delete(&format!("{path}/{MOBILE}")).await.status, 404);
    let mut state = emulator.state();
    state["users"][1]["authentication"]["phoneMethods"][0]["@emulator.default"] = json!(true);
    emulator.seed(&json!({ "users": state["users"] })).unwrap();
    let default = client.delete(&format!("{path}/{OFFICE}")).await;
    assert_eq!(default.status, 400, "the default method stays");
    assert!(!client.get(&path).await.text.contains("emulator."));
}

#[tokio::test]
async fn signing_in_by_text_message_follows_the_policy() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = format!("{}/{MOBILE}", phones("ana"));
    let state = async || {
        client.get(&path).await.body["smsSignInState"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(state().await, "ready");
    assert_eq!(
        client
            .call("POST", &format!("{path}/disableSmsSignIn"), None)
            .await
            .status,
        204
    );
    assert_eq!(state().await, "notEnabled");
    assert_eq!(
        client.post(&format!("{path}/enableSmsSignIn"), &json!({})).await.status,
        204
    );
    assert_eq!(state().await, "ready");
    assert_eq!(
        client
            .post(&format!("{path}/enableSmsSignIn"), &json!({ "x": 1 }))
            .await
            .status,
        400
    );
    // Not for other phones.
    let office = format!("{}/{OFFICE}/enableSmsSignIn", phones("ben"));
    assert_eq!(client.call("POST", &office, None).await.status, 400);
    // The number of someone else.
    let taken = phone("+1 2065550150", "mobile");
    assert_eq!(client.patch(&path, &taken).await.status, 204);
    assert_eq!(state().await, "phoneNumberNotUnique");
    let refused = client.call("POST", &format!("{path}/enableSmsSignIn"), None).await;
    assert_eq!((refused.status, refused.code()), (409, "phoneNumberNotUnique"));
    // The policy says no.
    let sms = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms";
    let off = json!({ "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", "state": "disabled" });
    assert_eq!(client.patch(sms, &off).await.status, 204);
    assert_eq!(client.patch(&path, &phone("+1 2065550145", "mobile")).await.status, 204);
    assert_eq!(state().await, "notAllowedByPolicy");
    assert_eq!(
        client
            .call("POST", &format!("{path}/enableSmsSignIn"), None)
            .await
            .code(),
        "notAllowedByPolicy"
    );
}

#[tokio::test]
async fn a_conflict_may_come_although_the_phone_was_made() {
    let emulator = Emulator::builder().realistic(true).start().await.unwrap();
    let client = Client::new(&emulator);
    let answer = client.post(&phones("carla"), &phone("+1 2065550150", "mobile")).await;
    assert_eq!((answer.status, answer.code()), (409, "phoneNumberNotUnique"));
    assert_eq!(
        client.get(&phones("carla")).await.items()[0]["smsSignInState"],
        "phoneNumberNotUnique"
    );
}

#[tokio::test]
async fn all_methods_together_say_their_types() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let base = "/users/ana@contoso.example/authentication/methods";
    let all = client.get(base).await;
    assert_eq!(all.items().len(), 8);
    for item in all.items() {
        assert!(item["@odata.type"].as_str().unwrap().starts_with("#microsoft.graph."));
        let one = client.get(&format!("{base}/{}", item["id"].as_str().unwrap())).await;
        assert_eq!(one.body["id"], item["id"]);
    }
    // A collection of one kind leaves the type out where the documentation does.
    assert!(client.get(&phones("ana")).await.items()[0].get("@odata.type").is_none());
}

#[tokio::test]
async fn other_kinds_are_listed_read_and_deleted() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let base = "/users/ana@contoso.example/authentication";
    for (kind, deletable) in [
        ("emailMethods", true),
        ("fido2Methods", true),
        ("microsoftAuthenticatorMethods", true),
        ("passwordMethods", false),
        ("platformCredentialMethods", true),
        ("softwareOathMethods", true),
        ("windowsHelloForBusinessMethods", true),
    ] {
        let list = client.get(&format!("{base}/{kind}")).await;
        assert_eq!(list.items().len(), 1, "{kind}");
        let path = format!("{base}/{kind}/{}", list.items()[0]["id"].as_str().unwrap());
        assert_eq!(client.get(&path).await.status, 200, "{path}");
        assert_eq!(
            client.delete(&path).await.status,
            if deletable { 204 } else { 405 },
            "{path}"
        );
        assert_eq!(
            client.get(&path).await.status,
            if deletable { 404 } else { 200 },
            "{path}"
        );
    }
}

#[tokio::test]
async fn email_and_external_methods_and_passkeys_are_made() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let base = "/users/ben@contoso.example/authentication";
    let email = format!("{base}/emailMethods");
    let made = client
        .post(&email, &json!({ "emailAddress": "ben@fabrikam.example" }))
        .await;
    assert_eq!(
        (made.status, &made.body["id"]),
        (201, &json!("3ddfcfc8-9383-446f-83cc-3ab9be4be18f"))
    );
    assert_eq!(
        client
            .post(&email, &json!({ "emailAddress": "b@fabrikam.example" }))
            .await
            .status,
        400
    );
    let one = format!("{email}/3ddfcfc8-9383-446f-83cc-3ab9be4be18f");
    assert_eq!(
        client
            .patch(&one, &json!({ "emailAddress": "b@fabrikam.example" }))
            .await
            .status,
        204
    );
    assert_eq!(
        client.patch(&one, &json!({ "emailAddress": "nonsense" })).await.status,
        400
    );
    let external = format!("{base}/externalAuthenticationMethods");
    let body = json!({ "configurationId": "26310fee-860b-4eab-8749-ab730dcf335e", "displayName": "Provider" });
    assert_eq!(client.post(&external, &body).await.status, 201);
    assert_eq!(
        client
            .post(&external, &json!({ "displayName": "Provider" }))
            .await
            .status,
        400
    );
    let options = client.get(&format!("{base}/fido2Methods/creationOptions")).await;
    assert!(options.body["publicKey"]["challenge"].is_string() && options.body["challengeTimeoutDateTime"].is_string());
    let passkey = json!({ "displayName": "Key", "publicKeyCredential": {
        "id": "Y3JlZGVudGlhbA", "response": { "clientDataJSON": "e30", "attestationObject": "oA" }, "clientExtensionResults": {},
    } });
    let made = client.post(&format!("{base}/fido2Methods"), &passkey).await;
    assert_eq!((made.status, &made.body["passkeyType"]), (201, &json!("deviceBound")));
    assert_eq!(
        client
            .post(&format!("{base}/fido2Methods"), &json!({ "publicKeyCredential": {} }))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_temporary_pass_is_shown_once_and_runs_out() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let client = Client::new(&emulator);
    let path = "/users/ben@contoso.example/authentication/temporaryAccessPassMethods";
    let made = client
        .post(path, &json!({ "lifetimeInMinutes": 60, "isUsableOnce": true }))
        .await;
    assert_eq!(made.status, 201);
    assert!(made.body["temporaryAccessPass"].is_string());
    let usable = async || {
        let list = client.get(path).await;
        let item = list.items()[0].clone();
        assert!(item["temporaryAccessPass"].is_null());
        (
            item["isUsable"].as_bool().unwrap(),
            item["methodUsabilityReason"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(usable().await, (true, "EnabledByPolicy".to_owned()));
    emulator.advance(Duration::from_secs(59 * 60));
    assert!(usable().await.0);
    // The client's own token has an hour as well.
    let client = Client::new(&emulator);
    let later = client
        .post(path, &json!({ "startDateTime": "2027-01-01T00:00:00Z" }))
        .await;
    assert_eq!(later.body["methodUsabilityReason"], "NotYetValid");
    assert_eq!(client.get(path).await.items().len(), 1);
    for body in [
        json!({ "lifetimeInMinutes": 5 }),
        json!({ "startDateTime": "tomorrow" }),
        json!({ "isUsableOnce": "yes" }),
    ] {
        assert_eq!(client.post(path, &body).await.status, 400, "{body}");
    }
    let id = later.body["id"].as_str().unwrap();
    assert_eq!(client.delete(&format!("{path}/{id}")).await.status, 204);
}

#[tokio::test]
async fn a_password_is_reset_in_stages() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .stage_duration(Duration::from_secs(2))
        .realistic(true)
        .start()
        .await
        .unwrap();
    let client = Client::delegated(&emulator, "gina@contoso.example");
    let reset = "/users/ana@contoso.example/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword";
    let given = client.post(reset, &json!({ "newPassword": "Placeholder-1!" })).await;
    assert_eq!((given.status, given.header("retry-after")), (202, Some("2")));
    assert!(given.body.get("newPassword").is_none());
    let location = given.header("location").unwrap().to_owned();
    assert!(location.contains("?aadgdc=") && location.contains("&aadgsu="));
    // No body asks for a generated password.
    let generated = client.call("POST", reset, None).await;
    assert!(generated.body["newPassword"].is_string());
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(
            client.get_absolute(&location).await.body["status"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
        emulator.advance(Duration::from_secs(2));
    }
    assert_eq!(seen, ["notStarted", "running", "succeeded"]);
    // The routing query must be kept.
    let stripped = location.split('?').next().unwrap();
    assert_eq!(client.get_absolute(stripped).await.status, 404);
    assert_eq!(client.post(reset, &json!({ "newPassword": "short" })).await.status, 400);
    let other = reset.replace("28c10230-6103-485e-b985-444c60001490", MOBILE);
    assert_eq!(client.post(&other, &json!({})).await.status, 404);
}

#[tokio::test]
async fn unknown_kinds_can_be_seeded() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let mut state = emulator.state();
    state["users"][0]["authentication"]["holographicMethods"] =
        json!([{ "@odata.type": "#microsoft.graph.holographicAuthenticationMethod", "id": "h1", "shape": "cube" }]);
    emulator.seed(&json!({ "users": state["users"] })).unwrap();
    let all = client.get("/users/ana@contoso.example/authentication/methods").await;
    assert_eq!(all.items().last().unwrap()["shape"], "cube");
    assert_eq!(
        client
            .get("/users/ana@contoso.example/authentication/methods/h1")
            .await
            .body["shape"],
        "cube"
    );
}

#[tokio::test]
async fn keys_of_resource_accounts_are_listed_read_and_deleted_with_the_device_at_its_own_path() {
    let emulator = Emulator::builder()
        .seed(json!({ "users": [{
            "id": "a0000000-0000-4000-8000-000000000041",
            "userPrincipalName": "lobby@contoso.example",
            "authentication": { "resourceAccountKeyAuthenticationMethods": [
                { "id": "key-1", "displayName": "Lobby phone", "device": { "id": "device-1", "displayName": "Lobby phone" } },
                { "id": "key-2", "displayName": "Old phone" },
            ] },
        }] }))
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let keys = "/users/lobby@contoso.example/authentication/resourceAccountKeyAuthenticationMethods";
    let listed = client.get(keys).await;
    assert_eq!(listed.items().len(), 2);
    assert!(listed.items()[0].get("device").is_none());
    assert_eq!(
        client.get(&format!("{keys}/key-1")).await.body["displayName"],
        "Lobby phone"
    );
    assert_eq!(client.get(&format!("{keys}/key-1/device")).await.body["id"], "device-1");
    assert_eq!(client.get(&format!("{keys}/key-2/device")).await.status, 404);
    assert_eq!(client.delete(&format!("{keys}/key-2")).await.status, 204);
    assert_eq!(client.get(&format!("{keys}/key-2")).await.status, 404);
}
