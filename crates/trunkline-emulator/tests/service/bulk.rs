//! Many numbers for many users.

use std::time::Duration;

use serde_json::json;
use trunkline_emulator::{ClockMode, Emulator, bulk_numbers, bulk_users};

use crate::client::Client;

#[tokio::test]
async fn hundreds_of_orders_are_carried_out() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .seed(bulk_numbers(900))
        .seed(bulk_users(300))
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let assign = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";
    for index in 0..300 {
        let body = json!({
            "telephoneNumber": format!("+1206555{:04}", index * 3),
            "assignmentTargetId": format!("b0000000-0000-4000-8000-{index:012}"),
            "numberType": "callingPlan",
        });
        assert_eq!(client.post(assign, &body).await.status, 202);
    }
    emulator.advance(Duration::from_secs(1));
    let state = emulator.state();
    assert!(
        state["operations"]
            .as_array()
            .unwrap()
            .iter()
            .all(|order| order["status"] == "succeeded")
    );
    let held = client
        .get("/admin/teams/userConfigurations/b0000000-0000-4000-8000-000000000299")
        .await
        .body;
    assert_eq!(held["telephoneNumbers"][0]["telephoneNumber"], "+12065550897");
    let unassign = assign.replace("assignNumber", "unassignNumber");
    let body = json!({ "telephoneNumber": "+12065550897", "numberType": "callingPlan" });
    assert_eq!(client.post(&unassign, &body).await.status, 202);
    emulator.advance(Duration::from_secs(1));
    let held = client
        .get("/admin/teams/userConfigurations/b0000000-0000-4000-8000-000000000299")
        .await
        .body;
    assert_eq!(held["telephoneNumbers"], json!([]));
}
