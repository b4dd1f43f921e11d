//! Blocks of consecutive numbers.

use super::number::{MapKey, MapNumber, NumberUse, UseCounts};

/// How many cells a block has at most that is a run of consecutive numbers.
const LONGEST: u64 = 1000;

/// How numbers are put into blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// A block for each hundred: numbers that differ in their last two digits.
    #[default]
    Hundreds,
    /// A block for each run of consecutive numbers.
    Runs,
}

/// A block of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// Its name: `+120655501xx`, `+12065550100 to +12065550149`, `with an extension`.
    pub name: String,
    /// The digits of its first place, where its places are consecutive numbers; otherwise each cell has a number of its own.
    pub first: Option<u64>,
    /// The cells, in order of digits. A place without a number of the inventory is empty.
    pub cells: Vec<Option<MapCell>>,
    /// Its numbers by use.
    pub counts: UseCounts,
}

/// A number in its block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapCell {
    /// The number.
    pub number: String,
    /// Its use.
    pub usage: NumberUse,
    /// The effect of a plan or a run on it, in a few words.
    pub detail: Option<String>,
}

impl Block {
    fn new(name: String, first: Option<u64>) -> Self {
        Self {
            name,
            first,
            cells: Vec::new(),
            counts: UseCounts::default(),
        }
    }

    fn push(&mut self, number: MapNumber) {
        self.counts.count(number.usage);
        self.cells.push(Some(MapCell {
            number: number.number,
            usage: number.usage,
            detail: number.detail,
        }));
    }

    /// The letters of its cells; a dot where there is no number.
    #[must_use]
    pub fn letters(&self) -> String {
        let letter = |cell: &Option<MapCell>| cell.as_ref().map_or('.', |cell| cell.usage.letter());
        self.cells.iter().map(letter).collect()
    }

    /// Its cells in so many characters. Each stands for as many cells: `B` when one is blocked, `C` when one changes, `U` when
    /// all are in use, `F` when all are free, `u` when some are, and a dot for none.
    #[must_use]
    pub fn picture(&self, width: usize) -> String {
        let size = self.cells.len().div_ceil(width.max(1)).max(1);
        self.cells.chunks(size).map(character).collect()
    }
}

fn character(cells: &[Option<MapCell>]) -> char {
    let has = |usage| cells.iter().flatten().any(|cell| cell.usage == usage);
    match (has(NumberUse::Free), has(NumberUse::InUse)) {
        _ if has(NumberUse::Blocked) => 'B',
        _ if has(NumberUse::WillChange) => 'C',
        (true, true) => 'u',
        (false, true) => 'U',
        (true, false) => 'F',
        (false, false) => '.',
    }
}

/// Puts numbers into blocks; they come in the order of their keys.
pub(super) fn blocks(numbers: Vec<(MapKey, MapNumber)>, arrangement: Arrangement) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (key, number) in numbers {
        match key {
            MapKey::Digits(digits) => place(&mut blocks, digits, number, arrangement),
            MapKey::Extension(..) => unplaced(&mut blocks, "with an extension", number),
            MapKey::Other(_) => unplaced(&mut blocks, "not written as numbers are", number),
        }
    }
    for block in &mut blocks {
        match (arrangement, block.first) {
            // The rest of the hundred.
            (Arrangement::Hundreds, Some(_)) => block.cells.resize(100, None),
            (Arrangement::Runs, Some(first)) if block.cells.len() > 1 => {
                let last = first + block.cells.len() as u64 - 1;
                block.name = format!("+{first} to +{last}");
            }
            _ => {}
        }
    }
    blocks
}

fn place(blocks: &mut Vec<Block>, digits: u64, number: MapNumber, arrangement: Arrangement) {
    let last = blocks
        .last()
        .and_then(|block| Some((block.first?, block.cells.len() as u64)));
    let is_inside = last.is_some_and(|(first, length)| match arrangement {
        Arrangement::Hundreds => first / 100 == digits / 100,
        Arrangement::Runs => first + length == digits && length < LONGEST,
    });
    if !is_inside {
        let (name, first) = match arrangement {
            Arrangement::Hundreds => (format!("+{}xx", digits / 100), digits / 100 * 100),
            Arrangement::Runs => (format!("+{digits}"), digits),
        };
        blocks.push(Block::new(name, Some(first)));
    }
    if let Some(block) = blocks.last_mut() {
        let first = block.first.unwrap_or(digits);
        block.cells.resize((digits - first) as usize, None);
        block.push(number);
    }
}

/// Puts a number that has no place among consecutive ones behind the others of its kind.
fn unplaced(blocks: &mut Vec<Block>, name: &str, number: MapNumber) {
    if blocks.last().is_none_or(|block| block.name != name) {
        blocks.push(Block::new(name.to_owned(), None));
    }
    if let Some(block) = blocks.last_mut() {
        block.push(number);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::map::NumberMap;

    fn map(numbers: &[&str], arrangement: Arrangement) -> NumberMap {
        let numbers = numbers.iter().map(|number| MapNumber::new(*number, NumberUse::Free));
        NumberMap::of(numbers, arrangement)
    }

    #[test]
    fn a_hundred_has_a_hundred_places_and_a_run_none_that_is_empty() {
        let numbers = ["+12065550100", "+12065550101", "+12065550103", "+12065550207"];
        let hundreds = map(&numbers, Arrangement::Hundreds);
        let names: Vec<_> = hundreds.blocks.iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, ["+120655501xx", "+120655502xx"]);
        assert_eq!(hundreds.blocks[0].cells.len(), 100);
        assert_eq!(hundreds.blocks[0].letters()[..5], *"FF.F.");
        let runs = map(&numbers, Arrangement::Runs);
        let names: Vec<_> = runs.blocks.iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, ["+12065550100 to +12065550101", "+12065550103", "+12065550207"]);
        assert!(runs.blocks.iter().all(|block| block.cells.iter().all(Option::is_some)));
    }

    #[test]
    fn numbers_without_a_place_are_in_blocks_of_their_own() {
        let found = map(
            &["+12065550113;ext=42", "2065550100", "+12065550113", ""],
            Arrangement::Hundreds,
        );
        let shown: Vec<_> = found
            .blocks
            .iter()
            .map(|block| (block.name.as_str(), block.counts.total()))
            .collect();
        assert_eq!(
            shown,
            [
                ("+120655501xx", 1),
                ("with an extension", 1),
                ("not written as numbers are", 2)
            ]
        );
    }

    #[test]
    fn a_character_says_the_worst_of_its_cells() {
        let numbers = [
            ("+12065550100", NumberUse::InUse),
            ("+12065550105", NumberUse::Free),
            ("+12065550106", NumberUse::InUse),
            ("+12065550110", NumberUse::Free),
            ("+12065550111", NumberUse::WillChange),
            ("+12065550115", NumberUse::Blocked),
            ("+12065550116", NumberUse::WillChange),
        ];
        let numbers = numbers.map(|(number, usage)| MapNumber::new(number, usage));
        let map = NumberMap::of(numbers, Arrangement::Hundreds);
        assert_eq!(map.blocks[0].picture(20), format!("UuCB{}", ".".repeat(16)));
    }

    proptest! {
        /// Whatever the numbers are: each is in exactly one cell, at its own place, and is counted once.
        #[test]
        fn every_number_is_in_exactly_one_cell(
            numbers in proptest::collection::vec("\\+1206555[0-9]{4}|\\+[0-9]{1,16}|\\+12065550[0-9]{3};ext=[0-9]{1,3}|[a-z+;=0-9]{0,6}", 0..200),
            uses in proptest::collection::vec(0_usize..4, 200),
            runs in any::<bool>(),
        ) {
            let arrangement = if runs { Arrangement::Runs } else { Arrangement::Hundreds };
            let given = numbers.iter().zip(uses).map(|(number, usage)| MapNumber::new(number, NumberUse::ALL[usage]));
            let map = NumberMap::of(given, arrangement);
            let mut seen = Vec::new();
            for block in &map.blocks {
                let mut counts = UseCounts::default();
                for (place, cell) in block.cells.iter().enumerate() {
                    let Some(cell) = cell else { continue };
                    counts.count(cell.usage);
                    if let Some(first) = block.first {
                        prop_assert_eq!(&cell.number, &format!("+{}", first + place as u64));
                    }
                    seen.push(cell.number.clone());
                }
                prop_assert_eq!(counts, block.counts);
                prop_assert_eq!(block.letters().chars().count(), block.cells.len());
            }
            let expected: BTreeSet<_> = numbers.into_iter().collect();
            prop_assert_eq!(seen.len(), expected.len());
            prop_assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), expected);
            prop_assert_eq!(map.counts.total(), seen.len() as u64);
        }
    }
}
