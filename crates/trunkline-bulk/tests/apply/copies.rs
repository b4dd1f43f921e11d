//! Copies of journals, journals that are taken away while a run writes, and plans that two journals would apply.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt;
use trunkline_bulk::plan::Plan;
use trunkline_bulk::{Bulk, BulkError, BulkErrorKind, Event, Journal, Summary};

use crate::fixture::{Fixture, Setup, options};
use crate::journals::{is_refused, killed, plan, restore};

/// Copies the files of a journal whose names end so.
fn copy(files: &[(PathBuf, Vec<u8>)], endings: &[&str], to: &Path) -> PathBuf {
    for (path, bytes) in files {
        let name = path.file_name().expect("has a name").to_string_lossy().into_owned();
        if endings.iter().any(|ending| name == format!("run.journal{ending}")) {
            std::fs::write(to.join(&name), bytes).expect("writes");
        }
    }
    to.join("run.journal")
}

async fn resume(fixture: &Fixture, journal: &Path) -> Result<Summary, BulkError> {
    Bulk::new(&fixture.client).resume(journal, &options()).run(|_| {}).await
}

#[tokio::test]
async fn a_copy_without_its_log_is_refused_everywhere() {
    let fixture = Fixture::build(Setup::default()).await;
    let files = killed(&fixture, &plan(), 5).await;
    let ordered = fixture.emulator.orders().len();
    // Alone, with the lock of another journal, and with a log that is empty.
    for others in [&[][..], &["-lock"][..], &["-wal"][..]] {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = copy(&files, &[""], folder.path());
        for ending in others {
            let text = if *ending == "-lock" {
                "00000000000000000000\nan id\n"
            } else {
                ""
            };
            std::fs::write(folder.path().join(format!("run.journal{ending}")), text).expect("writes");
        }
        let error = Journal::open(&journal).expect_err("is refused");
        assert_eq!(error.kind(), BulkErrorKind::Journal, "{error}");
        assert!(error.to_string().contains("-wal"), "{error}");
        let error = resume(&fixture, &journal).await.expect_err("is refused");
        assert_eq!(error.kind(), BulkErrorKind::Journal, "{error}");
        assert!(error.to_string().contains("-wal"), "{error}");
    }
    assert_eq!(fixture.emulator.orders().len(), ordered, "nothing was ordered");
    let folder = tempfile::tempdir().expect("a folder");
    let journal = copy(&files, &["", "-wal"], folder.path());
    assert_eq!(resume(&fixture, &journal).await.expect("is whole").rows, 12);
}

#[tokio::test]
async fn a_journal_that_lost_log_and_lock_is_refused_where_it_lies() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    let files = killed(&fixture, &plan, 5).await;
    restore(&files);
    for ending in ["-wal", "-lock", "-shm"] {
        let _ = std::fs::remove_file(fixture.journal().with_file_name(format!("run.journal{ending}")));
    }
    is_refused(&fixture, &plan, BulkErrorKind::Journal, "-wal").await;
}

#[tokio::test]
async fn a_copy_of_a_run_that_ended_is_whole() {
    let fixture = Fixture::build(Setup::default()).await;
    fixture.run_until(&plan(), &options(), 5).await;
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("copy.journal");
    std::fs::copy(fixture.journal(), &journal).expect("copies");
    assert!(Journal::open(&journal).expect("opens").summary().expect("reads").open > 0);
    assert_eq!(resume(&fixture, &journal).await.expect("is whole").rows, 12);
}

/// Other programs that open a journal which a killed process left bring the log into the journal and remove it.
#[tokio::test]
async fn a_journal_that_another_program_tidied_up_goes_on() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    restore(&killed(&fixture, &plan, 5).await);
    let tool = rusqlite::Connection::open(fixture.journal()).expect("opens");
    let rows: i64 = tool
        .query_row("SELECT count(*) FROM row WHERE ending IS NOT NULL", [], |row| {
            row.get(0)
        })
        .expect("reads");
    tool.close().expect("closes");
    let log = fixture.journal().with_file_name("run.journal-wal");
    assert!(rows >= 5 && !log.exists());
    assert_eq!(fixture.run(&plan).await.rows, 12);
}

#[cfg(unix)]
#[tokio::test]
async fn files_that_are_taken_away_during_a_run_stop_it_before_the_next_order() {
    type Harm = fn(&Path);
    let harms: [(&str, Harm, &str); 6] = [
        (
            "",
            |path| std::fs::remove_file(path).expect("removes"),
            "no longer exists",
        ),
        (
            "-wal",
            |path| std::fs::remove_file(path).expect("removes"),
            "no longer exists",
        ),
        (
            "-lock",
            |path| std::fs::remove_file(path).expect("removes"),
            "no longer exists",
        ),
        ("", replace, "replaced"),
        ("-wal", replace, "replaced"),
        (
            "",
            |path| std::fs::write(path, "another").expect("writes"),
            "another program",
        ),
    ];
    for (ending, harm, words) in harms {
        let fixture = Fixture::build(Setup::default()).await;
        let mut apply = Bulk::new(&fixture.client).apply(plan(), fixture.journal(), &options().in_flight(1));
        while !matches!(apply.next().await.expect("goes on").expect("runs"), Event::Row(_)) {}
        harm(&fixture.journal().with_file_name(format!("run.journal{ending}")));
        let ordered = fixture.emulator.orders().len();
        let error = apply.run(|_| {}).await.expect_err("is noticed");
        assert_eq!(error.kind(), BulkErrorKind::Journal, "{ending}: {error}");
        assert!(error.to_string().contains(words), "{ending}: {error}");
        // One may have been journalled before.
        let more = fixture.emulator.orders().len() - ordered;
        assert!(more <= 1, "{ending}: {more} more orders");
    }
}

#[cfg(unix)]
fn replace(path: &Path) {
    let other = path.with_extension("other");
    std::fs::copy(path, &other).expect("copies");
    std::fs::rename(other, path).expect("renames");
}

#[tokio::test]
async fn a_plan_is_applied_with_one_journal_at_a_time() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = plan();
    let second = fixture.journal().with_file_name("second.journal");
    let apply = |plan: &Arc<Plan>| Bulk::new(&fixture.client).apply(plan.clone(), &second, &options());
    let mut first = fixture.apply(&plan, &options());
    assert!(matches!(first.next().await, Some(Ok(Event::Started { .. }))));
    let error = apply(&plan).run(|_| {}).await.expect_err("is refused");
    assert_eq!(error.kind(), BulkErrorKind::Busy, "{error}");
    let path = fixture.journal().display().to_string();
    for words in [&path, &format!("process {}", std::process::id()), "since 20"] {
        assert!(error.what().contains(words), "{words}: {error}");
    }
    assert!(!second.exists(), "no journal was made");

    // The same plan for another service is another matter.
    let elsewhere = Fixture::build(Setup::default()).await;
    assert_eq!(elsewhere.run(&plan).await.done, 12);

    assert_eq!(first.run(|_| {}).await.expect("goes on").done, 12);
    let summary = apply(&plan).run(|_| {}).await.expect("is free again");
    assert_eq!((summary.already, summary.rows), (12, 12));
    assert_eq!(fixture.emulator.orders().len(), 12);
}
