//! Notices a member that an object has twice.
//!
//! JSON leaves open which of the two counts, and readers of other languages decide differently. So neither does.

use hashbrown::HashSet;

/// Why such an object is refused.
pub(super) const TWICE: &str = "the object has this member twice";

/// How many names are compared one by one. Hardly any object has more members.
const FEW: usize = 32;

/// How many properties of a type are remembered without a heap.
const WORDS: usize = 4;

/// The names that an object has had so far, as hashes.
pub(super) struct Names {
    few: [u64; FEW],
    count: usize,
    many: HashSet<u64>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            few: [0; FEW],
            count: 0,
            many: HashSet::new(),
        }
    }
}

impl Names {
    /// Adds a name; `false`: it was there.
    #[inline]
    pub(super) fn add(&mut self, name: &str) -> bool {
        let hash = hash(name.as_bytes());
        if self.few[..self.count].contains(&hash) {
            return false;
        }
        if let Some(free) = self.few.get_mut(self.count) {
            *free = hash;
            self.count += 1;
            return true;
        }
        self.many.insert(hash)
    }
}

/// Only a service that wants to be refused makes two of its names collide.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, part: u64| (hash ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let mut hash = mix(0, bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(hash, <[u8; 8]>::try_from(chunk).map_or(0, u64::from_le_bytes));
    }
    let mut rest = [0; 8];
    rest[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    mix(mix(hash, u64::from_le_bytes(rest)), 0)
}

/// The members that a record has had so far: properties by their index in the table, others by name.
#[derive(Default)]
pub(super) struct Members {
    fields: [u64; WORDS],
    more_fields: Vec<u64>,
    others: Option<Box<Names>>,
}

impl Members {
    /// Adds a property; `false`: it was there.
    #[inline]
    pub(super) fn add(&mut self, field: u16) -> bool {
        let (word, bit) = (usize::from(field / 64), 1 << (field % 64));
        match self.fields.get_mut(word) {
            Some(word) => {
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            }
            None => self.add_far(word - WORDS, bit),
        }
    }

    #[cold]
    fn add_far(&mut self, word: usize, bit: u64) -> bool {
        if self.more_fields.len() <= word {
            self.more_fields.resize(word + 1, 0);
        }
        let is_new = self.more_fields[word] & bit == 0;
        self.more_fields[word] |= bit;
        is_new
    }

    /// Adds a member that is no property; `false`: it was there.
    pub(super) fn add_other(&mut self, name: &str) -> bool {
        self.others.get_or_insert_default().add(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_new_once() {
        let mut names = Names::default();
        let all: Vec<String> = (0..200)
            .map(|number| format!("name{number:03}{}", "x".repeat(number % 19)))
            .collect();
        assert!(all.iter().all(|name| names.add(name)));
        assert!(!all.iter().any(|name| names.add(name)));
        assert!(names.add("") && !names.add(""));
    }

    #[test]
    fn each_property_is_new_once() {
        let mut members = Members::default();
        assert!((0..600).all(|field| members.add(field)));
        assert!(!(0..600).any(|field| members.add(field)));
        assert!(members.add_other("a") && members.add_other("b") && !members.add_other("a"));
    }
}
