//! Rows that count or add up the others: they say nothing about anybody.

use super::Column;
use super::cell::{Cell, Cells};
use super::column::same_word;

/// Words with which such rows begin, in the languages whose headings are known, and some others.
const WORDS: [&str; 17] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "count",
    "total count",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "anzahl",
    "somme",
    "totale",
    "totaal",
    "suma",
    "total général",
];

/// A number below this counts something; telephone numbers have seven digits and more.
const LARGEST_COUNT: f64 = 1_000_000.0;

/// Whether a cell, the first of its row that is filled, can begin a row of totals.
pub(super) fn begins_total(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Text(text) => is_word(text),
        _ => false,
    }
}

/// `Total`, `Total:`, `Summe (298)`.
fn is_word(text: &str) -> bool {
    let text = text.trim_end_matches(|letter: char| letter.is_ascii_digit() || " :()=.".contains(letter));
    // Nearly every cell is longer than all words.
    text.len() <= 24 && WORDS.iter().any(|word| same_word(word, text))
}

/// Whether the cells of a row that begins so name nobody and no number.
pub(super) fn is_total(cells: &Cells<'_>) -> bool {
    Column::ALL.into_iter().all(|column| match cells.get(column) {
        Cell::Number(count) | Cell::NumberWithPlus(count) => count.abs() < LARGEST_COUNT,
        Cell::Text(text) => {
            let text = text.trim();
            let is_count = text.len() < 7 && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_formula = text.starts_with('=') && !text.contains('"');
            text.is_empty() || is_word(text) || is_count || is_formula
        }
        Cell::Empty | Cell::Null | Cell::Formula => true,
        Cell::NotText | Cell::Truth(_) | Cell::Other => false,
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn row(cells: &[(Column, &str)]) -> bool {
        let mut row = Cells::default();
        for (column, text) in cells {
            row.set(*column, Cell::Text(Cow::Owned((*text).to_owned())));
        }
        is_total(&row)
    }

    #[test]
    fn a_row_of_totals_names_nobody_and_no_number() {
        for word in ["Total", "TOTALS:", "Summe (298)", "Gesamt: 3", "Sum", "Count = "] {
            assert!(begins_total(&Cell::Text(Cow::Borrowed(word))), "{word}");
        }
        for word in ["Totally", "ana@contoso.example", "", "298", "Sum Wong"] {
            assert!(!begins_total(&Cell::Text(Cow::Borrowed(word))), "{word}");
        }
        assert!(row(&[]));
        assert!(row(&[(Column::User, "Total"), (Column::Number, "298")]));
        assert!(row(&[(Column::Number, "=COUNTA(D4:D301)")]));
        for cell in [
            (Column::User, "ana@contoso.example"),
            (Column::User, "Ana"),
            (Column::Number, "+12065550100"),
            (Column::Number, "12065550100"),
            (Column::Action, "unassign"),
            (Column::Location, "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ] {
            assert!(!row(&[cell]), "{cell:?}");
        }
        let mut sum = Cells::default();
        sum.set(Column::Number, Cell::Number(12_065_550_100.0));
        assert!(!is_total(&sum));
        sum.set(Column::Number, Cell::Number(298.0));
        assert!(is_total(&sum));
    }
}
