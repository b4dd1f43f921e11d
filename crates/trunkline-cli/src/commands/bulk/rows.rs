//! Reads a file of rows.

use std::path::Path;

use trunkline::ErrorKind;
use trunkline_bulk::input::{self, Format, Hidden, Input, InputOptions};

use crate::arguments::{FileFormat, HiddenParts, Reading};
use crate::failure::Failure;

/// Reads a file of rows; `-` is standard input.
pub(in crate::commands) fn read(
    file: &Path,
    reading: &Reading,
    pick: bool,
    keep_unreadable: bool,
) -> Result<Input, Failure> {
    let options = InputOptions {
        format: reading.format.map(|format| match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Xlsx => Format::Xlsx,
            FileFormat::Jsonl => Format::JsonLines,
        }),
        country: reading.country,
        sheet: reading.sheet.clone(),
        hidden: reading.hidden.map(|choice| match choice {
            HiddenParts::Include => Hidden::Include,
            HiddenParts::Skip => Hidden::Skip,
        }),
        delimiter: reading.delimiter,
        action: reading.action,
        pick,
        columns: reading.column.clone(),
        locations: reading.locations.clone(),
        keep_unreadable,
        ..InputOptions::default()
    };
    let input = if file == Path::new("-") {
        input::read(std::io::stdin().lock(), &options).map(|input| input.named("standard input"))
    } else {
        input::read_file(file, &options)
    };
    input.map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::refused(ErrorKind::InvalidInput, message, error.next_step())
    })
}
