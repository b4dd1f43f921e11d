//! Each action, rows that are already correct, swaps and chains.

use trunkline_bulk::Ending;
use trunkline_bulk::plan::{StepId, Verdict};

use crate::fixture::{Fixture, PLACE, Plans, Setup, person};

#[tokio::test]
async fn every_action_is_carried_out_and_read_back() {
    let setup = Setup {
        held: vec![(1, 1), (2, 2)],
        phones: vec![
            (5, "mobile", "+1 2065550150", true),
            (6, "mobile", "+1 2065550160", false),
            (6, "office", "+1 2065550161", false),
        ],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    let plan = Plans::new(&setup)
        .assign(0, 0)
        .unassign(1)
        .assign(2, 3)
        .locate(4, Some(PLACE))
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .set_phone(4, "alternateMobile", "+1 2065550141", &[StepId(6, 0)])
        .sms(5, false)
        .remove_phone(6, "office", &[])
        .set_phone(6, "mobile", "+1 2065550162", &[])
        .plan();
    let summary = fixture.run(&plan).await;
    assert_eq!((summary.rows, summary.done), (9, 9), "{:?}", fixture.read());
    assert_eq!(fixture.holder(2), Some(person(3)));
    let moved = fixture.row(4);
    assert_eq!((moved.operations.len(), moved.request_ids.len()), (2, 2), "{moved:?}");
    assert!(moved.before != moved.after && moved.after.is_some());
    // Again: nothing is left to do, and nothing is sent.
    let sent = fixture.emulator.requests().len();
    let again = fixture.run(&plan).await;
    assert_eq!((again, fixture.emulator.requests().len()), (summary, sent));
}

#[tokio::test]
async fn numbers_are_swapped_and_passed_on_without_a_collision() {
    let setup = Setup {
        held: vec![(0, 0), (1, 1), (2, 2), (3, 3)],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    // 0 and 1 swap; 2 goes to whoever gave 3 away, 3 to somebody who has none.
    let plan = Plans::new(&setup)
        .assign_after(0, 1, &[StepId(3, 0)])
        .assign_after(1, 0, &[StepId(2, 0)])
        .assign_after(2, 3, &[StepId(5, 0)])
        .assign_after(3, 9, &[])
        .plan();
    let summary = fixture.run(&plan).await;
    assert_eq!(summary.done, 4, "{:?}", fixture.read());
    for (index, holder) in [(0, 1), (1, 0), (2, 3), (3, 9)] {
        assert_eq!(
            (fixture.holder(index), fixture.orders(index)),
            (Some(person(holder)), 2)
        );
    }
}

#[tokio::test]
async fn unchanged_and_blocked_rows_are_reported_and_not_sent() {
    let setup = Setup {
        held: vec![(0, 0)],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    let plan = Plans::new(&setup)
        .assign(0, 0)
        .verdict(Verdict::Already)
        .assign(1, 1)
        .verdict(Verdict::Refused)
        .plan();
    let summary = fixture.run(&plan).await;
    assert_eq!(
        (summary.already, summary.skipped, fixture.emulator.requests().len()),
        (1, 1, 0)
    );
    assert!(fixture.row(3).failure.is_some());
}

#[tokio::test]
async fn what_changed_since_it_was_planned_is_noticed_row_by_row() {
    let planned = Setup {
        held: vec![(0, 0), (1, 1), (2, 2)],
        phones: vec![(5, "mobile", "+1 2065550150", false)],
        ..Setup::default()
    };
    let now = Setup {
        held: vec![(0, 7), (4, 4), (6, 6)],
        phones: vec![(5, "mobile", "+1 2065550159", false)],
        ..Setup::default()
    };
    let fixture = Fixture::build(now).await;
    let plan = Plans::new(&planned)
        .unassign(0) // somebody else's now
        .unassign(1) // free already
        .assign(4, 3) // was free, is held
        .assign(6, 6) // has just what is wanted
        .set_phone(5, "mobile", "+1 2065550151", &[])
        .assign(8, 8)
        .plan();
    let summary = fixture.run(&plan).await;
    let endings: Vec<_> = (2..=7).map(|line| fixture.ending(line)).collect();
    use Ending::{Already, Done, Skipped};
    assert_eq!(
        endings,
        [Skipped, Already, Skipped, Already, Skipped, Done],
        "{summary:?}"
    );
    let failure = fixture.row(2).failure.expect("says why");
    assert_eq!(failure.kind, "stale");
    assert!(failure.what.contains("its holder changed from"), "{failure:?}");
    for index in [0, 1, 4, 6] {
        assert_eq!(fixture.orders(index), 0);
    }
}

#[tokio::test]
async fn what_needs_a_row_that_failed_is_skipped_and_says_which() {
    let setup = Setup {
        held: vec![(0, 0), (1, 1)],
        outcomes: vec![(
            0,
            serde_json::json!({"status": "failed", "statusDetail": "The number is being ported."}),
        )],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    let plan = Plans::new(&setup)
        .unassign(0)
        .assign_after(5, 0, &[StepId(2, 0)])
        .assign_after(6, 7, &[StepId(3, 0)])
        .assign(8, 8)
        .plan();
    fixture.run(&plan).await;
    let failed = fixture.row(2).failure.expect("says why");
    assert_eq!(failed.kind, "operationFailed");
    assert!(failed.what.contains("ported"), "{failed:?}");
    for line in [3, 4] {
        let row = fixture.row(line);
        let failure = row.failure.expect("says why");
        assert_eq!((row.ending, failure.kind.as_str()), (Ending::Skipped, "neededStep"));
        assert!(failure.what.contains(&format!("row {}", line - 1)), "{failure:?}");
    }
    assert_eq!(fixture.ending(5), Ending::Done);
}
