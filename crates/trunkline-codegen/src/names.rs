//! Converts wire names to Rust names: case, keywords, collisions.
//!
//! Where several wire names make one Rust name, who gets it is decided by how they are spelled, and what the others get is
//! made of their own spelling. So no name depends on how many others there are or on their order: a service that adds
//! `phone_number` before `phoneNumber` renames nothing.

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

/// How the words of a wire name are joined; the spelling that is usual in Graph comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    /// `isMfaCapable`.
    Camel,
    /// Anything else, `isMFACapable` for instance.
    Other,
    /// `IsMfaCapable`.
    Pascal,
    /// `is_mfa_capable`.
    Snake,
    /// `IS_MFA_CAPABLE`.
    UpperSnake,
    /// `is-mfa-capable`.
    Kebab,
}

impl Spelling {
    /// The spelling that makes exactly this name of its words.
    fn of(wire: &str) -> Self {
        let words = words(wire);
        [Self::Camel, Self::Pascal, Self::Snake, Self::UpperSnake, Self::Kebab]
            .into_iter()
            .find(|spelling| spelling.join(&words) == wire)
            .unwrap_or(Self::Other)
    }

    fn join(self, words: &[String]) -> String {
        let lower = words.iter().map(|word| word.to_lowercase());
        let mut joined = String::new();
        match self {
            Self::Snake => joined = lower.collect::<Vec<_>>().join("_"),
            Self::Kebab => joined = lower.collect::<Vec<_>>().join("-"),
            Self::UpperSnake => {
                joined = words
                    .iter()
                    .map(|word| word.to_uppercase())
                    .collect::<Vec<_>>()
                    .join("_")
            }
            Self::Camel | Self::Pascal | Self::Other => {
                for (index, word) in lower.enumerate() {
                    let first = word.get(..1).unwrap_or_default();
                    let rest = word.get(1..).unwrap_or_default();
                    if index == 0 && self == Self::Camel {
                        joined.push_str(first);
                    } else {
                        joined.push_str(&first.to_uppercase());
                    }
                    joined.push_str(rest);
                }
            }
        }
        joined
    }
}

/// The suffix of a name that another wire name has already. Of two wire names with the same words it is never the
/// same: it is the spelling, or, where that has no name, made of all characters.
fn mark(wire: &str) -> String {
    match Spelling::of(wire) {
        Spelling::Camel => "camel".to_owned(),
        Spelling::Pascal => "pascal".to_owned(),
        Spelling::Snake => "snake".to_owned(),
        Spelling::UpperSnake => "upper".to_owned(),
        Spelling::Kebab => "kebab".to_owned(),
        Spelling::Other => {
            // FNV-1a: a name of a public interface may not change with the version of a library.
            let hash = wire.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            });
            format!("x{hash:08x}")
        }
    }
}

/// The order in which wire names claim their Rust names: the usual spelling first, then by their characters.
pub(crate) fn in_order_of_spelling<'w, T>(items: &'w [T], wire: impl Fn(&'w T) -> &'w str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|index| (Spelling::of(wire(&items[*index])), wire(&items[*index])));
    order
}

/// Names of one scope, each given once. Who asks first keeps the plain name, so ask in the order of spelling.
#[derive(Debug, Default, Clone)]
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
        let plain = snake_case(wire);
        let spelled = format!("{}_{}", plain.trim_end_matches('_'), mark(wire));
        self.claim(&[plain, spelled], "_")
    }

    /// Free names in snake case, in the order of the wire names; who gets a name that several want is decided by spelling.
    pub(crate) fn snake_all(&mut self, wire: &[&str]) -> Vec<String> {
        let mut names = vec![String::new(); wire.len()];
        for index in in_order_of_spelling(wire, |wire| wire) {
            names[index] = self.snake(wire[index]);
        }
        names
    }

    /// A free name in upper camel case.
    pub(crate) fn camel(&mut self, wire: &str) -> String {
        let plain = upper_camel_case(wire);
        let spelled = format!("{}{}", plain.trim_end_matches('_'), upper_camel_case(&mark(wire)));
        self.claim_camel(&[plain, spelled])
    }

    /// Free names in upper camel case, as [`snake_all`](Self::snake_all).
    pub(crate) fn camel_all(&mut self, wire: &[&str]) -> Vec<String> {
        let mut names = vec![String::new(); wire.len()];
        for index in in_order_of_spelling(wire, |wire| wire) {
            names[index] = self.camel(wire[index]);
        }
        names
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
    fn names_do_not_depend_on_what_stands_before_them() {
        let wire = [
            "Phone_Number",
            "PhoneNumber",
            "phoneNumber",
            "PHONE_NUMBER",
            "phone__number",
            "phone_number",
            "phone-number",
            "self",
            "Self",
        ];
        let (snake, camel) = (Names::default().snake_all(&wire), Names::default().camel_all(&wire));
        assert_eq!(
            snake,
            [
                "phone_number_x1df38d21",
                "phone_number_pascal",
                "phone_number",
                "phone_number_upper",
                "phone_number_x911edf58",
                "phone_number_snake",
                "phone_number_kebab",
                "self_",
                "self_pascal"
            ]
        );
        assert_eq!(camel[1..4], ["PhoneNumberPascal", "PhoneNumber", "PhoneNumberUpper"]);
        // Whatever is left out, or stands in another order: what is there is called the same. Only the usual spelling, which
        // has the plain name, is missed.
        let others = wire.iter().filter(|wire| !["phoneNumber", "self"].contains(wire));
        for left_out in others {
            let (mut rest, mut expected): (Vec<&str>, Vec<&String>) =
                wire.iter().zip(&snake).filter(|(wire, _)| *wire != left_out).unzip();
            rest.reverse();
            expected.reverse();
            let names = Names::default().snake_all(&rest);
            assert_eq!(names.iter().collect::<Vec<_>>(), expected, "without {left_out}");
        }
    }

    #[test]
    fn names_that_are_taken_get_another() {
        let mut names = Names::without(&["additional"]);
        assert_eq!(names.snake("additional"), "additional_camel");
        assert_eq!(names.snake("fooBar"), "foo_bar");
        assert_eq!(names.snake("FooBar"), "foo_bar_pascal");
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
