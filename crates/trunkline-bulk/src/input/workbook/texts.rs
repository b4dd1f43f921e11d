//! Text of cells: in the shared table of the workbook, or in the cell itself.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::markup::{Markup, attribute, ended};
use super::measured::Pieces;
use crate::input::InputError;

/// Maximum number of texts in a workbook, and of their bytes: several for each row of the largest sheet.
const COUNT: usize = 10_000_000;
const BYTES: usize = 256 << 20;

/// The table of shared texts, which cells refer to by index.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// All texts without separators: a `String` each would take twice the memory.
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Reads the table. The count that it states is not trusted.
    pub(super) fn read<R: Pieces>(markup: &mut Markup<R>) -> Result<Self, InputError> {
        let mut texts = Self::default();
        loop {
            match markup.next()? {
                Event::Start(start) if start.local_name().as_ref() == "si" => {
                    rich_text(markup, &mut texts.all)?;
                    match u32::try_from(texts.all.len()) {
                        Ok(end) if texts.all.len() <= BYTES && texts.ends.len() < COUNT => texts.ends.push(end),
                        _ => return Err(InputError::BrokenWorkbook("it has too many texts".to_owned())),
                    }
                }
                Event::Eof => return Ok(texts),
                _ => {}
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.all[start as usize..end as usize])
    }
}

/// Appends the text of an element that has started (`<si>` or `<is>`) to `into`, up to the element's end. It may have several
/// formatted runs; phonetic hints are left out.
pub(super) fn rich_text<R: Pieces>(markup: &mut Markup<R>, into: &mut String) -> Result<(), InputError> {
    enum Piece {
        Text { keeps_spaces: bool },
        Pronunciation,
        Other,
    }
    let mut depth = 0_u32;
    loop {
        let piece = match markup.next()? {
            Event::Start(start) => match start.local_name().as_ref() {
                "t" => Piece::Text {
                    keeps_spaces: attribute(&start, "space")?.is_some_and(|space| space == "preserve"),
                },
                "rPh" => Piece::Pronunciation,
                _ => Piece::Other,
            },
            Event::End(_) if depth == 0 => return Ok(()),
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            Event::Eof => return Err(ended()),
            _ => continue,
        };
        match piece {
            Piece::Text { keeps_spaces } => {
                let start = into.len();
                markup.text(into)?;
                let found = &into[start..];
                let kept = if keeps_spaces {
                    found
                } else {
                    found.trim_matches(SPACES)
                };
                // Most texts need no change.
                if kept.len() < found.len() || kept.contains("_x") {
                    let kept = unescaped(kept).into_owned();
                    into.truncate(start);
                    into.push_str(&kept);
                }
            }
            Piece::Pronunciation => markup.skip()?,
            Piece::Other => depth += 1,
        }
    }
}

/// White space as XML defines it.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Decodes characters that XML cannot hold: they are written as `_x000D_`, by their code unit in UTF-16.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let mut result = String::new();
    let (mut taken, mut at) = (0, 0);
    while let Some(found) = text[at..].find("_x") {
        let start = at + found;
        let mut end = start;
        let units = std::iter::from_fn(|| {
            let unit = escape(&text[end..])?;
            end += ESCAPE;
            Some(unit)
        });
        let decoded: String = char::decode_utf16(units)
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if end > start {
            result.push_str(&text[taken..start]);
            result.push_str(&decoded);
            taken = end;
        }
        at = end.max(start + 2);
    }
    if taken == 0 {
        return Cow::Borrowed(text);
    }
    result.push_str(&text[taken..]);
    Cow::Owned(result)
}

/// Length of `_x000D_`.
const ESCAPE: usize = 7;

fn escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.as_bytes().get(ESCAPE - 1) == Some(&b'_');
    plain.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_come_back() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a_x000D_b", "a\rb"),
            ("_x000D__x000a_", "\r\n"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDCF7_", "\u{1f4f7}"),
            ("_xD83D_x", "\u{fffd}x"),
            ("_xDCF7_", "\u{fffd}"),
            ("_x00_", "_x00_"),
            ("_x000G_", "_x000G_"),
            ("_x000Dé", "_x000Dé"),
            ("_x_x0041_", "_xA"),
            ("_x", "_x"),
            ("", ""),
        ] {
            assert_eq!(unescaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_join_their_runs() {
        let table = "<sst count='9' uniqueCount='4000000000000000000'><si><t>one</t></si><si/>\
                     <si><r><rPr><b/></rPr><t xml:space='preserve'>two </t></r><r><t>&amp; thr&#101;e</t></r></si>\
                     <si><t> a\r\nb </t><rPh sb='0' eb='1'><t>said</t></rPh></si><si><t><![CDATA[<4>]]></t></si></sst>";
        let texts = Texts::read(&mut Markup::new(table.as_bytes())).unwrap();
        let found: Vec<_> = (0..6).map(|index| texts.get(index)).collect();
        assert_eq!(
            found,
            [
                Some("one"),
                Some(""),
                Some("two & three"),
                Some("a\nb"),
                Some("<4>"),
                None
            ]
        );
    }

    #[test]
    fn tables_that_break_off_are_refused() {
        for table in [
            "<sst><si><t>a",
            "<sst><si><t>a</t>",
            "<sst><si><t>&what;</t></si></sst>",
            "<sst><si></sst>",
        ] {
            assert!(Texts::read(&mut Markup::new(table.as_bytes())).is_err(), "{table}");
        }
    }
}
