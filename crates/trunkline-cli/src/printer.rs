//! The one place that prints. Results go to standard output, everything else to standard error.
#![expect(clippy::print_stderr, reason = "this is where printing is decided")]

mod known;

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::arguments::{Format, Global};
use crate::document::{Document, printable};
use crate::failure::Failure;
use crate::layout::{View, fitted, wrapped};
use crate::pager;
use crate::terminal::Screen;

/// Decides what goes where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
    in_full: bool,
    output: Screen,
    errors: Screen,
    is_wide: bool,
    ids: bool,
    pages: bool,
    spins: bool,
}

impl Printer {
    /// As the options and the terminal say.
    ///
    /// # Errors
    ///
    /// When the environment names a width that is none.
    pub(crate) fn new(format: Format, global: &Global) -> Result<Self, Failure> {
        let (output, errors) = (Screen::of_output()?, Screen::of_errors()?);
        Ok(Self {
            format,
            quiet: global.quiet,
            // A terminal shows its person what they typed; whatever else standard error is keeps it, as a log does.
            in_full: errors.is_terminal || global.show_pii,
            output,
            errors,
            is_wide: global.wide,
            ids: global.ids,
            pages: output.is_terminal && !global.no_pager,
            spins: errors.takes_escapes && !global.quiet && !global.verbose,
        })
    }

    /// For a command line that was not understood.
    pub(crate) fn plain(format: Format) -> Self {
        Self {
            format,
            quiet: false,
            in_full: false,
            output: Screen::default(),
            errors: Screen::default(),
            is_wide: true,
            ids: false,
            pages: false,
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
        self.errors.takes_escapes
    }

    /// Whether results show colours.
    pub(crate) fn colours_results(&self) -> bool {
        self.output.takes_escapes && self.format == Format::Table
    }

    /// The form of results.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// How results are shown to people.
    pub(crate) fn view(&self) -> View {
        View {
            width: self.output.width.filter(|_| !self.is_wide),
            ids: self.ids,
        }
    }

    /// A number that the person at the terminal knows, because they typed it or a result shows it.
    pub(crate) fn knows_number(&self, number: &str) {
        known::names().add_number(number);
    }

    /// A principal name that the person at the terminal knows.
    pub(crate) fn knows_name(&self, name: &str) {
        known::names().add_name(name);
    }

    /// A sentence that names somebody: in full where it is shown to the person at the terminal, else masked.
    pub(crate) fn shown(&self, sentence: &str) -> String {
        if self.in_full {
            self.completed(sentence)
        } else {
            trunkline::mask::text(sentence)
        }
    }

    /// A sentence of a result, which is in full wherever it goes: what the crates below mask for logs is named again.
    pub(crate) fn completed(&self, sentence: &str) -> String {
        let mut sentence = sentence.to_owned();
        known::names().put_into(&mut sentence);
        sentence
    }

    /// A result.
    pub(crate) fn document(&self, document: &Document) -> Result<(), Failure> {
        self.result(&document.write(self.format, self.view())?)
    }

    /// A result that has its form already.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Jsonl => self.bytes(trunkline::mask::json(text).as_bytes()),
            Format::Table | Format::Csv => self.bytes(text.as_bytes()),
        }
    }

    /// A result of sentences, whose lines end between words where the terminal ends.
    pub(crate) fn prose(&self, text: &str) -> Result<(), Failure> {
        self.result(&fitted(text, self.view().width, 2))
    }

    /// A result to be read from its beginning: through a pager, when it is longer than the terminal.
    pub(crate) fn paged(&self, text: &str) -> Result<(), Failure> {
        let height = self.output.height.unwrap_or(usize::MAX);
        let is_long = self.pages && self.format == Format::Table && text.lines().count() >= height;
        if is_long && pager::show(text)? {
            return Ok(());
        }
        self.result(text)
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
            self.error_line(&printable(text));
        }
    }

    /// Instructions that a person has to follow before the command continues; shown even when quiet.
    pub(crate) fn prompt(&self, text: &str) {
        for line in text.lines() {
            self.error_line(&printable(line));
        }
    }

    /// Whether there is a person to ask: a terminal that shows the question, and one that takes the answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.errors.is_terminal && io::stdin().is_terminal()
    }

    /// Asks a question that is answered with yes or no. Everything but a clear yes is a no, as is the end of the input.
    pub(crate) fn ask(&self, question: &str) -> bool {
        ["y", "yes"].contains(&self.answer(question, "y/N").as_str())
    }

    /// Asks a question that is answered with one of a few words, or with its first letter. `None`: with something else.
    pub(crate) fn choose(&self, question: &str, words: &[&'static str]) -> Option<&'static str> {
        let answer = self.answer(question, &words.join("/"));
        let mut meant = words.iter().copied();
        meant.find(|word| !answer.is_empty() && (answer == *word || answer == word[..1]))
    }

    /// The answer to a question, in lower case.
    fn answer(&self, question: &str, choices: &str) -> String {
        eprint!(
            "{} ",
            wrapped(&format!("{} [{choices}]", printable(question)), self.errors.width, 2)
        );
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer) {
            Ok(length) if length > 0 => {}
            // The cursor is still behind the question.
            _ => eprintln!(),
        }
        answer.trim().to_lowercase()
    }

    /// Something to look at, although it went well.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            self.marked_line("warning:", 33, &printable(text));
        }
    }

    /// An error: one line, or one object.
    pub(crate) fn failure(&self, failure: &Failure) {
        if matches!(self.format, Format::Json | Format::Jsonl) {
            let mut object = failure.to_json(self.in_full);
            if let Some(members) = object.as_object_mut().filter(|_| self.in_full) {
                for member in members.values_mut() {
                    if let Some(text) = member.as_str() {
                        *member = self.completed(text).into();
                    }
                }
            }
            eprintln!("{}", trunkline::mask::json(&object.to_string()));
            return;
        }
        if let Failure::Usage(error) = failure {
            // clap knows by itself whether there is a terminal and whether it may use colours.
            let _ = error.print();
            return;
        }
        let mut line = failure.to_line(self.in_full);
        if self.in_full {
            line = self.completed(&line);
        }
        self.marked_line("error:", 31, &line);
        if let Some(token) = failure.resume_token() {
            self.error_line(&resume_hint(token));
        }
    }

    fn error_line(&self, text: &str) {
        eprintln!("{}", wrapped(text, self.width_of_errors(), 2));
    }

    /// A line that begins with a word in colour.
    fn marked_line(&self, word: &str, colour: u8, text: &str) {
        let colour = self.colours().then_some(colour);
        eprintln!("{}", marked(word, colour, text, self.width_of_errors()));
    }

    fn width_of_errors(&self) -> Option<usize> {
        self.errors.width.filter(|_| !self.is_wide)
    }
}

/// A text behind a word. The colour comes last, because its codes take no room on the terminal.
fn marked(word: &str, colour: Option<u8>, text: &str, width: Option<usize>) -> String {
    let lines = wrapped(&format!("{word} {text}"), width, 2);
    match (colour, lines.strip_prefix(word)) {
        (Some(colour), Some(rest)) => format!("\u{1b}[1;{colour}m{word}\u{1b}[0m{rest}"),
        _ => lines,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_word_in_colour_ends_where_one_without_does() {
        let text = "the result is not kept in the journal, so its report will not show it";
        for width in 10..90 {
            let plain = marked("warning:", None, text, Some(width));
            let coloured = marked("warning:", Some(33), text, Some(width));
            assert_eq!(
                coloured.strip_prefix("\u{1b}[1;33mwarning:\u{1b}[0m"),
                plain.strip_prefix("warning:"),
                "{width}"
            );
            assert!(plain.starts_with("warning:"), "{plain}");
        }
    }
}
