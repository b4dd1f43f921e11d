//! Rows that were checked and not yet compared with all others.
//!
//! Each comparison looks at a random place of a table of many megabytes. Made one after the other, with nothing between
//! them, the processor waits for several of those places at once; made row by row they are a quarter of the time that
//! reading takes.

use super::InputError;
use super::store::{Packed, Text};

/// How many rows wait for one another.
const TOGETHER: usize = 64;

/// Rows, and the texts of their users.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    rows: Vec<Packed>,
    /// Where the user of each row ends among the texts; a row without one ends where the row before it does.
    ends: Vec<usize>,
    texts: String,
}

impl Waiting {
    /// Notes who the next row is about, which [`push`](Self::push) or [`forget_user`](Self::forget_user) ends.
    pub(super) fn set_user(&mut self, text: &str) {
        self.texts.push_str(text);
    }

    /// The row whose user was noted does not come.
    pub(super) fn forget_user(&mut self) {
        self.texts.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Takes a row, with the user that was noted.
    pub(super) fn push(&mut self, row: Packed) {
        self.rows.push(row);
        self.ends.push(self.texts.len());
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() == TOGETHER
    }

    /// Gives each row the text that `name` makes of its user.
    pub(super) fn name_users(
        &mut self,
        mut name: impl FnMut(&str) -> Result<Text, InputError>,
    ) -> Result<(), InputError> {
        let mut start = 0;
        for (row, &end) in self.rows.iter_mut().zip(&self.ends) {
            if end > start {
                row.user = name(&self.texts[start..end])?;
            }
            start = end;
        }
        Ok(())
    }

    pub(super) fn rows(&self) -> &[Packed] {
        &self.rows
    }

    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.ends.clear();
        self.texts.clear();
    }
}
