//! Words of a filter expression.

use crate::address::quoted;
use crate::error::Failure;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A property path, an operator or a keyword.
    Word(String),
    Text(String),
    Number(f64),
    Open,
    Close,
    Comma,
    Colon,
}

/// Splits an expression into words.
pub(crate) fn tokens(expression: &str) -> Result<Vec<Token>, Failure> {
    let mut list = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let simple = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            ',' => Some(Token::Comma),
            ':' => Some(Token::Colon),
            _ => None,
        };
        if let Some(token) = simple {
            list.push(token);
            rest = &rest[1..];
        } else if first == '\'' {
            let (text, after) = quoted(rest).ok_or_else(|| syntax("a string literal does not end"))?;
            list.push(Token::Text(text));
            rest = after;
        } else if first.is_ascii_digit() || first == '-' {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "-.:+".contains(c)))
                .unwrap_or(rest.len());
            let word = &rest[..end];
            // GUIDs and date-times may stand unquoted; they are compared as text.
            list.push(
                word.parse()
                    .map_or_else(|_| Token::Text(word.to_owned()), Token::Number),
            );
            rest = &rest[end..];
        } else if first.is_ascii_alphabetic() || "_@$".contains(first) {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "_/@.$-".contains(c)))
                .unwrap_or(rest.len());
            list.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            return Err(syntax(&format!("the character '{first}' is not expected")));
        }
        rest = rest.trim_start();
    }
    Ok(list)
}

/// The failure every malformed filter gives.
pub(crate) fn syntax(reason: &str) -> Failure {
    Failure::invalid(format!("The $filter expression is not well formed: {reason}."))
}
