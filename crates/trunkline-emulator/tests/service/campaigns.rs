//! The functions that a campaign of faults uses: scaled time, orders of varying length, and a record of what was accepted.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;
use trunkline_emulator::{ClockMode, Effect, Emulator, Fault};

use crate::client::Client;

const ASSIGN: &str = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";

fn assignment(number: &str) -> serde_json::Value {
    json!({
        "telephoneNumber": number,
        "assignmentTargetId": "aaaaaaaa-0000-4000-8000-000000000001",
        "numberType": "callingPlan",
        "assignmentCategory": "primary",
    })
}

#[tokio::test]
async fn time_runs_faster_and_so_do_delays() {
    let epoch = Timestamp::now();
    let mode = ClockMode::Scaled { factor: 1000, epoch };
    let (one, other) = (
        Emulator::builder().clock(mode).start().await.unwrap(),
        Emulator::builder().clock(mode).start().await.unwrap(),
    );
    let apart = other.now().duration_since(one.now());
    assert!(apart.as_secs() < 60, "{apart}");
    one.fault(Fault {
        name: None,
        method: None,
        path: None,
        nth: None,
        times: None,
        probability: None,
        seed: 0,
        commit: false,
        effect: Effect::Delay { milliseconds: 60_000 },
    });
    let (shown, real) = (one.now(), Instant::now());
    assert_eq!(Client::new(&one).get("/organization").await.status, 200);
    assert!(one.now().duration_since(shown).as_secs() >= 60);
    assert!(real.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn orders_are_counted_even_if_their_answers_are_lost() {
    let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.unwrap();
    let client = Client::new(&emulator);
    let state = emulator.state();
    let number = state["numbers"][0]["telephoneNumber"].as_str().unwrap().to_owned();
    let fault = |commit: bool| Fault {
        name: None,
        method: Some("POST".to_owned()),
        path: Some("assignNumber".to_owned()),
        nth: Some(1),
        times: None,
        probability: None,
        seed: 0,
        commit,
        effect: Effect::Html { status: 503 },
    };
    for commit in [true, false] {
        emulator.clear_faults();
        emulator.fault(fault(commit));
        assert_eq!(client.post(ASSIGN, &assignment(&number)).await.status, 503);
    }
    let orders = emulator.orders();
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert_eq!(orders[0].number, number);
    assert_eq!(
        orders[0].target.as_deref(),
        Some("aaaaaaaa-0000-4000-8000-000000000001")
    );
    let statuses: Vec<(u16, u16)> = emulator
        .requests()
        .iter()
        .map(|request| (request.status, request.carried_out))
        .collect();
    assert_eq!(statuses, [(503, 202), (503, 0)]);
}

#[tokio::test]
async fn orders_take_a_time_of_their_own_that_the_seed_decides() {
    let mut found = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::builder()
            .clock(ClockMode::Manual)
            .stage_duration(Duration::from_secs(10))
            .stage_jitter(Duration::from_secs(20), 7)
            .start()
            .await
            .unwrap();
        let client = Client::new(&emulator);
        for entity in emulator.state()["numbers"].as_array().unwrap().iter().take(8) {
            let number = entity["telephoneNumber"].as_str().unwrap();
            assert_eq!(client.post(ASSIGN, &assignment(number)).await.status, 202);
        }
        let mut ends = vec![0; 8];
        for second in 1..=60 {
            emulator.advance(Duration::from_secs(1));
            for (end, order) in ends.iter_mut().zip(emulator.orders()) {
                if *end == 0 && matches!(order.status.as_str(), "succeeded" | "failed") {
                    *end = second;
                }
            }
        }
        assert!(ends.iter().all(|end| (20..=60).contains(end)), "{ends:?}");
        assert!(ends.iter().collect::<HashSet<_>>().len() > 4, "{ends:?}");
        found.push(ends);
    }
    assert_eq!(found[0], found[1]);
}
