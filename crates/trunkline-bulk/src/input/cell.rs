//! The value of a cell, for every kind of file.

use std::borrow::Cow;

use super::Column;
use super::problem_kind::ProblemKind;

/// The value of a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Cell<'c> {
    #[default]
    Empty,
    Text(Cow<'c, str>),
    /// Bytes that are no text in the encoding of the file.
    NotText,
    /// A number, not a text of digits.
    Number(f64),
    /// A number that its format shows with a plus.
    NumberWithPlus(f64),
    Truth(bool),
    /// `null` of JSON.
    Null,
    /// A formula of a workbook, whatever its value was when it was saved.
    Formula,
    /// A date, an error, a list, an object.
    Other,
}

impl<'c> Cell<'c> {
    pub(super) fn of_bytes(bytes: &'c [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok("") => Self::Empty,
            Ok(text) => Self::Text(Cow::Borrowed(text)),
            Err(_) => Self::NotText,
        }
    }

    /// The text that identifies the cell when its row cannot be read: one line, not longer than a name or a number is.
    pub(super) fn shortened(&self) -> Cow<'_, str> {
        const LONGEST: usize = 60;
        let text: Cow<'_, str> = match self {
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Number(number) | Self::NumberWithPlus(number) => Cow::Owned(number.to_string()),
            Self::Truth(truth) => Cow::Owned(truth.to_string()),
            _ => return Cow::Borrowed(""),
        };
        if text.len() <= LONGEST && !text.contains(is_unseen) {
            return text;
        }
        let mut shortened: String = text
            .chars()
            .take(LONGEST)
            .map(|character| if is_unseen(character) { '\u{fffd}' } else { character })
            .collect();
        if text.chars().nth(LONGEST).is_some() {
            shortened.push('…');
        }
        Cow::Owned(shortened)
    }

    /// Whether there is nothing to be seen in it.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty | Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// The cells of a row that are read, by column.
#[derive(Debug, Default)]
pub(super) struct Cells<'c> {
    cells: [Cell<'c>; Column::COUNT],
}

impl<'c> Cells<'c> {
    pub(super) fn get(&self, column: Column) -> &Cell<'c> {
        &self.cells[column as usize]
    }

    pub(super) fn set(&mut self, column: Column, cell: Cell<'c>) {
        self.cells[column as usize] = cell;
    }

    pub(super) fn are_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// Whether a character cannot be seen: a control character, a mark of direction, a joiner.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// Characters that no value may have, or only a number.
pub(super) fn blemish(text: &str) -> Option<ProblemKind> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.starts_with('=').then_some(ProblemKind::Formula);
    }
    let mut spaces = None;
    for character in text.chars() {
        match character {
            '\u{fffd}' => return Some(ProblemKind::NotText),
            '\u{a0}' => spaces = spaces.or(Some(ProblemKind::NoBreakSpace)),
            unseen if is_unseen(unseen) => return Some(ProblemKind::ControlCharacter),
            space if space != ' ' && space.is_whitespace() => spaces = Some(ProblemKind::OddSpace),
            _ => {}
        }
    }
    // Spreadsheets of East Asia calculate what begins with the wide form, too.
    if text.starts_with(['=', '＝']) {
        return Some(ProblemKind::Formula);
    }
    spaces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_seen() {
        for (text, expected) in [
            ("ana@contoso.example", None),
            ("zoë@contoso.example", None),
            ("=A1", Some(ProblemKind::Formula)),
            ("a\nb", Some(ProblemKind::ControlCharacter)),
            ("a\0", Some(ProblemKind::ControlCharacter)),
            ("\u{202a}+12065550100\u{202c}", Some(ProblemKind::ControlCharacter)),
            ("+1\u{a0}2065550100", Some(ProblemKind::NoBreakSpace)),
            ("+1\u{a0}206\u{2009}5550100", Some(ProblemKind::OddSpace)),
            ("\u{fffd}", Some(ProblemKind::NotText)),
            ("＝1", Some(ProblemKind::Formula)),
        ] {
            assert_eq!(blemish(text), expected, "{text:?}");
        }
    }
}
