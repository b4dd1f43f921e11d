//! Numbers as they are written within a country.
//!
//! Nothing is guessed: the caller names the country, and a text that its numbering plan allows to be read in two ways is
//! refused. The plans hold what stands before the area code, first digits and lengths, not which ranges are in use.

use std::fmt;
use std::str::FromStr;

use super::refusal::{NumberError, NumberErrorKind as Kind, Reason, international_prefix};

/// One line a country, sorted; see its head.
const COUNTRIES: &str = include_str!("countries.tsv");

/// A country, for numbers that are written as within it.
///
/// ```
/// use trunkline_core::telephone::{Country, TelephoneNumber};
///
/// let uk: Country = "GB".parse()?;
/// assert_eq!(TelephoneNumber::parse_in("020 7946 0000", uk)?.to_string(), "+442079460000");
/// assert!(TelephoneNumber::parse_in("20 7946 0000", uk).is_err(), "a spreadsheet took the 0 away");
/// # Ok::<(), trunkline_core::telephone::NumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country {
    letters: &'static str,
    calling_code: &'static str,
    /// The digits before the area code; may be empty.
    trunk: &'static str,
    /// Whether a number without it is none.
    needs_trunk: bool,
    /// Bit n: a number may begin with the digit n.
    first_digits: u16,
    /// Bit n: a number may have n digits.
    lengths: u16,
}

impl Country {
    /// The country of these two letters (ISO 3166-1), in any case.
    #[must_use]
    pub fn from_letters(letters: &str) -> Option<Self> {
        Self::all().find(|country| country.letters.eq_ignore_ascii_case(letters.trim()))
    }

    /// Every country whose numbers can be read, in order of its letters.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.lines().filter_map(Self::read)
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let letters = columns.next().filter(|letters| letters.len() == 2)?;
        let (calling_code, trunk) = (columns.next()?, columns.next()?);
        let first_digits = columns.next()?.bytes().map(|digit| 1 << (digit - b'0')).sum();
        let mut lengths = 0;
        for range in columns.next()?.split(',') {
            let (least, most) = range.split_once('-').unwrap_or((range, range));
            for length in least.parse::<u8>().ok()?..=most.parse().ok()? {
                lengths |= 1 << length;
            }
        }
        Some(Self {
            letters,
            calling_code,
            trunk: trunk.trim_end_matches('!').trim_start_matches('-'),
            needs_trunk: trunk.ends_with('!'),
            first_digits,
            lengths,
        })
    }

    /// Its two letters.
    #[must_use]
    pub fn letters(self) -> &'static str {
        self.letters
    }

    /// Its calling code, without a plus.
    #[must_use]
    pub fn calling_code(self) -> &'static str {
        self.calling_code
    }

    /// The digits before the area code within the country; may be empty.
    pub(super) fn trunk(self) -> &'static str {
        self.trunk
    }

    /// Whether a number, without what stands before the area code, may begin with this digit.
    pub(super) fn may_begin_with(self, digit: u8) -> bool {
        digit.is_ascii_digit() && self.first_digits >> (digit - b'0') & 1 == 1
    }

    /// Whether these digits can be a number, without what stands before the area code.
    pub(super) fn admits(self, digits: &str) -> bool {
        let first = digits.bytes().next();
        first.is_some_and(|first| self.may_begin_with(first))
            && digits.len() < 16
            && self.lengths >> digits.len() & 1 == 1
    }

    /// The digits as they follow the calling code.
    fn within(self, digits: &str) -> Result<&str, Reason> {
        if digits.is_empty() {
            return Err(Reason::new(Kind::Empty, "the telephone number has no digits"));
        }
        // Where numbers may begin with 0, 0039 06 … would otherwise pass for one of them.
        if digits.starts_with("00") || self.calling_code == "1" && digits.starts_with("011") {
            return Err(international_prefix());
        }
        let admitted = |rest: Option<&str>| rest.filter(|rest| self.admits(rest)).map(str::len);
        let stripped = (!self.trunk.is_empty())
            .then(|| digits.strip_prefix(self.trunk))
            .flatten();
        let stripped = admitted(stripped);
        let bare = admitted(Some(digits).filter(|_| !self.needs_trunk));
        let coded = admitted(digits.strip_prefix(self.calling_code));
        let length = match (stripped, bare, coded) {
            (Some(one), None, None) | (None, Some(one), None) => one,
            // North America: what stands before the area code is the calling code.
            (Some(one), None, Some(other)) if one == other => one,
            (None, None, Some(_)) => {
                return Err(Reason::new(
                    Kind::LostPlus,
                    "the telephone number has its country code but no plus",
                ));
            }
            (None, None, None) if self.needs_trunk && self.admits(digits) => {
                return Err(Reason::new(
                    Kind::LostZero,
                    "the telephone number lacks what stands before the area code in its country; a spreadsheet \
                            may have taken the 0 away",
                ));
            }
            (None, None, None) => {
                return Err(Reason::new(
                    Kind::NotOfCountry,
                    "the telephone number is not one of its country",
                ));
            }
            _ => {
                return Err(Reason::new(
                    Kind::Ambiguous,
                    "the telephone number can be read with its country code and without it",
                ));
            }
        };
        Ok(&digits[digits.len() - length..])
    }

    /// Digits as they are dialled within the country, with the country code in front.
    pub(super) fn international(self, national: &str) -> Result<String, Reason> {
        Ok([self.calling_code, self.within(national)?].concat())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Country({} +{})", self.letters, self.calling_code)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.letters)
    }
}

impl FromStr for Country {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::from_letters(text).ok_or_else(NumberError::unknown_country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telephone::{PhoneMethodNumber, TelephoneNumber};

    fn read(text: &str, country: &str) -> Result<String, NumberError> {
        TelephoneNumber::parse_in(text, country.parse()?).map(|number| number.to_string())
    }

    #[test]
    fn national_numbers_are_read_where_the_country_is_given() {
        for (text, country, expected) in [
            ("(206) 555-0100", "US", "12065550100"),
            ("1-206-555-0100", "us", "12065550100"),
            ("206.555.0100 x12", "US", "12065550100;ext=12"),
            ("tel:206-555-0100;ext=12", "US", "12065550100;ext=12"),
            ("206 555 0100 ext. 12", "US", "12065550100;ext=12"),
            ("020 7946 0000", "GB", "442079460000"),
            ("(020) 7946/0000;EXT=5", "GB", "442079460000;ext=5"),
            ("030 123456", "DE", "4930123456"),
            ("06 1234 5678", "IT", "390612345678"),
            ("8 495 123-45-67", "RU", "74951234567"),
            ("495 123-45-67", "RU", "74951234567"),
            ("06 1 234 5678", "HU", "3612345678"),
            ("(11) 91234-5678", "BR", "5511912345678"),
            ("32 12 34 56", "DK", "4532123456"),
            ("+44 20 7946 0000", "US", "442079460000"),
            ("tel:+44-20-7946-0000", "US", "442079460000"),
        ] {
            assert_eq!(
                read(text, country).expect(text),
                format!("+{expected}"),
                "{text} in {country}"
            );
        }
        let method = PhoneMethodNumber::parse_in("206-555-0100 x12", Country::from_letters("US").expect("is there"));
        assert_eq!(method.expect("is one").to_string(), "+1 2065550100x12");
    }

    #[test]
    fn what_is_not_certain_is_refused_and_says_why() {
        for (text, country, reason) in [
            ("555-0100", "US", "not one of its country"),
            ("0206 555 0100", "US", "not one of its country"),
            ("106 555 0100", "US", "not one of its country"),
            ("2079460000", "GB", "taken the 0 away"),
            ("442079460000", "GB", "no plus"),
            ("00442079460000", "GB", "international prefix"),
            ("0039061234", "IT", "international prefix"),
            ("011 44 20 7946 0000", "US", "international prefix"),
            ("+44 (0)20 7946 0000", "GB", "zero after its country code"),
            ("4532123456", "DK", "no plus"),
            ("919876543210", "IN", "with its country code and without"),
            ("206555010A", "US", "character"),
            ("+206 + 5", "US", "plus that is not at its start"),
            ("+1 20", "US", "too short"),
            ("1.20656E+10", "US", "scientific"),
            ("*****00", "US", "masked"),
            ("", "US", "empty"),
            ("206 555 0100 x", "US", "extension"),
            ("2065550100", "ZZ", "no supported country"),
        ] {
            let error = read(text, country).expect_err(text);
            assert!(error.to_string().contains(reason), "{text} in {country}: {error}");
            assert!(!error.advice().is_empty());
        }
    }

    #[test]
    fn every_line_is_a_country() {
        let countries: Vec<_> = Country::all().collect();
        let lines = COUNTRIES.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!((countries.len(), lines), (245, 245));
        assert!(countries.is_sorted_by(|one, other| one.letters < other.letters));
        for country in countries {
            assert!(country.first_digits != 0 && country.lengths != 0, "{country:?}");
            let number = TelephoneNumber::parse(&format!("+{}5550100", country.calling_code())).expect("is a number");
            assert_eq!(number.calling_code(), country.calling_code(), "the two tables agree");
        }
    }
}
