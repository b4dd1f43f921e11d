//! Ctrl-C while an order runs.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use trunkline_emulator::Emulator;

use super::harness::Session;

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
        assert_ne!(stderr.read_line(&mut line).expect("a line"), 0, "it ended before the order was accepted");
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{rest}");
    let token = rest.trim_end().rsplit_once("--wait ").expect("how to resume").1;

    session.emulator.advance(Duration::from_secs(1300));
    let ended = session.json(&["numbers", "operation", token, "--wait", "--deadline", "1m"]);
    assert_eq!(ended["status"], "succeeded");
}
