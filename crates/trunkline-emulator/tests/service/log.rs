//! The record of requests masks personal and secret data.

use serde_json::json;
use trunkline_emulator::Emulator;

use crate::client::Client;

#[tokio::test]
async fn numbers_names_ids_and_tokens_are_covered() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments";
    let id = client.get(numbers).await.items()[0]["id"].as_str().unwrap().to_owned();
    client.get(&format!("{numbers}/{id}")).await;
    client
        .get(&format!("{numbers}?$filter=telephoneNumber%20eq%20'%2B12061234567'"))
        .await;
    let phones = "/users/ana@contoso.example/authentication/phoneMethods";
    client
        .patch(
            &format!("{phones}/3179e48a-750b-4051-897c-87b9720928f7"),
            &json!({ "phoneNumber": "+1 2065550143", "phoneType": "mobile" }),
        )
        .await;
    let url = format!("{}/contoso.example/oauth2/v2.0/token", emulator.url());
    client
        .form(
            &url,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", "x"),
                ("client_secret", "canary-secret"),
            ],
        )
        .await;
    let gina = Client::delegated(&emulator, "gina@contoso.example");
    let reset = "/users/ben@contoso.example/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword";
    gina.post(reset, &json!({ "newPassword": "canary-password" })).await;

    let masked = serde_json::to_string(&emulator.log()).unwrap();
    for secret in [
        "12061234567",
        "2065550143",
        "ana@contoso",
        &id,
        &emulator.token()[..30],
        "canary",
    ] {
        assert!(!masked.contains(secret), "{secret} in {masked}");
    }
    for kept in ["***67", "***43", "a***@***", "3179e48a-750b-4051-897c-87b9720928f7"] {
        assert!(masked.contains(kept), "{kept} not in {masked}");
    }
    let plain = emulator.requests();
    assert_eq!(plain[2].query, "$filter=telephoneNumber eq '+12061234567'");
    assert_eq!(
        plain[3].body,
        Some(json!({ "phoneNumber": "+1 2065550143", "phoneType": "mobile" }))
    );
    assert!(plain[3].authorized && !plain[4].authorized);
    let text = serde_json::to_string(&plain).unwrap();
    assert!(!text.contains("canary") && !text.contains(client.token.as_deref().unwrap()));
    assert_eq!(
        plain.iter().map(|entry| entry.sequence).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
    assert_eq!(plain[4].error_code.as_deref(), Some("invalid_request"));
}
