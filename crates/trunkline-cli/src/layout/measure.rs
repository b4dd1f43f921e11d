//! The width of texts, and texts that are too wide.

use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
pub(super) fn width_of(text: &str) -> usize {
    text.width()
}

/// A text that takes up to `width` columns; one that is longer ends in `…`.
pub(super) fn shortened(text: &str, width: usize) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        shown.push(character);
        if width_of(&shown) + 1 > width {
            shown.pop();
            break;
        }
    }
    shown.push('…');
    shown
}

/// Says that values end in `…`; nothing when none does.
pub(super) fn say_shortened(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 value is longer than the terminal and ends in …; --wide or --output csv shows it".to_owned()),
        count => Some(format!(
            "{count} values are longer than the terminal and end in …; --wide or --output csv shows them"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shortened_fits_and_says_so() {
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("漢字漢字", 5), "漢字…");
        assert_eq!(width_of(&shortened("漢字漢字", 4)), 3);
        assert!(say_shortened(0).is_none() && say_shortened(2).is_some_and(|text| text.starts_with("2 values are")));
    }
}
