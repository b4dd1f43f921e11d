//! `trunkline completions` and `trunkline manual`: what a shell and `man` read.

use clap_complete::Shell;

use super::Report;
use crate::arguments::{Arguments, Completions, Manual};
use crate::failure::Failure;
use crate::printer::Printer;

/// The name of the command in scripts and pages.
const NAME: &str = "trunkline";

pub(super) fn completions(completions: &Completions, printer: Printer) -> Result<Report, Failure> {
    let script = script(completions.shell);
    printer.bytes(&script)?;
    Ok(Report::printed(0))
}

fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::description(), NAME, &mut script);
    script
}

pub(super) fn manual(manual: &Manual, printer: Printer) -> Result<Report, Failure> {
    let unwritten = |error: std::io::Error| Failure::Unexpected(format!("the manual cannot be written: {error}"));
    let Some(folder) = &manual.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Arguments::description())
            .render(&mut page)
            .map_err(unwritten)?;
        printer.bytes(&page)?;
        return Ok(Report::printed(0));
    };
    std::fs::create_dir_all(folder).map_err(unwritten)?;
    clap_mangen::generate_to(Arguments::description(), folder).map_err(unwritten)?;
    printer.note(&format!("the manual pages are in {}", folder.display()));
    Ok(Report::printed(0))
}
