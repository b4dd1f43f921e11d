//! Prose from the spec as documentation: every line is safe in a comment, and nothing in it can become code.

use proc_macro2::TokenStream;
use quote::quote;

/// How wide documentation gets.
const WIDTH: usize = 112;

/// Lines of documentation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documentation {
    lines: Vec<String>,
}

impl Documentation {
    /// Prose of the spec, one paragraph.
    pub(crate) fn of(prose: &str) -> Self {
        let mut documentation = Self::default();
        documentation.paragraph(prose);
        documentation
    }

    /// Begins a new block, with an empty line before it.
    fn block(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }

    /// Adds a paragraph of prose; nothing when it is empty.
    pub(crate) fn paragraph(&mut self, prose: &str) {
        let prose = escaped(prose);
        if !prose.is_empty() {
            self.block();
            self.wrapped(&prose, "", "");
        }
    }

    /// Adds a heading of our own.
    pub(crate) fn heading(&mut self, heading: &str) {
        self.block();
        self.lines.push(format!("# {heading}"));
    }

    /// Adds a list; each item is prose.
    pub(crate) fn list<'t>(&mut self, items: impl IntoIterator<Item = &'t str>) {
        self.block();
        for item in items {
            self.wrapped(&escaped(item), "* ", "  ");
        }
    }

    /// Adds lines of our own as they are.
    pub(crate) fn verbatim(&mut self, lines: impl IntoIterator<Item = String>) {
        self.block();
        self.lines.extend(lines);
    }

    fn wrapped(&mut self, text: &str, first: &str, next: &str) {
        let mut line = first.to_owned();
        let mut begun = false;
        for word in text.split(' ') {
            if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.lines.push(std::mem::replace(&mut line, next.to_owned()));
                begun = false;
            }
            if begun {
                line.push(' ');
                line.push_str(word);
            } else {
                line.push_str(&unmarked(word));
            }
            begun = true;
        }
        self.lines.push(line);
    }

    /// As attributes, one per line.
    pub(crate) fn tokens(&self) -> TokenStream {
        let lines = self.lines.iter().map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            }
        });
        quote!(#(#[doc = #lines])*)
    }

    /// As comment lines.
    pub(crate) fn comment(&self, indent: &str) -> String {
        self.lined(indent, "///")
    }

    /// As comment lines about the file they stand in.
    pub(crate) fn inner_comment(&self) -> String {
        self.lined("", "//!")
    }

    fn lined(&self, indent: &str, mark: &str) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(indent);
            text.push_str(mark);
            if !line.is_empty() {
                text.push(' ');
                text.push_str(line);
            }
            text.push('\n');
        }
        text
    }
}

/// Prose as one line of Markdown: white space collapsed, invisible characters spelled out, and outside of `code` no
/// links, tags or fences.
pub(crate) fn escaped(prose: &str) -> String {
    let collapsed = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let balanced = collapsed.matches('`').count() % 2 == 0 && !collapsed.contains("``");
    let mut text = String::with_capacity(collapsed.len());
    let mut code = false;
    for character in collapsed.chars() {
        match character {
            '`' if balanced => {
                code = !code;
                text.push('`');
            }
            '`' | '[' | ']' | '<' | '>' | '\\' | '*' if !code => {
                text.push('\\');
                text.push(character);
            }
            _ if is_hidden(character) => text.push_str(&format!("U+{:04X}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text
}

/// Words in lines of at most so many characters: the first, and the others.
pub(crate) fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut room = first;
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(std::mem::take(&mut line));
            room = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A wire name or the like as code.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() || text.contains('`') || text.contains(char::is_whitespace) {
        escaped(text)
    } else {
        escaped(&format!("`{text}`"))
    }
}

/// Characters that are not seen, or that change how others are seen.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb)
}

/// A word that begins a line must not make it a heading, a list or a quotation.
fn unmarked(word: &str) -> String {
    let digits = word.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = digits.len() < word.len() && matches!(digits, "." | ")");
    if numbered {
        let number = &word[..word.len() - digits.len()];
        return format!("{number}\\{digits}");
    }
    if matches!(word, "-" | "+")
        || word.starts_with(['#', '=', '|'])
        || word.starts_with("---")
        || word.starts_with("~~~")
    {
        return format!("\\{word}");
    }
    word.to_owned()
}

/// A sentence begins with a capital and ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let trimmed = text.trim();
    let ended = trimmed.ends_with(['.', '!', '?', ':']);
    format!("{trimmed}{}", if ended || trimmed.is_empty() { "" } else { "." })
}

/// The text of a template, with an end of line.
pub(crate) fn rendered(template: &impl askama::Template) -> String {
    let text = template.render();
    let mut text = text.unwrap_or_else(|error| unreachable!("writing to a text cannot fail: {error}"));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_cannot_leave_its_comment() {
        for (prose, expected) in [
            ("plain `code[0]` <b> [x]", "plain `code[0]` \\<b\\> \\[x\\]"),
            ("```rust\npanic!()\n```", "\\`\\`\\`rust panic!() \\`\\`\\`"),
            ("one ` tick", "one \\` tick"),
            ("end */ of /* it", "end \\*/ of /\\* it"),
            ("a\u{202e}b\0c\r\nd", "aU+202EbU+0000c d"),
        ] {
            assert_eq!(escaped(prose), expected);
        }
        assert_eq!(Documentation::of("# no heading").comment(""), "/// \\# no heading\n");
        assert_eq!(Documentation::of("1. no list").comment("  "), "  /// 1\\. no list\n");
    }
}
