//! The objects that a snapshot reads, and how many of them at once.

use std::collections::BTreeSet;

use trunkline::TelephoneNumber;

/// Batches that are under way at the same time.
pub(super) const AT_ONCE: usize = 4;

/// Requests that are handed over as one batch; twenty go into one exchange.
pub(super) const TOGETHER: usize = 80;

/// The numbers and people to read.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    /// Numbers that rows name.
    pub(crate) numbers: BTreeSet<TelephoneNumber>,
    /// Users that rows name, for whatever.
    pub(crate) people: BTreeSet<String>,
    /// Users whose licences matter: somebody is to give them a number.
    pub(crate) licences: BTreeSet<String>,
    /// Users whose phone methods matter.
    pub(crate) phones: BTreeSet<String>,
    /// Users whose Teams policies matter.
    pub(crate) policies: BTreeSet<String>,
    /// Policies that rows name, by kind and name.
    pub(crate) policy_names: BTreeSet<(String, String)>,
    /// Whether the whole inventory is wanted: numbers are picked from it, or all is exported.
    pub(crate) inventory: bool,
    /// Whether it matters which main numbers have others with an extension: some may be taken from their holder.
    pub(crate) extensions: bool,
}
