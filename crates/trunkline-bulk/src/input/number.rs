//! Telephone numbers as they stand in files, with everything that spreadsheets do to them.

use std::borrow::Cow;

use trunkline::{Country, TelephoneNumber};

use super::problem::ProblemKind;

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

/// Why a text is no number.
pub(super) type Refusal = (ProblemKind, Cow<'static, str>);

/// Reads a number. `country` says what a number without a plus means; without it nothing is guessed.
pub(super) fn read(text: &str, country: Option<Country>) -> Result<ReadNumber, Refusal> {
    let bare = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text[4..].trim_start(),
        _ => text,
    };
    let refuse = |kind: ProblemKind| Err((kind, Cow::Borrowed(kind.what())));
    if is_scientific(bare) {
        return refuse(ProblemKind::ScientificNumber);
    }
    if bare.contains('*') {
        return refuse(ProblemKind::MaskedNumber);
    }
    if !bare.is_ascii()
        && bare
            .chars()
            .any(|character| !character.is_ascii() && character.is_numeric())
    {
        return refuse(ProblemKind::OtherDigits);
    }
    let plain = bare.trim_start_matches(|letter: char| letter == '(' || letter.is_whitespace());
    let international = plain.starts_with('+');
    let number = if international {
        TelephoneNumber::parse(plain)
    } else if !plain.starts_with(|first: char| first.is_ascii_digit()) {
        // Read for the sake of what is said of it: without a plus it is never taken.
        match TelephoneNumber::parse(bare) {
            Ok(_) => return refuse(ProblemKind::NoPlus),
            refused => refused,
        }
    } else if has_decimal_zero(plain) {
        return refuse(ProblemKind::StoredAsNumber);
    } else if let Some(country) = country {
        TelephoneNumber::parse_in(bare, country)
    } else if plain.starts_with("00") {
        return refuse(ProblemKind::InternationalPrefix);
    } else if plain.starts_with('0') {
        return refuse(ProblemKind::NationalNumber);
    } else {
        return refuse(ProblemKind::NoPlus);
    };
    let number = number.map_err(|error| (ProblemKind::BadNumber, Cow::Owned(error.to_string())))?;
    let form = match number.extension() {
        _ if !international => Form::National,
        None => Form::International,
        Some(_) if text.contains(['x', 'X']) && !text.contains(';') => Form::MethodExtension,
        Some(_) => Form::TeamsExtension,
    };
    Ok(ReadNumber { number, form })
}

/// `1.20656E+10`, `1,20656e10`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let mantissa = mantissa.trim_start_matches(['+', '-']);
    let exponent = exponent.trim_start_matches(['+', '-']);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(exponent)
        && match mantissa.split_once(['.', ',']) {
            None => digits(mantissa),
            Some((whole, part)) => digits(whole) && digits(part),
        }
}

/// `12065550100.0`: a number that some program wrote as a fraction.
fn has_decimal_zero(text: &str) -> bool {
    match text.split_once(['.', ',']) {
        Some((whole, part)) => {
            whole.len() >= 7
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && !part.is_empty()
                && part.bytes().all(|byte| byte == b'0')
        }
        None => false,
    }
}
