//! The parts of a page that its cursor reads, whatever the page is decoded to.

/// The body of a page, as far as a cursor looks at it.
pub trait PageBody: Sized + Send {
    /// Where the next page is, as the service wrote it.
    fn next_link(&self) -> Option<&str>;

    /// How many items it holds.
    fn length(&self) -> usize;

    /// How many items there are in all, when the request asked and the service said.
    fn count(&self) -> Option<i64>;

    /// Calls `found` with the position and the key of each item that has one.
    fn keys(&self, found: &mut dyn FnMut(usize, &str));

    /// Leaves out the items at these positions, which ascend.
    fn leave_out(&mut self, positions: &[usize]);
}
