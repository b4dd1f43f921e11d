//! The language of the program that calls, so that a message names an option as the caller writes it.
//!
//! A process has one language for each copy of this library: the Python and Node packages and the command line set theirs
//! when they start, and everything else is Rust.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

/// The language in which options are spelled in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// `.country("US")`, `.base(true)`
    Rust,
    /// `country="US"`, `base=True`
    Python,
    /// `country: "US"`, `base: true`
    Node,
    /// `--country US`, `--base`
    CommandLine,
}

static CURRENT: AtomicU8 = AtomicU8::new(0);

/// Sets the language of all messages from now on. Bindings call it once, before anything else.
pub fn set(language: Language) {
    CURRENT.store(language as u8, Ordering::Relaxed);
}

/// The language of messages; Rust unless [`set`].
#[must_use]
pub fn current() -> Language {
    match CURRENT.load(Ordering::Relaxed) {
        1 => Language::Python,
        2 => Language::Node,
        3 => Language::CommandLine,
        _ => Language::Rust,
    }
}

impl Language {
    /// The name of an option, such as `clientCertificate`. `name` is in snake case.
    #[must_use]
    pub fn option(self, name: &'static str) -> Cow<'static, str> {
        match self {
            Self::Rust | Self::Python => Cow::Borrowed(name),
            Self::CommandLine => Cow::Owned(format!("--{}", name.replace('_', "-"))),
            Self::Node => {
                let mut words = name.split('_');
                let mut camel = words.next().unwrap_or_default().to_owned();
                for word in words {
                    let (first, rest) = word.split_at(word.len().min(1));
                    camel.push_str(&first.to_ascii_uppercase());
                    camel.push_str(rest);
                }
                Cow::Owned(camel)
            }
        }
    }

    /// An option with a text, such as `country="US"`. `name` is one word.
    #[must_use]
    pub fn text_option(self, name: &'static str, value: &'static str) -> impl fmt::Display {
        Spelled {
            language: self,
            name,
            value: Some(value),
        }
    }

    /// An option that is switched on, such as `base=True`. `name` is one word.
    #[must_use]
    pub fn switch(self, name: &'static str) -> impl fmt::Display {
        Spelled {
            language: self,
            name,
            value: None,
        }
    }
}

struct Spelled {
    language: Language,
    name: &'static str,
    value: Option<&'static str>,
}

impl fmt::Display for Spelled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match (self.language, self.value) {
            (Language::Rust, Some(value)) => write!(formatter, ".{name}({value:?})"),
            (Language::Rust, None) => write!(formatter, ".{name}(true)"),
            (Language::Python, Some(value)) => write!(formatter, "{name}={value:?}"),
            (Language::Python, None) => write!(formatter, "{name}=True"),
            (Language::Node, Some(value)) => write!(formatter, "{name}: {value:?}"),
            (Language::Node, None) => write!(formatter, "{name}: true"),
            (Language::CommandLine, Some(value)) => write!(formatter, "--{name} {value}"),
            (Language::CommandLine, None) => write!(formatter, "--{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn options_are_spelled_as_each_language_writes_them() {
        for (language, country, base, name) in [
            (Language::Rust, ".country(\"US\")", ".base(true)", "client_certificate"),
            (Language::Python, "country=\"US\"", "base=True", "client_certificate"),
            (Language::Node, "country: \"US\"", "base: true", "clientCertificate"),
            (Language::CommandLine, "--country US", "--base", "--client-certificate"),
        ] {
            assert_eq!(language.text_option("country", "US").to_string(), country);
            assert_eq!(language.switch("base").to_string(), base);
            assert_eq!(language.option("client_certificate"), name);
        }
    }
}
