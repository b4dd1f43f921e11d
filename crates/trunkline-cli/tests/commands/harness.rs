//! Runs the binary against an emulator.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use trunkline_emulator::{DEFAULT_TENANT_DOMAIN, Emulator, EmulatorBuilder};

/// The binary, with nothing of this process's environment.
pub(crate) fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
    command
        .env_clear()
        .env("TRUNKLINE_STATE_DIR", state())
        .env("TRUNKLINE_CONFIG_DIR", no_profiles())
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// A folder without profiles, whoever runs the tests.
fn no_profiles() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-profiles")
}

/// Where runs claim their plans.
pub(crate) fn state() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("claims")
}

/// An emulator to run commands against.
pub(crate) struct Session {
    pub(crate) emulator: Emulator,
}

impl Session {
    /// Orders are at their end when they are first looked at.
    pub(crate) fn new() -> Self {
        Self::of(Emulator::builder().stage_duration(Duration::ZERO))
    }

    pub(crate) fn of(builder: EmulatorBuilder) -> Self {
        Self {
            emulator: builder.start_blocking().expect("a free port"),
        }
    }

    /// The binary; its environment names the emulator.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command
            .env("TRUNKLINE_ENDPOINT", self.emulator.url())
            .env("TRUNKLINE_TENANT", DEFAULT_TENANT_DOMAIN)
            .env("TRUNKLINE_TOKEN", self.emulator.token());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.command(arguments))
    }

    /// The document that a command prints with `--output json`.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.extend(["--output", "json"]);
        self.run(&all).document()
    }

    /// The number as the emulator has it now.
    pub(crate) fn number(&self, number: &str) -> Value {
        let state = self.emulator.state();
        let mut numbers = state["numbers"].as_array().expect("numbers").iter();
        numbers
            .find(|entry| entry["telephoneNumber"] == number)
            .expect("the number")
            .clone()
    }
}

pub(crate) fn run(command: &mut Command) -> Outcome {
    Outcome::from(command.output().expect("the binary starts"))
}

/// The same command in a world whose disk is full: it writes no file beyond so many blocks. Binds the superuser, too.
#[cfg(target_os = "linux")]
pub(crate) fn on_a_full_disk(command: &Command, blocks: u32) -> Command {
    let mut limited = Command::new("/bin/sh");
    limited
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited
}

/// Exit code and output of a process.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Outcome {
    /// The document on standard output, whatever the exit code.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The document of a command that went well.
    pub(crate) fn document(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self}");
        self.json()
    }

    /// The error object on standard error, which is its last line; nothing is on standard output.
    pub(crate) fn error(&self) -> Value {
        assert_eq!(self.stdout, "", "{self}");
        let line = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    pub(crate) fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        write!(
            formatter,
            "exit code {code}\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        )
    }
}

/// Compares an outcome with what was kept, without what differs from run to run.
pub(crate) fn snapshot(name: &str, outcome: &Outcome) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, instead) in [
        (r"\(\d+\.\ds\)", "(TIME)"),
        (r"http://127\.0\.0\.1:\d+", "http://HOST"),
        (r"request id [0-9a-f-]{36}", "request id ID"),
        (
            r#""(request_id|requestId|client_request_id)": ?"[^"]+""#,
            r#""$1": "ID""#,
        ),
        (r#""(resumeToken|resume_token)": ?"[^"]+""#, r#""$1": "TOKEN""#),
        (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "TIMESTAMP"),
        // Ids of operations and numbers: base64 of a kind and a GUID.
        (r"\b[A-Za-z0-9]{48,}\b", "OPAQUE"),
        (r"the token holds [^\[]+\[", "the token holds … ["),
        (r"trunkline \d+\.\d+\.\d+", "trunkline VERSION"),
    ] {
        settings.add_filter(pattern, instead);
    }
    settings.bind(|| insta::assert_snapshot!(name, outcome.to_string()));
}

/// A file that is gone afterwards.
pub(crate) fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("room for it");
    file
}
