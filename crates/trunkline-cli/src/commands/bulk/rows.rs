//! Reads a file of rows, as the options and the profile say.

use std::path::Path;

use trunkline::ErrorKind;
use trunkline_bulk::input::{self, Column, Format, Hidden, Input, InputOptions};

use crate::arguments::{FileFormat, HiddenParts, Reading};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::profiles::{Edit, Key, Profile, ProfileFile, absolute};
use crate::settings::Settings;

/// The needs of the command that reads a file.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::commands) struct Needs {
    /// An assignment may leave its number open.
    pub(in crate::commands) pick: bool,
    /// The cells of rows that cannot be read are written to a file.
    pub(in crate::commands) unreadable: bool,
}

/// Reads a file of rows; `-` is standard input. What the options leave open is read as the profile says, and a note says so.
pub(in crate::commands) fn read(
    file: &Path,
    reading: &Reading,
    settings: &Settings<'_>,
    needs: Needs,
    printer: Printer,
) -> Result<Input, Failure> {
    let profile = settings.profile();
    let usual_columns = profile.map_or_else(Vec::new, usual_columns);
    let of_profile = profile.and_then(|profile| profile.path(Key::Locations));
    let locations = reading.locations.clone().or_else(|| of_profile.clone());
    if let (Some(profile), None, Some(path)) = (profile, &reading.locations, &of_profile) {
        let (path, name) = (path.display(), &profile.name);
        printer.note(&format!(
            "names of locations are read from {path}, as the profile {name} says"
        ));
    }
    let options = InputOptions {
        format: reading.format.map(|format| match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Xlsx => Format::Xlsx,
            FileFormat::Jsonl => Format::JsonLines,
        }),
        country: reading.country.or_else(|| settings.country()),
        sheet: reading.sheet.clone(),
        hidden: reading.hidden.map(|choice| match choice {
            HiddenParts::Include => Hidden::Include,
            HiddenParts::Skip => Hidden::Skip,
        }),
        delimiter: reading.delimiter,
        action: reading.action,
        pick: needs.pick,
        columns: reading.column.clone(),
        usual_columns,
        locations,
        keep_unreadable: needs.unreadable,
        ..InputOptions::default()
    };
    let input = if file == Path::new("-") {
        input::read(std::io::stdin().lock(), &options).map(|input| input.named("standard input"))
    } else {
        input::read_file(file, &options)
    };
    let input = input.map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::refused(ErrorKind::InvalidInput, message, error.next_step())
    })?;
    if reading.keep {
        keep(reading, settings, printer)?;
    }
    Ok(input)
}

/// The headings of the profile. The file of profiles was checked when it was read.
fn usual_columns(profile: &Profile) -> Vec<(Column, String)> {
    let columns = profile.columns().iter();
    columns
        .filter_map(|(field, heading)| Some((Column::from_name(field)?, heading.clone())))
        .collect()
}

/// Keeps the choices of a command in its profile.
fn keep(reading: &Reading, settings: &Settings<'_>, printer: Printer) -> Result<(), Failure> {
    let name = named(settings)?;
    let locations = reading.locations.as_deref().map(absolute).transpose()?;
    let country = reading.country.map(|country| country.letters().to_owned());
    let columns = reading.column.iter();
    let mut edits: Vec<Edit<'_>> = columns
        .map(|(column, heading)| Edit::Column(name, column.name(), heading))
        .collect();
    let values = [(Key::Locations, &locations), (Key::Country, &country)];
    edits.extend(
        values
            .into_iter()
            .filter_map(|(key, value)| Some(Edit::Set(name, key, value.as_deref()?))),
    );
    if edits.is_empty() {
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            "--keep has nothing to keep",
            "Name --column, --locations or --country with it",
        ));
    }
    let file = ProfileFile::read()?.change(&edits)?;
    printer.note(&format!("kept in the profile {name}, in {}", file.path().display()));
    Ok(())
}

/// The name of the profile that is used.
pub(in crate::commands) fn named<'s>(settings: &'s Settings<'_>) -> Result<&'s str, Failure> {
    let profile = settings.profile().map(|profile| profile.name.as_str());
    profile.ok_or_else(|| {
        Failure::refused(
            ErrorKind::InvalidInput,
            "--keep needs a profile, and none is used",
            "Add one: trunkline profile add NAME --tenant TENANT, then trunkline profile use NAME",
        )
    })
}
