//! Text of Python: names, literals, docstrings.

/// How wide docstrings get, with what stands before them.
const WIDTH: usize = 115;

/// Words that Python keeps to itself and Rust does not.
const KEYWORDS: &[&str] = &[
    "and", "assert", "class", "def", "del", "elif", "except", "finally", "from", "global", "import", "is", "lambda",
    "None", "nonlocal", "not", "or", "pass", "raise", "with",
];

/// A name of the plan as a name of Python: an underscore behind what is taken.
pub(crate) fn python_name(name: &str, taken: &[&str]) -> String {
    if KEYWORDS.contains(&name) || taken.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// A text as a literal.
pub(crate) fn literal(text: &str) -> String {
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

/// Texts as literals.
pub(crate) fn literals(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| literal(text)).collect()
}

/// A docstring for a template, which indents its first line and ends its last: its first paragraph, then further lines as they are.
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
    let mut text = String::from("\"\"\"");
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
    text.push_str("\"\"\"");
    text
}

/// Prose inside of a docstring, for a template, which indents its first line. `first`: how much of that line is taken.
pub(super) fn prose(text: &str, first: usize, indent: &str) -> String {
    let lines: Vec<String> = wrapped(text, first, indent.len())
        .iter()
        .map(|line| safe(line))
        .collect();
    lines.join(&format!("\n{indent}"))
}

/// An item of a section of a docstring, wrapped and indented.
pub(crate) fn item(name: &str, description: &str, indent: usize) -> Vec<String> {
    let lines = wrapped(&described(name, description), indent + 8, indent + 8);
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| format!("{}{line}", if index == 0 { "    " } else { "        " }))
        .collect()
}

/// A name with its description, when it has one.
pub(super) fn described(name: &str, description: &str) -> String {
    if description.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {description}")
    }
}

/// Words in lines; the arguments say how much of the first and of the others is taken.
fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    crate::text::wrapped(text, WIDTH.saturating_sub(first), WIDTH.saturating_sub(rest))
}

/// Items with a comma behind each, in lines, for a template, which indents the first.
pub(super) fn list(items: &[String], indent: &str) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("{item},")).collect();
    let lines = wrapped(&items.join(" "), indent.len(), indent.len());
    lines.join(&format!("\n{indent}"))
}

/// Nothing in it ends a docstring, escapes, or is not seen.
pub(super) fn safe(line: &str) -> String {
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

/// A module whose imports name only what its classes use. Two empty lines stand before the first class.
pub(super) fn without_unused_imports(module: &str) -> String {
    let Some((head, classes)) = module.split_once("\n\n\n") else {
        return module.to_owned();
    };
    let mut text = String::new();
    for line in head.lines() {
        let statement = line.trim_start();
        let parts = statement
            .strip_prefix("from ")
            .and_then(|parts| parts.split_once(" import "));
        match parts {
            Some((from, names)) if from != "__future__" => {
                let indent = &line[..line.len() - statement.len()];
                let names: Vec<&str> = names.split(", ").filter(|name| !name.is_empty()).collect();
                text.push_str(&import(indent, from, &names, classes));
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    let head = text.strip_suffix("\nif TYPE_CHECKING:\n").unwrap_or(&text);
    format!("{head}\n\n{classes}")
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

    #[test]
    fn imports_that_no_class_uses_are_left_out() {
        let head = "from __future__ import annotations\n\nfrom .a import One, Two\nfrom .b import Three\n";
        let classes = "\n\nclass Four(Two):\n    \"\"\"Not One.\"\"\"\n";
        let module = format!("{head}\nif TYPE_CHECKING:\n    from . import \n{classes}");
        let kept = "from __future__ import annotations\n\nfrom .a import Two\n";
        assert_eq!(without_unused_imports(&module), format!("{kept}{classes}"));
    }
}
