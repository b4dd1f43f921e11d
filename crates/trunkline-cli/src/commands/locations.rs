//! `trunkline locations`: names of emergency locations. Nothing is sent.

use std::path::Path;

use serde_json::{Value, json};
use trunkline::ErrorKind;
use trunkline_bulk::input::{Location, Locations as Names};
use trunkline_bulk::{check_ending, unwritten, write_whole};

use super::{Report, bulk};
use crate::arguments::{Format, Locations};
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::profiles::{self, Edit, Key, ProfileFile};
use crate::settings::Settings;

const COLUMNS: &[Column] = &[
    Column::shown("name", "/name"),
    Column::shown("locationId", "/locationId"),
    Column::shown("address", "/address"),
    Column::shown("isAmbiguous", "/isAmbiguous"),
];

pub(super) fn run(command: &Locations, settings: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Locations::Import { file, keep: true, .. } => {
            let name = bulk::named(settings)?;
            let path = profiles::folder()?.join(format!("{name}.locations.csv"));
            let report = import(file, Some(&path), printer)?;
            let own = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let edit = Edit::Set(name, Key::Locations, own.as_deref().unwrap_or_default());
            ProfileFile::read()?.change(&[edit])?;
            printer.note(&format!(
                "kept in the profile {name}: files of rows may name these locations"
            ));
            Ok(report)
        }
        Locations::Import { file, save, .. } => import(file, save.as_deref(), printer),
    }
}

fn import(file: &Path, save: Option<&Path>, printer: Printer) -> Result<Report, Failure> {
    let names = Names::read_file(file).map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::refused(ErrorKind::InvalidInput, message, error.next_step())
    })?;
    if let Some(save) = save {
        write(&names, save)?;
    }
    let json = match printer.format() {
        Format::Json => json!({
            "locations": names.len(),
            "names": names.name_count(),
            "ambiguous": ambiguous(&names),
            "saved": save.map(|path| path.display().to_string()),
        }),
        _ => Value::Array(rows(&names)),
    };
    Ok(Document::new(json, COLUMNS).with_text(text(&names, save)).into())
}

/// Writes the names, for `--locations`.
fn write(names: &Names, path: &Path) -> Result<(), Failure> {
    check_ending(path, "names of locations", &["csv"])?;
    Ok(write_whole(path, |to| names.write_csv(to).map_err(unwritten))?)
}

fn ambiguous(names: &Names) -> Vec<Value> {
    let location = |location: &Location| json!({"locationId": location.id, "address": location.address});
    let several = names
        .ambiguous()
        .into_iter()
        .map(|(name, found)| json!({"name": name, "locations": found.into_iter().map(location).collect::<Vec<_>>()}));
    several.collect()
}

/// One record for each name.
fn rows(names: &Names) -> Vec<Value> {
    let ambiguous: Vec<String> = names
        .ambiguous()
        .into_iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    let of_location = |location: &Location| {
        let (id, address) = (location.id.clone(), location.address.clone());
        let is_ambiguous = |name: &String| ambiguous.contains(&name.to_lowercase());
        let names = location.names.iter().map(
            move |name| json!({"name": name, "locationId": id, "address": address, "isAmbiguous": is_ambiguous(name)}),
        );
        names.collect::<Vec<_>>()
    };
    names.iter().flat_map(of_location).collect()
}

fn text(names: &Names, save: Option<&Path>) -> String {
    let mut text = format!(
        "{} of {} can be used in files of rows.",
        bulk::counted(names.name_count() as u64, "name"),
        bulk::counted(names.len() as u64, "location")
    );
    for (name, found) in names.ambiguous() {
        text.push_str(&format!(
            "\nwarning: several locations are named {:?}:",
            printable(&name)
        ));
        for location in found {
            text.push_str(&format!("\n  {}", printable(&location.to_string())));
        }
        text.push_str("\n  Write the id of the one that is meant, or give it a name of its own in the file of names");
    }
    text.push_str(&match save {
        Some(path) => format!(
            "\nThe names are in {0}. Use them: trunkline bulk plan FILE --locations {0}",
            path.display()
        ),
        None => "\nNothing was written; --save FILE writes the names for --locations.".to_owned(),
    });
    text
}
