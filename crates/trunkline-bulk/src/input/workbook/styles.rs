//! Which styles of cells show a number as a date or a time: such a cell holds a number that nobody sees.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::markup::{Markup, attribute};
use super::package::Pieces;
use crate::input::InputError;

/// For each style, whether it shows dates.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<bool>);

impl Styles {
    /// Reads the part that has them.
    pub(super) fn read<R: Pieces>(markup: &mut Markup<R>) -> Result<Self, InputError> {
        let mut formats = HashMap::new();
        let mut styles = Vec::new();
        // What styles are made of has elements of the same name elsewhere.
        let mut of_cells = false;
        loop {
            match markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "cellXfs" => of_cells = true,
                    "numFmt" => {
                        let (id, code) = (attribute(&start, "numFmtId")?, attribute(&start, "formatCode")?);
                        if let (Some(id), Some(code)) = (id, code) {
                            formats.insert(id.into_owned(), shows_dates(&code));
                        }
                    }
                    "xf" if of_cells => {
                        let id = attribute(&start, "numFmtId")?.unwrap_or_default();
                        let own = formats.get(&*id).copied();
                        styles.push(own.unwrap_or_else(|| is_built_in_date(&id)));
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().as_ref() == "cellXfs" => of_cells = false,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(Self(styles))
    }

    /// Whether the style of that number shows dates.
    pub(super) fn shows_dates(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or(false)
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
            // What is for negative numbers follows.
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_others() {
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
        assert_eq!(styles.0, [false, true, true, false]);
        assert!(!styles.shows_dates(99));
    }
}
