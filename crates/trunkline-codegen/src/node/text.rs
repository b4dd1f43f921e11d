//! Text of TypeScript: names, literals, comments.

use crate::text::{escaped, wrapped};

/// How wide comments get, with what stands before them.
const WIDTH: usize = 117;

/// Words that name no variable.
const RESERVED: &str = "\
    arguments await break case catch class const continue debugger default delete do else enum eval export extends \
    false finally for function if implements import in instanceof interface let new null package private protected \
    public return static super switch this throw true try typeof var void while with yield";

/// A name of the plan, which is in snake case, in camel case.
pub(crate) fn camel(snake: &str) -> String {
    let mut name = String::new();
    for word in snake.split('_').filter(|word| !word.is_empty()) {
        let mut characters = word.chars();
        let Some(first) = characters.next() else { continue };
        if name.is_empty() {
            name.push(first);
        } else {
            // Two numbers that met would read as one.
            if first.is_ascii_digit() && name.ends_with(|last: char| last.is_ascii_digit()) {
                name.push('_');
            }
            name.push(first.to_ascii_uppercase());
        }
        name.push_str(characters.as_str());
    }
    name
}

/// The name by which a module is known where it is imported.
pub(super) fn module_alias(module: &str) -> String {
    let name = camel(module);
    if RESERVED.split(' ').any(|word| word == name) {
        format!("{name}_")
    } else {
        name
    }
}

/// The name of a module's file.
pub(super) fn module_file(module: &str) -> String {
    module.trim_matches('_').replace('_', "-")
}

/// Whether code mentions something of a module; in comments counts, too.
pub(super) fn mentions_module(code: &str, module: &str) -> bool {
    code.contains(&format!("{}.", module_alias(module)))
}

/// A text as a literal.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            ' '..='~' => literal.push(character),
            _ => literal.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
        }
    }
    literal.push('"');
    literal
}

/// A wire name as the name of a property.
pub(crate) fn property(wire: &str) -> String {
    let mut characters = wire.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$');
    let goes_on = characters.all(|other| other.is_ascii_alphanumeric() || other == '_' || other == '$');
    if begins && goes_on {
        wire.to_owned()
    } else {
        literal(wire)
    }
}

/// A comment that tools read.
#[derive(Default)]
pub(crate) struct Comment {
    blocks: Vec<Block>,
}

enum Block {
    /// A paragraph, with an empty line before it.
    Paragraph(String),
    /// A tag, with what it says.
    Tag(String),
}

impl Comment {
    /// One paragraph of prose.
    pub(crate) fn of(prose: &str) -> Self {
        let mut comment = Self::default();
        comment.paragraph(if prose.is_empty() { "Not described." } else { prose });
        comment
    }

    /// Adds a paragraph of prose.
    pub(crate) fn paragraph(&mut self, prose: &str) {
        if !prose.is_empty() {
            self.blocks.push(Block::Paragraph(safe(prose)));
        }
    }

    /// Adds a tag. `name` is ours, what is said of it is prose.
    pub(crate) fn tag(&mut self, name: &str, prose: &str) {
        self.blocks.push(Block::Tag(format!("@{name} {}", safe(prose))));
    }

    /// A tag that stands alone, for paragraphs to follow.
    pub(super) fn heading(&mut self, name: &str) {
        self.blocks.push(Block::Tag(format!("@{name}")));
    }

    /// Its lines, for a template, which has the end of the last one.
    pub(crate) fn lines(&self, indent: &str) -> String {
        let room = WIDTH - indent.len() - 3;
        let mut lines: Vec<String> = Vec::new();
        let mut after: Option<&Block> = None;
        for block in &self.blocks {
            let apart = match (after, block) {
                (None, _) | (Some(Block::Tag(_)), Block::Tag(_)) => false,
                // Paragraphs below a heading belong to it.
                (Some(Block::Tag(tag)), Block::Paragraph(_)) => tag.contains(' '),
                (Some(Block::Paragraph(_)), _) => true,
            };
            if apart {
                lines.push(String::new());
            }
            match block {
                Block::Paragraph(text) => lines.extend(wrapped(text, room, room)),
                // An address is not put on a line of its own, however long it is.
                Block::Tag(text) if text.matches(' ').count() < 2 => lines.push(text.clone()),
                Block::Tag(text) => {
                    let tagged = wrapped(text, room, room - 2).into_iter().enumerate();
                    lines.extend(tagged.map(|(index, line)| if index == 0 { line } else { format!("  {line}") }));
                }
            }
            after = Some(block);
        }
        if let [only] = lines.as_slice() {
            return format!("{indent}/** {only} */");
        }
        let mut text = format!("{indent}/**\n");
        for line in lines {
            text.push_str(indent);
            text.push_str(if line.is_empty() { " *" } else { " * " });
            text.push_str(&line);
            text.push('\n');
        }
        text.push_str(indent);
        text.push_str(" */");
        text
    }
}

/// Prose that ends no comment, begins no tag, and is Markdown.
fn safe(prose: &str) -> String {
    let words: Vec<String> = escaped(prose)
        .split(' ')
        .map(|word| match word.strip_prefix('@') {
            Some(rest) => format!("\\@{rest}"),
            None => word.to_owned(),
        })
        .collect();
    words.join(" ").replace("*/", "*\\/").replace("{@", "{\\@")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_hidden;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(literal("a\"b\\c\n\u{202e}`${x}"), "\"a\\\"b\\\\c\\u{a}\\u{202e}`${x}\"");
        assert_eq!(property("displayName"), "displayName");
        assert_eq!(property("@odata.type"), "\"@odata.type\"");
        assert_eq!(property("1st"), "\"1st\"");
        assert_eq!(property(""), "\"\"");
        for prose in ["ends */ here", "`ends */ in code`", "*/", "a\n*/b", "**/"] {
            let text = Comment::of(prose).lines("");
            assert_eq!(text.matches("*/").count(), 1, "{text}");
            assert!(text.ends_with("*/"), "{text}");
        }
        assert_eq!(Comment::of("@param x").lines("  "), "  /** \\@param x */");
        assert_eq!(Comment::of("see {@link x}").lines(""), "/** see {\\@link x} */");
        assert!(
            !Comment::of("a\u{202e}b\u{2028}c")
                .lines("")
                .chars()
                .any(|found| found != '\n' && is_hidden(found))
        );
    }

    #[test]
    fn names_are_those_of_the_plan_in_camel_case() {
        for (snake, expected) in [
            ("phone_methods", "phoneMethods"),
            ("type_", "type"),
            ("foo_bar_2", "fooBar2"),
            ("v1_0", "v1_0"),
            ("n_", "n"),
        ] {
            assert_eq!(camel(snake), expected);
        }
        assert_eq!(module_alias("import"), "import_");
        assert_eq!(module_file("teams_administration"), "teams-administration");
    }
}
