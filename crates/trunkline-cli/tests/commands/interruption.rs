//! Ctrl-C and other signals while an order runs.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
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
    wait_for_line(&mut stderr, "notStarted");
    send("INT", &child);
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

#[test]
fn a_process_that_ignores_hang_ups_goes_on() {
    // As `nohup` starts it.
    let session = Session::of(Emulator::builder().stage_duration(Duration::from_secs(600)));
    let command = session.command(&["numbers", "assign", "+12065550101", "ana@contoso.example"]);
    let mut ignoring = Command::new("sh");
    ignoring.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    ignoring.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => ignoring.env(name, value),
            None => ignoring.env_remove(name),
        };
    }
    let mut child = ignoring
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the shell starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    wait_for_line(&mut stderr, "notStarted");
    send("HUP", &child);
    session.emulator.advance(Duration::from_secs(1300));
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{rest}");
}

/// Reads until a line begins like this.
fn wait_for_line(lines: &mut impl BufRead, beginning: &str) {
    let mut line = String::new();
    while !line.starts_with(beginning) {
        line.clear();
        assert_ne!(lines.read_line(&mut line).expect("a line"), 0, "it ended before");
    }
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .args([&format!("-{signal}"), &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
}
