//! Numbers that are kept from being assigned: by a setting of the tenant when they are released, or by a block of their own.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Emulator};

use crate::client::{Answer, Client};

const PATH: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn start() -> (Emulator, Client) {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .stage_duration(Duration::from_secs(10))
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    (emulator, client)
}

async fn end(emulator: &Emulator, accepted: &Answer) -> (String, Value) {
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    emulator.advance(Duration::from_secs(20));
    let order = Client::new(emulator)
        .get_absolute(accepted.header("location").unwrap())
        .await
        .body;
    (
        order["status"].as_str().unwrap().to_owned(),
        order["numbers"][0]["statusDetail"].clone(),
    )
}

async fn release(emulator: &Emulator, number: &str) -> (String, Value) {
    let body = json!({ "telephoneNumber": number, "numberType": "callingPlan" });
    let accepted = Client::new(emulator)
        .post(&format!("{PATH}/unassignNumber"), &body)
        .await;
    end(emulator, &accepted).await
}

/// By a token of its own: clocks move further than a token lasts.
async fn assign(emulator: &Emulator, number: &str, digit: u8) -> (String, Value) {
    let target = format!("a0000000-0000-4000-8000-00000000000{digit}");
    let body = json!({ "telephoneNumber": number, "assignmentTargetId": target, "numberType": "callingPlan" });
    let accepted = Client::new(emulator).post(&format!("{PATH}/assignNumber"), &body).await;
    end(emulator, &accepted).await
}

async fn block(client: &Client, wish: &Value) -> Answer {
    let url = format!("{}/__emulator/assignment-blocks", client.root);
    client.send("PUT", &url, &[], Some(wish.to_string().into_bytes())).await
}

#[tokio::test]
async fn a_tenant_keeps_what_was_released_and_the_clock_ends_it() {
    let (emulator, _) = start().await;
    emulator
        .seed(&json!({ "telephoneNumberConfiguration": { "assignmentBlockedDays": 30 } }))
        .unwrap();
    // ben holds it; ana has none.
    assert_eq!(release(&emulator, "+12065550100").await.0, "succeeded");
    let (status, words) = assign(&emulator, "+12065550100", 1).await;
    assert_eq!(status, "failed");
    assert_eq!(
        words,
        "The telephone number is blocked from assignment until 2026-02-14."
    );
    assert_eq!(
        assign(&emulator, "+12065550101", 1).await.0,
        "succeeded",
        "a number that was never released is free"
    );
    assert_eq!(release(&emulator, "+12065550101").await.0, "succeeded");
    emulator.advance(30 * DAY);
    assert_eq!(assign(&emulator, "+12065550100", 1).await.0, "succeeded");
}

#[tokio::test]
async fn a_block_for_ever_is_lifted_by_hand_alone_and_survives_the_state() {
    let (emulator, client) = start().await;
    assert_eq!(
        block(&client, &json!({ "assignmentBlockedForever": true }))
            .await
            .status,
        204
    );
    assert_eq!(release(&emulator, "+12065550100").await.0, "succeeded");
    let state = emulator.state();
    assert_eq!(
        state["telephoneNumberConfiguration"],
        json!({ "assignmentBlockedForever": true })
    );
    emulator.seed(&state).unwrap();
    emulator.advance(1000 * DAY);
    let (status, words) = assign(&emulator, "+12065550100", 1).await;
    assert_eq!(
        (status.as_str(), words),
        ("failed", json!("The telephone number is blocked from assignment."))
    );
    assert_eq!(block(&client, &json!({})).await.status, 204, "the setting alone is off");
    assert_eq!(assign(&emulator, "+12065550100", 1).await.0, "failed");
    assert_eq!(block(&client, &json!({ "number": "+12065550100" })).await.status, 204);
    assert_eq!(assign(&emulator, "+12065550100", 1).await.0, "succeeded");
}

#[tokio::test]
async fn a_number_has_a_block_of_its_own_that_no_answer_shows() {
    let (emulator, client) = start().await;
    emulator
        .seed(&json!({ "numbers": [
            { "telephoneNumber": "+12065550101", "@emulator.assignmentBlock": "2026-01-16T09:00:00Z" },
            { "telephoneNumber": "+12065550102" },
        ] }))
        .unwrap();
    assert_eq!(assign(&emulator, "+12065550101", 1).await.0, "failed");
    let list = client.get(PATH).await;
    assert!(!list.text.contains("lock"), "{}", list.text);
    emulator.advance(DAY);
    assert_eq!(assign(&emulator, "+12065550101", 1).await.0, "succeeded");
    let wish = json!({ "number": "+12065550102", "assignmentBlockedDays": 1 });
    assert_eq!(block(&client, &wish).await.status, 204);
    assert_eq!(assign(&emulator, "+12065550102", 7).await.0, "failed");
}

#[tokio::test]
async fn settings_that_teams_would_not_take_are_refused() {
    let (emulator, client) = start().await;
    for wrong in [
        json!({ "assignmentBlockedDays": 0 }),
        json!({ "assignmentBlockedDays": 366 }),
        json!({ "assignmentBlockedDays": "30" }),
        json!({ "assignmentBlockedForever": "yes" }),
        json!({ "assignmentBlockedForever": true, "assignmentBlockedDays": 3 }),
        json!({ "blockedForever": true }),
        json!([]),
    ] {
        let answer = block(&client, &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}");
        let seed = json!({ "telephoneNumberConfiguration": wrong });
        let refused = emulator.seed(&seed).unwrap_err();
        assert_eq!(refused.place, "/telephoneNumberConfiguration", "{wrong}");
    }
    let unknown = json!({ "number": "+12065559999", "assignmentBlockedForever": true });
    assert_eq!(block(&client, &unknown).await.status, 400);
    let seed = json!({ "numbers": [{ "telephoneNumber": "+12065550101", "@emulator.assignmentBlock": "soon" }] });
    assert_eq!(emulator.seed(&seed).unwrap_err().place, "/numbers/0");
}

#[tokio::test]
async fn people_get_a_mail_where_the_tenant_wants_it() {
    let setting =
        json!({ "assignmentEmailEnabled": true, "unassignmentEmailEnabled": true, "assignmentBlockedDays": 3 });
    for (setting, expected) in [
        (setting, 2),
        (json!({ "unassignmentEmailEnabled": true }), 1),
        (json!({}), 0),
    ] {
        let seed = json!({ "telephoneNumberConfiguration": setting });
        let emulator = Emulator::builder()
            .seed(seed)
            .stage_duration(Duration::ZERO)
            .start()
            .await
            .unwrap();
        assert_eq!(emulator.state()["telephoneNumberConfiguration"], setting);
        let client = Client::new(&emulator);
        let assign = json!({ "telephoneNumber": "+12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001",
            "numberType": "callingPlan", "assignmentCategory": "primary" });
        let unassign = json!({ "telephoneNumber": "+12061234567", "numberType": "callingPlan" });
        // The second time nothing changes, and nobody is written to.
        for (action, body) in [
            ("assign", &assign),
            ("assign", &assign),
            ("unassign", &unassign),
            ("unassign", &unassign),
        ] {
            let answer = client.post(&format!("{PATH}/{action}Number"), body).await;
            assert_eq!(answer.status, 202, "{}", answer.text);
        }
        let mails = emulator.mails();
        assert_eq!(mails.len(), expected, "{mails:?}");
        assert!(
            mails
                .iter()
                .all(|mail| mail.to == "ana@contoso.example" && mail.number == "+12061234567")
        );
    }
    let wrong = json!({ "telephoneNumberConfiguration": { "assignmentEmailEnabled": "yes" } });
    let error = Emulator::builder().seed(wrong).start().await.unwrap_err().to_string();
    assert!(error.contains("'assignmentEmailEnabled' is true or false"), "{error}");
}
