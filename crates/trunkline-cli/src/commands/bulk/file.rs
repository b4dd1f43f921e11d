//! Files that are written for others: whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use trunkline::ErrorKind;

use crate::failure::Failure;
use crate::printer::Printer;

/// Writes a file: all of it or nothing, readable by its owner only. `-` is standard output.
pub(super) fn write<E>(
    path: &Path,
    printer: Printer,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), Failure>
where
    Failure: From<E>,
{
    if path == Path::new("-") {
        let mut text = Vec::new();
        write(&mut text)?;
        return printer.result(&String::from_utf8_lossy(&text));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let beside = path.with_file_name(name);
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            "Choose a folder that can be written and has space",
        )
    };
    let written = private(&beside).map_err(failed).and_then(|file| {
        let mut buffer = BufWriter::new(file);
        write(&mut buffer)?;
        buffer.flush().map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    });
    if written.is_err() {
        // What is left of it is of no use, and may not be there.
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    printer.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// A new file that only its owner can read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
