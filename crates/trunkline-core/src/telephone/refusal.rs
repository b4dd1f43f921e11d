//! The error of a text that is not a telephone number.

use std::borrow::Cow;
use std::fmt;

use super::grammar::Grammar;
use crate::error::language;

/// Why a text is not a telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberError {
    kind: NumberErrorKind,
    what: &'static str,
    advice: Cow<'static, str>,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $code:literal,)*) => {
        /// The kind of fault of a text that should be a telephone number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum NumberErrorKind {
            $($(#[doc = $doc])* $kind,)*
        }

        impl NumberErrorKind {
            /// A word for it that does not change between versions, for programs that group or count.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }
        }
    };
}

kinds! {
    /// There is no text.
    Empty = "empty",
    /// No plus, and no country to say what the digits mean.
    NoPlus = "noPlus",
    /// A national number that begins with 0, and no country.
    NationalNumber = "nationalNumber",
    /// `00` or `011` in place of the plus.
    InternationalPrefix = "internationalPrefix",
    /// A zero or another trunk digit between the country code and the number, or `(0)`.
    TrunkDigit = "trunkDigit",
    /// The country code is there and the plus is not.
    LostPlus = "lostPlus",
    /// The digit that stands before the area code in its country is not there.
    LostZero = "lostZero",
    /// The country has no such numbers.
    NotOfCountry = "notOfCountry",
    /// It can be read with its country code and without it.
    Ambiguous = "ambiguous",
    /// `1.20656E+10`.
    Scientific = "scientificNumber",
    /// `12065550100.0`.
    StoredAsNumber = "storedAsNumber",
    /// Stars in place of digits.
    Masked = "maskedNumber",
    /// Digits of another script.
    OtherDigits = "otherDigits",
    /// A character that no telephone number has.
    BadCharacter = "badCharacter",
    /// A plus that is not at the start.
    MisplacedPlus = "misplacedPlus",
    /// The country code begins with 0.
    NoCountryCode = "noCountryCode",
    /// Fewer than seven digits.
    TooShort = "tooShort",
    /// More than fifteen digits, or a text that is far too long.
    TooLong = "tooLong",
    /// The extension is not a row of digits.
    BadExtension = "badExtension",
    /// No country has these two letters.
    UnknownCountry = "unknownCountry",
}

/// A reason, before the grammar is known whose form the advice shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) kind: NumberErrorKind,
    pub(super) what: &'static str,
    /// For [`NumberErrorKind::TrunkDigit`].
    pub(super) trunk: Option<Trunk>,
}

/// The digits between a country code and a number that must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trunk {
    /// The country code.
    pub(super) code: u16,
    /// The digit.
    pub(super) digit: u8,
    /// Whether the country's numbers keep the zero, so that only the parentheses go.
    pub(super) stays: bool,
}

impl Reason {
    pub(super) const fn new(kind: NumberErrorKind, what: &'static str) -> Self {
        Self {
            kind,
            what,
            trunk: None,
        }
    }

    pub(super) fn of_trunk(trunk: Trunk) -> Self {
        let what = match trunk {
            Trunk { stays: true, .. } => "the telephone number has a zero in parentheses",
            Trunk { digit: b'0', .. } => {
                "the telephone number has a zero after its country code, which is dialled within the country only"
            }
            _ => "the telephone number has a digit after its country code that is dialled within the country only",
        };
        Self {
            kind: NumberErrorKind::TrunkDigit,
            what,
            trunk: Some(trunk),
        }
    }
}

const E164: &str = "Write it as +12061234567: a plus, the country code and the number";
const PHONE_METHOD: &str = "Write it as +1 2065550100: a plus, the country code, one space and the number";
const WITHIN: &str = "Write it with a plus and its country code, or in full as it is dialled within its country";

fn form(grammar: Grammar) -> &'static str {
    match grammar {
        Grammar::E164 => E164,
        Grammar::PhoneMethod => PHONE_METHOD,
    }
}

impl NumberError {
    pub(super) fn new(reason: Reason, grammar: Grammar, has_country: bool) -> Self {
        use NumberErrorKind as Kind;
        let form = form(grammar);
        let advice = match (reason.kind, reason.trunk) {
            (_, Some(Trunk { code, stays: true, .. })) => {
                format!("Write it without the parentheses, the zero right after +{code}").into()
            }
            (_, Some(Trunk { code, digit: b'0', .. })) => {
                format!("Write it without the zero: +{code} and then the digits after the zero").into()
            }
            (_, Some(Trunk { code, digit, .. })) => {
                let digit = char::from(digit);
                format!("Write it without the {digit} that follows +{code}").into()
            }
            (Kind::NoPlus | Kind::NationalNumber, None) => {
                let country = language::current().text_option("country", "US");
                format!("{form}, or add {country} if it is a number of that country").into()
            }
            (Kind::InternationalPrefix, None) => {
                Cow::Borrowed("Write a plus in place of the international prefix, then the country code")
            }
            (Kind::StoredAsNumber | Kind::Scientific, None) => {
                Cow::Borrowed("Take the number from its source again, as text with a plus")
            }
            (Kind::Masked, None) => Cow::Borrowed("Take the number from a source that does not mask it"),
            (Kind::LostPlus | Kind::LostZero | Kind::NotOfCountry | Kind::Ambiguous, None) => Cow::Borrowed(WITHIN),
            _ if has_country => Cow::Borrowed(WITHIN),
            _ => Cow::Borrowed(form),
        };
        Self {
            kind: reason.kind,
            what: reason.what,
            advice,
        }
    }

    pub(super) fn unknown_country() -> Self {
        Self {
            kind: NumberErrorKind::UnknownCountry,
            what: "no supported country has these letters",
            advice: Cow::Borrowed("Write its two letters, such as US or GB"),
        }
    }

    /// For a call that takes no country: the advice names none.
    pub(super) fn where_no_country_can_be_given(mut self, grammar: Grammar) -> Self {
        if matches!(self.kind, NumberErrorKind::NoPlus | NumberErrorKind::NationalNumber) {
            self.advice = Cow::Borrowed(form(grammar));
        }
        self
    }

    /// The kind of fault, for programs.
    #[must_use]
    pub fn kind(&self) -> NumberErrorKind {
        self.kind
    }

    /// The fault, for people.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The spelling to use instead.
    #[must_use]
    pub fn advice(&self) -> Cow<'static, str> {
        self.advice.clone()
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.what)
    }
}

impl std::error::Error for NumberError {}

pub(super) fn international_prefix() -> Reason {
    Reason::new(
        NumberErrorKind::InternationalPrefix,
        "the telephone number begins with an international prefix instead of a plus",
    )
}
