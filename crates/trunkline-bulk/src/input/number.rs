//! Reads telephone numbers from cells, with the changes that spreadsheets make to them.

use std::borrow::Cow;

use trunkline::telephone::{NumberError, NumberErrorKind};
use trunkline::{Country, TelephoneNumber};

use super::problem_kind::ProblemKind;

/// A number that was read.
#[derive(Debug)]
pub(super) struct ReadNumber {
    pub(super) number: TelephoneNumber,
    pub(super) form: Form,
}

/// Ways to write a number, of which a column should have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A plus, and no extension.
    International,
    /// A plus, and `;ext=`.
    TeamsExtension,
    /// A plus, and `x`.
    MethodExtension,
    /// No plus, with a country to say what that means.
    National,
}

impl Form {
    pub(super) const COUNT: usize = 4;

    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::International,
        Self::TeamsExtension,
        Self::MethodExtension,
        Self::National,
    ];

    /// An example, for messages.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::International => "with a plus",
            Self::TeamsExtension => "with ;ext=",
            Self::MethodExtension => "with x before the extension",
            Self::National => "without a plus",
        }
    }
}

/// Why a text is no number: the kind, what is wrong with it, and what to do where that depends on the text.
pub(super) type Refusal = (ProblemKind, &'static str, Option<Cow<'static, str>>);

/// Reads a number as every method and option reads it. `country` says what a number without a plus means.
pub(super) fn read(text: &str, country: Option<Country>) -> Result<ReadNumber, Refusal> {
    let number = TelephoneNumber::read(text, country).map_err(|error| refusal(&error))?;
    let form = match number.extension() {
        _ if !text.contains('+') => Form::National,
        None => Form::International,
        Some(_) if text.contains(['x', 'X']) && !text.contains(';') => Form::MethodExtension,
        Some(_) => Form::TeamsExtension,
    };
    Ok(ReadNumber { number, form })
}

/// The problem of a text that is no number.
pub(super) fn refusal(error: &NumberError) -> Refusal {
    let kind = match error.kind() {
        NumberErrorKind::NoPlus => ProblemKind::NoPlus,
        NumberErrorKind::NationalNumber => ProblemKind::NationalNumber,
        NumberErrorKind::InternationalPrefix => ProblemKind::InternationalPrefix,
        NumberErrorKind::TrunkDigit => ProblemKind::TrunkDigit,
        NumberErrorKind::Scientific => ProblemKind::ScientificNumber,
        NumberErrorKind::StoredAsNumber => ProblemKind::StoredAsNumber,
        NumberErrorKind::Masked => ProblemKind::MaskedNumber,
        NumberErrorKind::OtherDigits => ProblemKind::OtherDigits,
        _ => return (ProblemKind::BadNumber, error.what(), None),
    };
    // The country is named as the caller's language writes it, and the digit to leave out is the number's own.
    let own = matches!(
        kind,
        ProblemKind::NoPlus | ProblemKind::NationalNumber | ProblemKind::TrunkDigit
    );
    (kind, kind.what(), own.then(|| error.advice()))
}
