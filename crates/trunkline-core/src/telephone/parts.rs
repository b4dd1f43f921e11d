//! The digits of a number, and the country calling code among them.

/// Digits after the plus, and the extension.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Parts {
    pub(super) digits: String,
    pub(super) extension: Option<String>,
}

impl Parts {
    /// The extension behind its sign; nothing when there is none.
    pub(super) fn extension<'p>(&'p self, sign: &'p str) -> [&'p str; 2] {
        self.extension.as_ref().map_or(["", ""], |extension| [sign, extension])
    }
}

/// How many of the digits are the country calling code. The plan of the ITU: +1 and +7 have one digit, some forty have
/// two, all others three.
pub(super) fn calling_code_length(digits: &str) -> usize {
    let two = digits.get(..2).and_then(|code| code.parse::<u8>().ok());
    match two {
        _ if digits.starts_with(['1', '7']) => 1,
        Some(20 | 27 | 28 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 | 81..=84 | 86 | 89..=95 | 98) => 2,
        _ => 3.min(digits.len()),
    }
}
