//! Several tenants in one emulator.

use serde_json::json;
use trunkline_emulator::{ClockMode, DEFAULT_TENANT_ID, Emulator, TokenRequest};

use crate::client::Client;

const FABRIKAM: &str = "99999999-9999-9999-9999-999999999999";
const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn fabrikam() -> serde_json::Value {
    json!({
        "organization": { "id": FABRIKAM, "displayName": "Fabrikam", "verifiedDomains": [{ "name": "fabrikam.example" }] },
        "users": [{ "id": "f0000000-0000-4000-8000-000000000001", "userPrincipalName": "fay@fabrikam.example" }],
        "numbers": [{ "telephoneNumber": "+12065550180" }, { "telephoneNumber": "+12065550181" }],
    })
}

fn of(emulator: &Emulator, tenant: &str) -> Client {
    let wish = TokenRequest {
        tenant: Some(tenant.to_owned()),
        ..TokenRequest::default()
    };
    Client::with_token(emulator, emulator.issue_token(wish))
}

#[tokio::test]
async fn each_token_sees_its_own_tenant() {
    let emulator = Emulator::builder()
        .seed(json!({ "tenants": [fabrikam()] }))
        .advance_per_poll(true)
        .start()
        .await
        .unwrap();
    for (name, id, numbers, users) in [
        ("contoso.example", DEFAULT_TENANT_ID, 20, 8),
        ("fabrikam.example", FABRIKAM, 2, 1),
        (FABRIKAM, FABRIKAM, 2, 1),
    ] {
        let client = of(&emulator, name);
        assert_eq!(client.get("/organization").await.items()[0]["id"], id);
        assert_eq!(client.get(NUMBERS).await.items().len(), numbers);
        assert_eq!(client.get("/users").await.items().len(), users);
    }
    // Additions and orders of one tenant are not in the other.
    let additions =
        json!({ "tenant": "fabrikam.example", "users": [{ "userPrincipalName": "dana@fabrikam.example" }] });
    let dana = emulator.add(&additions).unwrap()["users"][0]["id"].clone();
    let (ours, theirs) = (of(&emulator, "contoso.example"), of(&emulator, "fabrikam.example"));
    assert_eq!(theirs.get("/users/dana@fabrikam.example").await.status, 200);
    assert_eq!(ours.get("/users/dana@fabrikam.example").await.status, 404);
    let order = json!({ "telephoneNumber": "+12065550180", "assignmentTargetId": dana, "numberType": "callingPlan",
        "assignmentCategory": "primary" });
    let placed = theirs.post(&format!("{NUMBERS}/assignNumber"), &order).await;
    let location = placed.header("location").unwrap().to_owned();
    for _ in 0..2 {
        theirs.get_absolute(&location).await;
    }
    assert_eq!(theirs.get_absolute(&location).await.body["status"], "succeeded");
    assert_eq!(ours.get_absolute(&location).await.status, 404);
    assert_eq!(emulator.orders().len(), 1);
    emulator
        .set_service_plan("fay@fabrikam.example", "MCOEV", true)
        .unwrap();

    // A user's token is of the tenant that has the user.
    let fay = Client::delegated(&emulator, "fay@fabrikam.example");
    assert_eq!(fay.get("/me").await.body["userPrincipalName"], "fay@fabrikam.example");
    for unknown in [json!("nowhere.example"), json!(5)] {
        let additions = json!({ "tenant": unknown, "users": [] });
        assert_eq!(emulator.add(&additions).unwrap_err().place, "/tenant");
    }

    // The state has all of them, and can be put back.
    let state = emulator.state();
    assert_eq!(state["tenants"][0]["users"].as_array().unwrap().len(), 2);
    emulator.reset();
    assert_eq!(theirs.get("/users").await.items().len(), 1);
    emulator.seed(&state).unwrap();
    assert_eq!(theirs.get("/users").await.items().len(), 2);
}

#[tokio::test]
async fn each_tenant_has_its_authority() {
    let emulator = Emulator::builder()
        .seed(json!({ "tenants": [fabrikam()] }))
        .start()
        .await
        .unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "44444444-4444-4444-4444-444444444444"),
        ("client_secret", "any"),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let url = format!("{}/fabrikam.example/oauth2/v2.0/token", emulator.url());
    let token = Client::new(&emulator).form(&url, &form).await.body["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let client = Client::with_token(&emulator, token);
    assert_eq!(client.get("/organization").await.items()[0]["displayName"], "Fabrikam");
}

#[tokio::test]
async fn tenants_have_ids_and_domains_of_their_own() {
    for (tenants, place) in [
        (json!([{ "users": [] }]), "/tenants/0/organization/id"),
        (
            json!([{ "organization": { "id": DEFAULT_TENANT_ID } }]),
            "/tenants/0/organization",
        ),
        (json!([fabrikam(), fabrikam()]), "/tenants/1/organization"),
        (
            json!([{ "organization": { "id": FABRIKAM }, "numbers": [{}] }]),
            "/tenants/0/numbers/0",
        ),
        (json!({}), "/tenants"),
    ] {
        let seed = json!({ "tenants": tenants });
        let error = Emulator::builder().seed(seed).start().await.unwrap_err().to_string();
        assert!(error.contains(&format!("wrong at {place}: ")), "{error}");
    }
}

#[tokio::test]
async fn each_tenant_has_its_limits() {
    let emulator = Emulator::builder()
        .seed(json!({ "tenants": [fabrikam()] }))
        .clock(ClockMode::Manual)
        .requests_per_second(2)
        .start()
        .await
        .unwrap();
    let (ours, theirs) = (of(&emulator, "contoso.example"), of(&emulator, "fabrikam.example"));
    for expected in [200, 200, 429] {
        assert_eq!(ours.get("/organization").await.status, expected);
    }
    assert_eq!(theirs.get("/organization").await.status, 200);
}
