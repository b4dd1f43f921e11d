//! Runs that are killed: a run that is dropped does no more than a process that is gone. Afterwards all rows are right,
//! and no change was accepted twice.

use std::time::Duration;

use futures_util::StreamExt;
use trunkline_bulk::plan::StepId;
use trunkline_bulk::{BulkErrorKind, Ending, Event};

use crate::fixture::{Fixture, PLACE, Plans, Setup, options};

fn setup() -> Setup {
    Setup {
        held: vec![(0, 0), (1, 1), (2, 2)],
        phones: vec![
            (5, "mobile", "+1 2065550150", true),
            (6, "office", "+1 2065550161", false),
        ],
        ..Setup::default()
    }
}

fn plans() -> Plans {
    Plans::new(&setup())
        .assign_after(0, 1, &[StepId(3, 0)])
        .assign_after(1, 0, &[StepId(2, 0)])
        .unassign(2)
        .assign(3, 3)
        .locate(4, Some(PLACE))
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .sms(5, false)
        .remove_phone(6, "office", &[])
        .assign(7, 7)
}

/// The orders that the plan needs for each number.
const ORDERS: [(usize, usize); 5] = [(0, 2), (1, 2), (2, 1), (3, 1), (7, 1)];

async fn is_right(fixture: &Fixture, what: &str) {
    let plan = plans().plan();
    let summary = fixture.run(&plan).await;
    assert_eq!(
        (summary.rows, summary.done + summary.already),
        (9, 9),
        "{what}: {:?}",
        fixture.read()
    );
    for (index, orders) in ORDERS {
        assert_eq!(fixture.orders(index), orders, "{what}: number {index}");
    }
}

#[tokio::test]
async fn a_run_killed_at_any_event_is_finished_by_the_next() {
    let plan = plans().plan();
    let mut events = 0;
    loop {
        let fixture = Fixture::build(setup()).await;
        let was_killed = fixture.run_until(&plan, &options(), events).await;
        is_right(&fixture, &format!("killed at event {events}")).await;
        if !was_killed {
            break;
        }
        events += 1;
    }
    assert!(events > 25, "there were {events} moments");
}

#[tokio::test]
async fn a_run_killed_again_and_again_comes_to_its_end() {
    // A run that is always killed before its first request makes no progress, so each run gets a little further.
    for every in [1, 2, 3, 5] {
        let fixture = Fixture::build(setup()).await;
        let plan = plans().plan();
        let mut kills = 0;
        while fixture.run_until(&plan, &options(), every + kills / 2).await {
            kills += 1;
            assert!(kills < 200, "it comes nowhere, {every} events at a time");
        }
        is_right(&fixture, &format!("killed {kills} times")).await;
    }
}

#[tokio::test]
async fn a_run_killed_between_events_is_finished_by_the_next() {
    let plan = plans().plan();
    for turns in (1..260).step_by(9) {
        let fixture = Fixture::build(setup()).await;
        let mut apply = fixture.apply(&plan, &options());
        let turning = async {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
        };
        let running = async {
            while let Some(event) = apply.next().await {
                event.expect("runs");
            }
        };
        let (running, turning) = (std::pin::pin!(running), std::pin::pin!(turning));
        futures_util::future::select(running, turning).await;
        drop(apply);
        is_right(&fixture, &format!("killed after {turns} turns")).await;
    }
}

#[tokio::test]
async fn an_order_under_way_when_the_run_was_killed_is_waited_for() {
    let fixture = Fixture::with(setup(), |emulator| emulator.stage_duration(Duration::from_secs(30))).await;
    let plan = plans().plan();
    let mut apply = fixture.apply(&plan, &options());
    while let Some(event) = apply.next().await {
        if matches!(event.expect("runs"), Event::Accepted { .. }) {
            break;
        }
    }
    drop(apply);
    is_right(&fixture, "killed while orders are under way").await;
}

#[tokio::test]
async fn a_run_that_is_stopped_finishes_what_is_on_its_way() {
    let fixture = Fixture::with(Setup::default(), |emulator| {
        emulator.stage_duration(Duration::from_secs(30))
    })
    .await;
    let mut plans = Plans::new(&Setup::default());
    for index in 0..20 {
        plans = plans.assign(index, index);
    }
    let plan = plans.plan();
    let mut apply = fixture.apply(&plan, &options().in_flight(4));
    let stop = apply.stop_handle();
    let (mut ended, mut error) = (None, None);
    while let Some(event) = apply.next().await {
        match event {
            Ok(Event::Accepted { .. }) => stop.stop(),
            Ok(Event::Ended(summary)) => ended = Some(summary),
            Ok(_) => {}
            Err(stopped) => error = Some(stopped),
        }
    }
    drop(apply);
    assert_eq!(error.expect("says so").kind(), BulkErrorKind::Stopped);
    let summary = ended.expect("is reported");
    assert!(summary.rows < 20 && summary.rows == summary.pending, "{summary:?}");
    let begun: usize = (0..20).map(|index| fixture.orders(index)).sum();
    assert_eq!(begun as u64, summary.pending, "what was accepted is pending");
    let summary = fixture.run(&plan).await;
    assert_eq!(summary.done, 20);
    assert!((0..20).all(|index| fixture.orders(index) == 1));
}

#[tokio::test]
async fn a_run_whose_time_is_over_is_gone_on_with() {
    let fixture = Fixture::with(Setup::default(), |emulator| {
        emulator.stage_duration(Duration::from_secs(30))
    })
    .await;
    let plan = Plans::new(&Setup::default())
        .assign(0, 0)
        .assign_after(1, 1, &[StepId(2, 0)])
        .plan();
    let short = options().timeout(Duration::from_secs(20));
    let error = fixture.run_with(&plan, &short).await.expect_err("is over");
    assert_eq!(error.kind(), BulkErrorKind::Stopped);
    assert_eq!(fixture.ending(2), Ending::Pending);
    assert_eq!(fixture.run(&plan).await.done, 2);
}
