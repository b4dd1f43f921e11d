//! Cells that no spreadsheet takes for a formula, and the way back.

use std::borrow::Cow;

/// How numbers are written to files that may be opened in a spreadsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberStyle {
    /// As they are, `+12065550100`: best for programs. A spreadsheet that opens the file takes the plus away.
    #[default]
    Plain,
    /// With an apostrophe, `'+12065550100`: a spreadsheet keeps it as text.
    Text,
}

/// The cell with an apostrophe before it if a spreadsheet could take it for a formula, or if it begins with an
/// apostrophe already. [`unguarded`] gives back what there was.
///
/// ```
/// use trunkline_bulk::input::{NumberStyle, guarded, unguarded};
///
/// assert_eq!(guarded("=1+1", NumberStyle::Plain), "'=1+1");
/// assert_eq!(guarded("+12065550100", NumberStyle::Plain), "+12065550100");
/// assert_eq!(guarded("+12065550100", NumberStyle::Text), "'+12065550100");
/// assert_eq!(unguarded("'+12065550100"), "+12065550100");
/// ```
#[must_use]
pub fn guarded(cell: &str, style: NumberStyle) -> Cow<'_, str> {
    let dangerous = match cell.chars().next() {
        Some('+') => style == NumberStyle::Text || !is_number(cell),
        Some(first) => needs_guard(first),
        None => false,
    };
    if dangerous {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the apostrophe that [`guarded`] put before it. An apostrophe that it did not put there stays.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.chars().next().is_some_and(needs_guard) => rest,
        _ => cell,
    }
}

fn needs_guard(first: char) -> bool {
    // Spreadsheets of East Asia read the wide forms alike.
    matches!(
        first,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '\'' | '＝' | '＋' | '－' | '＠'
    )
}

/// A plus and then nothing but digits, spaces and an extension: it can name no cell and no function.
fn is_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else {
        return false;
    };
    let (digits, extension) = match rest.split_once(";ext=").or_else(|| rest.split_once('x')) {
        Some((digits, extension)) => (digits, Some(extension)),
        None => (rest, None),
    };
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.split(' ').all(plain) && extension.is_none_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_our_own_apostrophe_is_taken_away() {
        for (cell, expected) in [
            ("'+12065550100", "+12065550100"),
            ("'=1", "=1"),
            ("''already", "'already"),
            ("'already", "'already"),
            ("'", "'"),
            ("", ""),
            ("o'neil@contoso.example", "o'neil@contoso.example"),
        ] {
            assert_eq!(unguarded(cell), expected, "{cell}");
        }
    }

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for (text, expected) in [
            ("+12061234567", "+12061234567"),
            ("+1 2065550100", "+1 2065550100"),
            ("+12065550113;ext=42", "+12065550113;ext=42"),
            ("+1 2065550152x17", "+1 2065550152x17"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("+A1", "'+A1"),
            ("+", "'+"),
            ("=1+1", "'=1+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("'already", "''already"),
            ("＝1", "'＝1"),
            ("Seattle", "Seattle"),
            ("", ""),
        ] {
            assert_eq!(guarded(text, NumberStyle::Plain), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back(cell in "['=+@\t\\-a0-9 ]{0,6}|\\PC{0,8}", text in any::<bool>()) {
            let style = if text { NumberStyle::Text } else { NumberStyle::Plain };
            let guarded = guarded(&cell, style);
            prop_assert_eq!(unguarded(&guarded), &cell);
            prop_assert!(!guarded.starts_with(['=', '-', '@', '\t']));
        }
    }
}
