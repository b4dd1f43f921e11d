//! Journals, plans, folders and clocks with which bulk work must stop and ask: the real process
//! says so, and sends nothing before.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use trunkline_emulator::{
    ClockMode, DEFAULT_TENANT_ID, Emulator, OTHER_TENANT_ID, TokenRequest, bulk_numbers, bulk_users,
};

use super::desk::Desk;
use super::harness::{Outcome, Session, run};

const ROWS: usize = 40;

/// A plan of forty assignments.
fn planned() -> Desk {
    let builder = Emulator::builder()
        .seed(bulk_numbers(ROWS))
        .seed(bulk_users(ROWS))
        .stage_duration(Duration::ZERO);
    let rows: String = (0..ROWS)
        .map(|index| format!("+1206555{index:04},user{index:05}@contoso.example\n"))
        .collect();
    let desk = Desk::planned_of(Session::of(builder), &format!("number,user\n{rows}"));
    desk.session.emulator.clear_log();
    desk
}

/// With a journal that is at its end.
fn applied() -> Desk {
    let desk = planned();
    assert_eq!(desk.run(&["bulk", "apply", "rows.plan", "--yes"]).code, Some(0));
    desk.session.emulator.clear_log();
    desk
}

/// Applying is refused for that reason, in those words, and nothing was sent.
fn is_refused(desk: &Desk, arguments: &[&str], kind: &str, words: &str) {
    let outcome = desk.run(&[&["bulk"], arguments, &["-o", "json"]].concat());
    says(&outcome, kind, words);
    assert!(nothing_was_sent(desk), "{arguments:?}");
}

/// Nothing but the question which tenant a domain is.
fn nothing_was_sent(desk: &Desk) -> bool {
    let requests = desk.session.emulator.requests();
    let mut paths = requests.iter().map(|request| request.path.as_str());
    paths.all(|path| path.ends_with("/openid-configuration"))
}

fn says(outcome: &Outcome, kind: &str, words: &str) {
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let error = last_error(outcome);
    assert_eq!(error["kind"], kind, "{outcome}");
    assert!(outcome.stderr.contains(words), "{words}: {outcome}");
    assert!(
        error["nextStep"].as_str().is_some_and(|step| !step.is_empty()),
        "{outcome}"
    );
}

fn orders(desk: &Desk) -> usize {
    desk.session.emulator.orders().len()
}

/// The error object, wherever among the notes it stands.
fn last_error(outcome: &Outcome) -> Value {
    let mut lines = outcome.stderr.lines().rev();
    lines
        .find_map(|line| serde_json::from_str::<Value>(line).ok().filter(Value::is_object))
        .unwrap_or_default()
}

#[test]
fn a_truncated_journal_is_refused() {
    let desk = applied();
    let whole = std::fs::read(desk.path("rows.journal")).expect("a journal");
    for length in [0, 50, 4096, whole.len() / 2] {
        std::fs::write(desk.path("rows.journal"), &whole[..length]).expect("room for it");
        is_refused(&desk, &["apply", "rows.plan", "--yes"], "journal", "damaged");
        is_refused(&desk, &["resume", "rows.journal"], "journal", "damaged");
    }
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_as_it_is() {
    let desk = applied();
    let mut bytes = std::fs::read(desk.path("rows.journal")).expect("a journal");
    // SQLite's `user_version`.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(desk.path("rows.journal"), &bytes).expect("room for it");
    is_refused(&desk, &["apply", "rows.plan", "--yes"], "journal", "version 99");
    is_refused(&desk, &["resume", "rows.journal"], "journal", "version 99");
    assert!(std::fs::read(desk.path("rows.journal")).expect("a journal") == bytes);
}

#[test]
fn what_belongs_to_another_tenant_is_refused() {
    let desk = planned();
    let plan = std::fs::read_to_string(desk.path("rows.plan")).expect("a plan");
    let foreign = plan.replacen(DEFAULT_TENANT_ID, OTHER_TENANT_ID, 1);
    assert_ne!(plan, foreign);
    // A plan that was made in the other tenant: one that was changed would be refused as such.
    let first_line = foreign.lines().next().expect("a header");
    let digest = first_line.rfind(",\"digest\":\"").expect("a digest");
    let end = foreign[digest + 11..].find('"').expect("its end") + digest + 12;
    let foreign = format!("{}{}", &foreign[..digest], &foreign[end..]);
    std::fs::write(desk.path("foreign.plan"), foreign).expect("room for it");
    is_refused(
        &desk,
        &["apply", "foreign.plan", "--yes"],
        "otherTenant",
        OTHER_TENANT_ID,
    );
    assert!(!desk.path("foreign.journal").exists());
    // And a journal of ours with somebody else's token.
    let desk = applied();
    let token = desk.session.emulator.issue_token(TokenRequest {
        tenant: Some(OTHER_TENANT_ID.to_owned()),
        ..TokenRequest::default()
    });
    let mut command = desk.command(&["bulk", "resume", "rows.journal", "-o", "json"]);
    let outcome = run(command
        .env("TRUNKLINE_TOKEN", token)
        .env("TRUNKLINE_TENANT", OTHER_TENANT_ID));
    says(&outcome, "otherTenant", OTHER_TENANT_ID);
    assert!(nothing_was_sent(&desk));
}

#[test]
fn a_domain_of_another_tenant_is_refused_by_every_command_of_bulk() {
    let desk = applied();
    for arguments in [
        &["plan", "rows.csv"][..],
        &["apply", "rows.plan", "--yes"],
        &["resume", "rows.journal"],
        &["verify", "rows.journal"],
        &["undo", "rows.journal"],
    ] {
        let arguments = [
            &["bulk"],
            arguments,
            &["--tenant", "fabrikam.onmicrosoft.com", "-o", "json"],
        ]
        .concat();
        let outcome = run(&mut desk.command(&arguments));
        says(&outcome, "otherTenant", OTHER_TENANT_ID);
    }
    assert!(nothing_was_sent(&desk));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let desk = planned();
    for folder in ["/proc", "/nowhere/at/all"] {
        let journal = Path::new(folder).join("rows.journal");
        let journal = journal.to_str().expect("is text");
        is_refused(
            &desk,
            &["apply", "rows.plan", "--yes", "--journal", journal],
            "disk",
            "",
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_it_before_the_next_write_and_it_goes_on_when_there_is_room() {
    let desk = planned();
    let apply = desk.command(&["bulk", "apply", "rows.plan", "--yes", "--in-flight", "2", "-o", "json"]);
    let outcome = run(&mut super::harness::on_a_full_disk(&apply, 200));
    says(&outcome, "disk", "bulk resume");
    let ordered = orders(&desk);
    assert!(ordered > 0 && ordered < ROWS, "{ordered} orders: {outcome}");
    let resumed = desk.run(&["bulk", "resume", "rows.journal", "--proof", "1ms", "-o", "json"]);
    assert_eq!(resumed.code, Some(0), "{resumed}");
    assert_eq!(orders(&desk), ROWS, "each number was ordered once");
}

#[test]
fn a_clock_that_was_set_back_is_reported_and_the_work_goes_on() {
    // For the first process it is days later than for the second.
    let epoch = trunkline_emulator::Clock::new(ClockMode::System).now() - Duration::from_secs(60);
    let desk = planned();
    let token = desk.session.emulator.issue_token(TokenRequest {
        expires_in_seconds: Some(100_000_000),
        ..TokenRequest::default()
    });
    let mut first = desk.command(&[
        "bulk",
        "apply",
        "rows.plan",
        "--yes",
        "--timeout",
        "1ms",
        "--in-flight",
        "1",
    ]);
    first.env("TRUNKLINE_TIME_SCALE", format!("10000@{epoch}"));
    let stopped = run(first.env("TRUNKLINE_TOKEN", token));
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert!(stopped.stderr.contains("bulk resume"), "{stopped}");
    assert!(orders(&desk) < ROWS);
    let resumed = desk.run(&["bulk", "resume", "rows.journal"]);
    assert_eq!(resumed.code, Some(0), "{resumed}");
    assert!(resumed.stderr.contains("still to come"), "{resumed}");
    assert_eq!(orders(&desk), ROWS, "each number was ordered once");
}
