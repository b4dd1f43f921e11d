//! Plans and journals of the first version, which had another name for the change of a step.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

/// How the first version began a step. A quotation mark within a text is escaped, so this stands nowhere else.
const STEP: &str = "{\"step\":\"";

/// A row, or a step, as this version writes it.
pub(crate) fn upgraded(text: &str) -> Cow<'_, str> {
    match text.contains(STEP) {
        true => Cow::Owned(text.replace(STEP, "{\"action\":\"")),
        false => Cow::Borrowed(text),
    }
}

/// A line of a plan file before characters that cannot be printed were escaped: the digest of a plan is of that.
pub(super) fn unescaped(line: &str) -> Cow<'_, str> {
    if !line.contains("\\u") {
        return Cow::Borrowed(line);
    }
    let mut output = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some('u')) => {
                characters.next();
                escaped(&mut characters, &mut output);
            }
            ('\\', Some(next)) => {
                output.extend(['\\', *next]);
                characters.next();
            }
            _ => output.push(character),
        }
    }
    Cow::Owned(output)
}

/// Reads the digits of an escape, and of the one behind it where a character takes two. What JSON itself escapes stays.
fn escaped(characters: &mut Peekable<Chars<'_>>, output: &mut String) {
    let mut digits: String = characters.by_ref().take(4).collect();
    let mut units = vec![u16::from_str_radix(&digits, 16).unwrap_or_default()];
    if (0xd800..0xdc00).contains(&units[0]) {
        let low: String = characters.by_ref().skip(2).take(4).collect();
        units.push(u16::from_str_radix(&low, 16).unwrap_or_default());
        digits = format!("{digits}\\u{low}");
    }
    match String::from_utf16(&units) {
        Ok(text) if units[0] >= 0x20 => output.push_str(&text),
        _ => {
            output.push_str("\\u");
            output.push_str(&digits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_hashed_as_it_was_before_it_was_escaped() {
        for text in [
            "plain",
            "a\u{202e}b",
            "\u{1b}[2J",
            "\u{e0041}",
            "caf\u{e9} \\u202e \\\\ \"x\"",
            "\u{7f}\u{85}",
        ] {
            let line = serde_json::to_string(&[text]).expect("is JSON");
            assert_eq!(unescaped(&trunkline::mask::json(&line)), line, "{text:?}");
        }
    }

    #[test]
    fn the_text_of_a_cell_is_no_step() {
        let row = r#"{"name":"{\"step\":\"x","steps":[{"step":"assignNumber","number":"+12065550101"}]}"#;
        let expected = r#"{"name":"{\"step\":\"x","steps":[{"action":"assignNumber","number":"+12065550101"}]}"#;
        assert_eq!(upgraded(row), expected);
    }
}
