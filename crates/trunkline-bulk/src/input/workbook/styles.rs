//! Which styles of cells show a number as something else: as a date or a time, or with a plus that the cell does not hold.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::markup::{Markup, attribute};
use super::measured::Pieces;
use crate::input::InputError;

/// Maximum number of styles, and of formats, in a workbook; spreadsheets allow 65,490.
const COUNT: usize = 1_000_000;

/// The digits of a number that a style shows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) is_date: bool,
    /// A plus before the number, which its format writes.
    pub(super) has_plus: bool,
}

impl Look {
    /// The look of positive numbers in a format.
    fn of(code: &str) -> Self {
        let mut look = Self::default();
        // The plus of an exponent (`0.00E+00`) stands behind digits.
        let mut has_digits = false;
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                // The format for negative numbers follows.
                ';' => break,
                '+' => look.has_plus |= !has_digits,
                // The next one stands for itself.
                '\\' => look.has_plus |= letters.next() == Some('+') && !has_digits,
                // It is as wide as the next letter, or filled with it.
                '_' | '*' => drop(letters.next()),
                '"' => {
                    let mut quoted = letters.by_ref().take_while(|end| *end != '"');
                    look.has_plus |= quoted.any(|quoted| quoted == '+') && !has_digits;
                    quoted.for_each(drop);
                }
                // A colour, a condition, a language; or hours beyond a day.
                '[' => {
                    let inside: String = letters.by_ref().take_while(|end| *end != ']').collect();
                    let is_of = |unit: &str| inside.chars().all(|letter| unit.contains(letter.to_ascii_lowercase()));
                    look.is_date |= !inside.is_empty() && ["h", "m", "s"].into_iter().any(is_of);
                }
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => look.is_date = true,
                '0' | '#' | '?' | '.' | '@' => has_digits = true,
                _ => {}
            }
        }
        look
    }
}

/// For each style, what it shows.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Look>);

impl Styles {
    /// Reads the part that has them.
    pub(super) fn read<R: Pieces>(markup: &mut Markup<R>) -> Result<Self, InputError> {
        let mut formats = HashMap::new();
        let mut styles = Vec::new();
        // Elements of the same names exist outside of styles.
        let mut of_cells = false;
        loop {
            match markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "cellXfs" => of_cells = true,
                    "numFmt" => {
                        let (id, code) = (attribute(&start, "numFmtId")?, attribute(&start, "formatCode")?);
                        if let (Some(id), Some(code)) = (id, code) {
                            formats.insert(id.into_owned(), Look::of(&code));
                        }
                    }
                    "xf" if of_cells => {
                        let id = attribute(&start, "numFmtId")?.unwrap_or_default();
                        let own = formats.get(&*id).copied();
                        styles.push(own.unwrap_or_else(|| Look {
                            is_date: is_built_in_date(&id),
                            has_plus: false,
                        }));
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().as_ref() == "cellXfs" => of_cells = false,
                Event::Eof => break,
                _ => {}
            }
            if styles.len() > COUNT || formats.len() > COUNT {
                return Err(InputError::BrokenWorkbook("it has too many styles".to_owned()));
            }
        }
        Ok(Self(styles))
    }

    /// The style of that number.
    pub(super) fn look(&self, style: usize) -> Look {
        self.0.get(style).copied().unwrap_or_default()
    }
}

/// The formats of dates and times that every spreadsheet knows (ECMA-376, 18.8.30).
fn is_built_in_date(id: &str) -> bool {
    matches!(id.parse(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_write_a_plus_are_known() {
        for (code, expected) in [
            ("\"+\"0", true),
            ("\\+0;\\-0", true),
            ("+0", true),
            ("\"tel: +\"0", true),
            ("[Red]\"+1 \"(000) 000-0000", true),
            ("0.00E+00", false),
            ("0;+0", false),
            ("General", false),
            ("\"x\"0\"+\"", false),
        ] {
            assert_eq!(Look::of(code).has_plus, expected, "{code}");
        }
    }

    #[test]
    fn formats_of_dates_differ_from_others() {
        for (code, expected) in [
            ("General", false),
            ("0.00E+00", false),
            ("#,##0\\ \"days\"", false),
            ("[Red]0;[Magenta]0", false),
            ("[$-409]0", false),
            ("_d0", false),
            ("0;yyyy", false),
            ("yyyy-mm-dd", true),
            ("DD.MM.YY", true),
            ("h:mm AM/PM", true),
            ("[h]:mm", true),
            ("[SS].00", true),
            ("[$-F800]dddd", true),
            ("\"on \"d", true),
        ] {
            assert_eq!(Look::of(code).is_date, expected, "{code}");
        }
    }

    #[test]
    fn styles_are_numbered_as_cells_name_them() {
        let part = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy'/></numFmts>\
                    <cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>\
                    <cellXfs><xf numFmtId='0'/><xf numFmtId='164'><alignment/></xf><xf numFmtId='22'/><xf/></cellXfs>\
                    <cellStyles><cellStyle/></cellStyles><dxfs><dxf><xf numFmtId='14'/></dxf></dxfs></styleSheet>";
        let styles = Styles::read(&mut Markup::new(part.as_bytes())).unwrap();
        let dates: Vec<_> = styles.0.iter().map(|look| look.is_date).collect();
        assert_eq!(dates, [false, true, true, false]);
        assert_eq!(styles.look(99), Look::default());
    }
}
