//! Digits that are dialled before an area code within a country, and that people leave between a country code and a number:
//! `+44 (0)20 …`, `+44 020 …`, `+7 8 495 …`.

use std::sync::LazyLock;

use super::country::Country;
use super::parts::calling_code_length;
use super::refusal::{Reason, Trunk};

/// Every calling code with the countries that use it, in order of the codes.
static CODES: LazyLock<Vec<(u16, Vec<Country>)>> = LazyLock::new(|| {
    let mut codes: Vec<(u16, Vec<Country>)> = Vec::new();
    for country in Country::all() {
        let code = number(country.calling_code());
        match codes.binary_search_by_key(&code, |(code, _)| *code) {
            Ok(index) => codes[index].1.push(country),
            Err(index) => codes.insert(index, (code, vec![country])),
        }
    }
    codes
});

fn number(code: &str) -> u16 {
    code.bytes().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
}

/// Refuses a number, country code first, with a trunk digit behind its code. Codes that no country has are not judged.
pub(super) fn check(digits: &str, zero_in_parentheses: bool) -> Result<(), Reason> {
    let (code, national) = digits.split_at(calling_code_length(digits));
    let Some(&first) = national.as_bytes().first() else {
        return Ok(());
    };
    // No numbering plan has another trunk digit; all other numbers are not looked up.
    if !zero_in_parentheses && !matches!(first, b'0' | b'1' | b'8') {
        return Ok(());
    }
    let code = number(code);
    let countries = match CODES.binary_search_by_key(&code, |(code, _)| *code) {
        Ok(index) => CODES[index].1.as_slice(),
        Err(_) => &[],
    };
    let admitted = |digits: &str| countries.iter().any(|country| country.admits(digits));
    let trunk = |digit, stays| Err(Reason::of_trunk(Trunk { code, digit, stays }));
    if zero_in_parentheses {
        let keeps_zero = first == b'0' && admitted(national) && !admitted(&national[1..]);
        return trunk(b'0', keeps_zero);
    }
    if countries.is_empty() || admitted(national) {
        return Ok(());
    }
    let begins_so = |country: &Country| country.may_begin_with(first);
    let is_behind_trunk = countries.iter().any(|country| {
        let rest = Some(country.trunk()).filter(|trunk| !trunk.is_empty());
        rest.and_then(|trunk| national.strip_prefix(trunk))
            .is_some_and(|rest| country.admits(rest))
    });
    let is_zero = first == b'0' && (!countries.iter().any(begins_so) || admitted(&national[1..]));
    if is_zero || is_behind_trunk {
        return trunk(first, false);
    }
    Ok(())
}
