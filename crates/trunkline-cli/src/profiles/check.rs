//! Checks the text of the profile file. Every mistake is reported with its line, and what to do about it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml_edit::{Document, Item, Key as TomlKey, TableLike};
use trunkline::ErrorKind;
use trunkline::mask::printable;
use trunkline_bulk::input::Column;

use super::key::{Key, capitalized};
use super::profile::Profile;
use crate::failure::Failure;

/// The entry that names the profile in use.
pub(super) const IN_USE: &str = "use";
/// The table of profiles.
pub(super) const PROFILES: &str = "profiles";
/// The table of headings in a profile.
pub(super) const COLUMNS: &str = "columns";

/// Parts of names that say that a value is secret.
const SECRETS: [&str; 4] = ["secret", "password", "token", "key"];

/// The profiles of a file, and the name of the one in use.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    pub(super) in_use: Option<String>,
    pub(super) all: BTreeMap<String, Profile>,
}

/// Reads and checks the text of the file at `path`.
pub(super) fn read(text: &str, path: &Path) -> Result<Profiles, Failure> {
    let place = Place { text, path };
    let document = Document::parse(text).map_err(|error| {
        // The message can quote the line, and the line can hold a secret.
        let message = error.message().lines().next().unwrap_or_default();
        place.refuse(error.span(), format!("this is not TOML: {message}"), "Correct the line")
    })?;
    let mut profiles = Profiles::default();
    let mut use_at = None;
    for (name, item) in document.iter() {
        let key = document.key(name);
        match name {
            IN_USE => {
                profiles.in_use = Some(place.text_of(name, item)?);
                use_at = item.span();
            }
            PROFILES => {
                let table = place.table(name, item)?;
                for (name, item) in table.iter() {
                    let at = table.key(name).and_then(TomlKey::span);
                    if let Err(advice) = check_name(name) {
                        return Err(place.refuse(at, format!("'{}' cannot name a profile", printable(name)), &advice));
                    }
                    let profile = place.profile(name, place.table(name, item)?)?;
                    profiles.all.insert(name.to_owned(), profile);
                }
            }
            _ => return Err(place.unknown(key, name, &[IN_USE, PROFILES])),
        }
    }
    if let Some(name) = &profiles.in_use
        && !profiles.all.contains_key(name)
    {
        let known: Vec<&str> = profiles.all.keys().map(String::as_str).collect();
        let advice = match known.as_slice() {
            [] => "Remove the line, or add the profile with `trunkline profile add`".to_owned(),
            known => format!("Choose one of {}", known.join(", ")),
        };
        let message = format!("there is no profile '{}' to use", printable(name));
        return Err(place.refuse(use_at, message, &advice));
    }
    Ok(profiles)
}

/// Whether a profile can have this name; if not, the advice.
fn check_name(name: &str) -> Result<(), String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.is_empty() && name.len() <= 60 && name.bytes().all(is_plain) && !name.starts_with('-') {
        Ok(())
    } else {
        Err("Use up to 60 letters, digits, '-', '_' and '.'".to_owned())
    }
}

/// Refuses a name that no profile can have.
pub(crate) fn refuse_name(name: &str) -> Result<(), Failure> {
    check_name(name).map_err(|advice| {
        let shown: String = name.chars().take(60).collect();
        let message = format!("'{}' cannot name a profile", printable(&shown));
        Failure::refused(ErrorKind::InvalidInput, message, advice)
    })
}

/// The file, for messages about a place in it.
struct Place<'t> {
    text: &'t str,
    path: &'t Path,
}

impl Place<'_> {
    fn refuse(&self, at: Option<Range<usize>>, message: String, advice: &str) -> Failure {
        let path = self.path.display().to_string();
        let line = at.map_or_else(String::new, |at| {
            let before = self.text.get(..at.start).unwrap_or(self.text);
            format!(", line {}", before.matches('\n').count() + 1)
        });
        let message = format!("{}{line}: {message}", printable(&path));
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            format!("{}. Nothing was changed", capitalized(advice)),
        )
    }

    fn profile(&self, name: &str, table: &dyn TableLike) -> Result<Profile, Failure> {
        let mut profile = Profile {
            name: name.to_owned(),
            ..Profile::default()
        };
        for (name, item) in table.iter() {
            if name == COLUMNS {
                let columns = self.table(name, item)?;
                for (field, heading) in columns.iter() {
                    if Column::from_name(field).is_none() {
                        let known: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
                        return Err(self.unknown(columns.key(field), field, &known));
                    }
                    profile.columns.insert(field.to_owned(), self.text_of(field, heading)?);
                }
                continue;
            }
            let Some(key) = Key::of(name) else {
                let known: Vec<&str> = Key::ALL.into_iter().map(Key::name).chain([COLUMNS]).collect();
                return Err(self.unknown(table.key(name), name, &known));
            };
            let value = self.text_of(name, item)?;
            if let Err(advice) = key.check(&value) {
                let message = match value.trim() {
                    "" => format!("{name} is empty"),
                    _ => format!("'{}' is not valid for {name}", printable(&value)),
                };
                return Err(self.refuse(item.span(), message, &advice));
            }
            profile.settings.insert(key, value);
        }
        Ok(profile)
    }

    fn text_of(&self, name: &str, item: &Item) -> Result<String, Failure> {
        item.as_str().map(str::to_owned).ok_or_else(|| {
            let message = format!("{} must be a text, not {}", printable(name), described(item));
            self.refuse(item.span(), message, "Write the value between quotation marks")
        })
    }

    fn table<'i>(&self, name: &str, item: &'i Item) -> Result<&'i dyn TableLike, Failure> {
        item.as_table_like().ok_or_else(|| {
            let message = format!("{} must be a table, not {}", printable(name), described(item));
            self.refuse(
                item.span(),
                message,
                "Run `trunkline profile add --help` for what a profile holds",
            )
        })
    }

    /// The refusal of an entry that is not known. A secret is one of these: the file takes none.
    fn unknown(&self, key: Option<&TomlKey>, name: &str, known: &[&str]) -> Failure {
        let at = key.and_then(TomlKey::span);
        let shown = printable(name);
        if SECRETS.iter().any(|part| name.to_ascii_lowercase().contains(part)) {
            return self.refuse(
                at,
                format!("'{shown}' would be a secret, and this file holds none"),
                "Remove the line, and let `trunkline login --credential client-secret` keep the secret in the keyring, set \
                 AZURE_CLIENT_SECRET, or use a certificate and its path",
            );
        }
        let near = known.iter().find(|known| likeness(known) == likeness(name));
        let advice = match near {
            Some(near) => format!("write it {near}"),
            None => format!("use one of {}, or remove the line", known.join(", ")),
        };
        self.refuse(at, format!("'{shown}' is not a setting"), &advice)
    }
}

/// A name without case and separators, for finding what was meant.
fn likeness(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

fn described(item: &Item) -> &'static str {
    match item.type_name() {
        "integer" => "a number",
        "float" => "a number",
        "boolean" => "true or false",
        "array" | "array of tables" => "a list",
        "table" | "inline table" => "a table",
        "string" => "a text",
        _ => "a date or time",
    }
}
