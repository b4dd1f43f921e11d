//! Encodings of a text.

use std::borrow::Cow;

/// The text as UTF-8 without its byte order mark. UTF-16 is known by its mark or by where its zeros are; what is no text in it
/// becomes U+FFFD. UTF-8 is not checked.
pub(super) fn as_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [first, 0, ..] if *first != 0 => u16::from_le_bytes,
        [0, second, ..] if *second != 0 => u16::from_be_bytes,
        _ => return Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    let (pairs, half) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let is_marked = units.clone().next() == Some(0xfeff);
    let characters = char::decode_utf16(units.skip(usize::from(is_marked)));
    let mut text: String = characters
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.extend(half.first().map(|_| char::REPLACEMENT_CHARACTER));
    Cow::Owned(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_detected_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"number"[..], "number"),
            (b"\xef\xbb\xbfnumber", "number"),
            (b"\xff\xfen\0", "n"),
            (b"\xfe\xff\0n", "n"),
            (b"n\0u\0", "nu"),
            (b"\0n\0u", "nu"),
            (b"\0n\0u\0", "nu\u{fffd}"),
            (b"n\0\x3d\xd8\xf7\xdc\x3d\xd8", "n\u{1f4f7}\u{fffd}"),
            (b"\0\0", "\0\0"),
            (b"n", "n"),
            (b"", ""),
        ] {
            assert_eq!(as_utf8(bytes), expected.as_bytes(), "{bytes:?}");
        }
        assert_eq!(as_utf8(b"zo\xeb"), &b"zo\xeb"[..], "it is left as it is");
    }
}
