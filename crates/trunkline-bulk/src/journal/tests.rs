//! Entries that are written are read again, and entries that are reported as durable are durable.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use trunkline::{Change, Person, Timestamp};

use super::{Entry, Journal, Opening, Owner, StepEnd, StepState, Tick, Writer, run_ended};
use crate::error::BulkErrorKind;
use crate::outcome::{Ending, Failure, RowOutcome};
use crate::plan::{NumberState, Plan, PlanHeader, PlannedRow, State, Step, StepId, Verdict};

const TENANT: &str = "11111111-1111-1111-1111-111111111111";

fn state(holder: Option<&str>) -> State {
    State::Number(NumberState {
        number: "+12065550100".to_owned(),
        number_type: Some("callingPlan".to_owned()),
        holder: holder.map(str::to_owned),
        ..NumberState::default()
    })
}

fn assignment(line: u32, takes: bool, picked: bool) -> Change {
    Change::Assign {
        number: format!("+120655501{line:02}"),
        to: Person {
            id: Some("a".to_owned()),
            ..Person::named("ana@contoso.example")
        },
        category: None,
        location: None,
        number_type: None,
        takes,
        picked,
    }
}

fn row(line: u32, picked: bool) -> PlannedRow {
    PlannedRow {
        row: line,
        wanted: assignment(line, true, picked).into(),
        verdict: Verdict::Change,
        before: Some(state(Some("b"))),
        steps: vec![
            Step {
                change: Change::Unassign {
                    number: format!("+120655501{line:02}"),
                    holder: None,
                },
                needs: Vec::new(),
                expects: state(Some("b")),
            },
            Step {
                change: assignment(line, false, false),
                needs: vec![StepId(line, 0)],
                expects: state(None),
            },
        ],
        findings: Vec::new(),
    }
}

fn plan(rows: u32) -> Arc<Plan> {
    Arc::new(Plan {
        header: PlanHeader::new(TENANT, "global", "of a file"),
        rows: (2..2 + rows).map(|line| row(line, line == 2)).collect(),
    })
}

fn opening(path: &std::path::Path, plan: Option<Arc<Plan>>) -> Opening {
    Opening {
        path: path.to_owned(),
        plan,
        now: Timestamp::constant(1_768_467_600, 0),
        reservation: Duration::from_secs(3600),
        owner: Owner {
            tenant: TENANT.to_owned(),
            cloud: "global".to_owned(),
        },
        runner: None,
        // Plans of these tests are alike: each journal has a service of its own.
        endpoint: path.display().to_string(),
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    (folder, path)
}

fn now() -> Timestamp {
    Timestamp::constant(1_768_467_660, 0)
}

/// A process that is killed while SQLite changes the mode of a file leaves a file that only a writer can read again.
#[test]
fn a_file_writes_ahead_before_it_is_at_its_path() {
    let (_folder, path) = folder();
    let place = super::place::Place::new(&path).expect("a folder");
    place
        .create(|connection| connection.execute_batch("CREATE TABLE journal (key TEXT)"))
        .expect("it can be made");
    let bytes = std::fs::read(&path).expect("it is there");
    // The versions to write and to read it: 1 rolls back, 2 writes ahead.
    assert_eq!(bytes[18..20], [2, 2]);
    let left: Vec<_> = std::fs::read_dir(path.parent().expect("a folder"))
        .expect("it can be read")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left, [path.file_name().expect("a name")]);
}

#[tokio::test]
async fn a_plan_is_read_again_as_it_was_written() {
    let (_folder, path) = folder();
    let plan = plan(600);
    let (writer, opened) = Writer::start(opening(&path, Some(plan.clone()))).await.expect("opens");
    assert!(!opened.resumed);
    let journal = Journal::open(&path).expect("opens while it is written");
    assert_eq!(journal.header().expect("reads").plan_digest, plan.digest());
    let rows: Vec<_> = journal.rows().map(|row| row.expect("reads").planned).collect();
    assert!(rows == plan.rows);
    assert_eq!(journal.row(5).expect("reads").expect("is there").planned, plan.rows[3]);
    assert!(journal.row(602).expect("reads").is_none());
    assert_eq!(journal.reservations().expect("reads").len(), 1);
    drop(writer);
    let (_, opened) = Writer::start(opening(&path, Some(plan))).await.expect("opens again");
    assert!(opened.resumed);
    assert_eq!(journal.runs().expect("reads").len(), 2);
}

#[tokio::test]
async fn what_happens_to_a_step_and_its_row_is_read_again() {
    let (_folder, path) = folder();
    let (writer, _) = Writer::start(opening(&path, Some(plan(2)))).await.expect("opens");
    let handle = writer.handle();
    let step = StepId(2, 0);
    let journal = Journal::open(&path).expect("opens");
    handle
        .write(vec![Entry::Sending { step, at: now() }])
        .wait()
        .await
        .expect("is durable");
    assert_eq!(journal.load_step(step).expect("reads").state, StepState::Sending);
    handle.post(vec![Entry::Accepted {
        step,
        operation_id: "an order".to_owned(),
        token: "a token".to_owned(),
    }]);
    let end = StepEnd {
        after: Some(state(None)),
        request_ids: vec!["r1".to_owned()],
        warnings: vec!["careful".to_owned()],
        failure: Some(Failure::ours("stale", "it changed", "look")),
        ..StepEnd::plain(Ending::Failed)
    };
    let outcome = RowOutcome {
        row: 2,
        ending: Ending::Failed,
        before: Some(state(Some("b"))),
        after: end.after.clone(),
        request_ids: end.request_ids.clone(),
        operations: vec!["an order".to_owned()],
        failure: end.failure.clone(),
        warnings: end.warnings.clone(),
    };
    let tick = Tick {
        at: now(),
        sent: 3,
        throttled: 1,
        ended: 1,
        in_flight: 2,
        allowed_rate: Some(27.5),
        paused_for: None,
    };
    let entries = vec![
        Entry::StepEnded {
            step,
            end: Box::new(end),
            at: now(),
        },
        Entry::RowEnded {
            outcome: Arc::new(outcome.clone()),
            at: now(),
        },
        Entry::Tick(tick),
        Entry::Quarantined {
            number: "+12065550100".to_owned(),
            at: now(),
            until: now(),
        },
    ];
    handle.write(entries).wait().await.expect("is durable");
    handle.write(run_ended(now())).wait().await.expect("is durable");
    drop(writer);
    let row = journal.row(2).expect("reads").expect("is there");
    assert_eq!((row.outcome, row.ended_at), (Some(outcome), Some(now())));
    let loaded = journal.load_step(step).expect("reads");
    assert_eq!(
        (loaded.state, loaded.token.as_deref()),
        (StepState::Ended(Ending::Failed), Some("a token"))
    );
    let remains = journal.earlier_steps(2).expect("reads");
    assert_eq!(
        (remains.len(), remains[0].operation_id.as_deref()),
        (1, Some("an order"))
    );
    assert_eq!(journal.ticks().expect("reads"), [tick]);
    assert_eq!(journal.summary().expect("reads").failed, 1);
    assert_eq!(journal.quarantine().expect("reads").len(), 1);
    assert!(journal.reservations().expect("reads").is_empty(), "the row has ended");
    assert!(journal.runs().expect("reads")[0].ended_at.is_some());
}

#[tokio::test]
async fn a_request_that_was_not_sent_after_all_is_as_before() {
    let (_folder, path) = folder();
    let (writer, _) = Writer::start(opening(&path, Some(plan(1)))).await.expect("opens");
    let step = StepId(2, 0);
    let handle = writer.handle();
    handle.post(vec![Entry::Sending { step, at: now() }]);
    handle
        .write(vec![Entry::NotSent { step }])
        .wait()
        .await
        .expect("is durable");
    let journal = Journal::open(&path).expect("opens");
    assert_eq!(journal.load_step(step).expect("reads").state, StepState::Waiting);
    // Late, it does not undo what came after.
    handle.post(vec![Entry::Accepted {
        step,
        operation_id: "an order".to_owned(),
        token: "a token".to_owned(),
    }]);
    handle
        .write(vec![Entry::NotSent { step }])
        .wait()
        .await
        .expect("is durable");
    assert_eq!(journal.load_step(step).expect("reads").state, StepState::Accepted);
}

#[tokio::test]
async fn after_one_failure_nothing_is_durable_any_more() {
    let (_folder, path) = folder();
    let (writer, _) = Writer::start(opening(&path, Some(plan(2)))).await.expect("opens");
    // Another tool that changes what is not its own.
    let tool = rusqlite::Connection::open(&path).expect("opens");
    tool.execute_batch("DROP TABLE tick").expect("drops");
    let tick = Tick {
        at: now(),
        sent: 0,
        throttled: 0,
        ended: 0,
        in_flight: 0,
        allowed_rate: None,
        paused_for: None,
    };
    let handle = writer.handle();
    let error = handle
        .write(vec![Entry::Tick(tick)])
        .wait()
        .await
        .expect_err("cannot be written");
    assert_eq!(error.kind(), BulkErrorKind::Journal, "{error}");
    assert!(handle.is_broken() && handle.failure().is_some());
    let step = StepId(2, 0);
    let later = handle.write(vec![Entry::Sending { step, at: now() }]).wait().await;
    assert!(later.is_err());
    let journal = Journal::open(&path).expect("opens");
    assert_eq!(journal.load_step(step).expect("reads").state, StepState::Waiting);
}

/// SQLite brings the log into the journal when it is long enough. That is no change by another program.
#[tokio::test]
async fn a_log_that_becomes_long_is_brought_in_and_the_work_goes_on() {
    let (_folder, path) = folder();
    let (writer, _) = Writer::start(opening(&path, Some(plan(40)))).await.expect("opens");
    let length = || std::fs::metadata(&path).expect("is there").len();
    let before = length();
    for round in 0..40_u32 {
        let end = StepEnd {
            warnings: vec!["long ".repeat(200_000)],
            ..StepEnd::plain(Ending::Done)
        };
        let entry = Entry::StepEnded {
            step: StepId(2 + round, 0),
            end: Box::new(end),
            at: now(),
        };
        writer.handle().write(vec![entry]).wait().await.expect("is durable");
    }
    assert!(length() > before + 15_000_000, "the log was brought in: {}", length());
    drop(writer);
    assert!(Journal::open(&path).is_ok());
}

#[tokio::test]
async fn a_journal_that_was_never_finished_is_made_anew() {
    let (_folder, path) = folder();
    std::fs::write(path.with_file_name("run.journal-new"), "half of it").expect("writes");
    let (writer, opened) = Writer::start(opening(&path, Some(plan(2)))).await.expect("opens");
    assert!(!opened.resumed && !path.with_file_name("run.journal-new").exists());
    drop(writer);
    let (_, path) = folder();
    let error = Writer::start(opening(&path, None)).await.expect_err("there is none");
    assert_eq!(error.kind(), BulkErrorKind::Disk, "{error}");
}
