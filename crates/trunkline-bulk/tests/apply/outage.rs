//! Answers that are not the service's, and a service that stays away: no verdict on any row.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_bulk::{BulkErrorKind, Ending, Event};

use crate::fixture::{Fixture, Plans, Setup, options};

/// Answers of portals, proxies and gateways.
fn answers() -> Vec<Value> {
    let redirect = json!({"kind": "redirect", "status": 302, "location": "http://portal.invalid/"});
    let pages = [400, 401, 403, 404, 407, 409, 451].map(|status| json!({"kind": "html", "status": status}));
    [redirect].into_iter().chain(pages).collect()
}

fn plans() -> Plans {
    let setup = Setup::default();
    (0..6)
        .fold(Plans::new(&setup), |plans, index| plans.assign(index, index))
        .set_phone(7, "mobile", "+1 2065550170", &[])
}

#[tokio::test]
async fn a_page_of_a_portal_is_no_verdict_on_any_row() {
    for effect in answers() {
        for method in ["GET", "POST"] {
            let fixture = Fixture::build(Setup::default()).await;
            fixture.fault(json!({"method": method, "path": "*", "nth": 3, "times": 12, "effect": effect}));
            let summary = fixture.run(&plans().plan()).await;
            assert_eq!(summary.done, 7, "{method} {effect}: {:?}", fixture.read());
            assert!((0..6).all(|index| fixture.orders(index) == 1), "{method} {effect}");
        }
    }
}

#[tokio::test]
async fn a_portal_that_stays_ends_the_run_and_leaves_its_rows_open() {
    for effect in answers() {
        let fixture = Fixture::build(Setup::default()).await;
        let plan = plans().plan();
        let short = options().patience(Duration::from_secs(60));
        fixture.fault(json!({"path": "*", "effect": effect}));
        let error = fixture.run_with(&plan, &short).await.expect_err("is away");
        assert_eq!(error.kind(), BulkErrorKind::Service, "{effect} {error}");
        assert!(
            fixture.read().values().all(Option::is_none),
            "{effect}: {:?}",
            fixture.read()
        );
        fixture.emulator.clear_faults();
        assert_eq!(fixture.run(&plan).await.done, 7, "{effect}");
    }
}

#[tokio::test]
async fn an_outage_in_the_middle_of_a_run_leaves_what_was_not_sent_open() {
    let fixture = Fixture::build(Setup::default()).await;
    let setup = Setup::default();
    let mut plans = Plans::new(&setup);
    // Phone methods come first and are no orders, so some are done before the outage; orders are under way when it begins.
    for index in 0..6 {
        plans = plans.set_phone(30 + index, "mobile", &format!("+1 206555017{index}"), &[]);
    }
    for index in 0..30 {
        plans = plans.assign(index, index);
    }
    let plan = plans.plan();
    let short = options().in_flight(4).patience(Duration::from_secs(60));
    // The outage begins at a request, not at an event: the engine does not wait for the reader of its events.
    fixture.fault(json!({"path": "*", "nth": 40, "times": 1_000_000, "effect": {"kind": "drop"}}));
    let mut apply = fixture.apply(&plan, &short);
    let (mut left, mut ended, mut error) = (0, None, None);
    while let Some(event) = futures_util::StreamExt::next(&mut apply).await {
        match event {
            Ok(Event::Left { failure, .. }) => {
                assert!(!failure.what.is_empty());
                left += 1;
            }
            Ok(Event::Ended(summary)) => ended = Some(summary),
            Ok(_) => {}
            Err(stopped) => error = Some(stopped),
        }
    }
    drop(apply);
    assert_eq!(error.expect("is away").kind(), BulkErrorKind::Service);
    let summary = ended.expect("is reported");
    assert_eq!((summary.failed, summary.skipped), (0, 0), "{left} {:?}", fixture.read());
    assert_eq!(summary.rows + summary.open, 36);
    assert!(summary.open > 0 && summary.done > 0, "{summary:?}");
    let is_open_or_sent = |row: &Option<trunkline_bulk::RowOutcome>| {
        row.as_ref()
            .is_none_or(|row| matches!(row.ending, Ending::Done | Ending::Pending | Ending::Unknown))
    };
    assert!(fixture.read().values().all(is_open_or_sent), "{:?}", fixture.read());
    fixture.emulator.clear_faults();
    assert_eq!(fixture.run(&plan).await.done, 36, "{:?}", fixture.read());
    assert!((0..30).all(|index| fixture.orders(index) == 1));
}
