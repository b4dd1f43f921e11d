//! Input that nobody should send: each is refused with its reason, and the emulator goes on.

use std::net::TcpListener;

use serde_json::{Value, json};
use trunkline_emulator::Emulator;

use crate::client::Client;

#[tokio::test]
async fn a_filter_without_end_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let nested = |open: &str, close: &str| {
        let (open, close) = (open.repeat(500), close.repeat(500));
        format!("{open}accountEnabled%20eq%20true{close}")
    };
    for filter in [
        nested("(", ")"),
        nested("not%20", ""),
        nested("not(", ")"),
        nested("(", ""),
    ] {
        let answer = client.get(&format!("/users?$filter={filter}")).await;
        assert_eq!(answer.status, 400);
    }
    // An address can hardly be longer.
    let many = vec!["accountEnabled%20eq%20true"; 1_800].join("%20and%20");
    assert_eq!(client.get(&format!("/users?$filter={many}")).await.status, 400);
    assert_eq!(client.get("/users").await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let url = client.url("/users/ana@contoso.example/authentication/phoneMethods");
    let body = vec![b'x'; 100 << 20];
    let answer = client.send("POST", &url, &[], Some(body)).await;
    assert_eq!((answer.status, answer.code()), (413, "RequestEntityTooLarge"));
    assert_eq!(client.get("/organization").await.status, 200);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Emulator::builder().port(port).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[tokio::test]
async fn a_seed_that_breaks_a_rule_is_refused_with_its_place() {
    let user = |more: Value| {
        let mut user = json!({ "id": "a", "userPrincipalName": "a@contoso.example" });
        user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "users": [user] })
    };
    let number = |more: Value| {
        let mut number = json!({ "telephoneNumber": "+12065550101" });
        number
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "numbers": [number] })
    };
    for (seed, place) in [
        (json!([]), "/"),
        (json!({ "people": [] }), "/people"),
        (json!({ "users": {} }), "/users"),
        (json!({ "users": [5] }), "/users/0"),
        (
            json!({ "users": [{ "userPrincipalName": "a@contoso.example" }] }),
            "/users/0/id",
        ),
        (user(json!({ "userPrincipalName": 5 })), "/users/0/userPrincipalName"),
        (user(json!({ "authentication": [] })), "/users/0/authentication"),
        (json!({ "numbers": [{}] }), "/numbers/0"),
        (number(json!({ "telephoneNumber": "2065550101" })), "/numbers/0"),
        (
            number(json!({ "@emulator.assignmentBlock": "sometimes" })),
            "/numbers/0",
        ),
        (json!({ "organization": {} }), "/organization/id"),
        (user(json!({ "usagelocation": "US" })), "/users/0/usagelocation"),
        (user(json!({ "@emulator.unknown": true })), "/users/0/@emulator.unknown"),
        (number(json!({ "numberType": "callingplan" })), "/numbers/0/numberType"),
        (
            number(json!({ "capabilities": ["userAssignment", 5] })),
            "/numbers/0/capabilities",
        ),
    ] {
        let error = Emulator::builder()
            .seed(seed.clone())
            .start()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(&format!("wrong at {place}: ")), "{seed}: {error}");
    }
}
