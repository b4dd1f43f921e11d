//! Checks the end of a list: repeated items, announced counts, and whether items may be missing.
//!
//! One judgement for pages, items, batches and every language.

use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use hashbrown::{DefaultHashBuilder, HashSet};

use crate::codec::page_body::PageBody;
use crate::request::continuation::Continuation;

/// Minimum number of keys that are remembered. A repetition after more items is not noticed, but memory stays limited.
const KEYS: usize = 1 << 19;

/// A reason why items may be missing from a list that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListDoubt {
    /// So many items came twice and were left out. Where pages overlap, others may have slipped through between them.
    Repeated(u64),
    /// The last page had fewer items than a page can have and no link, and the service does not leave items out (`$skip`)
    /// when asked what comes behind it.
    NoSkip,
    /// The service announced more items than came.
    Counted {
        /// Number of announced items.
        announced: u64,
        /// Number of received items.
        came: u64,
    },
}

impl fmt::Display for ListDoubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated(1) => formatter.write_str("the service sent one item twice, so that another may be missing"),
            Self::Repeated(items) => write!(
                formatter,
                "the service sent {items} items twice, so that others may be missing"
            ),
            Self::NoSkip => {
                formatter.write_str("the service does not say where the list ends, so that items may be missing")
            }
            Self::Counted { announced, came } => {
                write!(formatter, "the service announced {announced} items and sent {came}")
            }
        }
    }
}

/// The position in a list after one of its pages.
#[derive(Debug, Clone, Default)]
pub struct ListPosition {
    /// The continuation; `None` after the last page.
    pub continuation: Option<Continuation>,
    /// Number of repeated items on the page.
    pub repeated: u64,
    /// The reason why items may be missing, after the last page.
    pub doubt: Option<ListDoubt>,
}

/// The items of a page, compared with those of earlier pages.
pub(crate) struct Compared {
    /// Positions of items that came before.
    pub(crate) repeated: Vec<usize>,
    /// Whether every item has a key, and none of them is new.
    pub(crate) nothing_new: bool,
    /// Whether every item has a key.
    pub(crate) has_keys: bool,
}

/// The keys of the items that came so far, as hashes, in two generations.
#[derive(Default)]
pub(crate) struct Keys {
    hasher: DefaultHashBuilder,
    current: HashSet<u64, BuildHasherDefault<Hashed>>,
    previous: HashSet<u64, BuildHasherDefault<Hashed>>,
}

impl Keys {
    /// Compares the items of a page with those before.
    pub(crate) fn add<P: PageBody>(&mut self, page: &P) -> Compared {
        let length = page.length();
        if self.current.len() + length > KEYS {
            self.previous = std::mem::take(&mut self.current);
        }
        self.current.reserve(length);
        let (mut repeated, mut with_key) = (Vec::new(), 0);
        page.keys(&mut |position, key| {
            with_key += 1;
            let hash = self.hasher.hash_one(key);
            if self.previous.contains(&hash) || !self.current.insert(hash) {
                repeated.push(position);
            }
        });
        Compared {
            nothing_new: length > 0 && repeated.len() == length,
            has_keys: with_key == length,
            repeated,
        }
    }
}

/// For hashes, which need not be hashed again.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Decode, Json, Page};

    fn page(ids: std::ops::Range<usize>) -> Page<Json> {
        let items: Vec<String> = ids.map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        Page::decode(&format!(r#"{{"value":[{}]}}"#, items.join(","))).unwrap()
    }

    #[test]
    fn what_came_before_is_known_again_and_memory_is_bounded() {
        let mut keys = Keys::default();
        for start in 0..600 {
            let compared = keys.add(&page(start * 1000..start * 1000 + 1000));
            assert!(compared.repeated.is_empty() && compared.has_keys && !compared.nothing_new);
        }
        assert!(keys.add(&page(599_000..600_000)).nothing_new);
        assert_eq!(keys.add(&page(599_999..600_001)).repeated, [0]);
        for start in 600..2000 {
            keys.add(&page(start * 1000 + 10..start * 1000 + 1010));
        }
        assert!(keys.current.len() + keys.previous.len() <= 2 * KEYS);
    }

    #[test]
    fn items_without_keys_are_not_compared() {
        let mut keys = Keys::default();
        let page = Page::<Json>::decode(r#"{"value":[{"city":"Oslo"},{"city":"Oslo"},{"id":1},{"id":1},{"id":null}]}"#)
            .unwrap();
        let compared = keys.add(&page);
        assert_eq!(compared.repeated, [3]);
        assert!(!compared.has_keys && !compared.nothing_new);
        assert!(!keys.add(&Page::<Json>::default()).nothing_new);
    }

    #[test]
    fn a_doubt_is_said_aloud() {
        for (doubt, text) in [
            (ListDoubt::Repeated(1), "one item twice"),
            (ListDoubt::Repeated(3), "3 items twice"),
            (ListDoubt::NoSkip, "where the list ends"),
            (
                ListDoubt::Counted { announced: 9, came: 7 },
                "announced 9 items and sent 7",
            ),
        ] {
            assert!(doubt.to_string().contains(text), "{doubt}");
        }
    }
}
