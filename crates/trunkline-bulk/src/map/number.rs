//! A number on the map, and its use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The use of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NumberUse {
    /// Nobody holds it.
    Free,
    /// Somebody or something holds it.
    InUse,
    /// A plan changes it.
    WillChange,
    /// A plan has a row about it that is blocked.
    Blocked,
}

impl NumberUse {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Free, Self::InUse, Self::WillChange, Self::Blocked];

    /// Its name in JSON and in the style of pages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::InUse => "inUse",
            Self::WillChange => "willChange",
            Self::Blocked => "blocked",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::InUse => "in use",
            Self::WillChange => "will change",
            Self::Blocked => "blocked",
        }
    }

    /// The letter that stands for it in pictures, so that nobody needs the colour.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Free => 'F',
            Self::InUse => 'U',
            Self::WillChange => 'C',
            Self::Blocked => 'B',
        }
    }
}

/// How many numbers are in which use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UseCounts {
    /// Free.
    pub free: u64,
    /// In use.
    pub in_use: u64,
    /// Changed by the plan.
    pub will_change: u64,
    /// Blocked in the plan.
    pub blocked: u64,
}

impl UseCounts {
    pub(super) fn count(&mut self, usage: NumberUse) {
        match usage {
            NumberUse::Free => self.free += 1,
            NumberUse::InUse => self.in_use += 1,
            NumberUse::WillChange => self.will_change += 1,
            NumberUse::Blocked => self.blocked += 1,
        }
    }

    /// How many numbers have this use.
    #[must_use]
    pub const fn of(&self, usage: NumberUse) -> u64 {
        match usage {
            NumberUse::Free => self.free,
            NumberUse::InUse => self.in_use,
            NumberUse::WillChange => self.will_change,
            NumberUse::Blocked => self.blocked,
        }
    }

    /// All numbers.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.free + self.in_use + self.will_change + self.blocked
    }

    /// `12 free, 80 in use`: the uses that there are.
    #[must_use]
    pub fn sentence(&self) -> String {
        let parts = NumberUse::ALL.into_iter().filter(|usage| self.of(*usage) > 0);
        let parts: Vec<_> = parts
            .map(|usage| format!("{} {}", self.of(usage), usage.words()))
            .collect();
        if parts.is_empty() {
            "no numbers".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// A number to show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapNumber {
    /// As the inventory has it, which need not be E.164.
    pub number: String,
    /// Its use.
    pub usage: NumberUse,
    /// The effect of a plan or a run on it, in a few words.
    pub detail: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// Id of the emergency location.
    pub location: Option<String>,
    /// Id of the network site.
    pub site: Option<String>,
}

impl MapNumber {
    /// A number of which only the use is known.
    #[must_use]
    pub fn new(number: impl Into<String>, usage: NumberUse) -> Self {
        Self {
            number: number.into(),
            usage,
            detail: None,
            city: None,
            location: None,
            site: None,
        }
    }
}

/// The place of a number in the order of the map: those of E.164 by their digits, then those with an extension, then the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MapKey {
    /// The digits; numbers of different length differ, because none begins with a zero.
    Digits(u64),
    /// The digits of the base, and the extension.
    Extension(u64, String),
    Other(String),
}

/// The fewest digits of a number that has a place in a block.
const FEWEST: usize = 4;

/// The most digits of E.164.
const MOST: usize = 15;

impl MapKey {
    fn of(number: &str) -> Self {
        let (base, extension) = match number.split_once(";ext=") {
            Some((base, extension)) => (base, Some(extension)),
            None => (number, None),
        };
        let digits = base.strip_prefix('+').filter(|digits| {
            (FEWEST..=MOST).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && !digits.starts_with('0')
        });
        match (digits.and_then(|digits| digits.parse().ok()), extension) {
            (Some(digits), None) => Self::Digits(digits),
            (Some(digits), Some(extension)) => Self::Extension(digits, extension.to_owned()),
            (None, _) => Self::Other(number.to_owned()),
        }
    }
}

/// The numbers in the order of the map, each once.
pub(super) fn sorted(numbers: impl IntoIterator<Item = MapNumber>) -> Vec<(MapKey, MapNumber)> {
    let mut sorted = BTreeMap::new();
    for number in numbers {
        sorted.entry(MapKey::of(&number.number)).or_insert(number);
    }
    sorted.into_iter().collect()
}
