//! TypeScript as words, texts and brackets, without comments. As much as it takes to find where things end.

use anyhow::{Result, bail};

/// A piece of a module.
#[derive(Debug)]
pub(super) struct Token {
    /// Where it begins.
    pub(super) start: usize,
    /// Behind its last byte.
    pub(super) end: usize,
    /// Whether the comment before it says that it is not for others.
    pub(super) internal: bool,
}

/// The pieces of a module.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut internal = false;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") {
            let Some(end) = rest.find("*/") else {
                bail!("a comment does not end")
            };
            internal |= rest[..end].contains("@internal");
            at += end + 2;
            continue;
        }
        let length = match first {
            '"' | '\'' => quoted(rest, first)?,
            '`' => template(rest)?,
            '/' if begins_expression(text, tokens.last()) => pattern(rest)?,
            _ if is_word(first) => rest.find(|found| !is_word(found)).unwrap_or(rest.len()),
            _ if rest.starts_with("=>") => 2,
            _ => first.len_utf8(),
        };
        tokens.push(Token {
            start: at,
            end: at + length,
            internal,
        });
        internal = false;
        at += length;
    }
    Ok(tokens)
}

fn is_word(found: char) -> bool {
    found.is_alphanumeric() || matches!(found, '_' | '$' | '#')
}

/// Whether a slash begins a pattern, not a division.
fn begins_expression(text: &str, before: Option<&Token>) -> bool {
    let Some(before) = before else { return true };
    let word = &text[before.start..before.end];
    word == "return" || word.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';', '>'])
}

/// The length of a text in quotes.
fn quoted(rest: &str, quote: char) -> Result<usize> {
    let mut escaped = false;
    for (at, found) in rest.char_indices().skip(1) {
        if found == quote && !escaped {
            return Ok(at + found.len_utf8());
        }
        escaped = found == '\\' && !escaped;
    }
    bail!("a text does not end")
}

/// The length of a pattern; in brackets a slash does not end it.
fn pattern(rest: &str) -> Result<usize> {
    let (mut escaped, mut in_class) = (false, false);
    for (at, found) in rest.char_indices().skip(1) {
        match found {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Ok(at + 1),
            '\n' => break,
            _ => {}
        }
    }
    bail!("a pattern does not end")
}

/// The length of a template, with what is put into it.
fn template(rest: &str) -> Result<usize> {
    let mut at = 1;
    while let Some(found) = rest[at..].chars().next() {
        match found {
            '`' => return Ok(at + 1),
            '\\' => at += 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8),
            '$' if rest[at + 1..].starts_with('{') => {
                at += 2;
                let mut depth = 1;
                while depth > 0 {
                    let Some(inner) = rest[at..].chars().next() else {
                        bail!("a template does not end")
                    };
                    at += match inner {
                        '"' | '\'' => quoted(&rest[at..], inner)?,
                        '`' => template(&rest[at..])?,
                        _ => {
                            depth += i32::from(inner == '{') - i32::from(inner == '}');
                            inner.len_utf8()
                        }
                    };
                }
            }
            _ => at += found.len_utf8(),
        }
    }
    bail!("a template does not end")
}
