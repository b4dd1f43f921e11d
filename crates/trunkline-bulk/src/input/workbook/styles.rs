//! Which styles of cells show a number as something else: as a date or a time, or with a plus that the cell does not hold.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::markup::{Markup, attribute};
use super::package::Pieces;
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
                            let look = Look {
                                is_date: shows_dates(&code),
                                has_plus: shows_plus(&code),
                            };
                            formats.insert(id.into_owned(), look);
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

/// Whether a format of numbers shows dates or times: it has a letter for one that is neither quoted nor escaped.
fn shows_dates(code: &str) -> bool {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // The next one stands for itself, fills, or is as wide.
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.find(|end| *end == '"')),
            // A colour, a condition, a language; or hours beyond a day.
            '[' => {
                let inside: String = letters.by_ref().take_while(|end| *end != ']').collect();
                let first = inside.chars().next().map(|first| first.to_ascii_lowercase());
                if let Some(first @ ('h' | 'm' | 's')) = first
                    && inside.chars().all(|other| other.eq_ignore_ascii_case(&first))
                {
                    return true;
                }
            }
            // The format for negative numbers follows.
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Whether a format of numbers writes a plus before positive ones. The one of an exponent (`0.00E+00`) stands behind digits.
fn shows_plus(code: &str) -> bool {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        let has_plus = match letter {
            '+' => true,
            '\\' => letters.next() == Some('+'),
            '"' => letters
                .by_ref()
                .take_while(|end| *end != '"')
                .any(|quoted| quoted == '+'),
            // It is as wide as the next letter, or filled with it.
            '_' | '*' => {
                letters.next();
                false
            }
            '[' => {
                letters.find(|end| *end == ']');
                false
            }
            ';' | '0' | '#' | '?' | '.' | '@' => return false,
            _ => false,
        };
        if has_plus {
            return true;
        }
    }
    false
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
            assert_eq!(shows_plus(code), expected, "{code}");
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
            assert_eq!(shows_dates(code), expected, "{code}");
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
