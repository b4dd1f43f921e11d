//! The file of rows that a plan was made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::file::known_ending;
use crate::input::Input;

/// The file of rows that a plan was made of, as plans, journals and reports have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SourceFile {
    /// Its name without the folder; absent when the rows did not come from a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// How many rows it has, without the header and blank ones.
    pub rows: u64,
    /// How many of them cannot be read.
    pub unreadable: u64,
    /// How many of them say the same as an earlier one, and are not in the plan.
    pub repeated: u64,
}

impl SourceFile {
    /// The same with its name masked, which can be somebody's. The ending stays when it names a format.
    pub(crate) fn masked(mut self) -> Self {
        self.name = self.name.as_deref().map(|name| match known_ending(name.as_ref()) {
            Some(ending) => format!("***.{ending}"),
            None => "***".to_owned(),
        });
        self
    }

    /// The name, size and digest of a file when it was read.
    #[must_use]
    pub fn of(input: &Input) -> Self {
        let (rows, unreadable) = (u64::from(input.seen()), input.unreadable().len() as u64);
        Self {
            name: input.name().map(str::to_owned),
            bytes: input.bytes(),
            digest: input.digest().iter().map(|byte| format!("{byte:02x}")).collect(),
            rows,
            unreadable,
            repeated: rows.saturating_sub(unreadable + input.len() as u64),
        }
    }
}

/// `cutover.csv, 1234 bytes, SHA-256 0123…`.
impl fmt::Display for SourceFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(formatter, "{name}, ")?;
        }
        write!(formatter, "{} bytes, SHA-256 {}", self.bytes, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_keeps_an_ending_that_names_a_format_and_nothing_else() {
        for (name, shown) in [
            ("ana.csv", "***.csv"),
            ("Ana.XLSX", "***.xlsx"),
            ("people.ana", "***"),
            ("ana", "***"),
            (".csv", "***"),
        ] {
            let file = SourceFile {
                name: Some(name.to_owned()),
                bytes: 1,
                digest: String::new(),
                rows: 1,
                unreadable: 0,
                repeated: 0,
            };
            assert_eq!(file.masked().name.as_deref(), Some(shown), "{name}");
        }
    }
}
