//! Guards cells against being read as formulas by a spreadsheet, and removes such guards.

use std::borrow::Cow;

use trunkline::mask;

/// The form of numbers in files that a spreadsheet may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberStyle {
    /// Unchanged, `+12065550100`: best for programs. A spreadsheet that opens the file removes the plus.
    #[default]
    Plain,
    /// With an apostrophe, `'+12065550100`: a spreadsheet keeps it as text.
    Text,
}

/// The cell with an apostrophe before it if a spreadsheet could take it for a formula, or if it begins with an
/// apostrophe already. [`unguarded`] gives back what there was.
///
/// Control characters and marks of direction are written as `\u{1b}`, but for tabs and line breaks: on a terminal and in a
/// spreadsheet they turn a text into another one.
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
    if let Cow::Owned(visible) = visible(cell) {
        return Cow::Owned(guarded_start(&visible, style).into_owned());
    }
    guarded_start(cell, style)
}

/// The text with everything escaped that cannot be seen, but for what stands in cells of several lines.
fn visible(cell: &str) -> Cow<'_, str> {
    let is_kept = |character: char| matches!(character, '\t' | '\n' | '\r');
    if !cell.contains(|character: char| !is_kept(character) && mask::is_unprintable(character)) {
        return Cow::Borrowed(cell);
    }
    let lines = cell.split_inclusive(is_kept).map(|line| {
        let text = line.trim_end_matches(is_kept);
        format!("{}{}", mask::printable(text), &line[text.len()..])
    });
    Cow::Owned(lines.collect())
}

fn guarded_start(cell: &str, style: NumberStyle) -> Cow<'_, str> {
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

/// A mark by which a spreadsheet or a portal keeps a text from being read as a number or a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// `'+12065550100`, `+12065550100'`.
    Apostrophe,
    /// `="+12065550100"`: a formula with nothing in it but a text.
    Formula,
    /// A tab before or behind.
    Tab,
}

impl Guard {
    pub(super) const ALL: [Self; 3] = [Self::Apostrophe, Self::Formula, Self::Tab];

    /// In words, for messages.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Apostrophe => "an apostrophe",
            Self::Formula => "a formula that contains only text",
            Self::Tab => "a tab",
        }
    }
}

/// The text within what guards it, and that guard. Names of users can begin with an apostrophe, so there it goes only where
/// nothing else can be meant.
pub(super) fn within_guard(cell: &str, is_user: bool) -> (&str, Option<Guard>) {
    let mut guard = None;
    let spaces = cell.trim_matches(' ');
    let mut text = spaces.trim_matches([' ', '\t']);
    if text.len() < spaces.len() {
        guard = Some(Guard::Tab);
    }
    if let Some(inner) = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'))
    {
        text = inner.trim_matches([' ', '\t']);
        guard = Some(Guard::Formula);
    }
    let before = match text.strip_prefix('\'') {
        Some(_) if unguarded(text).len() < text.len() => unguarded(text),
        Some(rest) if !is_user || rest.ends_with('\'') || mask::is_guid(rest) => rest,
        _ => text,
    };
    // Neither a domain nor an id ends with one.
    let bare = before.strip_suffix('\'').unwrap_or(before);
    if bare.len() < text.len() {
        guard = guard.or(Some(Guard::Apostrophe));
    }
    (bare.trim_matches(' '), guard)
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
    fn a_text_in_a_guard_is_that_text() {
        use Guard::{Apostrophe, Formula, Tab};
        let number = false;
        for (cell, is_user, expected) in [
            ("=\"+12065550101\"", number, ("+12065550101", Some(Formula))),
            (" =\" '+12065550101\" ", number, ("+12065550101", Some(Formula))),
            ("=\"\"", number, ("", Some(Formula))),
            ("=\"+1206\"&\"5550101\"", number, ("=\"+1206\"&\"5550101\"", None)),
            ("=A1", number, ("=A1", None)),
            ("\t+12065550101", number, ("+12065550101", Some(Tab))),
            ("+12065550101\t ", number, ("+12065550101", Some(Tab))),
            ("'+12065550101", number, ("+12065550101", Some(Apostrophe))),
            ("'12065550101'", number, ("12065550101", Some(Apostrophe))),
            ("+12065550101'", number, ("+12065550101", Some(Apostrophe))),
            ("=\"ana@contoso.example\"", true, ("ana@contoso.example", Some(Formula))),
            ("'ana@contoso.example'", true, ("ana@contoso.example", Some(Apostrophe))),
            ("ana@contoso.example'", true, ("ana@contoso.example", Some(Apostrophe))),
            ("'ana@contoso.example", true, ("'ana@contoso.example", None)),
            ("o'neil@contoso.example", true, ("o'neil@contoso.example", None)),
            (
                "'a0000000-0000-4000-8000-000000000001",
                true,
                ("a0000000-0000-4000-8000-000000000001", Some(Apostrophe)),
            ),
            ("'", number, ("", Some(Apostrophe))),
            (" +12065550101 ", number, ("+12065550101", None)),
        ] {
            assert_eq!(within_guard(cell, is_user), expected, "{cell}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (cell, expected) in [
            ("a\u{1b}[31mb\u{7}", "a\\u{1b}[31mb\\u{7}"),
            ("\u{202e}=1", "\\u{202e}=1"),
            ("\u{9b}\0\u{2028}", "\\u{9b}\\u{0}\\u{2028}"),
            ("two\r\n\u{1b}lines\t", "two\r\n\\u{1b}lines\t"),
            ("=\u{1b}", "'=\\u{1b}"),
        ] {
            assert_eq!(guarded(cell, NumberStyle::Plain), expected, "{cell:?}");
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
            // A separator of lines cannot be seen, and does not come back.
            if !cell.contains(['\u{2028}', '\u{2029}']) {
                prop_assert_eq!(unguarded(&guarded), &cell);
            }
            prop_assert!(!guarded.starts_with(['=', '-', '@', '\t']));
        }
    }
}
