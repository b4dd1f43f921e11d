//! Merged cells: what a person sees as one value of several rows stands in the first of them only.

use super::reference::{place_of, reference};
use crate::input::cell::{Cell, Cells};
use crate::input::layout::Layout;
use crate::input::problem::Problem;
use crate::input::problem_kind::ProblemKind;
use crate::input::{Column, InputError};

/// A range of merged cells: its first and its last, each by row and column, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    first: (u32, u32),
    last: (u32, u32),
}

impl Merged {
    /// `D2:D3`.
    pub(super) fn of(range: &str) -> Option<Self> {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last) = (place_of(first)?, place_of(last)?);
        (first.0 <= last.0 && first.1 <= last.1).then_some(Self { first, last })
    }

    fn name(&self) -> String {
        format!(
            "{}:{}",
            reference(self.first.0, self.first.1),
            reference(self.last.0, self.last.1)
        )
    }

    fn has_column(&self, place: usize) -> bool {
        (self.first.1 as usize..=self.last.1 as usize).contains(&place)
    }

    /// Whether it reaches rows below the header, in a column that is read.
    pub(super) fn matters(&self, header: u32, layout: &Layout) -> bool {
        self.last.0 > header
            && self.first != self.last
            && layout.places.iter().any(|(_, place)| self.has_column(*place))
    }
}

/// The merged cells of a sheet, while its rows are read.
pub(super) struct MergedCells<'t> {
    /// By their first rows.
    ranges: std::vec::IntoIter<Merged>,
    next: Option<Merged>,
    /// For each column that is read, the range that the present row is in.
    current: [Option<Current<'t>>; Column::COUNT],
}

/// A range that the present row is in.
struct Current<'t> {
    range: Merged,
    /// Why its value is not one for each row; none: it is.
    trouble: Option<&'static str>,
    value: Cell<'t>,
    is_noted: bool,
}

impl<'t> MergedCells<'t> {
    pub(super) fn new(mut ranges: Vec<Merged>) -> Self {
        ranges.sort_by_key(|range| range.first);
        let mut ranges = ranges.into_iter();
        Self {
            next: ranges.next(),
            ranges,
            current: [const { None }; Column::COUNT],
        }
    }

    /// Goes to a row below the header.
    pub(super) fn go_to(&mut self, row: u32, header: u32, layout: &Layout) -> Result<(), InputError> {
        for current in &mut self.current {
            current.take_if(|current| current.range.last.0 < row);
        }
        while let Some(range) = self.next.take_if(|range| range.first.0 <= row) {
            self.next = self.ranges.next();
            if range.last.0 < row {
                continue;
            }
            let mut columns = layout.places.iter().filter(|(_, place)| range.has_column(*place));
            let trouble = if range.first.0 <= header {
                Some("which begin in the header")
            } else if columns.clone().count() > 1 || columns.any(|(_, place)| *place != range.first.1 as usize) {
                Some("which cover several columns, so it cannot be known whose value theirs is")
            } else {
                None
            };
            for &(column, place) in &layout.places {
                if !range.has_column(place) {
                    continue;
                }
                let trouble = match column {
                    Column::Number if trouble.is_none() && range.first.0 < range.last.0 => {
                        Some("which give one number to several rows")
                    }
                    _ => trouble,
                };
                let current = Current {
                    range,
                    trouble,
                    value: Cell::Empty,
                    is_noted: false,
                };
                if self.current[column as usize].replace(current).is_some() {
                    return Err(InputError::BrokenWorkbook(format!(
                        "the merged cells {} overlap others",
                        range.name()
                    )));
                }
            }
        }
        Ok(())
    }

    /// Gives the cells of a row what the ranges that it is in hold, and notes that; or says what keeps the row from being
    /// read. A row that has nothing but such values is no row.
    pub(super) fn fill(&mut self, row: u32, cells: &mut Cells<'t>, mut note: impl FnMut(Problem)) -> Option<Problem> {
        if cells.are_blank() {
            return None;
        }
        let mut refused = None;
        for column in Column::ALL {
            let Some(current) = &mut self.current[column as usize] else {
                continue;
            };
            let range = current.range;
            let own = cells.get(column);
            let said = |kind, line: u32, what: String| {
                Problem::new(kind, line.saturating_add(1))
                    .in_column(column)
                    .saying(what)
            };
            if let Some(trouble) = current.trouble {
                let what = format!("the cell is one of the merged cells {}, {trouble}", range.name());
                refused = refused.or(Some(said(ProblemKind::MergedCells, row, what)));
            } else if range.first.0 == row {
                current.value = own.clone();
            } else if own.is_blank() {
                if current.value.is_blank() {
                    continue;
                }
                cells.set(column, current.value.clone());
                if !current.is_noted {
                    current.is_noted = true;
                    let what = format!(
                        "the merged cells {} hold one value, which is read for each of their rows",
                        range.name()
                    );
                    note(said(ProblemKind::MergedValue, range.first.0, what));
                }
            } else if *own != current.value {
                let what = format!(
                    "the merged cells {} hide that this row holds another value",
                    range.name()
                );
                refused = refused.or(Some(said(ProblemKind::MergedCells, row, what)));
            }
        }
        refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, expected) in [
            ("D2:D3", Some("D2:D3")),
            ("AA10:AB12", Some("AA10:AB12")),
            ("A1", Some("A1:A1")),
            ("D3:D2", None),
            ("B1:A1", None),
            ("", None),
            ("A1:", None),
        ] {
            assert_eq!(
                Merged::of(text).map(|range| range.name()).as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
