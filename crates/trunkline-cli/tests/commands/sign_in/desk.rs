//! An emulator that is an authority too, and the settings of one person.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use trunkline_emulator::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Emulator, EmulatorBuilder, Fault};

use crate::harness::{Outcome, Session, binary, run};

/// Words that stand in tokens and secrets, and never in an output.
const SECRETS: [&str; 4] = ["eyJ", "emulator-refresh", "emulator-device-", DEFAULT_CLIENT_SECRET];

/// The emulator and the settings. Their environment names neither.
pub(super) struct Desk {
    pub(super) session: Session,
    pub(super) folder: TempDir,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::of(Emulator::builder())
    }

    pub(super) fn of(builder: EmulatorBuilder) -> Self {
        Self {
            session: Session::of(builder.device_code_polls(1).device_code_interval(Duration::ZERO)),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command.env("TRUNKLINE_CONFIG_DIR", self.folder.path());
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Outcome {
        let outcome = run(&mut self.command(arguments));
        for secret in SECRETS {
            assert!(!outcome.everything().contains(secret), "{arguments:?} {outcome}");
        }
        outcome
    }

    pub(super) fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["-o", "json"]].concat()).document()
    }

    /// The words of a sign-in at the emulator, by a device code unless `more` says otherwise.
    pub(super) fn login_words<'w>(&'w self, more: &[&'w str]) -> Vec<&'w str> {
        let endpoint = self.session.emulator.url();
        let base = [
            "login",
            "--tenant",
            "contoso.example",
            "--client-id",
            DEFAULT_CLIENT_ID,
            "--endpoint",
            endpoint,
        ];
        [&base, more].concat()
    }

    /// Signs in.
    pub(super) fn login(&self, more: &[&str]) -> Outcome {
        self.run(&self.login_words(more))
    }

    pub(super) fn profiles(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("profiles.toml")).expect("profiles")
    }

    /// The files that hold sign-ins.
    pub(super) fn stored(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("sign-ins")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }

    /// The requests for tokens so far.
    pub(super) fn sign_ins(&self) -> usize {
        let requests = self.session.emulator.requests();
        requests
            .iter()
            .filter(|request| request.path.contains("/oauth2/"))
            .count()
    }

    pub(super) fn refuse_sign_ins(&self, error: &str) {
        self.fault(json!({"path": "/oauth2/", "effect": {"kind": "signInError", "error": error}}));
    }

    pub(super) fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).expect("a fault");
        self.session.emulator.fault(fault);
    }

    /// Runs a command whose standard input is this text.
    pub(super) fn run_with_input(&self, command: &mut Command, text: &str) -> Outcome {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(text.as_bytes()).expect("written");
        drop(input);
        Outcome::from(child.wait_with_output().expect("it ends"))
    }
}

/// Time on the scale of a command that runs so much later.
pub(super) fn later(by: Duration) -> String {
    let now = jiff::Timestamp::now();
    format!("2@{}", now.checked_sub(by).expect("a moment"))
}

pub(super) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

/// The endpoint at which Azure's App Service offers its managed identity.
pub(super) struct AppService {
    pub(super) address: String,
}

impl AppService {
    /// Answers every request with the token, until the test ends.
    pub(super) fn serve(token: String) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}/msi/token", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let end = jiff::Timestamp::now().as_second() + 3600;
                let body = json!({"access_token": token, "expires_on": end.to_string(), "resource": "x", "token_type": "Bearer"});
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { address }
    }
}
