//! A picture of telephone numbers: blocks of consecutive numbers, the use of each number, and use by place.
//!
//! ```
//! use trunkline_bulk::map::{Arrangement, MapNumber, NumberMap, NumberUse};
//!
//! let numbers = ["+12065550100", "+12065550101", "+12065550207"].map(|number| MapNumber::new(number, NumberUse::Free));
//! let map = NumberMap::of(numbers, Arrangement::Hundreds);
//! assert_eq!(map.blocks.len(), 2);
//! assert_eq!(map.blocks[0].name, "+120655501xx");
//! assert_eq!(map.counts.free, 3);
//! ```

mod block;
mod inventory;
mod marks;
mod number;
mod place;

pub use block::{Arrangement, Block, MapCell};
pub use inventory::InventoryMap;
pub use marks::Marks;
pub use number::{MapNumber, NumberUse, UseCounts};
pub use place::{Place, PlaceKind, Places};

/// Numbers in blocks, and how many are in which use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberMap {
    /// The blocks, in order of digits. Every number is in exactly one cell.
    pub blocks: Vec<Block>,
    /// All numbers by use.
    pub counts: UseCounts,
    /// Use by city, emergency location and network site, where numbers have one.
    pub places: Vec<Places>,
}

impl NumberMap {
    /// Arranges numbers. Of two with the same digits, the first counts.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = MapNumber>, arrangement: Arrangement) -> Self {
        let numbers = number::sorted(numbers);
        let mut counts = UseCounts::default();
        numbers.iter().for_each(|(_, number)| counts.count(number.usage));
        let places = place::places(numbers.iter().map(|(_, number)| number));
        Self {
            blocks: block::blocks(numbers, arrangement),
            counts,
            places,
        }
    }
}
