//! Names of emergency locations: a file of rows may name a site where the service wants an id.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, Write};

use super::nearest::nearest;
use super::problem::shown;
use super::spreadsheet::{NumberStyle, guarded};

/// An emergency location of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// Its id.
    pub id: String,
    /// Its names, as the file has them: the description of its address, the place within it, and both together.
    pub names: Vec<String>,
    /// Its address on one line; empty when the file has none.
    pub address: String,
}

/// The longest of its names, the address, and the id.
impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.names.iter().max_by_key(|name| name.len());
        let name = name.map(|name| shown(name)).unwrap_or_default();
        match self.address.as_str() {
            "" => write!(formatter, "{name} ({})", self.id),
            address => write!(formatter, "{name}, {} ({})", shown(address), self.id),
        }
    }
}

/// The location of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundLocation<'l> {
    /// This one.
    One(&'l Location),
    /// Several have the name.
    Several(Vec<&'l Location>),
    /// None has it; these names are the nearest.
    Missing(Vec<String>),
}

/// Names of emergency locations with their ids.
///
/// Graph lists no locations. They come from Teams PowerShell, `Get-CsOnlineLisLocation | Export-Csv` or
/// `Get-CsOnlineLisCivicAddress | Export-Csv`, or from a file with the columns `name` and `locationId`.
///
/// ```
/// use trunkline_bulk::input::{FoundLocation, Locations};
///
/// let file = "Description,Location,City,LocationId\nSeattle,Floor 2,Seattle,10c00000-0000-4000-8000-000000000001\n";
/// let locations = Locations::read(file.as_bytes())?;
/// assert!(matches!(locations.find(" seattle "), FoundLocation::One(found) if found.address == "Seattle"));
/// assert!(matches!(locations.find("Redmond"), FoundLocation::Missing(_)));
/// # Ok::<(), trunkline_bulk::input::InputError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Locations {
    locations: Vec<Location>,
    /// By names in lower case, without extra blanks.
    by_name: HashMap<String, Vec<usize>>,
}

/// A name as it is compared: in lower case, its words separated by one blank.
fn key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

impl Locations {
    /// Adds a location, or further names of one that is known.
    pub(super) fn add(&mut self, id: &str, names: Vec<String>, address: &str) {
        let id = id.to_ascii_lowercase();
        let place = self.locations.iter().rposition(|known| known.id == id);
        let place = place.unwrap_or_else(|| {
            self.locations.push(Location {
                id,
                names: Vec::new(),
                address: address.to_owned(),
            });
            self.locations.len() - 1
        });
        for name in names {
            let known = self.by_name.entry(key(&name)).or_default();
            if !known.contains(&place) {
                known.push(place);
                self.locations[place].names.push(name);
            }
        }
    }

    /// Number of locations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.locations.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.locations.is_empty()
    }

    /// The locations, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Location> {
        self.locations.iter()
    }

    /// Number of names that locations have.
    #[must_use]
    pub fn name_count(&self) -> usize {
        self.by_name.len()
    }

    /// The location of a name, in any case and with whatever blanks around it.
    #[must_use]
    pub fn find(&self, name: &str) -> FoundLocation<'_> {
        let wanted = key(name);
        match self.by_name.get(&wanted).map(Vec::as_slice) {
            Some([place]) => FoundLocation::One(&self.locations[*place]),
            Some(places) => FoundLocation::Several(places.iter().map(|place| &self.locations[*place]).collect()),
            None => {
                let near = nearest(&wanted, self.by_name.keys().map(String::as_str));
                let written = |name: &str| {
                    let place = self.by_name.get(name)?.first()?;
                    let names = &self.locations.get(*place)?.names;
                    names.iter().find(|own| key(own) == name).map(|own| shown(own))
                };
                FoundLocation::Missing(near.into_iter().filter_map(written).collect())
            }
        }
    }

    /// The names that several locations have, in the order of the alphabet.
    #[must_use]
    pub fn ambiguous(&self) -> Vec<(String, Vec<&Location>)> {
        let several = self.by_name.iter().filter(|(_, places)| places.len() > 1);
        let sorted: BTreeMap<&String, &Vec<usize>> = several.collect();
        let named = sorted.into_iter().map(|(name, places)| {
            let found: Vec<&Location> = places.iter().map(|place| &self.locations[*place]).collect();
            let own = found
                .iter()
                .flat_map(|location| &location.names)
                .find(|own| key(own) == *name);
            (own.unwrap_or(name).clone(), found)
        });
        named.collect()
    }

    /// Writes the names as CSV with the columns `name`, `locationId` and `address`, one row for each name. It reads back as the
    /// same.
    ///
    /// # Errors
    ///
    /// The errors of `output`.
    pub fn write_csv(&self, output: impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(["name", "locationId", "address"])?;
        for location in &self.locations {
            for name in &location.names {
                let cells = [name, &location.id, &location.address];
                writer.write_record(cells.map(|cell| guarded(cell, NumberStyle::Plain).into_owned()))?;
            }
        }
        writer.flush()
    }
}
