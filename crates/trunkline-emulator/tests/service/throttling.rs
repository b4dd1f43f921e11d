//! The request limit.

use std::time::Duration;

use trunkline_emulator::{ClockMode, Emulator};

use crate::client::Client;

#[tokio::test]
async fn the_documented_limit_refills_with_the_clock() {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .requests_per_second(Some(30))
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
