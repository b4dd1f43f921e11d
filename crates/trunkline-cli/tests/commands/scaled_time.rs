//! Time that runs faster for the binary and the emulator alike.

use std::time::{Duration, Instant};

use trunkline_emulator::{ClockMode, Emulator};

use super::harness::{Session, binary, run};

/// A moment that is past, in the form the binary is given.
const EPOCH: &str = "2026-01-15T09:00:00Z";

#[test]
fn an_order_of_minutes_takes_a_moment() {
    let epoch = EPOCH.parse().expect("a moment");
    let mode = ClockMode::Scaled { factor: 600, epoch };
    let session = Session::of(Emulator::builder().clock(mode).stage_duration(Duration::from_secs(60)));
    let start = Instant::now();
    let outcome = run(session
        .command(&[
            "numbers",
            "assign",
            "+12065550101",
            "ana@contoso.example",
            "--output",
            "json",
        ])
        .env("TRUNKLINE_TIME_SCALE", format!("600@{EPOCH}")));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(start.elapsed() < Duration::from_secs(60), "two stages of a minute");
    assert_eq!(session.number("+12065550101")["activationState"], "activated");
    assert_eq!(session.emulator.orders().len(), 1);
}

#[test]
fn time_is_scaled_for_this_computer_only() {
    for endpoint in [None, Some("https://graph.example.com")] {
        let mut command = binary(&["numbers", "list", "--allow-endpoint"]);
        command
            .env("TRUNKLINE_TIME_SCALE", format!("600@{EPOCH}"))
            .env("TRUNKLINE_TOKEN", "x");
        if let Some(endpoint) = endpoint {
            command.env("TRUNKLINE_ENDPOINT", endpoint);
        }
        let outcome = run(&mut command);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.contains("time cannot run faster"), "{outcome:?}");
    }
    let session = Session::new();
    let outcome = run(session
        .command(&["numbers", "list"])
        .env("TRUNKLINE_TIME_SCALE", "fast"));
    assert!(
        outcome.stderr.contains("the scale of time cannot be read"),
        "{outcome:?}"
    );
}
