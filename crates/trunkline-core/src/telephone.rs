//! The two grammars of telephone numbers that Graph uses, kept apart.
//!
//! Teams writes E.164, `+12061234567`, with an optional `;ext=123`. Authentication methods want one space behind the
//! country code, `+1 2061234567`, with an optional `x123`. Both are read leniently (spaces, hyphens, dots, slashes and
//! parentheses are left out) and written strictly.
//!
//! No country is ever guessed. [`TelephoneNumber::parse`] takes the first digits of a text without a plus for the country
//! code, as the service does; numbers as they are dialled within a country are read by [`TelephoneNumber::parse_in`], which
//! is told the [`Country`].

mod country;

use std::fmt;
use std::str::FromStr;

pub use country::Country;

/// Longest number of E.164, without the plus.
const LONGEST: usize = 15;

/// Shortest number we let pass, country code included: Niue's have seven digits (`+683 4000`) and so do the shortest of
/// Germany. Emergency and service numbers cannot be assigned, and are shorter.
const SHORTEST: usize = 7;

/// Why a text is not a telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberError {
    reason: &'static str,
    advice: &'static str,
}

impl NumberError {
    const fn new(reason: &'static str, advice: &'static str) -> Self {
        Self { reason, advice }
    }

    /// What to write instead.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        self.advice
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason)
    }
}

impl std::error::Error for NumberError {}

const E164: &str = "Write it as +12061234567: a plus, the country code and the number";
const PHONE_METHOD: &str = "Write it as +1 2065550100: a plus, the country code, one space and the number";

/// Digits after the plus, and the extension.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Parts {
    digits: String,
    extension: Option<String>,
}

impl Parts {
    /// The extension behind its sign; nothing when there is none.
    fn extension<'p>(&'p self, sign: &'p str) -> [&'p str; 2] {
        self.extension.as_ref().map_or(["", ""], |extension| [sign, extension])
    }
}

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
    /// Reads a number. A text that begins with a digit is taken as the service takes it: country code first.
    ///
    /// # Errors
    ///
    /// When the text is no such number; the error tells what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        parse(text, false)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, E164))
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

    /// What its text is put together of.
    fn pieces(&self) -> [&str; 4] {
        let [sign, extension] = self.0.extension(";ext=");
        ["+", &self.0.digits, sign, extension]
    }
}

impl PhoneMethodNumber {
    /// Reads a number. It must begin with a plus.
    ///
    /// # Errors
    ///
    /// When the text is no such number; the error tells what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        parse(text, true)
            .map(Self)
            .map_err(|reason| NumberError::new(reason, PHONE_METHOD))
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

    /// What its text is put together of.
    fn pieces(&self) -> [&str; 6] {
        let (code, number) = self.0.digits.split_at(calling_code_length(&self.0.digits));
        let [sign, extension] = self.0.extension("x");
        ["+", code, " ", number, sign, extension]
    }
}

/// A text taken apart.
struct Written<'t> {
    has_plus: bool,
    /// Without the plus.
    number: &'t str,
    extension: Option<&'t str>,
}

fn parse(text: &str, plus_required: bool) -> Result<Parts, &'static str> {
    let written = examine(text)?;
    if plus_required && !written.has_plus {
        return Err("the telephone number has no plus and country code");
    }
    finish(digits(written.number)?, written.extension)
}

/// Takes a text apart.
fn examine(text: &str) -> Result<Written<'_>, &'static str> {
    let text = text.trim();
    let text = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    };
    if text.is_empty() {
        return Err("the telephone number is empty");
    }
    // Byte by byte: searches made for long texts took longer than all the rest, and files have a million numbers.
    let is_exponent = |pair: &[u8]| matches!(pair, [b'E' | b'e', b'+']);
    if text.as_bytes().windows(2).any(is_exponent) {
        return Err("the telephone number is in scientific notation, so a spreadsheet has lost its last digits");
    }
    if text.bytes().any(|byte| byte == b'*') {
        return Err("the telephone number is masked");
    }
    let (number, extension) = split_extension(text);
    let (has_plus, number) = match number.trim().strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    Ok(Written {
        has_plus,
        number,
        extension,
    })
}

/// Checks digits, country code first, and the extension.
fn finish(digits: String, extension: Option<&str>) -> Result<Parts, &'static str> {
    if digits.starts_with('0') {
        return Err("the telephone number begins with 0 where its country code should be");
    }
    if digits.len() < SHORTEST {
        return Err("the telephone number is too short");
    }
    if digits.len() > LONGEST {
        return Err("the telephone number has more than 15 digits");
    }
    let extension = match extension {
        None => None,
        Some(extension) if extension.is_empty() || !extension.bytes().all(|byte| byte.is_ascii_digit()) => {
            return Err("the extension of the telephone number is not a row of digits");
        }
        Some(extension) if extension.len() > LONGEST => {
            return Err("the extension of the telephone number is too long");
        }
        Some(extension) => Some(extension.to_owned()),
    };
    Ok(Parts { digits, extension })
}

/// What stands before an extension; the longer ones first.
const EXTENSIONS: [&str; 4] = [";ext=", "ext.", "ext", "x"];

fn split_extension(text: &str) -> (&str, Option<&str>) {
    let Some(at) = text.find([';', 'e', 'E', 'x', 'X']) else {
        return (text, None);
    };
    let (number, tail) = text.split_at(at);
    let matching = |sign: &&&str| {
        tail.get(..sign.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(sign))
    };
    match EXTENSIONS.iter().find(matching) {
        Some(sign) => (number, Some(tail[sign.len()..].trim())),
        None => (text, None),
    }
}

fn digits(text: &str) -> Result<String, &'static str> {
    let mut digits = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '0'..='9' => digits.push(character),
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' => {}
            '+' => return Err("the telephone number has a plus that is not at its start"),
            other if other.is_numeric() => return Err("the telephone number has digits other than 0 to 9"),
            _ => return Err("the telephone number has a character that no telephone number has"),
        }
    }
    Ok(digits)
}

/// How many of the digits are the country calling code. The plan of the ITU: +1 and +7 have one digit, some forty have
/// two, all others three.
fn calling_code_length(digits: &str) -> usize {
    let two = matches!(
        digits.get(..2),
        Some(
            "20" | "27"
                | "28"
                | "30"
                | "31"
                | "32"
                | "33"
                | "34"
                | "36"
                | "39"
                | "40"
                | "41"
                | "43"
                | "44"
                | "45"
                | "46"
                | "47"
                | "48"
                | "49"
                | "51"
                | "52"
                | "53"
                | "54"
                | "55"
                | "56"
                | "57"
                | "58"
                | "60"
                | "61"
                | "62"
                | "63"
                | "64"
                | "65"
                | "66"
                | "81"
                | "82"
                | "83"
                | "84"
                | "86"
                | "89"
                | "90"
                | "91"
                | "92"
                | "93"
                | "94"
                | "95"
                | "98"
        )
    );
    if digits.starts_with(['1', '7']) {
        1
    } else if two {
        2
    } else {
        3.min(digits.len())
    }
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

/// The grammar of a text in a body. Texts are checked and put into the form the service wants when the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// A Teams telephone number, see [`TelephoneNumber`].
    E164,
    /// The number of an authentication method, see [`PhoneMethodNumber`].
    PhoneMethod,
}

impl Grammar {
    /// The text in the form the service wants.
    ///
    /// # Errors
    ///
    /// When the text is not of this grammar.
    pub fn write(self, text: &str) -> Result<String, NumberError> {
        match self {
            Self::E164 => TelephoneNumber::parse(text).map(String::from),
            Self::PhoneMethod => PhoneMethodNumber::parse(text).map(String::from),
        }
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
        assert_eq!(
            TelephoneNumber::parse("12061234567").expect("documented").to_string(),
            "+12061234567"
        );
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
        ] {
            assert!(TelephoneNumber::parse(text).is_err(), "{text:?} must be refused");
        }
        assert!(PhoneMethodNumber::parse("2065550100").is_err());
        for text in ["+1 206 12", "911", "+49 110", "+123456"] {
            assert!(
                TelephoneNumber::parse(text).is_err() && PhoneMethodNumber::parse(text).is_err(),
                "{text}"
            );
        }
        assert!(TelephoneNumber::parse("+683 4000").is_ok());
    }

    #[test]
    fn debug_shows_two_digits() {
        let number = TelephoneNumber::parse("+12061234567").expect("is one");
        assert_eq!(format!("{number:?}"), "TelephoneNumber(+…67)");
    }
}
