//! Use of numbers by city, emergency location and network site.

use std::collections::BTreeMap;

use serde::Serialize;

use super::number::{MapNumber, UseCounts};

/// The kinds of places that numbers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaceKind {
    /// City.
    City,
    /// Emergency location, by id.
    Location,
    /// Network site, by id.
    Site,
}

impl PlaceKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::City, Self::Location, Self::Site];

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Location => "emergency location",
            Self::Site => "network site",
        }
    }

    fn of(self, number: &MapNumber) -> Option<&str> {
        match self {
            Self::City => number.city.as_deref(),
            Self::Location => number.location.as_deref(),
            Self::Site => number.site.as_deref(),
        }
    }
}

/// The places of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Places {
    /// Their kind.
    pub kind: PlaceKind,
    /// The places, by name; numbers without one are last.
    pub places: Vec<Place>,
}

/// A place, and its numbers by use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// Its name or id; absent for numbers without a place of this kind.
    pub name: Option<String>,
    /// Its numbers by use.
    #[serde(flatten)]
    pub counts: UseCounts,
}

/// The places of each kind that at least one number has.
pub(super) fn places<'n>(numbers: impl Iterator<Item = &'n MapNumber> + Clone) -> Vec<Places> {
    let of = |kind: PlaceKind| {
        let mut found: BTreeMap<(bool, Option<&str>), UseCounts> = BTreeMap::new();
        for number in numbers.clone() {
            let name = kind.of(number).filter(|name| !name.is_empty());
            found.entry((name.is_none(), name)).or_default().count(number.usage);
        }
        let places: Vec<_> = found
            .into_iter()
            .map(|((_, name), counts)| Place {
                name: name.map(str::to_owned),
                counts,
            })
            .collect();
        places
            .iter()
            .any(|place| place.name.is_some())
            .then_some(Places { kind, places })
    };
    PlaceKind::ALL.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{Arrangement, NumberMap, NumberUse};

    #[test]
    fn each_kind_counts_every_number_and_those_without_a_place_come_last() {
        let number = |number: &str, usage, city: Option<&str>| MapNumber {
            city: city.map(str::to_owned),
            ..MapNumber::new(number, usage)
        };
        let numbers = [
            number("+12065550100", NumberUse::Free, Some("Seattle")),
            number("+12065550101", NumberUse::InUse, Some("Seattle")),
            number("+12065550102", NumberUse::InUse, None),
            number("+12065550103", NumberUse::Blocked, Some("Berlin")),
        ];
        let map = NumberMap::of(numbers, Arrangement::Hundreds);
        assert_eq!(map.places.len(), 1, "no number has a location or a site");
        let shown: Vec<_> = map.places[0]
            .places
            .iter()
            .map(|place| (place.name.as_deref(), place.counts.sentence()))
            .collect();
        assert_eq!(
            shown,
            [
                (Some("Berlin"), "1 blocked".to_owned()),
                (Some("Seattle"), "1 free, 1 in use".to_owned()),
                (None, "1 in use".to_owned()),
            ]
        );
        assert_eq!(map.counts.total(), 4);
    }
}
