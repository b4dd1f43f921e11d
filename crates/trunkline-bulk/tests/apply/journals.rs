//! Journals that cannot be used are refused before anything is sent, and say why.

use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;
use trunkline_bulk::plan::Plan;
use trunkline_bulk::{Bulk, BulkErrorKind, Event, Journal};
use trunkline_emulator::{DEFAULT_TENANT_ID, OTHER_TENANT_ID, TokenRequest};

use crate::fixture::{Fixture, Plans, Setup, client, options};

pub(crate) fn plan() -> Arc<Plan> {
    let mut plans = Plans::new(&Setup::default());
    for index in 0..12 {
        plans = plans.assign(index, index);
    }
    plans.plan()
}

pub(crate) async fn is_refused(fixture: &Fixture, plan: &Arc<Plan>, kind: BulkErrorKind, words: &str) {
    // A request of a run that was stopped may still be on its way: what counts is whose requests come.
    let token = fixture.emulator.issue_token(TokenRequest::default());
    let refused = client(&fixture.emulator, &fixture.clock, token, "refused");
    let error = Bulk::new(&refused)
        .apply(plan.clone(), fixture.journal(), &options())
        .run(|_| {})
        .await
        .expect_err("is refused");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert!(!error.next_step().is_empty());
    // The requests of a batch are sent by whom the batch is.
    let requests: Vec<_> = fixture
        .emulator
        .requests()
        .into_iter()
        .filter(|request| request.batch_item.is_none())
        .collect();
    let products = requests.iter().filter_map(|request| request.headers.get("user-agent"));
    assert!(
        !products.clone().any(|product| product.contains("refused")),
        "nothing was sent"
    );
    assert_eq!(products.count(), requests.len(), "all that was sent says whose it is");
}

#[tokio::test]
async fn a_second_process_is_refused_while_the_first_one_works() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    let mut first = fixture.apply(&plan, &options());
    assert!(matches!(first.next().await, Some(Ok(Event::Started { rows: 12, .. }))));
    is_refused(&fixture, &plan, BulkErrorKind::Busy, "another process").await;
    let summary = first.run(|_| {}).await.expect("continues");
    assert_eq!(summary.done, 12);
    assert!(fixture.run(&plan).await.done == 12, "and the lock is given back");
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_refused() {
    let fixture = Fixture::build(Setup::default()).await;
    let rows = || Plans::new(&Setup::default()).assign(0, 0);
    let foreign = rows().plan_of(OTHER_TENANT_ID, "global");
    is_refused(&fixture, &foreign, BulkErrorKind::OtherTenant, OTHER_TENANT_ID).await;
    let china = rows().plan_of(DEFAULT_TENANT_ID, "china");
    is_refused(&fixture, &china, BulkErrorKind::OtherTenant, "china").await;
    assert!(!fixture.journal().exists(), "no journal was made");

    fixture.run(&plan()).await;
    is_refused(&fixture, &rows().plan(), BulkErrorKind::OtherPlan, "another plan").await;
    let token = fixture.emulator.issue_token(TokenRequest {
        tenant: Some(OTHER_TENANT_ID.to_owned()),
        ..TokenRequest::default()
    });
    let other = client(&fixture.emulator, &fixture.clock, token, "other");
    let sent = fixture.emulator.requests().len();
    let resumed = Bulk::new(&other)
        .resume(fixture.journal(), &options())
        .run(|_| {})
        .await;
    assert_eq!(resumed.expect_err("is refused").kind(), BulkErrorKind::OtherTenant);
    assert_eq!(fixture.emulator.requests().len(), sent);
}

#[tokio::test]
async fn a_journal_of_the_first_version_is_read_and_gone_on_with() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    fixture.run_until(&plan, &options(), 8).await;
    let version = |number: Option<i32>| {
        let connection = rusqlite::Connection::open(fixture.journal()).expect("opens");
        if let Some(number) = number {
            connection.pragma_update(None, "user_version", number).expect("writes");
        }
        connection
            .query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0))
            .expect("reads")
    };
    assert_eq!(version(Some(1)), 1);
    assert!(
        Journal::open(fixture.journal())
            .expect("opens")
            .summary()
            .expect("reads")
            .open
            > 0
    );
    assert_eq!(version(None), 1, "reading changes nothing");
    assert_eq!(fixture.run(&plan).await.done, 12);
    assert_eq!(version(None), 4);
}

#[tokio::test]
async fn a_journal_of_a_newer_version_is_left_as_it_is() {
    let fixture = Fixture::build(Setup::default()).await;
    fixture.run(&plan()).await;
    let connection = rusqlite::Connection::open(fixture.journal()).expect("opens");
    connection.pragma_update(None, "user_version", 99).expect("writes");
    connection.close().expect("closes");
    let bytes = std::fs::read(fixture.journal()).expect("reads");
    is_refused(&fixture, &plan(), BulkErrorKind::Journal, "version 99").await;
    assert!(std::fs::read(fixture.journal()).expect("reads") == bytes);
    assert!(Journal::open(fixture.journal()).is_err());
}

#[tokio::test]
async fn a_journal_that_is_damaged_is_refused() {
    let fixture = Fixture::build(Setup::default()).await;
    fixture.run(&plan()).await;
    let whole = std::fs::read(fixture.journal()).expect("reads");
    for length in [0, 50, 4096, whole.len() / 2, whole.len() - 4096] {
        std::fs::write(fixture.journal(), &whole[..length]).expect("writes");
        is_refused(&fixture, &plan(), BulkErrorKind::Journal, "damaged").await;
    }
    let mut scribbled = whole.clone();
    for byte in &mut scribbled[8192..9000] {
        *byte = 0x5a;
    }
    std::fs::write(fixture.journal(), &scribbled).expect("writes");
    is_refused(&fixture, &plan(), BulkErrorKind::Journal, "damaged").await;
    std::fs::write(fixture.journal(), "Line,Number\n").expect("writes");
    is_refused(&fixture, &plan(), BulkErrorKind::Journal, "damaged").await;
    std::fs::write(fixture.journal(), &whole).expect("writes");
    assert_eq!(fixture.run(&plan()).await.done, 12);
}

/// Copies of the files of a running process, as a kill would leave them.
pub(crate) async fn killed(fixture: &Fixture, plan: &Arc<Plan>, rows: usize) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut apply = fixture.apply(plan, &options().in_flight(1));
    let mut seen = 0;
    while seen < rows {
        if let Event::Row(_) = apply.next().await.expect("continues").expect("runs") {
            seen += 1;
        }
    }
    let folder = fixture.journal().parent().expect("is in a folder").to_owned();
    let lock = fixture.journal().with_file_name("run.journal-lock");
    let note = || std::fs::read(&lock).expect("reads");
    // The run writes meanwhile. When the note of the last commit is as before, no commit began among the copies: a kill
    // leaves no -wal file that is ahead of the note.
    let files = loop {
        let before = note();
        let files = std::fs::read_dir(&folder).expect("lists");
        let files: Vec<_> = files
            .map(|entry| entry.expect("is there").path())
            .map(|path| (path.clone(), std::fs::read(path).expect("reads")))
            .collect();
        if note() == before {
            break files;
        }
    };
    drop(apply);
    files
}

pub(crate) fn restore(files: &[(std::path::PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        std::fs::write(path, bytes).expect("writes");
    }
}

#[tokio::test]
async fn a_journal_whose_last_entries_were_lost_is_refused() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    let files = killed(&fixture, &plan, 5).await;
    let is_wal = |path: &Path| path.to_string_lossy().ends_with("-wal");
    let wal = files.iter().find(|(path, _)| is_wal(path)).expect("there is one");
    restore(&files);
    std::fs::remove_file(&wal.0).expect("removes");
    is_refused(&fixture, &plan, BulkErrorKind::Journal, "-wal").await;
    restore(&files);
    std::fs::write(&wal.0, &wal.1[..wal.1.len() / 2]).expect("writes");
    is_refused(&fixture, &plan, BulkErrorKind::Journal, "-wal").await;
    restore(&files);
    assert_eq!(fixture.run(&plan).await.rows, 12, "whole again, it goes on");
}

#[cfg(unix)]
#[tokio::test]
async fn journals_are_private_and_follow_no_link() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    for (path, _) in killed(&fixture, &plan, 2).await {
        // Some are gone by now.
        if let Ok(found) = path.metadata() {
            assert_eq!(found.permissions().mode() & 0o777, 0o600, "{}", path.display());
        }
    }
    let fixture = Fixture::build(Setup::default()).await;
    let elsewhere = fixture.journal().with_extension("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, fixture.journal()).expect("links");
    let error = fixture.run_with(&plan, &options()).await.expect_err("is a link");
    assert_eq!(error.kind(), BulkErrorKind::Disk, "{error}");
    assert!(!elsewhere.exists());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused() {
    let fixture = Fixture::build(Setup::default()).await;
    for folder in ["/proc", "/nowhere/at/all"] {
        let path = Path::new(folder).join("run.journal");
        let applied = Bulk::new(&fixture.client)
            .apply(plan(), path, &options())
            .run(|_| {})
            .await;
        let error = applied.expect_err("cannot be written");
        assert_eq!(error.kind(), BulkErrorKind::Disk, "{error}");
    }
    assert!(fixture.emulator.requests().is_empty());
}

/// Runs itself in a process that may write no file beyond a size, which is what a full disk is to a program.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_before_the_next_write_to_the_service() {
    const CHILD: &str = "TRUNKLINE_TEST_FULL_DISK";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        return runtime.expect("starts").block_on(fills_the_disk());
    }
    let test = std::env::current_exe().expect("is known");
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" --exact journals::a_full_disk_stops_the_run_before_the_next_write_to_the_service";
    let mut shell = std::process::Command::new("sh");
    let output = shell
        .arg("-c")
        .arg(script)
        .arg(test)
        .env(CHILD, "1")
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[cfg(target_os = "linux")]
async fn fills_the_disk() {
    let fixture = Fixture::build(Setup::default()).await;
    let mut plans = Plans::new(&Setup::default());
    for index in 0..40 {
        plans = plans.assign(index, index);
    }
    let plan = plans.plan();
    let error = fixture
        .run_with(&plan, &options().in_flight(2))
        .await
        .expect_err("the disk is full");
    assert_eq!(error.kind(), BulkErrorKind::Disk, "{error}");
    let ordered = fixture.emulator.orders();
    assert!(!ordered.is_empty() && ordered.len() < 40, "{} orders", ordered.len());
    // Whatever the service accepted, the journal had before: what it has as waiting was never ordered.
    let connection = rusqlite::Connection::open(fixture.journal()).expect("opens");
    let mut statement = connection
        .prepare("SELECT action FROM step WHERE state = 'waiting'")
        .expect("is sound");
    let waiting = statement.query_map([], |row| row.get::<_, String>(0)).expect("reads");
    let waiting: Vec<String> = waiting.map(|action| action.expect("is text")).collect();
    assert!(!waiting.is_empty());
    for action in waiting {
        let action: serde_json::Value = serde_json::from_str(&action).expect("is JSON");
        let number = action["number"].as_str().expect("is of a number");
        assert!(!ordered.iter().any(|order| order.number == number), "{number}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_is_noticed_and_the_work_goes_on() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    let mut apply = fixture.apply(&plan, &options());
    let mut warnings = Vec::new();
    while let Some(event) = apply.next().await {
        match event.expect("runs") {
            Event::Started { .. } => fixture.clock.jump(1800),
            Event::Warned { what } => warnings.push(what),
            Event::Row(_) if warnings.len() > 1 => break,
            _ => {}
        }
    }
    drop(apply);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("jumped forward by 1800 seconds"), "{warnings:?}");
    fixture.clock.jump(-86_400);
    let mut warnings = Vec::new();
    let resumed = fixture.apply(&plan, &options()).run(|event| {
        if let Event::Warned { what } = event {
            warnings.push(what.clone());
        }
    });
    assert_eq!(resumed.await.expect("runs").done, 12);
    assert!(warnings[0].contains("still to come"), "{warnings:?}");
}
