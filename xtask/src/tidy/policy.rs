//! The data of the rules, read from `xtask/tidy.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use regex::Regex;
use serde::Deserialize;

/// The data of the rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    /// Files whose text is about forbidden things.
    pub(super) exempt: Vec<String>,
    /// Which of our crates each of them may use.
    pub(super) depends: BTreeMap<String, Directions>,
    /// Libraries that only their owner uses.
    pub(super) owner: Vec<Owner>,
    /// Circles of files that may stay.
    pub(super) circles: Circles,
    /// Forms of text that give a machine or a registry away.
    pub(super) patterns: Patterns,
    /// Telephone numbers in examples.
    pub(super) numbers: Numbers,
    /// Principal names and addresses in examples.
    pub(super) people: People,
    /// Words that are not used.
    pub(super) words: Words,
}

/// Words that are not used.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Words that stand nowhere, not even as a part of a name.
    pub(super) anywhere: Vec<String>,
    /// Phrases of several words, in lower case.
    pub(super) phrases: Vec<String>,
    /// Words that no function, type, module or constant is called.
    pub(super) names: Vec<String>,
    /// Words that no comment begins with.
    pub(super) comment_starts: Vec<String>,
    /// Uses that are right.
    pub(super) allowed: Vec<AllowedWord>,
}

/// A word that is right in one file or folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowedWord {
    pub(super) word: String,
    /// Beginning of the path.
    pub(super) path: String,
    /// For people; the file is refused without it.
    #[serde(rename = "reason")]
    _reason: String,
}

/// Which of our crates a crate may use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Directions {
    /// In what it ships.
    pub(super) uses: Vec<String>,
    /// In its tests, examples and benchmarks, besides.
    #[serde(default)]
    pub(super) tests: Vec<String>,
}

/// A library and who may use it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    /// The libraries.
    pub(super) libraries: Vec<String>,
    /// Crates that ship it.
    pub(super) crates: Vec<String>,
    /// Crates whose tests, examples and benchmarks may use it, besides.
    #[serde(default)]
    pub(super) tests: Vec<String>,
    /// Why.
    pub(super) reason: String,
}

/// Circles of files that may stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Circles {
    allowed: Vec<AllowedCircle>,
}

/// Files that may use each other in a loop.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowedCircle {
    files: Vec<String>,
    /// For people; the file is refused without it.
    #[serde(rename = "reason")]
    _reason: String,
}

impl Circles {
    /// Whether a circle may stay.
    pub(super) fn is_allowed(&self, circle: &[&str]) -> bool {
        let holds = |files: &[String]| circle.iter().all(|file| files.iter().any(|one| one == file));
        self.allowed.iter().any(|allowed| holds(&allowed.files))
    }
}

/// Forms of text that give a machine or a registry away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Patterns {
    #[serde(deserialize_with = "regex")]
    pub(super) machine_path: Regex,
    #[serde(deserialize_with = "regex")]
    pub(super) registry: Regex,
    #[serde(deserialize_with = "regex")]
    pub(super) address: Regex,
    #[serde(deserialize_with = "regex")]
    pub(super) number: Regex,
}

/// Telephone numbers in examples.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    /// Digits an example's number may begin with.
    pub(super) prefixes: Vec<String>,
    /// Whole numbers that may be used besides.
    pub(super) allowed: Vec<Allowed>,
}

/// Principal names and addresses in examples.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    /// Domains, with everything below them.
    pub(super) domains: Vec<String>,
    /// Beginnings of what follows an `@` in the protocol itself.
    pub(super) annotations: Vec<String>,
    /// Others that may be used.
    pub(super) allowed: Vec<Allowed>,
}

/// Something that is allowed for a reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    /// What.
    pub(super) text: String,
    /// Why. For people; the file is refused without it.
    #[serde(rename = "reason")]
    _reason: String,
}

fn regex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map_err(serde::de::Error::custom)
}

impl Policy {
    /// The policy of this project.
    pub(super) fn of_the_project() -> Result<Self> {
        toml::from_str(include_str!("../../tidy.toml")).context("xtask/tidy.toml is not understood")
    }

    /// Whether a file's text is about forbidden things, or is not ours.
    pub(super) fn is_exempt(&self, path: &str) -> bool {
        self.exempt.iter().any(|exempt| exempt == path)
    }
}
