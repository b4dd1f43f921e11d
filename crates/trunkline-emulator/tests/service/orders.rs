//! Orders: refusals at once, later failures, and progress over time.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Emulator, EmulatorBuilder};

use crate::client::{Answer, Client};

const PATH: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn user(digit: u8) -> String {
    format!("a0000000-0000-4000-8000-00000000000{digit}")
}

fn manual() -> EmulatorBuilder {
    Emulator::builder()
        .clock(ClockMode::Manual)
        .stage_duration(Duration::from_secs(10))
}

async fn number(client: &Client, number: &str) -> Value {
    let answer = client
        .get(&format!(
            "{PATH}?$filter=telephoneNumber%20eq%20'{}'",
            number.replace('+', "%2B")
        ))
        .await;
    answer.items().first().cloned().unwrap_or_default()
}

async fn follow(emulator: &Emulator, client: &Client, accepted: &Answer) -> Value {
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    emulator.advance(Duration::from_secs(20));
    client.get_absolute(accepted.header("location").unwrap()).await.body
}

#[tokio::test]
async fn the_clock_carries_an_order_through_its_stages() {
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let body = json!({ "telephoneNumber": "12061234567", "assignmentTargetId": user(1), "numberType": "callingPlan" });
    let accepted = client.post(&format!("{PATH}/assignNumber"), &body).await;
    let location = accepted.header("location").unwrap().to_owned();
    assert_eq!(accepted.header("content-type"), None);
    let mut stages = Vec::new();
    for _ in 0..3 {
        let poll = client.get_absolute(&location).await;
        // The clock stands still, so polling alone changes nothing.
        assert_eq!(client.get_absolute(&location).await.body, poll.body);
        let number = number(&client, "+12061234567").await;
        stages.push((
            poll.body["status"].as_str().unwrap().to_owned(),
            number["activationState"].as_str().unwrap().to_owned(),
            number["assignmentTargetId"].is_string(),
        ));
        emulator.advance(Duration::from_secs(10));
    }
    let expected = [
        ("notStarted", "activated", false),
        ("running", "assignmentPending", false),
        ("succeeded", "activated", true),
    ];
    for (stage, expected) in stages.iter().zip(expected) {
        assert_eq!((stage.0.as_str(), stage.1.as_str(), stage.2), expected);
    }
    let done = client.get_absolute(&location).await.body;
    assert!(done["createdDateTime"].is_string());
    let detail = &done["numbers"][0];
    assert_eq!(detail["status"], "succeeded");
    let read = client
        .get_absolute(detail["resourceLocation"].as_str().unwrap())
        .await
        .body;
    assert_eq!(
        (
            &read["assignmentTargetId"],
            &read["assignmentStatus"],
            &read["assignmentCategory"]
        ),
        (&json!(user(1)), &json!("userAssigned"), &json!("primary"))
    );
    // The other key style shows the same.
    let id = done["id"].as_str().unwrap();
    let segment = client
        .get(&format!("/admin/teams/telephoneNumberManagement/operations/{id}"))
        .await;
    assert_eq!(segment.body, done);
}

#[tokio::test]
async fn bodies_are_checked_before_anything_is_accepted() {
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let good = json!({
        "telephoneNumber": "+12061234567", "assignmentTargetId": user(1), "numberType": "callingPlan",
        "assignmentCategory": "primary", "locationId": "10c00000-0000-4000-8000-000000000001",
    });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let wrong = [
        without("telephoneNumber"),
        without("assignmentTargetId"),
        without("numberType"),
        with("telephoneNumber", Value::Null),
        with("telephoneNumber", json!(12_061_234_567_u64)),
        with("telephoneNumber", json!("+1 2061234567")),
        with("telephoneNumber", json!("(206) 123-4567")),
        with("telephoneNumber", json!("++12061234567")),
        with("telephoneNumber", json!("+02061234567")),
        with("telephoneNumber", json!("")),
        with("telephoneNumber", json!("+12061234567;ext=")),
        with("telephoneNumber", json!("1234567890123456")),
        with("assignmentTargetId", json!("ana@contoso.example")),
        with("numberType", json!("DirectRouting")),
        with("numberType", json!("internalError")),
        with("numberType", json!("unknownFutureValue")),
        with("assignmentCategory", json!("secondary")),
        with("locationId", json!(7)),
        with("notify", json!(true)),
        json!([]),
        json!("text"),
    ];
    for body in &wrong {
        let answer = client.post(&format!("{PATH}/assignNumber"), body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "BadRequest"),
            "{body}: {}",
            answer.text
        );
    }
    let raw = |text: &str| Some(text.as_bytes().to_vec());
    let url = client.url(&format!("{PATH}/assignNumber"));
    assert_eq!(
        client
            .send("POST", &url, &[], raw("{\"telephoneNumber\":"))
            .await
            .status,
        400
    );
    assert_eq!(
        client
            .send("POST", &url, &[], raw("{\"telephoneNumber\":\"+12061234567\",}"))
            .await
            .status,
        400
    );
    assert_eq!(client.send("POST", &url, &[], None).await.status, 400);
    assert_eq!(
        client
            .send("POST", &url, &[("Content-Type", "text/plain")], raw("{}"))
            .await
            .status,
        415
    );
    for body in [
        json!({ "telephoneNumber": "+12061234567" }),
        json!({ "numberType": "callingPlan" }),
        json!({}),
    ] {
        assert_eq!(
            client.post(&format!("{PATH}/unassignNumber"), &body).await.status,
            400,
            "{body}"
        );
    }
    assert_eq!(emulator.state()["operations"], json!([]));
    // Null stands for an optional property that is not there.
    assert_eq!(
        client
            .post(
                &format!("{PATH}/assignNumber"),
                &with("assignmentCategory", Value::Null)
            )
            .await
            .status,
        202
    );
}

#[tokio::test]
async fn what_stands_in_the_way_makes_the_order_fail() {
    let cases = [
        ("+12065550199", "callingPlan", user(1), json!(null), "not found"),
        ("+12061234567", "directRouting", user(1), json!(null), "another type"),
        (
            "+12061234567",
            "callingPlan",
            "b0000000-0000-4000-8000-000000000009".to_owned(),
            json!(null),
            "target was not found",
        ),
        ("+12061234567", "callingPlan", user(3), json!(null), "license"),
        ("+12061234567", "callingPlan", user(4), json!(null), "usage location"),
        ("+12061234567", "callingPlan", user(5), json!(null), "disabled"),
        ("+12061234567", "callingPlan", user(6), json!(null), "license"),
        ("+12061234567", "callingPlan", user(1), json!("nowhere"), "location"),
        ("+12065550100", "callingPlan", user(1), json!(null), "already assigned"),
        ("+12065550101", "callingPlan", user(2), json!(null), "already has"),
        ("+12065550105", "callingPlan", user(1), json!(null), "of this kind"),
        ("+12065550112", "directRouting", user(1), json!(null), "on premises"),
    ];
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let immediate = manual().immediate_checks(true).start().await.unwrap();
    let immediate_client = Client::new(&immediate);
    for (number, number_type, target, location, text) in cases {
        let body = json!({
            "telephoneNumber": number, "numberType": number_type, "assignmentTargetId": target, "locationId": location,
        });
        let accepted = client.post(&format!("{PATH}/assignNumber"), &body).await;
        let operation = follow(&emulator, &client, &accepted).await;
        assert_eq!(
            (&operation["status"], &operation["numbers"][0]["status"]),
            (&json!("failed"), &json!("failed")),
            "{body}"
        );
        let detail = operation["numbers"][0]["statusDetail"].as_str().unwrap();
        assert!(detail.contains(text), "{body}: {detail}");
        let refused = immediate_client.post(&format!("{PATH}/assignNumber"), &body).await;
        assert!(
            matches!(refused.status, 400 | 403 | 404 | 409),
            "{body}: {}",
            refused.text
        );
    }
    // Nothing changed on the way.
    assert_eq!(
        emulator.state()["numbers"],
        Emulator::builder().start().await.unwrap().state()["numbers"]
    );
}

#[tokio::test]
async fn doing_it_twice_is_no_harm() {
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let assign =
        json!({ "telephoneNumber": "+12061234567", "assignmentTargetId": user(1), "numberType": "callingPlan" });
    let unassign = json!({ "telephoneNumber": "12061234567", "numberType": "callingPlan" });
    for (action, body, target) in [
        ("assignNumber", &assign, json!(user(1))),
        ("assignNumber", &assign, json!(user(1))),
        ("unassignNumber", &unassign, json!(null)),
        ("unassignNumber", &unassign, json!(null)),
    ] {
        let accepted = client.post(&format!("{PATH}/{action}"), body).await;
        let operation = follow(&emulator, &client, &accepted).await;
        assert_eq!(operation["status"], "succeeded", "{action}: {operation}");
        assert_eq!(number(&client, "+12061234567").await["assignmentTargetId"], target);
    }
}

#[tokio::test]
async fn of_two_orders_for_one_number_the_first_wins() {
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let mut accepted = Vec::new();
    for digit in [1, 7] {
        let body = json!({ "telephoneNumber": "+12065550102", "assignmentTargetId": user(digit), "numberType": "callingPlan", "assignmentCategory": "alternate" });
        accepted.push(client.post(&format!("{PATH}/assignNumber"), &body).await);
    }
    let first = follow(&emulator, &client, &accepted[0]).await;
    let second = follow(&emulator, &client, &accepted[1]).await;
    assert_eq!(
        (&first["status"], &second["status"]),
        (&json!("succeeded"), &json!("failed"))
    );
    assert_eq!(
        number(&client, "+12065550102").await["assignmentTargetId"],
        json!(user(1))
    );
}

#[tokio::test]
async fn a_resource_account_takes_a_number_as_an_application() {
    let emulator = manual().start().await.unwrap();
    let client = Client::new(&emulator);
    let body = json!({ "telephoneNumber": "+12065550105", "assignmentTargetId": user(8), "numberType": "callingPlan", "assignmentCategory": "alternate" });
    let accepted = client.post(&format!("{PATH}/assignNumber"), &body).await;
    assert_eq!(follow(&emulator, &client, &accepted).await["status"], "succeeded");
    assert_eq!(
        number(&client, "+12065550105").await["assignmentStatus"],
        "voiceApplicationAssigned"
    );
}

#[tokio::test]
async fn an_end_can_be_scripted_and_activation_can_lag() {
    let seed = json!({ "numbers": [
        { "telephoneNumber": "+12065550001", "@emulator.outcome": { "status": "failed", "statusDetail": "The order was lost." } },
        { "telephoneNumber": "+12065550002", "@emulator.outcome": { "activationState": "assignmentFailed" } },
        { "telephoneNumber": "+12065550003" },
        { "telephoneNumber": "+12065550004", "@emulator.requiresLocation": true },
    ] });
    let emulator = manual()
        .activation_delay(Duration::from_secs(60))
        .seed(seed)
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let mut operations = Vec::new();
    for (at, category) in ["primary", "private", "alternate", "alternate"].iter().enumerate() {
        let body = json!({
            "telephoneNumber": format!("+1206555000{}", at + 1), "assignmentTargetId": user(1),
            "numberType": "callingPlan", "assignmentCategory": category,
        });
        let accepted = client.post(&format!("{PATH}/assignNumber"), &body).await;
        operations.push(follow(&emulator, &client, &accepted).await);
    }
    assert_eq!(operations[0]["numbers"][0]["statusDetail"], "The order was lost.");
    assert_eq!(operations[1]["status"], "succeeded");
    assert_eq!(
        number(&client, "+12065550002").await["activationState"],
        "assignmentFailed"
    );
    assert_eq!(operations[2]["status"], "succeeded");
    assert_eq!(
        number(&client, "+12065550003").await["activationState"],
        "assignmentPending"
    );
    assert!(
        operations[3]["numbers"][0]["statusDetail"]
            .as_str()
            .unwrap()
            .contains("location")
    );
    emulator.advance(Duration::from_secs(60));
    let active = number(&client, "+12065550003").await;
    assert_eq!(active["activationState"], "activated");
    assert!(
        active
            .as_object()
            .unwrap()
            .keys()
            .all(|name| !name.starts_with("@emulator"))
    );
}
