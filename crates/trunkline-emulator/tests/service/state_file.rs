//! A state that outlives the emulator.

use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use trunkline_emulator::{Emulator, EmulatorBuilder};

use crate::client::Client;

const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

#[tokio::test]
async fn numbers_users_and_orders_come_back() {
    let folder = TempDir::new().unwrap();
    let builder = || -> EmulatorBuilder {
        Emulator::builder()
            .state_file(folder.path().join("state.json"))
            .seed(json!({ "telephoneNumberConfiguration": { "assignmentEmailEnabled": true } }))
            .stage_duration(Duration::from_secs(3600))
    };
    let emulator = builder().start().await.unwrap();
    let client = Client::new(&emulator);
    emulator
        .add(&json!({ "users": [{ "userPrincipalName": "dana@contoso.example" }] }))
        .unwrap();
    let order = json!({ "telephoneNumber": "+12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001",
        "numberType": "callingPlan", "assignmentCategory": "primary" });
    let location = client.post(&format!("{NUMBERS}/assignNumber"), &order).await;
    let id = location
        .header("location")
        .unwrap()
        .split('\'')
        .nth(1)
        .unwrap()
        .to_owned();
    drop(emulator);

    let emulator = builder().start().await.unwrap();
    let client = Client::new(&emulator);
    assert_eq!(client.get("/users/dana@contoso.example").await.status, 200);
    let path = format!("/admin/teams/telephoneNumberManagement/operations('{id}')");
    assert_eq!(client.get(&path).await.body["status"], "notStarted");
    emulator.advance(Duration::from_secs(7200));
    let client = Client::new(&emulator);
    assert_eq!(client.get(&path).await.body["status"], "succeeded");
    drop(emulator);
    let again = builder().start().await.unwrap();
    let number = again.state()["numbers"][0].clone();
    assert_eq!(number["assignmentTargetId"], "a0000000-0000-4000-8000-000000000001");
    assert_eq!((again.orders().len(), again.mails().len()), (1, 1));
}

#[tokio::test]
async fn polls_that_move_an_order_on_are_counted_on_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let builder = || -> EmulatorBuilder {
        Emulator::builder()
            .state_file(folder.path().join("state.json"))
            .advance_per_poll(true)
    };
    let emulator = builder().start().await.unwrap();
    let order = json!({ "telephoneNumber": "+12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001",
        "numberType": "callingPlan", "assignmentCategory": "primary" });
    let client = Client::new(&emulator);
    let accepted = client.post(&format!("{NUMBERS}/assignNumber"), &order).await;
    let id = accepted
        .header("location")
        .unwrap()
        .split('\'')
        .nth(1)
        .unwrap()
        .to_owned();
    let path = format!("/admin/teams/telephoneNumberManagement/operations('{id}')");
    drop(emulator);
    // Each poll is the only request between two restarts.
    for expected in ["notStarted", "running", "succeeded"] {
        let emulator = builder().start().await.unwrap();
        let client = Client::new(&emulator);
        assert_eq!(client.get(&path).await.body["status"], expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_is_written_soon_and_a_damaged_state_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.json");
    let emulator = Emulator::builder().state_file(&file).start().await.unwrap();
    emulator
        .add(&json!({ "numbers": [{ "telephoneNumber": "+12065550190" }] }))
        .unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(std::fs::read_to_string(&file).unwrap().contains("+12065550190"));
    drop(emulator);
    std::fs::write(&file, "{").unwrap();
    let error = Emulator::builder()
        .state_file(&file)
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("reading the state in") && error.contains("state.json"),
        "{error}"
    );
}
