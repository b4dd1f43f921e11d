//! The words that columns take.

use trunkline::phones::PhoneRole;

use crate::input::Column;
use crate::input::column::same_word;
use crate::input::problem_kind::ProblemKind;

pub(super) const CATEGORIES: [&str; 3] = ["primary", "private", "alternate"];

pub(super) const NUMBER_TYPES: [&str; 3] = ["callingPlan", "operatorConnect", "directRouting"];

/// Our own words, and those of spreadsheets in other languages for `true` and `false`: German, French, Spanish, Italian,
/// Portuguese, Dutch and Polish.
pub(super) const SWITCH: [(&str, bool); 23] = [
    ("on", true),
    ("off", false),
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("enabled", true),
    ("disabled", false),
    ("wahr", true),
    ("falsch", false),
    ("ja", true),
    ("nein", false),
    ("vrai", true),
    ("faux", false),
    ("verdadero", true),
    ("falso", false),
    ("vero", true),
    ("verdadeiro", true),
    ("waar", true),
    ("onwaar", false),
    ("nee", false),
    ("prawda", true),
    ("fałsz", false),
];

/// The words of a column, for people.
pub(super) fn choices(column: Column) -> Option<String> {
    let words = match column {
        Column::Category => CATEGORIES.to_vec(),
        Column::NumberType => NUMBER_TYPES.to_vec(),
        Column::Role => PhoneRole::ALL.map(PhoneRole::name).to_vec(),
        // The others mean the same.
        Column::SmsSignIn => SWITCH[..2].iter().map(|(word, _)| *word).collect(),
        _ => return None,
    };
    let (last, others) = words.split_last()?;
    Some(format!("{} or {last}", others.join(", ")))
}

pub(super) fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, ProblemKind> {
    let found = words.iter().find(|(name, _)| same_word(name, text));
    found.map(|(_, value)| *value).ok_or(ProblemKind::UnknownWord)
}
