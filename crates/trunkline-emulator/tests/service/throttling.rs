//! The request limit.

use std::time::Duration;

use trunkline_emulator::{ClockMode, Emulator};

use crate::client::Client;

#[tokio::test]
async fn the_documented_limit_refills_with_the_clock() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .requests_per_second(30)
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    for _ in 0..30 {
        assert_eq!(client.get("/organization").await.status, 200);
    }
    let limited = client.get("/organization").await;
    assert_eq!(
        (limited.status, limited.code(), limited.header("retry-after")),
        (429, "TooManyRequests", Some("1"))
    );
    emulator.advance(Duration::from_secs(1));
    assert_eq!(client.get("/organization").await.status, 200);
}

#[tokio::test]
async fn the_documented_limits_are_those_of_each_group() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .documented_limits(true)
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments";
    for _ in 0..30 {
        assert_eq!(client.get(numbers).await.status, 200);
    }
    assert_eq!(client.get(numbers).await.status, 429);
    // Users are another group, and have more.
    for _ in 0..40 {
        assert_eq!(client.get("/users?$top=1").await.status, 200);
    }
    emulator.advance(Duration::from_millis(100));
    let statuses = [
        client.get(numbers).await.status,
        client.get(numbers).await.status,
        client.get(numbers).await.status,
        client.get(numbers).await.status,
    ];
    assert_eq!(statuses, [200, 200, 200, 429]);
}
