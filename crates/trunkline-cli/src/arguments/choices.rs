//! Values with a fixed set of names, and times.

use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use trunkline::Cloud;
use trunkline::phones::PhoneRole;

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON document (stable schema)
    Json,
    /// One row per record
    Csv,
    /// One JSON document per line, as they come
    Jsonl,
}

/// A cloud by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CloudName(pub(crate) Cloud);

impl ValueEnum for CloudName {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [CloudName; Cloud::ALL.len()] = {
            let mut all = [CloudName(Cloud::Global); Cloud::ALL.len()];
            let mut index = 0;
            while index < all.len() {
                all[index] = CloudName(Cloud::ALL[index]);
                index += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialName {
    /// The application that the variables AZURE_* describe
    Environment,
    /// Whoever is signed in to the Azure CLI or the Azure Developer CLI
    DeveloperTools,
    /// The managed identity of the Azure resource this runs on
    ManagedIdentity,
    /// A user, with a code for the browser
    DeviceCode,
    /// An application, with the certificate of the profile or of AZURE_CLIENT_CERTIFICATE_PATH
    Certificate,
    /// An application, with the secret that `trunkline login` keeps or AZURE_CLIENT_SECRET holds
    ClientSecret,
    /// The token in TRUNKLINE_TOKEN
    Token,
}

/// A place that keeps a sign-in between commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreName {
    /// The keyring of the system: the keychain of macOS, the credential manager of Windows
    Keyring,
    /// A file that only its owner can read
    File,
}

/// On, off, or a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Switch it on
    On,
    /// Switch it off
    Off,
    /// Show how it stands
    Status,
}

/// The names of roles.
pub(crate) const ROLES: [&str; PhoneRole::ALL.len()] = {
    let mut names = [""; PhoneRole::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = PhoneRole::ALL[index].name();
        index += 1;
    }
    names
};

/// Reads a country as two letters. Anything else would match no number, without a word.
pub(crate) fn country(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_owned())
    } else {
        Err("a country is two letters (ISO 3166-1), such as US or DE".to_owned())
    }
}

/// Reads the country of numbers that are written without a plus.
pub(crate) fn numbering(text: &str) -> Result<trunkline::Country, String> {
    text.parse::<trunkline::Country>().map_err(|error| {
        // clap says which option and which value; the rest is ours.
        let advice = error.advice();
        format!("{error}. {advice}")
    })
}

/// The country of a number that is written without a plus.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Dialled {
    /// Country of a number that is written without a plus, by its two letters; without it such a number is refused
    #[arg(long, value_name = "XX", value_parser = numbering)]
    pub(crate) country: Option<trunkline::Country>,
}

/// Waiting for a change to be seen.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ChangeWaiting {
    /// How long the whole change may take, reading back included [default: 10m, reading back 1m]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) timeout: Option<Duration>,
}

/// The name of a value, as its option takes it.
pub(crate) fn name_of(value: impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The names of all values, for a sentence.
pub(crate) fn names_of<T: ValueEnum>() -> String {
    let names: Vec<String> = T::value_variants().iter().map(|value| name_of(value.clone())).collect();
    names.join(", ")
}

/// Takes one of these names in any case, and spells it as it is spelled here.
pub(crate) fn one_of(names: &'static [&'static str]) -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(names).map(|given| {
        let known = names.iter().find(|name| name.eq_ignore_ascii_case(&given));
        known.map_or(given.clone(), |name| (*name).to_owned())
    })
}

/// Reads a time such as `10m`, `1h30m`, `90s`, `500ms`; a number alone is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time; write it like 90s, 10m or 1h30m");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        let count: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let letters = rest
            .find(|character: char| !character.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let milliseconds: u64 = match &rest[..letters] {
            "ms" => 1,
            "" | "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        rest = &rest[letters..];
        let part = count
            .checked_mul(milliseconds)
            .map(Duration::from_millis)
            .ok_or_else(wrong)?;
        total = total.checked_add(part).ok_or_else(wrong)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        for (text, expected) in [
            ("10m", Some(600_000)),
            ("1h30m", Some(5_400_000)),
            ("90", Some(90_000)),
            ("90s", Some(90_000)),
            (" 250ms ", Some(250)),
            ("0s", Some(0)),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("1.5h", None),
            ("1d", None),
            ("10 m", None),
            ("99999999999999999999s", None),
            ("18446744073709551615h", None),
        ] {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text:?}");
        }
    }
}
