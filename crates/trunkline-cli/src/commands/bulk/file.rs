//! Writes the files and reports of commands.

use std::io::Write;
use std::path::Path;

use trunkline_bulk::{BulkError, write_whole};

use crate::failure::Failure;
use crate::printer::Printer;

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
