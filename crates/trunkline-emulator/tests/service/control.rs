//! The control endpoints, and the handle's own life.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Emulator, bulk_numbers, default_seed};

use crate::client::{Answer, Client};

async fn control(client: &Client, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let url = format!("{}/__emulator/{path}", client.root);
    client
        .send(method, &url, &[], body.map(|body| body.to_string().into_bytes()))
        .await
}

#[tokio::test]
async fn everything_can_be_done_over_http() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let mut client = Client {
        token: None,
        ..Client::new(&emulator)
    };
    assert_eq!(control(&client, "GET", "health", None).await.body["status"], "ready");
    let wish = json!({ "user": "ana@contoso.example", "permissions": ["User.Read"], "expiresInSeconds": 60 });
    let token = control(&client, "POST", "tokens", Some(&wish)).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    client.token = Some(token);
    assert_eq!(client.get("/me").await.status, 200);
    assert_eq!(client.get("/users").await.status, 403);
    let token = control(&client, "POST", "tokens", None).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    client.token = Some(token);

    let kind = json!({ "userId": "a0000000-0000-4000-8000-000000000001", "policyType": "TeamsMeetingPolicy" });
    let in_force = control(&client, "POST", "policy-in-force", Some(&kind)).await.body;
    assert_eq!(
        (&in_force["level"], &in_force["name"]),
        (&json!("group"), &json!("AllOn"))
    );
    assert_eq!(
        control(&client, "POST", "policy-in-force", Some(&json!({})))
            .await
            .status,
        400
    );

    let now = control(&client, "POST", "clock/advance", Some(&json!({ "seconds": 90.5 }))).await;
    assert_eq!(now.body["now"], "2026-01-15T09:01:30.5Z");
    assert_eq!(control(&client, "GET", "clock", None).await.body, now.body);
    assert_eq!(
        control(&client, "POST", "clock/advance", Some(&json!({ "seconds": -1 })))
            .await
            .status,
        400
    );

    let fault = json!([{ "effect": { "kind": "status", "status": 500 } }, { "effect": { "kind": "delay", "milliseconds": 0 } }]);
    assert_eq!(control(&client, "POST", "faults", Some(&fault)).await.status, 204);
    assert_eq!(client.get("/organization").await.status, 500);
    assert_eq!(
        control(&client, "GET", "faults", None)
            .await
            .body
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(control(&client, "DELETE", "faults", None).await.status, 204);
    assert_eq!(
        control(&client, "POST", "faults", Some(&json!({ "effect": {} })))
            .await
            .status,
        400
    );

    let log = control(&client, "GET", "log", None).await;
    assert_eq!(
        log.body.as_array().unwrap().len(),
        3,
        "control requests are not in the log"
    );
    assert_eq!(control(&client, "DELETE", "log", None).await.status, 204);
    assert_eq!(control(&client, "GET", "log", None).await.body, json!([]));

    assert_eq!(
        control(&client, "PUT", "state", Some(&json!({ "numbers": [] })))
            .await
            .status,
        204
    );
    assert_eq!(control(&client, "GET", "state", None).await.body["numbers"], json!([]));
    let refused = control(&client, "PUT", "state", Some(&json!({ "numbres": [] }))).await;
    assert!(refused.status == 400 && refused.text.contains("/numbres"));
    assert_eq!(control(&client, "POST", "reset", None).await.status, 204);
    assert_eq!(emulator.state()["numbers"].as_array().unwrap().len(), 20);
    assert_eq!(control(&client, "GET", "nothing", None).await.status, 404);

    assert_eq!(control(&client, "POST", "shutdown", None).await.status, 202);
    emulator.stopped().await;
}

#[tokio::test]
async fn a_state_can_be_put_back() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let before = emulator.state();
    let body = json!({ "telephoneNumber": "+12065550101", "locationId": "10c00000-0000-4000-8000-000000000001" });
    client
        .post(
            "/admin/teams/telephoneNumberManagement/numberAssignments/updateNumber",
            &body,
        )
        .await;
    assert_ne!(emulator.state()["numbers"], before["numbers"]);
    emulator.seed(&before).unwrap();
    assert_eq!(emulator.state()["numbers"], before["numbers"]);
    assert_eq!(emulator.state()["users"], before["users"]);
    for (seed, place) in [
        (json!([]), "/"),
        (json!({ "users": [{ "userPrincipalName": "x" }] }), "/users/0/id"),
        (json!({ "users": [{ "id": "x" }] }), "/users/0/userPrincipalName"),
        (json!({ "numbers": [{ "telephoneNumber": "1206" }] }), "/numbers/0"),
        (
            json!({ "numbers": [{ "telephoneNumber": "+1" }, { "telephoneNumber": "+1" }] }),
            "/numbers/1",
        ),
        (json!({ "organization": {} }), "/organization/id"),
    ] {
        assert_eq!(emulator.seed(&seed).unwrap_err().place, place, "{seed}");
    }
    assert_eq!(emulator.state()["numbers"], before["numbers"]);
}

#[test]
fn it_runs_without_a_runtime_and_stops_when_dropped() {
    let emulator = Emulator::builder().seed(bulk_numbers(3)).start_blocking().unwrap();
    assert_eq!(emulator.state()["numbers"].as_array().unwrap().len(), 3);
    let port: u16 = emulator.url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(emulator);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_clock_handle_moves_the_emulator() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start_blocking().unwrap();
    let before = emulator.now();
    emulator.clock().advance(Duration::from_secs(5));
    assert_eq!(emulator.now().duration_since(before).as_secs(), 5);
    assert_eq!(emulator.clock().now(), emulator.now());
}

#[test]
fn a_taken_port_and_a_wrong_seed_are_errors() {
    let emulator = Emulator::start_blocking().unwrap();
    let port: u16 = emulator.url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(Emulator::builder().port(port).start_blocking().is_err());
    assert!(Emulator::builder().seed(json!({ "what": 1 })).start_blocking().is_err());
}

#[test]
fn the_default_seed_is_whole() {
    let seed = default_seed();
    assert_eq!(seed["users"].as_array().unwrap().len(), 8);
    assert_eq!(seed["numbers"].as_array().unwrap().len(), 20);
    let numbers = bulk_numbers(19_980);
    assert_eq!(numbers["numbers"][0]["telephoneNumber"], "+12065550000");
    assert_eq!(numbers["numbers"].as_array().unwrap().len(), 19_980);
}

#[tokio::test]
async fn both_versions_of_http_and_many_at_once() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let http = reqwest::Client::builder()
        .http2_prior_knowledge()
        .no_proxy()
        .build()
        .unwrap();
    let newer = Client { http, ..client.clone() };
    assert_eq!(newer.get("/organization").await.status, 200);
    emulator.fault(trunkline_emulator::Fault::once(trunkline_emulator::Effect::Drop {}));
    assert!(
        newer
            .try_send("GET", &newer.url("/organization"), &[], None)
            .await
            .is_err()
    );
    let tasks: Vec<_> = (0..64)
        .map(|at| {
            let client = if at % 2 == 0 { client.clone() } else { newer.clone() };
            tokio::spawn(async move { client.get("/users?$top=2").await.status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
}

#[tokio::test]
async fn beyond_this_computer_the_control_endpoints_need_the_secret() {
    let at = |emulator: &Emulator| Client {
        root: emulator.plain_url(),
        ..Client::new(emulator)
    };
    let everywhere = "0.0.0.0".parse().unwrap();
    let emulator = Emulator::builder().address(everywhere).start().await.unwrap();
    let client = at(&emulator);
    let secret = emulator.control_secret().unwrap();
    let ask = async |method, path, headers: &[(&str, &str)]| {
        let url = format!("{}/__emulator/{path}", client.root);
        client.send(method, &url, headers, None).await.status
    };
    assert_eq!(client.get("/organization").await.status, 200);
    for (method, path, allowed) in [("GET", "state", 200), ("POST", "tokens", 200), ("DELETE", "log", 204)] {
        assert_eq!(ask(method, path, &[]).await, 401, "{path}");
        assert_eq!(
            ask(method, path, &[("Emulator-Secret", "another")]).await,
            401,
            "{path}"
        );
        assert_eq!(
            ask(method, path, &[("Emulator-Secret", secret)]).await,
            allowed,
            "{path}"
        );
    }
    assert_eq!(ask("POST", "shutdown", &[]).await, 401);
    assert_eq!(client.get("/organization").await.status, 200);
    // A secret of one's own counts at this computer as well.
    let emulator = Emulator::builder().control_secret("mine").start().await.unwrap();
    assert_eq!(control(&at(&emulator), "GET", "state", None).await.status, 401);
}

#[tokio::test]
async fn users_numbers_and_licences_can_be_added() {
    let emulator = Emulator::builder().advance_per_poll(true).start().await.unwrap();
    let client = Client::new(&emulator);
    let additions = json!({
        "users": [{ "userPrincipalName": "dana@contoso.example", "department": "Voice" }],
        "numbers": [{ "telephoneNumber": "+12065550190" }],
    });
    let added = control(&client, "POST", "state", Some(&additions)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let dana = added.body["users"][0]["id"].as_str().unwrap();
    let user = client
        .get("/users/dana@contoso.example?$select=id,department,displayName")
        .await
        .body;
    assert_eq!((&user["id"], &user["department"]), (&json!(dana), &json!("Voice")));
    assert_eq!(client.get("/users/ben@contoso.example").await.status, 200);
    assert_eq!(added.body["numbers"][0]["numberType"], "callingPlan");

    let order = json!({ "telephoneNumber": "+12065550190", "assignmentTargetId": dana, "numberType": "callingPlan",
        "assignmentCategory": "primary" });
    let assign = async || {
        let path = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";
        let location = client.post(path, &order).await.header("location").unwrap().to_owned();
        client.get_absolute(&location).await;
        client.get_absolute(&location).await;
        client.get_absolute(&location).await.body["status"].clone()
    };
    let plan = |enabled: bool| json!({ "user": "dana@contoso.example", "servicePlan": "MCOEV", "enabled": enabled });
    assert_eq!(
        control(&client, "PUT", "service-plans", Some(&plan(false)))
            .await
            .status,
        204
    );
    assert_eq!(assign().await, "failed");
    assert_eq!(
        control(&client, "PUT", "service-plans", Some(&plan(true))).await.status,
        204
    );
    assert_eq!(assign().await, "succeeded");

    for (wrong, place) in [
        (
            json!({ "users": [{ "displayName": "Nobody" }] }),
            "/users/0/userPrincipalName",
        ),
        (
            json!({ "users": [{ "userPrincipalName": "x@fabrikam.example" }] }),
            "/users/0/userPrincipalName",
        ),
        (
            json!({ "users": [{ "userPrincipalName": "ana@contoso.example" }] }),
            "/users/0/userPrincipalName",
        ),
        (
            json!({ "numbers": [{ "telephoneNumber": "+12065550191" }, { "telephoneNumber": "+12065550190" }] }),
            "/numbers/1",
        ),
        (json!({ "locations": [] }), "/locations"),
    ] {
        let answer = control(&client, "POST", "state", Some(&wrong)).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains(place), "{} {place}", answer.text);
    }
    // Where one of them cannot be added, none is.
    let numbers = emulator.state()["numbers"].as_array().unwrap().len();
    assert_eq!(numbers, 21);
    let unknown = json!({ "user": "nobody@contoso.example", "servicePlan": "MCOEV" });
    assert_eq!(
        control(&client, "PUT", "service-plans", Some(&unknown)).await.status,
        400
    );
}
