//! References to cells: `B12`.

use crate::input::groups::letters;

/// The largest row and column of a sheet (ECMA-376, 18.3.1.73 and 18.3.1.4).
pub(super) const ROWS: u32 = 1_048_576;
pub(super) const COLUMNS: u32 = 16_384;

/// `B12` is row 11 and column 1.
pub(super) fn place_of(text: &str) -> Option<(u32, u32)> {
    let split = text.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(split);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some((row_of(digits)?, column - 1))
}

/// `12` is row 11.
pub(super) fn row_of(digits: &str) -> Option<u32> {
    let row: u32 = digits.parse().ok()?;
    row.checked_sub(1).filter(|row| *row < ROWS)
}

/// `B12`, of row 11 and column 1.
pub(super) fn reference(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("b12", Some((11, 1))),
            ("AA100", Some((99, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("A0", None),
            ("A1048577", None),
            ("A", None),
            ("12", None),
            ("AAAA1", None),
            ("A-1", None),
            ("É1", None),
            ("", None),
        ] {
            assert_eq!(place_of(text), expected, "{text}");
        }
    }
}
