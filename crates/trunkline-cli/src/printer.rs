//! The one place that prints. Results go to standard output, everything else to standard error.
#![expect(clippy::print_stderr, reason = "this is where printing is decided")]

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::arguments::{Format, Global};
use crate::document::{Document, printable};
use crate::environment;
use crate::failure::Failure;

/// Decides what goes where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
    in_full: bool,
    colours: bool,
    spins: bool,
}

impl Printer {
    /// As the options and the terminal say.
    pub(crate) fn new(format: Format, global: &Global) -> Self {
        let terminal = io::stderr().is_terminal();
        Self {
            format,
            quiet: global.quiet,
            in_full: global.show_pii,
            colours: terminal && takes_escapes(),
            spins: terminal && takes_escapes() && !global.quiet && !global.verbose,
        }
    }

    /// For a command line that was not understood.
    pub(crate) fn plain(format: Format) -> Self {
        Self {
            format,
            quiet: false,
            in_full: false,
            colours: false,
            spins: false,
        }
    }

    /// Whether personal data is shown outside of results.
    pub(crate) fn in_full(&self) -> bool {
        self.in_full
    }

    /// Whether something may move on the terminal.
    pub(crate) fn spins(&self) -> bool {
        self.spins
    }

    /// Whether standard error shows colours.
    pub(crate) fn colours(&self) -> bool {
        self.colours
    }

    /// The form of results.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// A result.
    pub(crate) fn document(&self, document: &Document) -> Result<(), Failure> {
        self.result(&document.write(self.format)?)
    }

    /// A result that has its form already.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Jsonl => self.bytes(trunkline::mask::json(text).as_bytes()),
            Format::Table | Format::Csv => self.bytes(text.as_bytes()),
        }
    }

    /// A file that goes to standard output.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            // Whoever reads has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::Unexpected(format!(
                "standard output cannot be written: {error}"
            ))),
            Ok(()) => Ok(()),
        }
    }

    /// Something worth knowing that is no result.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("{}", printable(text));
        }
    }

    /// Instructions that a person has to follow before the command continues; shown even when quiet.
    pub(crate) fn prompt(&self, text: &str) {
        eprintln!("{}", printable(text));
    }

    /// Something to look at, although it went well.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            eprintln!("{} {}", self.coloured("warning:", "33"), printable(text));
        }
    }

    /// An error: one line, or one object.
    pub(crate) fn failure(&self, failure: &Failure) {
        if matches!(self.format, Format::Json | Format::Jsonl) {
            let object = failure.to_json(self.in_full).to_string();
            eprintln!("{}", trunkline::mask::json(&object));
            return;
        }
        if let Failure::Usage(error) = failure {
            // clap knows by itself whether there is a terminal and whether it may use colours.
            let _ = error.print();
            return;
        }
        eprintln!("{} {}", self.coloured("error:", "31"), failure.to_line(self.in_full));
        if let Some(token) = failure.resume_token() {
            eprintln!("{}", resume_hint(token));
        }
    }

    fn coloured(&self, text: &str, colour: &str) -> String {
        if self.colours {
            format!("\u{1b}[1;{colour}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether a terminal is to get escape sequences at all: colours, and what moves.
fn takes_escapes() -> bool {
    !environment::NO_COLOR.is_set() && !environment::TERM.is("dumb")
}

/// Help and version, which clap writes to standard output, and the exit code.
pub(crate) fn help(asked_for: &clap::Error) -> u8 {
    match asked_for.print() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => 2,
        _ => 0,
    }
}

/// How an order is taken up again.
pub(crate) fn resume_hint(token: &str) -> String {
    format!("resume with: trunkline numbers follow {token}")
}
