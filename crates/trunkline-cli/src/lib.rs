//! The command line of Trunkline: Teams telephone numbers and phone methods of users.
//!
//! The program `trunkline` calls [`run`], and so do the packages for Python and Node: whoever installs one of them has the
//! command, too, without a second copy of the core.

mod arguments;
mod commands;
mod connection;
mod credentials;
mod diagnostics;
mod document;
#[cfg(test)]
mod documentation;
mod environment;
mod failure;
mod interrupt;
mod layout;
mod names;
mod pager;
mod plan;
mod printer;
mod profiles;
mod progress;
mod settings;
mod sign_in;
mod signals;
mod terminal;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;

use clap::ValueEnum;

use arguments::{Arguments, Format, Typed};
use failure::Failure;
use printer::Printer;
use settings::Settings;
use trunkline::language::{self, Language};

/// Runs the command line, and returns the exit code that the process is to end with.
///
/// `arguments` begins with the name of the program. What the command prints goes to the standard output and standard error of the
/// process, and it listens to the signals of the process while it runs: a program calls it once, as its last act.
///
/// ```no_run
/// let code = trunkline_cli::run(std::env::args_os());
/// std::process::exit(code.into());
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    language::set(Language::CommandLine);
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // A panic is an internal error, and its message is on standard error already.
    std::panic::catch_unwind(AssertUnwindSafe(|| execute(&arguments))).unwrap_or(2)
}

/// Executes the command that the arguments name, and returns the exit code.
fn execute(words: &[OsString]) -> u8 {
    let arguments = match Arguments::read(words) {
        Ok(arguments) => arguments,
        // Help and version are asked for: they are results.
        Err(error) if !error.use_stderr() => return printer::help(&error),
        Err(error) => return failed(Printer::plain(guessed_format(words)), &Failure::from(error)),
    };
    let settings = Settings::read(&arguments.global, arguments.command.may_name_a_new_profile());
    let settings = settings.and_then(|settings| Ok((settings.format()?, settings)));
    let (format, settings) = match settings {
        Ok(read) => read,
        Err(failure) => return failed(Printer::plain(guessed_format(words)), &failure),
    };
    let printer = match Printer::new(format, &arguments.global) {
        Ok(printer) => printer,
        Err(failure) => return failed(Printer::plain(format), &failure),
    };
    for typed in arguments.command.typed() {
        match typed {
            Typed::Number(number) => printer.knows_number(&number),
            Typed::Name(name) => printer.knows_name(&name),
        }
    }
    if arguments.global.verbose {
        diagnostics::show(printer);
    }
    let report = match commands::run(&arguments.command, &settings, printer) {
        Ok(report) => report,
        Err(failure) => return failed(printer, &failure),
    };
    match report.document.map_or(Ok(()), |document| printer.document(&document)) {
        Ok(()) => report.code,
        Err(failure) => failed(printer, &failure),
    }
}

fn failed(printer: Printer, failure: &Failure) -> u8 {
    printer.failure(failure);
    failure.exit_code()
}

/// The form that a command line asks for which as a whole was not understood.
fn guessed_format(arguments: &[OsString]) -> Format {
    let words: Vec<String> = arguments
        .iter()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let mut named = words
        .windows(2)
        .filter(|pair| pair[0] == "--output" || pair[0] == "-o")
        .map(|pair| pair[1].as_str());
    let joined = words
        .iter()
        .find_map(|word| word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")));
    let name = named
        .next()
        .or(joined)
        .and_then(|name| Format::from_str(name, true).ok());
    let named = environment::OUTPUT.value().ok().flatten();
    name.or_else(|| Format::from_str(named?.trim(), true).ok())
        .unwrap_or_default()
}
