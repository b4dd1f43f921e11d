//! Runs the binary on a pseudo-terminal: a real terminal for it, whose text the test reads.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A terminal of a size.
pub(crate) struct Terminal {
    columns: u16,
    rows: u16,
    /// Typed when a question is asked.
    answer: Option<&'static [u8]>,
    /// Whether standard error goes into a log instead.
    logs: bool,
}

/// Exit code and text of a command on a terminal.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
    /// Standard error, when it went into a log.
    pub(crate) log: String,
}

/// End of the input, as a terminal types it.
pub(crate) const END: &[u8] = b"\x04";

impl Terminal {
    /// So high that nothing is paged.
    pub(crate) fn of(columns: u16) -> Self {
        Self {
            columns,
            rows: 10_000,
            answer: None,
            logs: false,
        }
    }

    pub(crate) fn rows(self, rows: u16) -> Self {
        Self { rows, ..self }
    }

    pub(crate) fn answering(self, answer: &'static [u8]) -> Self {
        Self {
            answer: Some(answer),
            ..self
        }
    }

    pub(crate) fn logging(self) -> Self {
        Self { logs: true, ..self }
    }

    /// Runs a command with what it sets already.
    pub(crate) fn show(&self, command: &mut Command) -> Shown {
        let (mut near, far) = self.open();
        let log = tempfile::NamedTempFile::new().expect("a temporary file");
        let end = || Stdio::from(far.try_clone().expect("a descriptor"));
        let errors = if self.logs {
            Stdio::from(log.reopen().expect("a file"))
        } else {
            end()
        };
        if !command.get_envs().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm");
        }
        command.stdin(end()).stdout(end()).stderr(errors);
        let mut child = command.spawn().expect("the binary starts");
        // The end of the text shows only when nobody else holds the other side.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        drop(far);
        let text = self.converse(&mut near);
        let code = child.wait().expect("it ends").code();
        Shown {
            code,
            text: text.replace("\r\n", "\n"),
            log: std::fs::read_to_string(log.path()).expect("a log"),
        }
    }

    fn open(&self) -> (File, OwnedFd) {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&near).expect("is ours");
        unlockpt(&near).expect("can be opened");
        let name = ptsname(&near, Vec::new()).expect("has a name");
        let far = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("its other side");
        let size = Winsize {
            ws_row: self.rows,
            ws_col: self.columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&near, size).expect("takes a size");
        (File::from(near), far)
    }

    /// Reads what is shown, and answers the question.
    fn converse(&self, near: &mut File) -> String {
        let mut seen = Vec::new();
        let mut answer = self.answer;
        let mut part = [0; 4096];
        // When the other side is closed, reading fails on some systems and ends on others.
        while let Ok(length @ 1..) = near.read(&mut part) {
            seen.extend_from_slice(&part[..length]);
            if let Some(typed) = answer
                && is_question(&String::from_utf8_lossy(&seen))
            {
                near.write_all(typed).expect("somebody types");
                answer = None;
            }
        }
        String::from_utf8(seen).expect("UTF-8")
    }
}

/// Whether a text ends with the choices of a question.
fn is_question(text: &str) -> bool {
    ["[y/N] ", "[yes/no/unknown] "]
        .iter()
        .any(|choices| text.ends_with(choices))
}

/// A text without escape sequences that colour it.
pub(crate) fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|character: char| character.is_ascii_alphabetic());
        plain.push_str(end.map_or("", |end| &part[end + 1..]));
    }
    plain
}
