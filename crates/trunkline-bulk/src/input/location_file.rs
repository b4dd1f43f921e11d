//! Reads a file of names of emergency locations: our own, or an export of Teams PowerShell.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use trunkline::mask::is_guid;

use super::cell::is_unseen;
use super::column::same_word;
use super::header::list;
use super::locations::Locations;
use super::spreadsheet::within_guard;
use super::{InputError, InputOptions, table};

/// Rows that are examined for the header.
const EXAMINED: usize = 20;

/// Headings of the id, those of `Get-CsOnlineLisLocation` and `Get-CsOnlineLisCivicAddress` included. The id of an address is no
/// id of a location.
const IDS: [&str; 4] = ["locationId", "defaultLocationId", "emergencyLocationId", "id"];

/// Headings of names. The first is ours; the exports name the address by its description, and the place within it.
const NAMES: [&str; 6] = ["name", "site", "siteName", "standort", "description", "location"];

/// Headings that make up the address, in the order in which it is written.
const ADDRESS: [&str; 13] = [
    "address",
    "companyName",
    "houseNumber",
    "houseNumberSuffix",
    "preDirectional",
    "streetName",
    "streetSuffix",
    "postDirectional",
    "city",
    "stateOrProvince",
    "postalCode",
    "postalOrZipCode",
    "countryOrRegion",
];

/// Longest name or address that is read, in bytes.
const LONGEST: usize = 512;

/// Columns of a table of locations.
struct LocationColumns {
    id: usize,
    names: Vec<usize>,
    /// Description and place, which together are a name, too.
    both: Option<(usize, usize)>,
    address: Vec<usize>,
}

impl LocationColumns {
    fn of(headings: &[String]) -> Option<Self> {
        let place = |name: &str| headings.iter().position(|heading| same_word(name, heading));
        let names: Vec<usize> = NAMES.iter().filter_map(|name| place(name)).collect();
        (!names.is_empty()).then_some(())?;
        Some(Self {
            id: IDS.iter().find_map(|name| place(name))?,
            names,
            both: place("description").zip(place("location")),
            address: ADDRESS.iter().filter_map(|name| place(name)).collect(),
        })
    }

    /// Adds the location of a row. Rows without an id or a name say nothing.
    fn add(&self, row: &[String], locations: &mut Locations) {
        let cell = |place: usize| row.get(place).map(String::as_str).unwrap_or_default();
        let id = cell(self.id);
        if !is_guid(id) || id.bytes().all(|byte| matches!(byte, b'0' | b'-')) {
            return;
        }
        let filled = |places: &[usize]| -> Vec<String> {
            let cells = places.iter().map(|place| cell(*place));
            cells.filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
        };
        let mut names = filled(&self.names);
        if let Some((description, place)) = self.both.map(|(one, other)| (cell(one), cell(other)))
            && !description.is_empty()
            && !place.is_empty()
        {
            names.push(format!("{description}, {place}"));
            names.push(format!("{description} - {place}"));
        }
        locations.add(id, names, &filled(&self.address).join(" "));
    }
}

impl Locations {
    /// Reads a file of names, CSV or XLSX.
    ///
    /// # Errors
    ///
    /// [`InputError::Locations`] when it cannot be read, or has no column of names or of ids.
    pub fn read_file(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let open = || -> Result<Self, InputError> {
            let path = path.as_ref();
            if !std::fs::metadata(path)?.is_file() {
                return Err(InputError::NotAFile);
            }
            Self::read(File::open(path)?)
        };
        open().map_err(|error| match error {
            error @ InputError::NoLocations { .. } => error,
            error => InputError::Locations(Box::new(error)),
        })
    }

    /// Reads names from `source`.
    ///
    /// # Errors
    ///
    /// As [`read_file`](Self::read_file).
    pub fn read(source: impl Read) -> Result<Self, InputError> {
        let is_known = |heading: &str| {
            let mut known = IDS.iter().chain(&NAMES).chain(&ADDRESS);
            known.any(|name| same_word(name, heading))
        };
        let rows = table::read(source, &InputOptions::default(), is_known)?;
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|row| row.iter().map(|cell| readable(cell)).collect())
            .collect();
        let mut first = rows.iter().take(EXAMINED).enumerate();
        let header = first.find_map(|(place, row)| Some((place, LocationColumns::of(row)?)));
        let Some((place, columns)) = header else {
            let found = rows.first().map(|row| list(row)).ok_or(InputError::Empty)?;
            return Err(InputError::NoLocations { found });
        };
        let mut locations = Self::default();
        for row in &rows[place + 1..] {
            columns.add(row, &mut locations);
        }
        Ok(locations)
    }
}

/// A cell without what guards it, on one line, and no longer than a name is.
fn readable(cell: &str) -> String {
    let text = within_guard(cell.trim(), false).0;
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST);
    let text = &text[..end.unwrap_or(text.len())];
    text.chars()
        .map(|letter| if is_unseen(letter) { ' ' } else { letter })
        .collect::<String>()
        .trim()
        .to_owned()
}
