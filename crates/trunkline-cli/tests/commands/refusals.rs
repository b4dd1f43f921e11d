//! Journals, plans, folders and clocks with which bulk work must stop and ask: the real process
//! says so, and sends nothing before.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use trunkline_emulator::{
    ClockMode, DEFAULT_TENANT_ID, Emulator, OTHER_TENANT_ID, TokenRequest, bulk_numbers, bulk_users,
};

use super::harness::{Outcome, Session, run};

const ROWS: usize = 40;

/// An emulator, a plan of forty assignments, and a folder.
struct Desk {
    session: Session,
    folder: tempfile::TempDir,
}

impl Desk {
    fn planned() -> Self {
        let builder = Emulator::builder()
            .seed(bulk_numbers(ROWS))
            .seed(bulk_users(ROWS))
            .stage_duration(Duration::ZERO);
        let desk = Self {
            session: Session::of(builder),
            folder: tempfile::tempdir().expect("a folder"),
        };
        let rows: String = (0..ROWS)
            .map(|index| format!("+1206555{index:04},user{index:05}@contoso.example\n"))
            .collect();
        std::fs::write(desk.path("rows.csv"), format!("number,user\n{rows}")).expect("room for it");
        let plan = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
        assert_eq!(plan.code, Some(0), "{plan}");
        desk.session.emulator.clear_log();
        desk
    }

    /// With a journal that is at its end.
    fn applied() -> Self {
        let desk = Self::planned();
        assert_eq!(desk.run(&["bulk", "apply", "rows.plan", "--yes"]).code, Some(0));
        desk.session.emulator.clear_log();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.session.command(arguments);
        command.current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.command(arguments))
    }

    /// Applying is refused for that reason, in those words, and nothing was sent.
    fn is_refused(&self, arguments: &[&str], kind: &str, words: &str) {
        self.says(
            &self.run(&[&["bulk"], arguments, &["-o", "json"]].concat()),
            kind,
            words,
        );
        assert!(self.nothing_was_sent(), "{arguments:?}");
    }

    /// Nothing but the question which tenant a domain is.
    fn nothing_was_sent(&self) -> bool {
        let requests = self.session.emulator.requests();
        let mut paths = requests.iter().map(|request| request.path.as_str());
        paths.all(|path| path.ends_with("/openid-configuration"))
    }

    fn says(&self, outcome: &Outcome, kind: &str, words: &str) {
        assert_eq!(outcome.code, Some(1), "{outcome}");
        let error = last_error(outcome);
        assert_eq!(error["kind"], kind, "{outcome}");
        assert!(outcome.stderr.contains(words), "{words}: {outcome}");
        assert!(
            error["nextStep"].as_str().is_some_and(|step| !step.is_empty()),
            "{outcome}"
        );
    }

    fn orders(&self) -> usize {
        self.session.emulator.orders().len()
    }
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
    let desk = Desk::applied();
    let whole = std::fs::read(desk.path("rows.journal")).expect("a journal");
    for length in [0, 50, 4096, whole.len() / 2] {
        std::fs::write(desk.path("rows.journal"), &whole[..length]).expect("room for it");
        desk.is_refused(&["apply", "rows.plan", "--yes"], "journal", "damaged");
        desk.is_refused(&["resume", "rows.journal"], "journal", "damaged");
    }
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_as_it_is() {
    let desk = Desk::applied();
    let mut bytes = std::fs::read(desk.path("rows.journal")).expect("a journal");
    // SQLite's `user_version`.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(desk.path("rows.journal"), &bytes).expect("room for it");
    desk.is_refused(&["apply", "rows.plan", "--yes"], "journal", "version 99");
    desk.is_refused(&["resume", "rows.journal"], "journal", "version 99");
    assert!(std::fs::read(desk.path("rows.journal")).expect("a journal") == bytes);
}

#[test]
fn what_belongs_to_another_tenant_is_refused() {
    let desk = Desk::planned();
    let plan = std::fs::read_to_string(desk.path("rows.plan")).expect("a plan");
    let foreign = plan.replacen(DEFAULT_TENANT_ID, OTHER_TENANT_ID, 1);
    assert_ne!(plan, foreign);
    // A plan that was made in the other tenant: one that was changed would be refused as such.
    let first_line = foreign.lines().next().expect("a header");
    let digest = first_line.rfind(",\"digest\":\"").expect("a digest");
    let end = foreign[digest + 11..].find('"').expect("its end") + digest + 12;
    let foreign = format!("{}{}", &foreign[..digest], &foreign[end..]);
    std::fs::write(desk.path("foreign.plan"), foreign).expect("room for it");
    desk.is_refused(&["apply", "foreign.plan", "--yes"], "otherTenant", OTHER_TENANT_ID);
    assert!(!desk.path("foreign.journal").exists());
    // And a journal of ours with somebody else's token.
    let desk = Desk::applied();
    let token = desk.session.emulator.issue_token(TokenRequest {
        tenant: Some(OTHER_TENANT_ID.to_owned()),
        ..TokenRequest::default()
    });
    let mut command = desk.command(&["bulk", "resume", "rows.journal", "-o", "json"]);
    let outcome = run(command
        .env("TRUNKLINE_TOKEN", token)
        .env("TRUNKLINE_TENANT", OTHER_TENANT_ID));
    desk.says(&outcome, "otherTenant", OTHER_TENANT_ID);
    assert!(desk.nothing_was_sent());
}

#[test]
fn a_domain_of_another_tenant_is_refused_by_every_command_of_bulk() {
    let desk = Desk::applied();
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
        desk.says(&outcome, "otherTenant", OTHER_TENANT_ID);
    }
    assert!(desk.nothing_was_sent());
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let desk = Desk::planned();
    for folder in ["/proc", "/nowhere/at/all"] {
        let journal = Path::new(folder).join("rows.journal");
        let journal = journal.to_str().expect("is text");
        desk.is_refused(&["apply", "rows.plan", "--yes", "--journal", journal], "disk", "");
    }
}

/// A process that may write no file beyond a size is in a world whose disk is full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_it_before_the_next_write_and_it_goes_on_when_there_is_room() {
    let desk = Desk::planned();
    let apply = desk.command(&["bulk", "apply", "rows.plan", "--yes", "--in-flight", "2", "-o", "json"]);
    let mut limited = Command::new("/bin/sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""])
        .arg(apply.get_program())
        .args(apply.get_args())
        .env_clear()
        .envs(apply.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(desk.folder.path())
        .stdin(Stdio::null());
    let outcome = run(&mut limited);
    desk.says(&outcome, "disk", "bulk resume");
    let ordered = desk.orders();
    assert!(ordered > 0 && ordered < ROWS, "{ordered} orders: {outcome}");
    let resumed = desk.run(&["bulk", "resume", "rows.journal", "--proof", "1ms", "-o", "json"]);
    assert_eq!(resumed.code, Some(0), "{resumed}");
    assert_eq!(desk.orders(), ROWS, "each number was ordered once");
}

#[test]
fn a_clock_that_was_set_back_is_reported_and_the_work_goes_on() {
    // For the first process it is days later than for the second.
    let epoch = trunkline_emulator::Clock::new(ClockMode::System).now() - Duration::from_secs(60);
    let desk = Desk::planned();
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
    assert!(desk.orders() < ROWS);
    let resumed = desk.run(&["bulk", "resume", "rows.journal"]);
    assert_eq!(resumed.code, Some(0), "{resumed}");
    assert!(resumed.stderr.contains("still to come"), "{resumed}");
    assert_eq!(desk.orders(), ROWS, "each number was ordered once");
}
