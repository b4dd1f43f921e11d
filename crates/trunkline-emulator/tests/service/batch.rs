//! Batches.

use serde_json::{Value, json};
use trunkline_emulator::{Effect, Emulator, Fault};

use crate::client::Client;

fn answers(body: &Value) -> std::collections::BTreeMap<String, Value> {
    let list = body["responses"].as_array().unwrap();
    list.iter()
        .map(|answer| (answer["id"].as_str().unwrap().to_owned(), answer.clone()))
        .collect()
}

#[tokio::test]
async fn items_are_answered_each_for_itself() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let assign = json!({ "telephoneNumber": "12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001", "numberType": "callingPlan" });
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/users/ana@contoso.example" },
        { "id": "2", "method": "GET", "url": "users?$filter=startswith(displayName,'Ben')&$select=id" },
        { "id": "3", "method": "POST", "url": "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber",
          "headers": { "Content-Type": "application/json" }, "body": assign },
        { "id": "4", "method": "GET", "url": "/users/nobody" },
        { "id": "5", "method": "POST",
          "url": "/users/ana@contoso.example/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7/disableSmsSignIn",
          "headers": { "Content-Type": "application/json" }, "body": {} },
        { "id": "6", "method": "POST", "url": "/$batch", "headers": { "Content-Type": "application/json" }, "body": { "requests": [] } },
    ] });
    let answer = client.post("/$batch", &batch).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answers = answers(&answer.body);
    let statuses: Vec<u64> = answers
        .values()
        .map(|answer| answer["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 200, 202, 404, 204, 400]);
    assert_eq!(answers["1"]["body"]["userPrincipalName"], "ana@contoso.example");
    assert!(
        answers["3"]["headers"]["Location"]
            .as_str()
            .unwrap()
            .contains("operations('")
    );
    assert!(answers["3"].get("body").is_none());
    assert_eq!(answers["4"]["body"]["error"]["code"], "Request_ResourceNotFound");
    // Answers come in another order than requests.
    assert_eq!(answer.body["responses"][0]["id"], "6");
}

#[tokio::test]
async fn a_failed_dependency_is_424() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let get =
        |id: &str, url: &str, after: &[&str]| json!({ "id": id, "method": "GET", "url": url, "dependsOn": after });
    let batch = json!({ "requests": [
        get("a", "/users/nobody", &[]), get("b", "/organization", &["a"]), get("c", "/organization", &["b"]), get("d", "/organization", &[]),
    ] });
    let answers = answers(&client.post("/$batch", &batch).await.body);
    let statuses: Vec<u64> = answers
        .values()
        .map(|answer| answer["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [404, 424, 424, 200]);
}

#[tokio::test]
async fn malformed_batches_are_refused_as_a_whole() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let get = |id: &str| json!({ "id": id, "method": "GET", "url": "/organization" });
    let many: Vec<Value> = (0..21).map(|at| get(&at.to_string())).collect();
    for batch in [
        json!({}),
        json!({ "requests": [] }),
        json!({ "requests": many }),
        json!({ "requests": [get("a"), get("A")] }),
        json!({ "requests": [{ "method": "GET", "url": "/organization" }] }),
        json!({ "requests": [{ "id": 1, "method": "GET", "url": "/organization" }] }),
        json!({ "requests": [{ "id": "1", "url": "/organization" }] }),
        json!({ "requests": [{ "id": "1", "method": "GET" }] }),
        json!({ "requests": [{ "id": "1", "method": "POST", "url": "/x", "body": {} }] }),
        json!({ "requests": [{ "id": "1", "method": "GET", "url": "/organization", "dependsOn": ["2"] }] }),
        json!({ "requests": [get("1")], "extra": 1 }),
    ] {
        let answer = client.post("/$batch", &batch).await;
        assert_eq!((answer.status, answer.code()), (400, "BadRequest"), "{batch}");
    }
    let full: Vec<Value> = (0..20).map(|at| get(&at.to_string())).collect();
    assert_eq!(client.post("/$batch", &json!({ "requests": full })).await.status, 200);
}

#[tokio::test]
async fn faults_strike_single_items() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(
        Fault::new(Effect::throttled(Some(7)))
            .path("*/users/ben@contoso.example")
            .times(1),
    );
    emulator.fault(Fault::new(Effect::Drop {}).path("*/users/gina@contoso.example"));
    let client = Client::new(&emulator);
    let get = |name: &str| json!({ "id": name, "method": "GET", "url": format!("/users/{name}@contoso.example") });
    let batch = json!({ "requests": [get("ana"), get("ben"), get("gina")] });
    let answers = answers(&client.post("/$batch", &batch).await.body);
    assert_eq!(answers["ana"]["status"], 200);
    assert_eq!(
        (&answers["ben"]["status"], &answers["ben"]["headers"]["Retry-After"]),
        (&json!(429), &json!("7"))
    );
    assert_eq!(answers["gina"]["status"], 504);
    let items: Vec<Option<String>> = emulator
        .requests()
        .into_iter()
        .map(|request| request.batch_item)
        .collect();
    assert_eq!(
        items,
        [
            Some("ana".to_owned()),
            Some("ben".to_owned()),
            Some("gina".to_owned()),
            None
        ]
    );
}
