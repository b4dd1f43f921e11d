//! Numbers that were taken and cannot be given: how many people lose theirs, and what is said of it.

use serde_json::{Value, json};
use trunkline_bulk::plan::{StepId, Verdict};
use trunkline_bulk::{Bulk, BulkErrorKind, Ending, Event, Journal};

use crate::fixture::{Fixture, Plans, Setup, options, person};

const WORDS: &str = "The telephone number is blocked from assignment until 2027-01-01.";

/// The service takes numbers from their holders, and does not let anybody have them.
fn blocked() -> Value {
    json!({
        "method": "POST", "path": "*/numberAssignments/assignNumber",
        "effect": {"kind": "status", "status": 400, "code": "BadRequest", "message": WORDS},
    })
}

fn holders(count: usize) -> Setup {
    Setup {
        held: (0..count).map(|index| (index, index)).collect(),
        ..Setup::default()
    }
}

/// The first people's numbers go to people who have none.
fn moves(count: usize) -> Plans {
    let plans = Plans::new(&holders(count + 3));
    (0..count).fold(plans, |plans, index| plans.assign(index, 20 + index))
}

/// How many of the first people have no number any more.
fn lost(fixture: &Fixture, count: usize) -> usize {
    (0..count).filter(|index| fixture.holder(*index).is_none()).count()
}

#[tokio::test]
async fn when_numbers_cannot_be_given_one_person_loses_theirs() {
    let fixture = Fixture::build(holders(15)).await;
    fixture.fault(blocked());
    let plan = moves(12).unassign(13).unassign(14).plan();
    let mut apply = fixture.apply(&plan, &options());
    let (mut braked, mut ended, mut error) = (Vec::new(), None, None);
    while let Some(event) = futures_util::StreamExt::next(&mut apply).await {
        match event {
            Ok(Event::Braked { row, rows }) => braked.push((row, rows)),
            Ok(Event::Ended(summary)) => ended = Some(summary),
            Ok(_) => {}
            Err(stopped) => error = Some(stopped),
        }
    }
    drop(apply);
    let error = error.expect("is stopped");
    assert_eq!(
        (error.kind(), braked),
        (BulkErrorKind::Stopped, vec![(2, 11)]),
        "{error}"
    );
    assert!(
        error.to_string().contains("row 2") && error.to_string().contains("brake"),
        "{error}"
    );
    let summary = ended.expect("is reported");
    assert_eq!(
        (summary.failed, summary.done, summary.open),
        (1, 2, 11),
        "{:?}",
        fixture.read()
    );
    assert_eq!(lost(&fixture, 12), 1);
    let row = fixture.row(2);
    let failure = row.failure.expect("says why");
    assert!(
        failure.what.starts_with("taken from its holder, not assigned: "),
        "{failure:?}"
    );
    assert_eq!(
        failure.service_words().as_deref(),
        Some("BadRequest: The telephone number is blocked from assignment until 2027-01-01.")
    );

    // Running it again does not take another one.
    let error = fixture.run_with(&plan, &options()).await.expect_err("is stopped");
    assert_eq!((error.kind(), lost(&fixture, 12)), (BulkErrorKind::Stopped, 1));

    // Undoing says beforehand what stands in its way, and brings everything back when that is gone.
    let journal = Journal::open(fixture.journal()).expect("opens");
    let back = Bulk::new(&fixture.client).undo(&journal).await.expect("plans");
    let first = &back.rows[0];
    assert_eq!(
        (back.rows.len(), first.verdict),
        (3, Verdict::Change),
        "{:?}",
        back.rows
    );
    assert_eq!(first.findings[0].code, "takenNotGiven");
    assert!(first.findings[0].what.contains(WORDS), "{:?}", first.findings);
    fixture.emulator.clear_faults();
    let undone = Bulk::new(&fixture.client).apply(back, fixture.journal().with_extension("back"), &options());
    assert!(undone.run(|_| ()).await.expect("runs").is_good());
    assert!((0..15).all(|index| fixture.holder(index) == Some(person(index))));
}

#[tokio::test]
async fn a_released_brake_goes_on_with_the_others() {
    let fixture = Fixture::build(holders(6)).await;
    let mut fault = blocked();
    fault["times"] = json!(1);
    fixture.fault(fault);
    let plan = moves(6).plan();
    fixture.run_with(&plan, &options()).await.expect_err("is stopped");
    let released = options().release_brake(true);
    let (summary, _) = fixture.run_with(&plan, &released).await.expect("goes on");
    assert_eq!(
        (summary.done, summary.failed, summary.open),
        (5, 1, 0),
        "{:?}",
        fixture.read()
    );
    fixture.agrees(&plan);
}

#[tokio::test]
async fn an_order_that_fails_later_pulls_the_brake_too() {
    // The order is accepted, and its item says that the tenant keeps released numbers from being assigned.
    let setting = json!({"telephoneNumberConfiguration": {"assignmentBlockedForever": true}});
    let fixture = Fixture::with(holders(6), |emulator| emulator.seed(setting)).await;
    let plan = moves(6).plan();
    let error = fixture.run_with(&plan, &options()).await.expect_err("is stopped");
    assert_eq!(
        (error.kind(), lost(&fixture, 6)),
        (BulkErrorKind::Stopped, 1),
        "{error}"
    );
    let row = fixture.row(2);
    let failure = row.failure.expect("says why");
    assert_eq!((row.ending, failure.kind.as_str()), (Ending::Failed, "operationFailed"));
    assert!(
        failure.what.starts_with("taken from its holder, not assigned: "),
        "{failure:?}"
    );
    let words = failure.service_words().expect("it said why");
    assert!(words.contains("blocked from assignment"), "{words}");
}

#[tokio::test]
async fn in_a_rotation_two_people_lose_theirs_and_the_others_keep_them() {
    let count = 8;
    let fixture = Fixture::build(holders(count)).await;
    fixture.fault(blocked());
    let mut plans = Plans::new(&holders(count));
    for index in 0..count {
        let next = (index + 1) % count;
        let line = u32::try_from(next).expect("few") + 2;
        plans = plans.assign_after(index, next, &[StepId(line, 0)]);
    }
    fixture
        .run_with(&plans.plan(), &options())
        .await
        .expect_err("is stopped");
    assert_eq!(lost(&fixture, count), 2, "{:?}", fixture.read());
}

#[tokio::test]
async fn a_chain_loses_one_number_from_its_free_end() {
    let count = 8;
    let fixture = Fixture::build(holders(count)).await;
    fixture.fault(blocked());
    let mut plans = Plans::new(&holders(count));
    for index in 0..count {
        let line = u32::try_from(index).expect("few") + 3;
        let needs = [StepId(line, 0)];
        let needs = if index + 1 == count { &[][..] } else { &needs };
        plans = plans.assign_after(index, index + 1, needs);
    }
    fixture
        .run_with(&plans.plan(), &options())
        .await
        .expect_err("is stopped");
    assert_eq!(lost(&fixture, count), 1, "{:?}", fixture.read());
}

#[tokio::test]
async fn many_moves_widen_and_all_come_through() {
    let fixture = Fixture::build(holders(18)).await;
    let summary = fixture.run(&moves(18).plan()).await;
    assert_eq!((summary.done, lost(&fixture, 18)), (18, 0), "{:?}", fixture.read());
}

#[tokio::test]
async fn an_order_under_way_holds_the_others_back_until_a_later_run() {
    let fixture = Fixture::with(holders(4), |emulator| {
        emulator.stage_duration(std::time::Duration::from_secs(400))
    })
    .await;
    let plan = moves(4).plan();
    let impatient = options().order_timeout(std::time::Duration::from_secs(30));
    let (summary, _) = fixture.run_with(&plan, &impatient).await.expect("runs");
    assert_eq!((summary.pending, summary.open), (1, 3), "{:?}", fixture.read());
    assert_eq!(fixture.ending(2), Ending::Pending);
    let patient = options().order_timeout(std::time::Duration::from_secs(7200));
    let (summary, _) = fixture.run_with(&plan, &patient).await.expect("runs");
    assert_eq!(summary.done, 4, "{:?}", fixture.read());
}
