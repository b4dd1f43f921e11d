//! Sentences, in lines that end between words.

use super::measure::{say_shortened, shortened, width_of};

/// Breaks lines between words where they are longer than `width`; what follows is indented by `hang` columns more than its line. A
/// word is never broken, and neither is what people copy: what stands between backticks, and a command of ours that ends the line.
pub(crate) fn wrapped(text: &str, width: Option<usize>, hang: usize) -> String {
    let Some(width) = width else {
        return text.to_owned();
    };
    let mut lines = Vec::new();
    for line in text.lines() {
        if width_of(line) <= width {
            lines.push(line.to_owned());
        } else {
            break_line(line, width, hang, &mut lines);
        }
    }
    let mut shown = lines.join("\n");
    if text.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// Sentences of a result: as [`wrapped`], and a value that is longer than the terminal is shortened and said to be. Commands are
/// not.
pub(crate) fn fitted(text: &str, width: Option<usize>, hang: usize) -> String {
    let text = wrapped(text, width, hang);
    let Some(width) = width.filter(|width| text.lines().any(|line| width_of(line) > *width)) else {
        return text;
    };
    let mut cut = 0;
    let mut shown: Vec<String> = Vec::new();
    for line in text.lines() {
        // A word that is longer than a line stands in one by itself.
        if width_of(line) <= width || line.starts_with("trunkline ") || line.starts_with('`') {
            shown.push(line.to_owned());
        } else {
            cut += 1;
            shown.push(shortened(line, width));
        }
    }
    if let Some(note) = say_shortened(cut) {
        shown.push(wrapped(&note, Some(width), 2));
    }
    shown.join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}

fn break_line(line: &str, width: usize, hang: usize, lines: &mut Vec<String>) {
    let start = line.len() - line.trim_start_matches(' ').len();
    // An indentation that leaves no room helps nobody.
    let hang = if start + hang < width / 2 { start + hang } else { 0 };
    let mut current = line[..start.min(width / 2)].to_owned();
    let mut is_empty = true;
    for (gap, word) in words(&line[start..]) {
        let fits = width_of(&current) + gap + width_of(word) <= width;
        if !fits && !is_empty {
            lines.push(std::mem::replace(&mut current, " ".repeat(hang)));
            is_empty = true;
        }
        // A word that is longer than what the indentation leaves begins at the left.
        if is_empty && width_of(&current) + width_of(word) > width {
            current.clear();
        }
        if !is_empty {
            current.push_str(&" ".repeat(gap));
        }
        current.push_str(word);
        is_empty = false;
    }
    lines.push(current);
}

/// The words of a line with the spaces before them; a command is one word.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = line.trim_end();
    let mut ends_in_colon = false;
    std::iter::from_fn(move || {
        let trimmed = rest.trim_start_matches(' ');
        if trimmed.is_empty() {
            return None;
        }
        let gap = rest.len() - trimmed.len();
        if ends_in_colon && trimmed.starts_with("trunkline ") {
            rest = "";
            return Some((gap, trimmed));
        }
        let mut is_code = false;
        let end = trimmed.find(|character: char| {
            is_code ^= character == '`';
            character == ' ' && !is_code
        });
        // A backtick that is never closed is a character like others.
        let end = match end {
            None if is_code => trimmed.find(' '),
            end => end,
        };
        let mut end = end.unwrap_or(trimmed.len());
        if trimmed.starts_with('+') && trimmed[..end].ends_with(|last: char| last.is_ascii_digit()) {
            end += digits_after(&trimmed[end..]);
        }
        let (word, tail) = trimmed.split_at(end);
        rest = tail;
        ends_in_colon = word.ends_with(':');
        Some((gap, word))
    })
}

/// How much of a telephone number follows its country code behind spaces: `+1 206 555 0142` is one value.
fn digits_after(text: &str) -> usize {
    let mut length = 0;
    while let Some(rest) = text[length..].strip_prefix(' ') {
        let group = &rest[..rest.find(' ').unwrap_or(rest.len())];
        let digits = group.trim_end_matches([';', ',', ':', '.']);
        if digits.is_empty()
            || !digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"()-".contains(&byte))
        {
            break;
        }
        length += 1 + group.len();
        if digits.len() < group.len() {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words() {
        for (text, width, hang, expected) in [
            ("one two three", 7, 0, "one two\nthree"),
            ("one two three", 13, 0, "one two three"),
            ("  one two three\n", 11, 2, "  one two\n    three\n"),
            ("short\nlonger than it\n", 10, 0, "short\nlonger\nthan it\n"),
            ("say `a b c` now", 9, 0, "say\n`a b c`\nnow"),
            ("a +1206555010142 b", 8, 2, "a\n+1206555010142\n  b"),
            ("ok    one two three", 11, 0, "ok    one\ntwo three"),
            ("go on with: trunkline x y", 14, 2, "go on with:\ntrunkline x y"),
            ("to +1 206 555 0142; 7 more", 15, 0, "to\n+1 206 555 0142;\n7 more"),
            ("it's `open and on", 9, 0, "it's\n`open and\non"),
        ] {
            assert_eq!(wrapped(text, Some(width), hang), expected, "{text:?}");
        }
        assert_eq!(wrapped("one two three", None, 2), "one two three");
    }

    #[test]
    fn a_value_that_is_longer_than_the_terminal_is_shortened_and_a_command_is_not() {
        let text =
            "row 2: a.very.long.name.of.somebody@contoso.example\ngo on with: trunkline bulk resume people.journal\n";
        assert_eq!(
            fitted(text, Some(30), 2),
            "row 2:\na.very.long.name.of.somebody@…\ngo on with:\ntrunkline bulk resume people.journal\n\
             1 value is longer than the\n  terminal and ends in …;\n  --wide or --output csv shows\n  it\n"
        );
        assert_eq!(fitted(text, None, 2), text);
        assert_eq!(fitted(text, Some(60), 2), text);
    }

    #[test]
    fn no_line_is_longer_and_no_word_is_lost() {
        let text = "row 2 done: assign +12065550101 ana@contoso.example; the number has no emergency location";
        for width in 24..100 {
            let shown = wrapped(text, Some(width), 2);
            assert!(shown.lines().all(|line| width_of(line) <= width), "{width}: {shown}");
            let words: Vec<&str> = shown.split_whitespace().collect();
            assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
        }
    }
}
