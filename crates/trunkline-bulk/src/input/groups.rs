//! Problems by their causes: three hundred rows with one cause are one entry.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use super::problem_kind::{ProblemKind, Severity};
use crate::row_ranges::RowRanges;

/// Maximum number of ranges that are kept of a cause; further rows are counted.
const RANGES: usize = 1_000;

/// How many ranges the text of a group names.
const NAMED: usize = 8;

/// Problems that have one cause: of one kind, in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProblemGroup {
    /// The kind of the problems.
    pub kind: ProblemKind,
    /// Their severity.
    pub severity: Severity,
    /// The column, as its problems have it; none when they are of rows as a whole, and of several columns that are not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Cow<'static, str>>,
    /// Number of problems.
    pub count: u64,
    /// The first row.
    pub row: u32,
    /// Cells of a workbook as ranges, such as `B7:B41` and `B50`; of other files, and of rows as a whole, ranges of rows, such as
    /// `7-41`. The first thousand.
    pub cells: Vec<String>,
    /// The value of the first cell, masked and shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The message.
    pub what: Cow<'static, str>,
    /// The next step.
    pub next_step: Cow<'static, str>,
    /// Whether a problem of it has described it.
    #[serde(skip)]
    is_described: bool,
    /// Whether `cells` are named by letters.
    #[serde(skip)]
    has_letters: bool,
}

impl ProblemGroup {
    /// Takes over what a problem says: the words of the kind where problems differ.
    pub(super) fn describe(&mut self, what: &str, next_step: &str, value: Option<&str>) {
        if !self.is_described {
            self.is_described = true;
            self.what = Cow::Owned(what.to_owned());
            self.next_step = Cow::Owned(next_step.to_owned());
            self.value = value.map(str::to_owned);
            return;
        }
        if self.what != what {
            self.what = Cow::Borrowed(self.kind.what());
        }
        if self.next_step != next_step {
            self.next_step = Cow::Borrowed(self.kind.next_step());
        }
    }

    /// Where the problems are, in words: `column number, 298 cells: D4:D301`, `column number, 36 rows: 7-41, 50`.
    #[must_use]
    pub fn place(&self) -> String {
        let named = self.cells.len().min(NAMED);
        let mut text = self.cells[..named].join(", ");
        if self.cells.len() > named || self.cells.len() >= RANGES {
            text.push_str(", …");
        }
        if self.column.is_none() && self.kind == ProblemKind::UnknownColumn {
            let noun = if self.has_letters { "cells" } else { "row" };
            return format!("{noun} {text}");
        }
        let (cell, row) = match self.count {
            1 => ("cell".to_owned(), "row".to_owned()),
            count => (format!("{count} cells:"), format!("{count} rows:")),
        };
        let noun = if self.has_letters { cell } else { row };
        match &self.column {
            Some(column) => format!("column {column}, {noun} {text}"),
            None => format!("{noun} {text}"),
        }
    }
}

/// Makes one entry of the columns that are not read, with what is said of each. One with an advice of its own stays by itself.
pub(super) fn join_unread_columns(groups: &mut Vec<ProblemGroup>) {
    let kind = ProblemKind::UnknownColumn;
    let (mut joined, others): (Vec<_>, Vec<_>) = std::mem::take(groups)
        .into_iter()
        .partition(|group| group.kind == kind && group.next_step == kind.next_step());
    *groups = others;
    if joined.len() < 2 {
        groups.append(&mut joined);
        return;
    }
    let said = |group: &ProblemGroup| {
        let what = group.what.as_ref();
        let what = what.strip_prefix(kind.what()).unwrap_or(what).trim_start_matches("; ");
        let column = group.column.as_deref().unwrap_or_default();
        if what.is_empty() {
            column.to_owned()
        } else {
            format!("{column} ({what})")
        }
    };
    let columns: Vec<String> = joined.iter().map(said).collect();
    let mut cells: Vec<String> = joined.iter().flat_map(|group| group.cells.clone()).collect();
    cells.dedup();
    let mut whole = joined.swap_remove(0);
    whole.count = columns.len() as u64;
    whole.what = format!(
        "{} columns are not recognized and are ignored: {}",
        columns.len(),
        columns.join(", ")
    )
    .into();
    whole.column = None;
    whole.cells = cells;
    groups.insert(0, whole);
}

/// The next step, what happened, and where.
impl fmt::Display for ProblemGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n  {} ({}", self.next_step, self.what, self.place())?;
        if let Some(value) = &self.value {
            let such_as = if self.count == 1 { "" } else { "such as " };
            write!(formatter, "; {such_as}{value}")?;
        }
        formatter.write_str(")")
    }
}

/// Where columns stand in a file, by the names that problems have of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    has_letters: bool,
    columns: Vec<(Cow<'static, str>, usize)>,
}

impl Places {
    pub(super) fn name_cells(&mut self) {
        self.has_letters = true;
    }

    /// Adds a column by its name or its heading; the first place of it counts.
    pub(super) fn add(&mut self, column: Cow<'static, str>, place: usize) {
        if !self.columns.iter().any(|(known, _)| *known == column) {
            self.columns.push((column, place));
        }
    }

    /// The letters of a column in a workbook.
    fn letters(&self, column: Option<&str>) -> Option<String> {
        let column = column.filter(|_| self.has_letters)?;
        let (_, place) = self.columns.iter().find(|(known, _)| known == column)?;
        Some(letters(u32::try_from(*place).ok()?))
    }

    /// The name of a cell in a workbook.
    pub(super) fn cell(&self, column: Option<&str>, row: u32) -> Option<String> {
        Some(format!("{}{row}", self.letters(column)?))
    }
}

/// A column, counted from zero, by the letters that spreadsheets give it.
pub(super) fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        match column / 26 {
            0 => break,
            more => column = more - 1,
        }
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}

/// The number of problems of each cause, and their rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    places: HashMap<(ProblemKind, Option<Cow<'static, str>>), usize>,
    counts: Vec<Count>,
}

#[derive(Debug, Clone)]
struct Count {
    kind: ProblemKind,
    column: Option<Cow<'static, str>>,
    count: u64,
    first: u32,
    ranges: Vec<(u32, u32)>,
}

impl Tally {
    /// Counts a problem.
    pub(super) fn count(&mut self, kind: ProblemKind, column: Option<&Cow<'static, str>>, row: u32) {
        let place = *self.places.entry((kind, column.cloned())).or_insert_with(|| {
            self.counts.push(Count {
                kind,
                column: column.cloned(),
                count: 0,
                first: row,
                ranges: Vec::new(),
            });
            self.counts.len() - 1
        });
        let count = &mut self.counts[place];
        count.count += 1;
        count.first = count.first.min(row);
        if let Some((_, last)) = count.ranges.last_mut()
            && (*last == row || last.checked_add(1) == Some(row))
        {
            *last = row;
        } else if count.ranges.len() < RANGES {
            count.ranges.push((row, row));
        }
    }

    /// The position of a cause among the [groups](Self::groups).
    pub(super) fn find(&self, kind: ProblemKind, column: Option<&Cow<'static, str>>) -> Option<usize> {
        self.places.get(&(kind, column.cloned())).copied()
    }

    /// The causes, in the order in which they were met, with the words of their kinds.
    pub(super) fn groups(&self, places: &Places) -> Vec<ProblemGroup> {
        let group = |count: &Count| {
            let letters = places.letters(count.column.as_deref());
            let ranges = RowRanges::joined(count.ranges.clone());
            let named = ranges.bounds().iter().map(|(first, last)| match &letters {
                Some(letters) if first == last => format!("{letters}{first}"),
                Some(letters) => format!("{letters}{first}:{letters}{last}"),
                None if first == last => first.to_string(),
                None => format!("{first}-{last}"),
            });
            ProblemGroup {
                kind: count.kind,
                severity: count.kind.severity(),
                column: count.column.clone(),
                count: count.count,
                row: count.first,
                cells: named.collect(),
                value: None,
                what: Cow::Borrowed(count.kind.what()),
                next_step: Cow::Borrowed(count.kind.next_step()),
                is_described: false,
                has_letters: letters.is_some(),
            }
        };
        self.counts.iter().map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_cause_are_ranges() {
        let mut tally = Tally::default();
        let column = Cow::Borrowed("number");
        // Some problems are found only after all rows.
        for row in (8..=41).chain([50, 52, 53, 7]) {
            tally.count(ProblemKind::NoPlus, Some(&column), row);
        }
        tally.count(ProblemKind::MissingAction, None, 9);
        let mut places = Places::default();
        places.add(Cow::Borrowed("number"), 1);
        let groups = tally.groups(&places);
        assert_eq!(groups[0].cells, ["7-41", "50", "52-53"]);
        assert_eq!(groups[0].place(), "column number, 38 rows: 7-41, 50, 52-53");
        assert_eq!(groups[1].place(), "row 9");
        places.name_cells();
        let groups = tally.groups(&places);
        assert_eq!(groups[0].cells, ["B7:B41", "B50", "B52:B53"]);
        assert_eq!(groups[0].place(), "column number, 38 cells: B7:B41, B50, B52:B53");
        assert_eq!(groups[1].place(), "row 9");
        assert_eq!(
            (letters(0), letters(25), letters(26), letters(701)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into())
        );
    }

    #[test]
    fn a_cause_without_end_takes_no_memory_without_end() {
        let mut tally = Tally::default();
        for row in (0..10_000).map(|row| row * 2) {
            tally.count(ProblemKind::BadUser, None, row);
        }
        let groups = tally.groups(&Places::default());
        assert_eq!((groups[0].count, groups[0].cells.len()), (10_000, RANGES));
        assert!(groups[0].place().ends_with(", …"));
    }
}
