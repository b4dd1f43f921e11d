//! Text of Python: names, literals, docstrings.

/// How wide docstrings get, with what stands before them.
const WIDTH: usize = 115;

/// Words that Python keeps to itself and Rust does not.
const KEYWORDS: &[&str] = &[
    "and", "assert", "class", "def", "del", "elif", "except", "finally", "from", "global", "import", "is", "lambda",
    "None", "nonlocal", "not", "or", "pass", "raise", "with",
];

/// A name of the plan as a name of Python: an underscore behind what is taken.
pub(super) fn python_name(name: &str, taken: &[&str]) -> String {
    if KEYWORDS.contains(&name) || taken.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            ' '..='~' => literal.push(character),
            _ => literal.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    literal.push('"');
    literal
}

/// A docstring: its first paragraph, then further lines as they are, each behind `indent`.
pub(crate) fn docstring(paragraph: &str, further: &[String], indent: &str) -> String {
    let first = if paragraph.is_empty() {
        "Not described."
    } else {
        paragraph
    };
    let mut lines = wrapped(first, indent.len() + 3, indent.len());
    for line in further {
        lines.push(line.clone());
    }
    let mut text = format!("{indent}\"\"\"");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push('\n');
            if !line.is_empty() {
                text.push_str(indent);
            }
        }
        text.push_str(&safe(line));
    }
    if lines.len() > 1 {
        text.push('\n');
        text.push_str(indent);
    } else if text.ends_with('"') {
        text.push(' ');
    }
    text.push_str("\"\"\"\n");
    text
}

/// An item of a section of a docstring, wrapped and indented.
pub(crate) fn item(name: &str, description: &str, indent: usize) -> Vec<String> {
    let text = if description.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {description}")
    };
    let lines = wrapped(&text, indent + 8, indent + 8);
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| format!("{}{line}", if index == 0 { "    " } else { "        " }))
        .collect()
}

/// Words in lines; the arguments say how much of the first and of the others is taken.
pub(super) fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    crate::text::wrapped(text, WIDTH.saturating_sub(first), WIDTH.saturating_sub(rest))
}

/// Items with a comma behind each, in lines.
pub(super) fn list(items: &[String], indent: &str) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("{item},")).collect();
    let lines = wrapped(&items.join(" "), indent.len(), indent.len());
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// Nothing in it ends a docstring, escapes, or is not seen.
fn safe(line: &str) -> String {
    let mut safe = String::new();
    for character in line.chars() {
        match character {
            '\\' => safe.push_str("\\\\"),
            '"' => safe.push('\''),
            _ if character.is_control() || crate::text::is_hidden(character) => {
                safe.push_str(&format!("\\\\u{:04x}", u32::from(character)));
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// An import of those names that a text uses outside of docstrings and literals; nothing when it uses none.
pub(crate) fn import(indent: &str, module: &str, names: &[&str], text: &str) -> String {
    // Docstrings are no more than three marks around a text that holds none.
    let code: Vec<&str> = text.split('"').step_by(2).collect();
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let used = |name: &&&str| {
        code.iter().any(|part| {
            part.match_indices(**name)
                .any(|(at, _)| !part[..at].ends_with(is_word) && !part[at + name.len()..].starts_with(is_word))
        })
    };
    let names: Vec<&str> = names.iter().filter(used).copied().collect();
    if names.is_empty() {
        return String::new();
    }
    format!("{indent}from {module} import {}\n", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(literal("a\"b\\c\n\u{202e}"), "\"a\\\"b\\\\c\\U0000000a\\U0000202e\"");
        let doc = docstring("says \"\"\" and \\ and \u{202e}", &[], "");
        assert_eq!(doc.matches("\"\"\"").count(), 2, "{doc}");
        assert!(doc.contains("\\\\u202e"), "{doc}");
        assert_eq!(python_name("from", &[]), "from_");
        assert_eq!(python_name("meta", &["meta"]), "meta_");
    }
}
