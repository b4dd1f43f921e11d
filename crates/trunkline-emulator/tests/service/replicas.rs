//! Replicas of the directory that are behind.

use std::time::Duration;

use serde_json::json;
use trunkline_emulator::{ClockMode, Emulator};

use crate::client::Client;

const PHONE: &str = "/users/ana@contoso.example/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7";

async fn readings(seed: u64) -> Vec<bool> {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .replica_lag(Duration::from_secs(60))
        .replica_seed(seed)
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let body = json!({ "phoneNumber": "+1 2065550199", "phoneType": "mobile" });
    assert_eq!(client.patch(PHONE, &body).await.status, 204);
    let mut shown = Vec::new();
    for _ in 0..60 {
        shown.push(client.get(PHONE).await.body["phoneNumber"] == "+1 2065550199");
        emulator.advance(Duration::from_secs(1));
    }
    // After the longest time no replica is behind.
    for _ in 0..20 {
        assert_eq!(client.get(PHONE).await.body["phoneNumber"], "+1 2065550199");
    }
    shown
}

#[tokio::test]
async fn a_change_shows_on_each_in_its_own_time_and_a_seed_repeats_it() {
    let shown = readings(1).await;
    assert_eq!(shown, readings(1).await);
    assert_ne!(shown, readings(2).await);
    let first = shown.iter().position(|is_new| *is_new).unwrap();
    assert!(first > 0, "the first readings are of before the change: {shown:?}");
    // A reading may go back to what was there before the reading before it.
    assert!(shown[first..].contains(&false), "{shown:?}");
    assert!(shown.last().is_some_and(|is_new| *is_new), "{shown:?}");
}

#[tokio::test]
async fn a_user_who_is_missing_on_a_replica_is_not_found_there() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .replica_lag(Duration::from_secs(60))
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let phones = "/users/carla@contoso.example/authentication/phoneMethods";
    let body = json!({ "phoneNumber": "+1 2065550198", "phoneType": "mobile" });
    let added = client.post(phones, &body).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let path = format!("{phones}/{}", added.body["id"].as_str().unwrap());
    let statuses: Vec<u16> = {
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(client.get(&path).await.status);
        }
        statuses
    };
    assert!(statuses.contains(&404), "{statuses:?}");
    // Numbers are not of the directory.
    assert_eq!(
        client
            .get("/admin/teams/telephoneNumberManagement/numberAssignments")
            .await
            .status,
        200
    );
}
