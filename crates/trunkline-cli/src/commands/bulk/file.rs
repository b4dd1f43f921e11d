//! Checks and writes the files and reports of commands.

use std::io::Write;
use std::path::Path;

use trunkline::ErrorKind;
use trunkline_bulk::{BulkError, check_ending, check_unreadable_file, write_whole};

use crate::failure::Failure;
use crate::printer::Printer;

/// Refuses a page that would not be in a file of its own, before anything is read.
pub(in crate::commands) fn check_page(path: Option<&Path>) -> Result<(), Failure> {
    check(path, "--html", |path| check_ending(path, "a page", &["html", "htm"]))
}

/// Refuses a plan over a table or a page, before anything is read.
pub(super) fn check_plan(path: Option<&Path>) -> Result<(), Failure> {
    check(path, "--save", |path| check_ending(path, "a plan", &["plan"]))
}

/// Refuses rows to correct over something else than a table, before anything is read.
pub(super) fn check_unreadable(path: Option<&Path>) -> Result<(), Failure> {
    check(path, "--unreadable", check_unreadable_file)
}

/// Standard output has the result of the command, which such a file would get mixed with.
fn check(
    path: Option<&Path>,
    option: &str,
    check_name: impl FnOnce(&Path) -> Result<(), BulkError>,
) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    if path == Path::new("-") {
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("nothing was written: {option} writes a file of its own, and - names none"),
            format!("Name a file after {option}"),
        ));
    }
    Ok(check_name(path)?)
}

/// Writes a file: all of it or nothing, readable by its owner only. `-` is standard output.
pub(in crate::commands) fn write(
    path: &Path,
    printer: Printer,
    write: impl FnOnce(&mut dyn Write) -> Result<(), BulkError>,
) -> Result<(), Failure> {
    if path == Path::new("-") {
        let mut text = Vec::new();
        write(&mut text)?;
        return printer.bytes(&text);
    }
    write_whole(path, write)?;
    printer.note(&format!("wrote {}", path.display()));
    Ok(())
}
