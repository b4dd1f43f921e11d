//! The first calls a newcomer makes.

use crate::client::Client;
use serde_json::json;
use trunkline_emulator::Emulator;

#[tokio::test]
async fn a_number_is_assigned() {
    let emulator = Emulator::builder().advance_per_poll(true).start().await.unwrap();
    let client = Client::new(&emulator);
    let body = json!({
        "telephoneNumber": "12061234567",
        "assignmentTargetId": "a0000000-0000-4000-8000-000000000001",
        "numberType": "callingPlan",
    });
    let accepted = client
        .post(
            "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber",
            &body,
        )
        .await;
    assert_eq!(accepted.status, 202);
    assert_eq!(accepted.text, "");
    let location = accepted.header("location").unwrap().to_owned();
    assert!(
        location.starts_with(emulator.url()) && location.contains("/operations('"),
        "{location}"
    );
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(
            client.get_absolute(&location).await.body["status"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(seen, ["notStarted", "running", "succeeded"]);
}
