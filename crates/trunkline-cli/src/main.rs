//! The command line of Trunkline: Teams telephone numbers and phone methods of users.

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
mod plan;
mod printer;
mod profiles;
mod progress;
mod settings;
mod sign_in;

use std::process::ExitCode;

use clap::ValueEnum;

use arguments::{Arguments, Format};
use failure::Failure;
use printer::Printer;
use settings::Settings;
use trunkline::language::{self, Language};

/// Measured in docs/decisions/240-allocator.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    language::set(Language::CommandLine);
    // A panic is an internal error, and its message is on standard error already.
    let code = std::panic::catch_unwind(run).unwrap_or(2);
    ExitCode::from(code)
}

/// Carries out what the command line says, and returns the exit code.
fn run() -> u8 {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        // Help and version are asked for: they are results.
        Err(error) if !error.use_stderr() => return printer::help(&error),
        Err(error) => return failed(Printer::plain(guessed_format()), &Failure::from(error)),
    };
    let settings = Settings::read(&arguments.global, arguments.command.may_name_a_new_profile());
    let (settings, format) = match settings.and_then(|settings| Ok((settings.format()?, settings))) {
        Ok((format, settings)) => (settings, format),
        Err(failure) => return failed(Printer::plain(guessed_format()), &failure),
    };
    let printer = Printer::new(format, &arguments.global);
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
fn guessed_format() -> Format {
    let words: Vec<String> = std::env::args_os()
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
