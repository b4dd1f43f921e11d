//! The two grammars of telephone numbers that Graph uses, kept apart.
//!
//! Teams writes E.164, `+12061234567`, with an optional `;ext=123`. Authentication methods want one space behind the
//! country code, `+1 2061234567`, with an optional `x123`. Both are read leniently (spaces, hyphens, dots, slashes and
//! parentheses are left out) and written strictly.
//!
//! No country is ever guessed. A text without a plus is refused unless a [`Country`] is given, and then it is read as a
//! number of that country and nothing else: [`TelephoneNumber::parse`], [`TelephoneNumber::parse_in`]. What the service
//! wrote is read by [`TelephoneNumber::from_service`], which does not judge it.

mod country;
mod grammar;
mod parts;
mod reading;
mod refusal;
mod trunk;

use std::fmt;
use std::str::FromStr;

pub use country::Country;
pub use grammar::Grammar;
use parts::{Parts, calling_code_length};
pub use refusal::{NumberError, NumberErrorKind};

/// A telephone number as Teams writes it.
///
/// ```
/// use trunkline_core::telephone::TelephoneNumber;
///
/// let number: TelephoneNumber = "+1 (206) 123-4567".parse()?;
/// assert_eq!(number.to_string(), "+12061234567");
/// assert_eq!(number.to_phone_method().to_string(), "+1 2061234567");
/// # Ok::<(), trunkline_core::telephone::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TelephoneNumber(Parts);

/// A telephone number as authentication methods write it.
///
/// ```
/// use trunkline_core::telephone::PhoneMethodNumber;
///
/// let number: PhoneMethodNumber = "+442079460000;ext=12".parse()?;
/// assert_eq!(number.to_string(), "+44 2079460000x12");
/// # Ok::<(), trunkline_core::telephone::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneMethodNumber(Parts);

impl TelephoneNumber {
    /// Reads a number as people write it. It must begin with a plus and its country code; blanks, hyphens, dots, slashes
    /// and parentheses are left out. A zero that is dialled within a country only, `+44 (0)20 …` or `+44 020 …`, is refused.
    ///
    /// # Errors
    ///
    /// When the text is no such number; the error says what is wrong with it and what to write.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::read(text, None)
    }

    /// Reads a number that may be written as within `country`: `(206) 555-0100`, `020 7946 0000;ext=5`, `206.555.0100
    /// x123`. One that begins with a plus is read as [`parse`](Self::parse) reads it, whatever the country.
    ///
    /// # Errors
    ///
    /// When the text is no such number, when it lacks what has to stand before the area code, and when it could also be
    /// one that lacks its plus.
    pub fn parse_in(text: &str, country: Country) -> Result<Self, NumberError> {
        Self::read(text, Some(country))
    }

    /// [`parse_in`](Self::parse_in) where a country is given, [`parse`](Self::parse) where none is: what every method,
    /// option and column does that takes a number.
    ///
    /// # Errors
    ///
    /// The errors of the two.
    pub fn read(text: &str, country: Option<Country>) -> Result<Self, NumberError> {
        reading::read(text, country)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, Grammar::E164, country.is_some()))
    }

    /// Reads a number that the service wrote, whatever its numbering plan says of it. Without a plus its country code comes
    /// first. Not for what people write: there a text without a plus is a number of some country.
    ///
    /// # Errors
    ///
    /// When the text is no number at all.
    pub fn from_service(text: &str) -> Result<Self, NumberError> {
        reading::read_from_service(text)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, Grammar::E164, false))
    }

    /// The number with this extension in place of its own: a row of digits, as a column of its own holds it.
    ///
    /// # Errors
    ///
    /// When it is anything else.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, NumberError> {
        self.0.extension =
            reading::extension(Some(extension)).map_err(|reason| NumberError::new(reason, Grammar::E164, false))?;
        Ok(self)
    }

    /// The number without its extension.
    #[must_use]
    pub fn base(&self) -> Self {
        Self(Parts {
            digits: self.0.digits.clone(),
            extension: None,
        })
    }

    /// The digits, without plus and extension.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0.digits
    }

    /// The extension.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.0.extension.as_deref()
    }

    /// The country calling code, without a plus.
    #[must_use]
    pub fn calling_code(&self) -> &str {
        &self.0.digits[..calling_code_length(&self.0.digits)]
    }

    /// The same number in the other grammar.
    #[must_use]
    pub fn to_phone_method(&self) -> PhoneMethodNumber {
        PhoneMethodNumber(self.0.clone())
    }

    /// The pieces of its text, in order.
    fn pieces(&self) -> [&str; 4] {
        let [sign, extension] = self.0.extension(";ext=");
        ["+", &self.0.digits, sign, extension]
    }
}

impl PhoneMethodNumber {
    /// Reads a number as people write it, as [`TelephoneNumber::parse`] does.
    ///
    /// # Errors
    ///
    /// When the text is no such number; the error says what is wrong with it and what to write.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::read(text, None)
    }

    /// Reads a number that may be written as within `country`, as [`TelephoneNumber::parse_in`] does.
    ///
    /// # Errors
    ///
    /// The errors of [`TelephoneNumber::parse_in`].
    pub fn parse_in(text: &str, country: Country) -> Result<Self, NumberError> {
        Self::read(text, Some(country))
    }

    /// [`parse_in`](Self::parse_in) where a country is given, [`parse`](Self::parse) where none is.
    ///
    /// # Errors
    ///
    /// The errors of the two.
    pub fn read(text: &str, country: Option<Country>) -> Result<Self, NumberError> {
        reading::read(text, country)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, Grammar::PhoneMethod, country.is_some()))
    }

    /// Reads a number that the service wrote, whatever its numbering plan says of it.
    ///
    /// # Errors
    ///
    /// When the text is no number at all, for instance a masked one.
    pub fn from_service(text: &str) -> Result<Self, NumberError> {
        reading::read_from_service(text)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, Grammar::PhoneMethod, false))
    }

    /// The digits, without plus, space and extension.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0.digits
    }

    /// The extension.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.0.extension.as_deref()
    }

    /// The same number in the other grammar.
    #[must_use]
    pub fn to_telephone_number(&self) -> TelephoneNumber {
        TelephoneNumber(self.0.clone())
    }

    /// The pieces of its text, in order.
    fn pieces(&self) -> [&str; 6] {
        let (code, number) = self.0.digits.split_at(calling_code_length(&self.0.digits));
        let [sign, extension] = self.0.extension("x");
        ["+", code, " ", number, sign, extension]
    }
}

/// A text without what spreadsheets and portals put around it so that it stays a text: blanks, `="…"`, an apostrophe in
/// front or behind. Every reader of numbers here leaves that out.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    reading::unguarded(text)
}

impl fmt::Display for TelephoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| formatter.write_str(piece))
    }
}

impl fmt::Display for PhoneMethodNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| formatter.write_str(piece))
    }
}

macro_rules! number {
    ($type:ident) => {
        impl FromStr for $type {
            type Err = NumberError;
            fn from_str(text: &str) -> Result<Self, NumberError> {
                Self::parse(text)
            }
        }
        impl TryFrom<&str> for $type {
            type Error = NumberError;
            fn try_from(text: &str) -> Result<Self, NumberError> {
                Self::parse(text)
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let kept = &self.0.digits[self.0.digits.len().saturating_sub(2)..];
                write!(formatter, concat!(stringify!($type), "(+…{})"), kept)
            }
        }
        impl From<$type> for String {
            fn from(number: $type) -> Self {
                number.pieces().concat()
            }
        }
        impl From<$type> for crate::codec::Property<String> {
            fn from(number: $type) -> Self {
                Self::Value(number.into())
            }
        }
    };
}
number!(TelephoneNumber);
number!(PhoneMethodNumber);

impl Grammar {
    /// The text in the form the service wants. One in a form that the service documents is left to the service to judge:
    /// for Teams that is also one without a plus. Any other is read as people write numbers.
    ///
    /// # Errors
    ///
    /// When the text is not of this grammar.
    pub fn write(self, text: &str) -> Result<String, NumberError> {
        match self {
            Self::E164 if reading::is_documented(text, ";ext=", false) => {
                TelephoneNumber::from_service(text).map(String::from)
            }
            Self::E164 => TelephoneNumber::parse(text).map(String::from),
            Self::PhoneMethod if reading::is_documented(text, "x", true) => {
                PhoneMethodNumber::from_service(text).map(String::from)
            }
            Self::PhoneMethod => PhoneMethodNumber::parse(text).map(String::from),
        }
        .map_err(|error| error.where_no_country_can_be_given(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write_and_writes_what_the_service_wants() {
        for (text, teams, method) in [
            ("+12061234567", "+12061234567", "+1 2061234567"),
            ("+1 (206) 123-4567", "+12061234567", "+1 2061234567"),
            ("tel:+1-206-123-4567;ext=89", "+12061234567;ext=89", "+1 2061234567x89"),
            ("+1 2061234567x89", "+12061234567;ext=89", "+1 2061234567x89"),
            ("+44 20 7946 0000", "+442079460000", "+44 2079460000"),
            ("+358 40 1234567", "+358401234567", "+358 401234567"),
            ("+7 495 1234567", "+74951234567", "+7 4951234567"),
            ("\u{a0}+49.30.123456 ", "+4930123456", "+49 30123456"),
        ] {
            assert_eq!(TelephoneNumber::parse(text).expect(text).to_string(), teams);
            assert_eq!(PhoneMethodNumber::parse(text).expect(text).to_string(), method);
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "",
            " ",
            "+",
            "tel:",
            "not a number",
            "1.20656E+10",
            "+0206555012",
            "+1234567890123456",
            "+1 206 + 5",
            "+１２０６５５５０１００",
            "+1 2065550100x",
            "+1 2065550100xabc",
            "+1 ******00",
            "+1;ext=1",
            "+12065550100\n+1",
            "+1206555\u{0}0100",
            "+12065550100.0",
            "12065550100.00",
            "+1 2065550100 1e5",
        ] {
            assert!(TelephoneNumber::parse(text).is_err(), "{text:?} must be refused");
            assert!(PhoneMethodNumber::parse(text).is_err(), "{text:?} must be refused");
        }
        let long = format!("+1{}2065550100", " ".repeat(300));
        assert!(TelephoneNumber::parse(&long).is_err());
        for text in ["+1 206 12", "911", "+49 110", "+123456"] {
            assert!(
                TelephoneNumber::parse(text).is_err() && PhoneMethodNumber::parse(text).is_err(),
                "{text}"
            );
        }
        assert!(TelephoneNumber::parse("+683 4000").is_ok());
    }

    #[test]
    fn a_text_without_a_plus_is_refused_and_says_how_it_can_be_read() {
        use NumberErrorKind as Kind;
        for (text, kind) in [
            ("(206) 555-1010", Kind::NoPlus),
            ("12065551010", Kind::NoPlus),
            ("206.555.1010 x12", Kind::NoPlus),
            ("020 7946 0000", Kind::NationalNumber),
            ("(0206) 555 0100", Kind::NationalNumber),
            ("0044 20 7946 0000", Kind::InternationalPrefix),
            ("011 44 20 7946 0000", Kind::InternationalPrefix),
            ("()", Kind::Empty),
        ] {
            let error = TelephoneNumber::parse(text).expect_err(text);
            assert_eq!(error.kind(), kind, "{text}");
            assert_eq!(PhoneMethodNumber::parse(text).expect_err(text).kind(), kind, "{text}");
            let offers_country = matches!(kind, Kind::NoPlus | Kind::NationalNumber);
            assert_eq!(error.advice().contains(".country(\"US\")"), offers_country, "{text}");
        }
    }

    #[test]
    fn a_zero_that_is_dialled_within_the_country_only_is_refused() {
        for (code, rest) in [
            ("44", " (0)7700 900125"),
            ("44", " (0) 20 7946 0000"),
            ("44", " 07700 900124"),
            ("44", " (07700) 900124"),
            ("44", ") 020 7946 0000"),
            ("49", " (0) 30 23125 000"),
            ("49", "030 23125000"),
            ("1", " (0)206 555 0100"),
            ("1", " 0206 555 0100"),
            ("1", " 1 206 555 0100"),
            ("7", " 8 495 123-45-67"),
            ("36", " 06 1 234 5678"),
            ("993", " 8 12 345678"),
            ("47", " 022 12 34 56"),
            ("44", "-(0)-20-7946-0000;ext=12"),
        ] {
            let text = &format!("tel:(+{code}{rest}");
            let error = TelephoneNumber::parse(text).expect_err(text);
            assert_eq!(error.kind(), NumberErrorKind::TrunkDigit, "{text}");
            assert!(
                error.advice().starts_with("Write it without the "),
                "{text}: {}",
                error.advice()
            );
            assert_eq!(
                PhoneMethodNumber::parse(text).expect_err(text).kind(),
                error.kind(),
                "{text}"
            );
        }
        let zero = TelephoneNumber::parse("+44 (0)7700 900125").expect_err("has a zero");
        assert!(zero.advice().contains("without the zero: +44"), "{}", zero.advice());
        let parentheses = TelephoneNumber::parse("+39 (0)6 1234 5678").expect_err("has parentheses");
        assert!(parentheses.advice().contains("without the parentheses"));
    }

    #[test]
    fn a_zero_that_belongs_to_the_number_stays() {
        for (code, national) in [
            ("39", "06 1234 5678"),
            ("39", "055 123456"),
            ("378", "0549 882 882"),
            ("379", "06 69812345"),
            ("225", "01 02 03 04 05"),
            ("242", "06 612 34 56"),
            ("241", "06 03 12 34"),
            ("229", "01 90 01 12 34"),
            ("47", "02345"),
            // No country has the code: its numbers are not judged.
            ("800", "0012 3456"),
        ] {
            let number = TelephoneNumber::parse(&format!("+{code} {national}")).expect(national);
            assert_eq!(number.to_string(), format!("+{code}{}", national.replace(' ', "")));
        }
    }

    #[test]
    fn what_spreadsheets_put_around_a_number_is_left_out() {
        for text in [
            "=\"+12065550100\"",
            "'+12065550100",
            "+12065550100'",
            "\t+12065550100",
            " +12065550100\r\n",
            "\u{a0}'+1 (206) 555-0100'",
            "''+12065550100",
            "'=\"+12065550100\"",
            "(+1) 206 555 0100",
        ] {
            assert_eq!(TelephoneNumber::parse(text).expect(text).to_string(), "+12065550100");
        }
        for text in [
            "=\"+12065550100",
            "=+12065550100",
            "\"+12065550100\"",
            "=\"+1\"&\"2065550100\"",
        ] {
            assert!(TelephoneNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_of_the_service_are_not_judged() {
        for (text, expected) in [
            ("12061234567", "+12061234567"),
            ("+4407700900124", "+4407700900124"),
            ("+12065550113;ext=42", "+12065550113;ext=42"),
        ] {
            assert_eq!(TelephoneNumber::from_service(text).expect(text).to_string(), expected);
        }
        let documented = [
            (Grammar::E164, "12061234567", Some("+12061234567")),
            (Grammar::E164, "+4407700900124", Some("+4407700900124")),
            (Grammar::E164, "(206) 555-1010", None),
            (Grammar::E164, "+44 (0)20 7946 0000", None),
            (Grammar::PhoneMethod, "+1 2065550100x12", Some("+1 2065550100x12")),
            (Grammar::PhoneMethod, "+1 (206) 555-0100", Some("+1 2065550100")),
            (Grammar::PhoneMethod, "2065550100", None),
        ];
        for (grammar, text, expected) in documented {
            assert_eq!(grammar.write(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_extension_of_its_own_is_joined() {
        let base = TelephoneNumber::parse("+12065550113").expect("is one");
        let extended = base.clone().with_extension("0042").expect("is one");
        assert_eq!(extended.to_string(), "+12065550113;ext=0042");
        assert_eq!(extended.base(), base);
        assert!(base.with_extension("4 2").is_err());
    }

    #[test]
    fn debug_shows_two_digits() {
        let number = TelephoneNumber::parse("+12061234567").expect("is one");
        assert_eq!(format!("{number:?}"), "TelephoneNumber(+…67)");
    }
}
