//! National numbers, for files that come with a country. Only what a country's numbering plan makes certain is read.

use trunkline::TelephoneNumber;

/// What stands before the area code within a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trunk {
    /// `0`, always: a number without it has lost it.
    Zero,
    /// `06`, as in Hungary, always.
    ZeroSix,
    /// `8`, as in Russia, always.
    Eight,
    /// Nothing; a 0 in front belongs to the number (Italy).
    Nothing,
    /// `1`, or nothing, before ten digits: North America.
    One,
    /// Nothing, and numbers have so many digits.
    Digits(u8, u8),
}

use Trunk::{Digits, Eight, Nothing, One, Zero, ZeroSix};

/// Countries whose plan is certain: two letters, country code, what stands before the area code.
const COUNTRIES: &[(&str, u16, Trunk)] = &[
    ("AE", 971, Zero),
    ("AR", 54, Zero),
    ("AT", 43, Zero),
    ("AU", 61, Zero),
    ("BE", 32, Zero),
    ("BG", 359, Zero),
    ("BR", 55, Digits(10, 11)),
    ("CA", 1, One),
    ("CH", 41, Zero),
    ("CN", 86, Zero),
    ("CZ", 420, Digits(9, 9)),
    ("DE", 49, Zero),
    ("DK", 45, Digits(8, 8)),
    ("EE", 372, Digits(7, 8)),
    ("ES", 34, Digits(9, 9)),
    ("FI", 358, Zero),
    ("FR", 33, Zero),
    ("GB", 44, Zero),
    ("GR", 30, Digits(10, 10)),
    ("HK", 852, Digits(8, 8)),
    ("HR", 385, Zero),
    ("HU", 36, ZeroSix),
    ("IE", 353, Zero),
    ("IL", 972, Zero),
    ("IN", 91, Zero),
    ("IT", 39, Nothing),
    ("JP", 81, Zero),
    ("KR", 82, Zero),
    ("LU", 352, Digits(6, 9)),
    ("LV", 371, Digits(8, 8)),
    ("MY", 60, Zero),
    ("NL", 31, Zero),
    ("NO", 47, Digits(8, 8)),
    ("NZ", 64, Zero),
    ("PH", 63, Zero),
    ("PL", 48, Digits(9, 9)),
    ("PR", 1, One),
    ("PT", 351, Digits(9, 9)),
    ("RO", 40, Zero),
    ("RS", 381, Zero),
    ("RU", 7, Eight),
    ("SE", 46, Zero),
    ("SG", 65, Digits(8, 8)),
    ("SI", 386, Zero),
    ("SK", 421, Zero),
    ("TH", 66, Zero),
    ("TR", 90, Zero),
    ("TW", 886, Zero),
    ("UA", 380, Zero),
    ("US", 1, One),
    ("VN", 84, Zero),
    ("ZA", 27, Zero),
];

fn find(country: &str) -> Option<(u16, Trunk)> {
    COUNTRIES
        .iter()
        .find(|(letters, ..)| letters.eq_ignore_ascii_case(country))
        .map(|(_, code, trunk)| (*code, *trunk))
}

/// Whether national numbers of that country can be read.
pub(super) fn knows_country(country: &str) -> bool {
    find(country).is_some()
}

/// Reads a national number. The error says what is wrong with it.
pub(super) fn parse(text: &str, country: &str) -> Result<TelephoneNumber, String> {
    let (code, trunk) = find(country).ok_or_else(|| format!("{country} is not a country whose numbers are known"))?;
    let (number, extension) = match text.find([';', 'x', 'X']) {
        Some(start) => text.split_at(start),
        None => (text, ""),
    };
    let digits: String = number
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'))
        .collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("the telephone number has a character that no telephone number has".to_owned());
    }
    if digits.starts_with("00") {
        return Err("the number begins with an international prefix instead of a plus".to_owned());
    }
    let lost = |prefix: &str| {
        format!(
            "in {country}, national numbers begin with {prefix}; a spreadsheet may have taken it away, or the country code is there and its plus is not"
        )
    };
    let within = match trunk {
        Zero => digits.strip_prefix('0').ok_or_else(|| lost("0"))?,
        ZeroSix => digits.strip_prefix("06").ok_or_else(|| lost("06"))?,
        Eight => digits.strip_prefix('8').ok_or_else(|| lost("8"))?,
        Nothing => &digits,
        One => {
            let ten = digits.strip_prefix('1').unwrap_or(&digits);
            if ten.len() != 10 || ten.starts_with(['0', '1']) {
                return Err(format!(
                    "in {country}, numbers have ten digits, and the area code does not begin with 0 or 1"
                ));
            }
            ten
        }
        Digits(least, most) => {
            if !(usize::from(least)..=usize::from(most)).contains(&digits.len()) {
                let many = if least == most {
                    format!("{least}")
                } else {
                    format!("{least} to {most}")
                };
                return Err(format!(
                    "in {country}, numbers have {many} digits; a number with its country code needs a plus"
                ));
            }
            &digits
        }
    };
    TelephoneNumber::parse(&format!("+{code}{within}{extension}")).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_are_read_where_the_plan_makes_them_certain() {
        for (text, country, expected) in [
            ("(206) 555-0100", "US", "+12065550100"),
            ("1-206-555-0100", "us", "+12065550100"),
            ("206.555.0100 x12", "US", "+12065550100;ext=12"),
            ("020 7946 0000", "GB", "+442079460000"),
            ("(020) 7946/0000;ext=5", "GB", "+442079460000;ext=5"),
        ] {
            assert_eq!(parse(text, country).expect(text).to_string(), expected);
        }
        for (text, country) in [
            ("555-0100", "US"),
            ("0206 555 0100", "US"),
            ("2079460000", "GB"),
            ("442079460000", "GB"),
            ("00442079460000", "GB"),
            ("2065550100", "ZZ"),
            ("206555010A", "US"),
        ] {
            assert!(parse(text, country).is_err(), "{text}");
        }
    }

    #[test]
    fn countries_are_sorted_and_two_letters_long() {
        assert!(COUNTRIES.is_sorted_by(|one, other| one.0 < other.0));
        assert!(COUNTRIES.iter().all(|(letters, ..)| letters.len() == 2));
    }
}
