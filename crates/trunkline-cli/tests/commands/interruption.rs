//! Ctrl-C while an order runs.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use trunkline_emulator::Emulator;

use super::harness::{Session, snapshot};

#[test]
fn an_interrupted_wait_is_resumed_from_what_it_printed() {
    // The order does not end while anybody looks.
    let session = Session::of(Emulator::builder().stage_duration(Duration::from_secs(600)));
    let mut child = session
        .command(&["numbers", "assign", "+12065550101", "ana@contoso.example"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.starts_with("notStarted") {
        line.clear();
        assert_ne!(
            stderr.read_line(&mut line).expect("a line"),
            0,
            "it ended before the order was accepted"
        );
    }
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{rest}");
    let token = rest.trim_end().rsplit_once("numbers follow ").expect("how to resume").1;

    session.emulator.advance(Duration::from_secs(1300));
    let ended = session.json(&["numbers", "follow", token, "--timeout", "1m"]);
    assert_eq!(ended["order"]["verdicts"][0]["succeeded"], true, "{ended}");
    assert_eq!(ended["after"]["telephoneNumber"], "+12065550101");
}

#[test]
fn a_deadline_that_passes_says_how_to_resume() {
    let session = Session::of(Emulator::builder().stage_duration(Duration::from_secs(600)));
    let unassign = ["numbers", "unassign", "+12065550100", "--timeout", "2s"];
    snapshot("deadline", &session.run(&unassign));
    let operation = session
        .emulator
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!(operation, 1);
}

#[test]
fn an_error_as_json_holds_what_resumes() {
    let session = Session::of(Emulator::builder().stage_duration(Duration::from_secs(600)));
    let outcome = session.run(&[
        "numbers",
        "unassign",
        "+12065550100",
        "--timeout",
        "100ms",
        "-q",
        "-o",
        "json",
    ]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let token = outcome.error()["resumeToken"].as_str().expect("a token").to_owned();
    assert_eq!(
        session.json(&["numbers", "follow", &token, "--no-wait"])["status"],
        "notStarted"
    );
}
