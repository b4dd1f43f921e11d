//! The rows that no run was to carry out yet, because the options of each left them out.

use rusqlite::OptionalExtension;

use super::entry::LEFT_OUT;
use super::fault;
use super::reader::Journal;
use crate::error::BulkError;
use crate::row_ranges::RowRanges;

impl Journal {
    /// The rows that every run so far left out: nobody decided about them yet. All, while nothing was begun.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn left_out(&self) -> Result<RowRanges, BulkError> {
        let kept: Option<String> = self
            .connection
            .query_row("SELECT value FROM journal WHERE key = ?1", [LEFT_OUT], |row| row.get(0))
            .optional()
            .map_err(fault::reading)?;
        match kept {
            Some(rows) if rows.is_empty() => Ok(RowRanges::default()),
            Some(rows) => rows.parse(),
            None if self.is_untouched()? => {
                let rows = self.collect("SELECT line FROM row", [], |row| row.get::<_, u32>(0))?;
                Ok(RowRanges::of(rows))
            }
            // The runs of earlier versions did not say it.
            None => Ok(RowRanges::default()),
        }
    }

    fn is_untouched(&self) -> Result<bool, BulkError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM step WHERE state <> 'waiting') \
                   AND NOT EXISTS (SELECT 1 FROM row WHERE ending IS NOT NULL)";
        self.connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(fault::reading)
    }
}
