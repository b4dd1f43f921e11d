//! Rows of a file as people write them: `2-40, 55`.

use std::fmt;
use std::str::FromStr;

use crate::error::{BulkError, BulkErrorKind};

/// Rows by their numbers in the file, in order.
///
/// ```
/// use trunkline_bulk::RowRanges;
///
/// let rows: RowRanges = "2-40,55".parse()?;
/// assert!(rows.contains(40) && !rows.contains(41));
/// assert_eq!(RowRanges::of([55, 3, 4, 2]).to_string(), "2-4, 55");
/// # Ok::<(), trunkline_bulk::BulkError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowRanges {
    /// First and last row; sorted, and none touches another.
    ranges: Vec<(u32, u32)>,
}

impl RowRanges {
    /// These rows, in any order.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = u32>) -> Self {
        Self::joined(rows.into_iter().map(|row| (row, row)).collect())
    }

    /// These ranges, in any order; those that meet become one.
    pub(crate) fn joined(mut parts: Vec<(u32, u32)>) -> Self {
        parts.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (first, last) in parts {
            match ranges.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => ranges.push((first, last)),
            }
        }
        Self { ranges }
    }

    /// First and last row of each range, in order.
    pub(crate) fn bounds(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Whether a row is one of them.
    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= row);
        after > 0 && self.ranges[after - 1].1 >= row
    }

    /// How many they are.
    #[must_use]
    pub fn count(&self) -> u64 {
        let rows = |(first, last): &(u32, u32)| u64::from(last - first) + 1;
        self.ranges.iter().map(rows).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

impl FromStr for RowRanges {
    type Err = BulkError;

    /// Reads rows and ranges of rows, separated by commas.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Option`] when a part is neither a row nor a range, or a range ends before it begins.
    fn from_str(text: &str) -> Result<Self, BulkError> {
        let refused = |part: &str, why: &str| {
            BulkError::new(
                BulkErrorKind::Option,
                format!("{:?} {why}", part.trim()),
                "Write rows as the spreadsheet numbers them, such as 2-40,55",
            )
        };
        let mut parts = Vec::new();
        for part in text.split(',') {
            let number = |text: &str| {
                let row = text.trim().parse::<u32>().ok().filter(|row| *row > 0);
                row.ok_or_else(|| refused(part, "is neither a row nor a range of rows"))
            };
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            if last < first {
                return Err(refused(part, "ends before it begins"));
            }
            parts.push((first, last));
        }
        Ok(Self::joined(parts))
    }
}

impl fmt::Display for RowRanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.ranges.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            match last - first {
                0 => write!(formatter, "{first}")?,
                1 => write!(formatter, "{first}, {last}")?,
                _ => write!(formatter, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_written_as_people_write_them() {
        for (text, shown) in [
            ("2", "2"),
            ("2-40,55", "2-40, 55"),
            (" 7 , 2 - 4 ,3-5", "2-5, 7"),
            ("2,3", "2, 3"),
            ("2-3,4", "2-4"),
        ] {
            assert_eq!(text.parse::<RowRanges>().expect(text).to_string(), shown, "{text}");
        }
        for text in ["", "a", "2-", "-2", "0", "5-2", "2,,3", "4294967296", "2..4"] {
            let error = text.parse::<RowRanges>().expect_err(text);
            assert_eq!(error.kind(), BulkErrorKind::Option, "{text}");
        }
    }

    #[test]
    fn a_row_is_in_a_range_or_is_not() {
        let rows: RowRanges = "2-4,9".parse().expect("rows");
        let found: Vec<u32> = (0..12).filter(|row| rows.contains(*row)).collect();
        assert_eq!((found.len() as u64, found), (rows.count(), vec![2, 3, 4, 9]));
        assert!(!RowRanges::default().contains(2) && RowRanges::default().is_empty());
    }
}
