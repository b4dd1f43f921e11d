//! From wire names to Rust names: case, keywords, collisions.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};

/// Words Rust keeps to itself, in any edition up to 2024.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `phoneMethods` as `phone_methods`; always an identifier.
pub(crate) fn snake_case(wire: &str) -> String {
    let joined = words(wire)
        .iter()
        .map(|word| word.to_lowercase())
        .collect::<Vec<_>>()
        .join("_");
    identifier(joined, "n")
}

/// `phoneMethods` as `PhoneMethods`; always an identifier.
pub(crate) fn upper_camel_case(wire: &str) -> String {
    let mut joined = String::new();
    for word in words(wire) {
        let mut characters = word.chars();
        let Some(first) = characters.next() else { continue };
        // Two numbers that met would read as one: `v1_0` must not become `V10`.
        if first.is_ascii_digit() && joined.ends_with(|last: char| last.is_ascii_digit()) {
            joined.push('_');
        }
        joined.push(first.to_ascii_uppercase());
        joined.push_str(&characters.as_str().to_lowercase());
    }
    identifier(joined, "N")
}

/// An identifier from a text of ASCII letters, digits and underscores.
fn identifier(text: String, before_digit: &str) -> String {
    match text.chars().next() {
        None => format!("{before_digit}_"),
        Some(first) if first.is_ascii_digit() => format!("{before_digit}{text}"),
        Some(_) if KEYWORDS.contains(&text.as_str()) => format!("{text}_"),
        Some(_) => text,
    }
}

/// The words of a name: `isMFACapable` has `is`, `MFA` and `Capable`. What Rust might not take in an identifier is
/// spelled by its code point.
fn words(wire: &str) -> Vec<String> {
    let characters: Vec<char> = wire.chars().collect();
    let mut words = vec![String::new()];
    for (index, character) in characters.iter().enumerate() {
        if !character.is_ascii_alphanumeric() {
            words.push(String::new());
            if !character.is_ascii() {
                words.push(format!("u{:x}", u32::from(*character)));
                words.push(String::new());
            }
            continue;
        }
        if character.is_ascii_uppercase() && index > 0 {
            let previous = characters[index - 1];
            let next_is_lower = characters.get(index + 1).is_some_and(char::is_ascii_lowercase);
            if previous.is_ascii_lowercase()
                || previous.is_ascii_digit()
                || (previous.is_ascii_uppercase() && next_is_lower)
            {
                words.push(String::new());
            }
        }
        if let Some(word) = words.last_mut() {
            word.push(*character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The identifier of a name that was made here.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Names of one scope, each given once. Who asks first keeps the plain name, so ask in sorted order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A scope in which some names are taken.
    pub(crate) fn without(reserved: &[&str]) -> Self {
        Self {
            taken: reserved.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Whether a name is taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// The first of these names that is free, or else the last with the smallest number that makes it free.
    pub(crate) fn claim(&mut self, wanted: &[String], separator: &str) -> String {
        let free = wanted.iter().find(|name| !self.taken.contains(*name)).cloned();
        let name = free.unwrap_or_else(|| {
            let last = wanted.last().map_or("unnamed", String::as_str);
            let mut number = 2;
            loop {
                let candidate = format!("{last}{separator}{number}");
                if !self.taken.contains(&candidate) {
                    break candidate;
                }
                number += 1;
            }
        });
        self.taken.insert(name.clone());
        name
    }

    /// A free name in snake case.
    pub(crate) fn snake(&mut self, wire: &str) -> String {
        self.claim(&[snake_case(wire)], "_")
    }

    /// A free name in upper camel case.
    pub(crate) fn camel(&mut self, wire: &str) -> String {
        self.claim_camel(&[upper_camel_case(wire)])
    }

    /// As [`claim`](Self::claim), for names in upper camel case, where an underscore stands between digits only.
    pub(crate) fn claim_camel(&mut self, wanted: &[String]) -> String {
        let ends_with_digit = wanted
            .last()
            .is_some_and(|name| name.ends_with(|last: char| last.is_ascii_digit()));
        self.claim(wanted, if ends_with_digit { "_" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_become_rust_names() {
        for (wire, snake, camel) in [
            ("phoneMethods", "phone_methods", "PhoneMethods"),
            ("fido2Methods", "fido2_methods", "Fido2Methods"),
            ("isMFACapable", "is_mfa_capable", "IsMfaCapable"),
            (
                "windows10GeneralConfiguration",
                "windows10_general_configuration",
                "Windows10GeneralConfiguration",
            ),
            ("type", "type_", "Type"),
            ("self", "self_", "Self_"),
            ("Self", "self_", "Self_"),
            ("_1", "n1", "N1"),
            ("_", "n_", "N_"),
            ("v1_0", "v1_0", "V1_0"),
            ("na\u{ef}ve", "na_uef_ve", "NaUefVe"),
            ("a\"b*/c\n", "a_b_c", "ABC"),
            ("\u{202e}x", "u202e_x", "U202eX"),
        ] {
            assert_eq!(
                (snake_case(wire).as_str(), upper_camel_case(wire).as_str()),
                (snake, camel),
                "{wire:?}"
            );
        }
    }

    #[test]
    fn collisions_are_numbered_in_order() {
        let mut names = Names::without(&["additional"]);
        assert_eq!(names.snake("additional"), "additional_2");
        assert_eq!(names.snake("fooBar"), "foo_bar");
        assert_eq!(names.snake("FooBar"), "foo_bar_2");
        assert_eq!(names.claim(&["get".to_owned(), "get_action".to_owned()], "_"), "get");
        assert_eq!(
            names.claim(&["get".to_owned(), "get_action".to_owned()], "_"),
            "get_action"
        );
        assert_eq!(
            names.claim(&["get".to_owned(), "get_action".to_owned()], "_"),
            "get_action_2"
        );
    }
}
