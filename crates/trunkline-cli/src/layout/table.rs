//! Many records: a table as wide as the terminal. Columns that have no room are dropped by their rank, sentences move below
//! their row, and where not even the columns fit that always stay, each record has lines of its own.

use std::borrow::Cow;

use super::measure::{say_shortened, width_of};
use super::prose::wrapped;
use super::record;
use super::view::View;

/// The treatment of a column that has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The column stays: without it nobody knows what a row is about.
    Stays,
    /// The column is dropped, those with the highest rank first.
    Drops(u8),
    /// The value is a sentence, which moves to lines of its own below the row.
    Below,
}

/// The heading of a column.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    pub(crate) text: String,
    pub(crate) fit: Fit,
}

impl Heading {
    pub(crate) fn new(text: impl Into<String>, fit: Fit) -> Self {
        Self { text: text.into(), fit }
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<Heading>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    /// Sentences that stand below the row in any case.
    notes: Vec<String>,
}

/// The space between two columns.
const GAP: usize = 2;

impl Table {
    pub(crate) fn new(headings: Vec<Heading>) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// Adds a row with as many cells as there are headings.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.row_with_notes(cells, Vec::new());
    }

    /// Adds a row with sentences about it.
    pub(crate) fn row_with_notes(&mut self, cells: Vec<String>, notes: Vec<String>) {
        self.rows.push(Row { cells, notes });
    }

    /// The table as text, with a line about what it does not show.
    pub(crate) fn write(&self, view: View) -> String {
        let all: Vec<usize> = (0..self.headings.len()).collect();
        let Some(width) = view.width else {
            return self.lines(&all, &[], view);
        };
        let widths: Vec<usize> = all.iter().map(|column| self.width_of_column(*column)).collect();
        let mut shown = all;
        let fits = |shown: &[usize]| {
            let gaps = GAP * shown.len().saturating_sub(1);
            shown.iter().map(|column| widths[*column]).sum::<usize>() + gaps <= width
        };
        let mut below = Vec::new();
        if !fits(&shown) {
            let moves = |column: &usize| self.headings[*column].fit == Fit::Below;
            below = shown.extract_if(.., |column| moves(column)).collect();
        }
        let mut dropped = Vec::new();
        while !fits(&shown) {
            let rank = |column: &usize| match self.headings[*column].fit {
                Fit::Drops(rank) => Some((rank, *column)),
                Fit::Stays | Fit::Below => None,
            };
            let Some((_, next)) = shown.iter().filter_map(rank).max() else {
                return self.records(view);
            };
            shown.retain(|column| *column != next);
            dropped.push(next);
        }
        let mut text = self.lines(&shown, &below, view);
        dropped.sort_unstable();
        if !dropped.is_empty() {
            let names: Vec<&str> = dropped
                .iter()
                .map(|column| self.headings[*column].text.as_str())
                .collect();
            let columns = if names.len() == 1 {
                "1 column"
            } else {
                &format!("{} columns", names.len())
            };
            let shows = if names.len() == 1 { "it" } else { "them" };
            let note = format!(
                "{columns} not shown: {}; --wide or --output csv shows {shows}\n",
                names.join(", ")
            );
            text.push_str(&wrapped(&note, view.width, 2));
        }
        text
    }

    fn width_of_column(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row.cells[column].as_str());
        let heading = self.headings[column].text.as_str();
        cells.chain([heading]).map(width_of).max().unwrap_or(0)
    }

    /// Aligned lines of some columns; sentences below their rows.
    fn lines(&self, shown: &[usize], below: &[usize], view: View) -> String {
        let widths: Vec<usize> = shown.iter().map(|column| self.width_of_column(*column)).collect();
        let headings = shown.iter().map(|column| self.headings[*column].text.as_str());
        let mut text = aligned(headings, &widths);
        for row in &self.rows {
            let cells = shown.iter().map(|column| row.cells[*column].as_str());
            text.push_str(&aligned(cells, &widths));
            let moved = below.iter().map(|column| &row.cells[*column]);
            for note in moved.chain(&row.notes).filter(|note| !note.is_empty()) {
                text.push_str(&wrapped(&format!("    {note}\n"), view.width, 0));
            }
        }
        text
    }

    /// Every record by itself, with all of its values.
    fn records(&self, view: View) -> String {
        let (mut text, mut cut) = (String::new(), 0);
        for row in &self.rows {
            if !text.is_empty() {
                text.push('\n');
            }
            let fields: Vec<(String, Cow<'_, str>)> = self
                .headings
                .iter()
                .zip(&row.cells)
                .map(|(heading, cell)| (heading.text.clone(), Cow::Borrowed(cell.as_str())))
                .collect();
            record::lines(&fields, view, &mut text, &mut cut);
            for note in &row.notes {
                text.push_str(&wrapped(&format!("{note}\n"), view.width, 0));
            }
        }
        if let Some(note) = say_shortened(cut) {
            text.push_str(&wrapped(&format!("\n{note}\n"), view.width, 0));
        }
        text
    }
}

/// Cells side by side. The line ends with its last letter.
fn aligned<'c>(cells: impl Iterator<Item = &'c str>, widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in cells.zip(widths).enumerate() {
        if index > 0 {
            line.push_str(&" ".repeat(GAP));
        }
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(width_of(cell))));
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec![
            Heading::new("NUMBER", Fit::Stays),
            Heading::new("TYPE", Fit::Drops(1)),
            Heading::new("CITY", Fit::Drops(2)),
            Heading::new("WHAT", Fit::Below),
        ]);
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        table.row(cells([
            "+12065550101",
            "callingPlan",
            "Seattle",
            "it is held by ana@contoso.example",
        ]));
        table.row_with_notes(cells(["+12065550102", "", "", ""]), vec!["a note".to_owned()]);
        table
    }

    fn shown(width: Option<usize>) -> String {
        table().write(View { width, ids: false })
    }

    #[test]
    fn columns_go_by_rank_and_sentences_below() {
        let all = "NUMBER        TYPE         CITY     WHAT\n\
                   +12065550101  callingPlan  Seattle  it is held by ana@contoso.example\n+12065550102\n    a note\n";
        assert_eq!(shown(None), all);
        assert_eq!(shown(Some(69)), all);
        assert_eq!(
            shown(Some(40)),
            "NUMBER        TYPE         CITY\n+12065550101  callingPlan  Seattle\n    it is held by ana@contoso.example\n\
             +12065550102\n    a note\n"
        );
        let narrow = shown(Some(30));
        assert!(narrow.starts_with("NUMBER        TYPE\n"), "{narrow}");
        assert!(
            narrow.ends_with("1 column not shown: CITY;\n  --wide or --output csv shows\n  it\n"),
            "{narrow}"
        );
        assert!(
            shown(Some(20)).contains("2 columns not shown:\n  TYPE, CITY;"),
            "{}",
            shown(Some(20))
        );
    }

    #[test]
    fn records_stand_by_themselves_where_the_columns_that_stay_have_no_room() {
        let mut table = Table::new(vec![
            Heading::new("NUMBER", Fit::Stays),
            Heading::new("CITY", Fit::Drops(1)),
            Heading::new("HOLDER", Fit::Stays),
        ]);
        for holder in ["ana@contoso.example", "ben.with.a.long.name@contoso.example"] {
            table.row(vec!["+12065550101".to_owned(), "Seattle".to_owned(), holder.to_owned()]);
        }
        assert_eq!(
            table.write(View {
                width: Some(40),
                ids: false
            }),
            "NUMBER  +12065550101\nCITY    Seattle\nHOLDER  ana@contoso.example\n\n\
             NUMBER  +12065550101\nCITY    Seattle\nHOLDER\n  ben.with.a.long.name@contoso.example\n"
        );
    }

    #[test]
    fn no_line_is_longer_than_the_terminal() {
        for width in 1..100 {
            let text = shown(Some(width));
            // A word of a sentence is never broken; the longest here has 19 columns.
            assert!(
                text.lines().all(|line| width_of(line) <= width.max(19)),
                "{width}: {text}"
            );
        }
    }
}
