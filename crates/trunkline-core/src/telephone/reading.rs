//! The one reader of telephone numbers that people write. Every door uses it: crate, bindings, command line and files.

use super::country::Country;
use super::parts::Parts;
use super::refusal::{NumberErrorKind as Kind, Reason, international_prefix};
use super::trunk;

/// Longest number of E.164, without the plus.
const LONGEST: usize = 15;

/// Shortest number we let pass, country code included: Niue's have seven digits (`+683 4000`) and so do the shortest of
/// Germany. Emergency and service numbers cannot be assigned, and are shorter.
const SHORTEST: usize = 7;

/// Longest text that is looked at, in bytes.
const LONGEST_TEXT: usize = 256;

/// Reads a number as people write it: with a plus, or, where a country is given, as it is dialled within that country.
pub(super) fn read(text: &str, country: Option<Country>) -> Result<Parts, Reason> {
    let written = Written::of(text)?;
    if written.has_plus {
        let found = Digits::of(written.number)?;
        let digits = check_length(found.digits)?;
        trunk::check(&digits, found.zero_in_parentheses)?;
        return parts(digits, written.extension);
    }
    let national = Digits::of(written.number)?.digits;
    let extension = extension(written.extension)?;
    let Some(country) = country else {
        return Err(without_country(&national));
    };
    let digits = check_length(country.international(&national)?)?;
    Ok(Parts { digits, extension })
}

/// Reads a number that the service wrote. It is not judged by any numbering plan, and may lack its plus: then its country
/// code comes first, as the service takes it.
pub(super) fn read_from_service(text: &str) -> Result<Parts, Reason> {
    let written = Written::of(text)?;
    parts(check_length(Digits::of(written.number)?.digits)?, written.extension)
}

/// Whether a text is in the form that the service documents: digits with or without a plus, and an extension behind `sign`.
pub(super) fn is_documented(text: &str, sign: &str, is_separated: bool) -> bool {
    let (number, extension) = match text.split_once(sign) {
        Some((number, extension)) => (number, Some(extension)),
        None => (text, None),
    };
    let is_row = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = match (number.strip_prefix('+'), is_separated) {
        (Some(rest), true) => match rest.split_once(' ') {
            Some((code, number)) => is_row(code) && is_row(number),
            None => is_row(rest),
        },
        (None, true) => false,
        (rest, false) => is_row(rest.unwrap_or(number)),
    };
    number && extension.is_none_or(is_row)
}

/// Why a text without a plus is refused when no country is given.
fn without_country(national: &str) -> Reason {
    if national.is_empty() {
        return Reason::new(Kind::Empty, "the telephone number has no digits");
    }
    if national.starts_with("00") || national.starts_with("011") {
        return international_prefix();
    }
    if national.starts_with('0') {
        return Reason::new(
            Kind::NationalNumber,
            "the telephone number begins with 0, as national numbers do, and no country is set",
        );
    }
    Reason::new(Kind::NoPlus, "the telephone number has no plus and country code")
}
/// Takes away what spreadsheets and portals put around a text so that it stays one, and blanks: `="…"`, an apostrophe in
/// front or behind.
pub(super) fn unguarded(text: &str) -> &str {
    let mut text = trimmed(text);
    loop {
        let cell = text
            .strip_prefix("=\"")
            .and_then(|rest| rest.strip_suffix('"'))
            // Two texts that are joined are calculated.
            .filter(|inner| !inner.contains('"'));
        let inner = trimmed(cell.unwrap_or(text).trim_matches('\''));
        if inner.len() == text.len() {
            return text;
        }
        text = inner;
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n', '\u{a0}'])
}

/// A text taken apart.
struct Written<'t> {
    has_plus: bool,
    /// Without the plus.
    number: &'t str,
    extension: Option<&'t str>,
}

impl<'t> Written<'t> {
    fn of(text: &'t str) -> Result<Self, Reason> {
        let text = unguarded(text);
        if text.len() > LONGEST_TEXT {
            return Err(Reason::new(
                Kind::TooLong,
                "the text is too long for a telephone number",
            ));
        }
        let text = match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => trimmed(&text[4..]),
            _ => text,
        };
        if text.is_empty() {
            return Err(Reason::new(Kind::Empty, "the telephone number is empty"));
        }
        // Byte by byte: searches made for long texts took longer than all the rest, and files have a million numbers.
        let is_exponent = |pair: &[u8]| matches!(pair, [b'E' | b'e', b'+']);
        if text.as_bytes().windows(2).any(is_exponent) || is_scientific(text) {
            return Err(Reason::new(
                Kind::Scientific,
                "the telephone number is in scientific notation, so a spreadsheet has lost its last digits",
            ));
        }
        if text.bytes().any(|byte| byte == b'*') {
            return Err(Reason::new(Kind::Masked, "the telephone number is masked"));
        }
        let (number, extension) = split_extension(text);
        // The plus may stand within parentheses: (+44) 20 …
        let (has_plus, number) = match number.trim_start_matches(['(', ' ', '\u{a0}']).strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        if has_decimal_zero(number) {
            return Err(Reason::new(
                Kind::StoredAsNumber,
                "the telephone number was stored as a number with decimals, so digits of it may be lost",
            ));
        }
        Ok(Self {
            has_plus,
            number,
            extension,
        })
    }
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
    // Nearly every text has neither.
    let Some(at) = text.bytes().position(|byte| matches!(byte, b'.' | b',')) else {
        return false;
    };
    let (whole, part) = (text[..at].trim_start(), text[at + 1..].trim_end());
    whole.len() >= SHORTEST
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && !part.is_empty()
        && part.bytes().all(|byte| byte == b'0')
}

fn parts(digits: String, written: Option<&str>) -> Result<Parts, Reason> {
    Ok(Parts {
        digits,
        extension: extension(written)?,
    })
}

/// Checks digits, country code first.
fn check_length(digits: String) -> Result<String, Reason> {
    if digits.starts_with('0') {
        return Err(Reason::new(
            Kind::NoCountryCode,
            "the telephone number begins with 0 where its country code should be",
        ));
    }
    if digits.len() < SHORTEST {
        return Err(Reason::new(Kind::TooShort, "the telephone number is too short"));
    }
    if digits.len() > LONGEST {
        return Err(Reason::new(
            Kind::TooLong,
            "the telephone number has more than 15 digits",
        ));
    }
    Ok(digits)
}

pub(super) fn extension(written: Option<&str>) -> Result<Option<String>, Reason> {
    match written {
        None => Ok(None),
        Some(extension) if extension.is_empty() || !extension.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Reason::new(
                Kind::BadExtension,
                "the extension of the telephone number must consist of digits",
            ))
        }
        Some(extension) if extension.len() > LONGEST => Err(Reason::new(
            Kind::BadExtension,
            "the extension of the telephone number is too long",
        )),
        Some(extension) => Ok(Some(extension.to_owned())),
    }
}

/// The marks before an extension; the longer ones first.
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
        Some(sign) => (number, Some(trimmed(&tail[sign.len()..]))),
        None => (text, None),
    }
}

/// The digits of a text, and the properties of it that matter.
struct Digits {
    digits: String,
    /// `(0)`: people write it between a country code and a number for the zero that is dialled within the country only.
    zero_in_parentheses: bool,
}

impl Digits {
    fn of(text: &str) -> Result<Self, Reason> {
        let mut digits = String::with_capacity(text.len());
        let mut open = None;
        let mut zero_in_parentheses = false;
        for character in text.chars() {
            match character {
                '0'..='9' => digits.push(character),
                '(' => open = Some(digits.len()),
                ')' => {
                    let within = open.take().map(|start| &digits[start..]);
                    zero_in_parentheses |= within == Some("0");
                }
                ' ' | '-' | '.' | '/' | '\u{a0}' => {}
                '+' => {
                    return Err(Reason::new(
                        Kind::MisplacedPlus,
                        "the telephone number has a plus that is not at its start",
                    ));
                }
                other if other.is_numeric() => {
                    return Err(Reason::new(
                        Kind::OtherDigits,
                        "the telephone number has digits other than 0 to 9",
                    ));
                }
                _ => {
                    return Err(Reason::new(
                        Kind::BadCharacter,
                        "the telephone number has a character that is not allowed in it",
                    ));
                }
            }
        }
        Ok(Self {
            digits,
            zero_in_parentheses,
        })
    }
}
