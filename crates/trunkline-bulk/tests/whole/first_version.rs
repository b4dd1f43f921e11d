//! A plan and a journal of the first version, as they were written then: nothing had been sent yet.

use trunkline_bulk::plan::{Plan, StepId};
use trunkline_bulk::{ApplyOptions, BulkErrorKind, Journal};

use crate::Fixture;

const PLAN: &str = include_str!("first-version/plan.jsonl");
const JOURNAL: &str = include_str!("first-version/journal.sql");

/// The digest that the first version gave the plan.
const DIGEST: &str = "fcb17e734fe5ea05dcba169da1655190364e288c5ee589abe7a8ed886da66c45";

fn read(fixture: &Fixture, text: &str) -> Result<Plan, trunkline_bulk::BulkError> {
    let path = fixture.journal("first.plan");
    std::fs::write(&path, text).expect("is written");
    Plan::read(&path)
}

#[tokio::test]
async fn its_plan_is_read_as_it_was_and_written_as_it_is_now() {
    let fixture = Fixture::build().await;
    let plan = read(&fixture, PLAN).expect("reads");
    assert_eq!(plan.digest(), DIGEST);
    let steps: Vec<_> = plan
        .rows
        .iter()
        .flat_map(|row| &row.steps)
        .map(|step| step.change.words())
        .collect();
    let expected = [
        "unassign",
        "assign",
        "unassign",
        "assign",
        "assign",
        "assign",
        "set location",
        "set phone",
        "SMS sign-in on",
        "remove phone",
    ];
    assert_eq!(steps, expected);
    assert_eq!(plan.rows[0].steps[1].needs, [StepId(2, 0), StepId(3, 0)]);
    assert_eq!(
        plan.rows[0].steps[1].change.person().map(|person| person.target()),
        plan.rows[0].wanted.person().map(|person| person.target())
    );
    assert_eq!(plan.rows[9].wanted.words(), "unreadable");

    let path = fixture.journal("again.plan");
    plan.write(&path).expect("is written");
    let again = Plan::read(&path).expect("reads");
    assert_eq!(again.rows, plan.rows);

    let changed = PLAN.replacen("+12065550110", "+12065550119", 1);
    assert_eq!(
        read(&fixture, &changed).expect_err("was changed").kind(),
        BulkErrorKind::Plan
    );
}

#[tokio::test]
async fn its_journal_goes_on_with_its_plan_and_is_verified_reported_and_undone() {
    let fixture = Fixture::build().await;
    let before = fixture.state();
    let path = fixture.journal("first.journal");
    let connection = rusqlite::Connection::open(&path).expect("opens");
    connection.execute_batch(JOURNAL).expect("is SQL");
    drop(connection);
    assert_eq!(fixture.open("first.journal").loss_count().expect("reads"), 0);
    assert_eq!(fixture.open("first.journal").verification().expect("reads"), None);
    assert!(fixture.open("first.journal").not_in_place().expect("reads").is_empty());
    assert!(
        fixture
            .open("first.journal")
            .runs()
            .expect("reads")
            .iter()
            .all(|run| run.runner.is_none())
    );

    let plan = read(&fixture, PLAN).expect("reads");
    let run = fixture.bulk.apply(plan, &path, &ApplyOptions::new());
    let summary = run.run(|_| ()).await.expect("runs");
    assert_eq!((summary.rows, summary.skipped, summary.open), (10, 1, 0), "{summary:?}");
    assert_eq!(summary.done + summary.already, 9, "{summary:?}");

    let journal = Journal::open(&path).expect("opens");
    assert_eq!(journal.loss_count().expect("reads"), 2);
    let verified = fixture
        .bulk
        .verify_and_keep(&journal, std::time::Duration::ZERO)
        .await
        .expect("verifies");
    assert!(verified.not_kept.is_none(), "{verified:?}");
    let kept = journal.verification().expect("reads").expect("was verified");
    assert_eq!((kept.rows, kept.hold), (10, 9));
    let verified = verified.rows;
    assert_eq!(
        verified
            .iter()
            .filter(|row| !row.holds)
            .map(|row| row.row)
            .collect::<Vec<_>>(),
        [11]
    );
    let back = fixture.bulk.undo(&journal).await.expect("plans the way back");
    assert!(fixture.apply(back, "back").await.is_good());
    let holders = |state: &(serde_json::Value, serde_json::Value)| -> Vec<_> {
        let numbers = state.0.as_array().expect("numbers").iter();
        numbers
            .map(|one| (one["telephoneNumber"].clone(), one["assignmentTargetId"].clone()))
            .collect()
    };
    assert_eq!(holders(&fixture.state()), holders(&before));
}
