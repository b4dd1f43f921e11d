//! Encodings of text files, and a decoder of UTF-16 that reads piece by piece.

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// The low byte of each unit first.
    Utf16LittleEndian,
    Utf16BigEndian,
}

impl Encoding {
    /// Detects the encoding from the first bytes: by the byte order mark, or by the position of zeros.
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Utf16LittleEndian,
            [0xfe, 0xff, ..] => Self::Utf16BigEndian,
            [first, 0, ..] if *first != 0 => Self::Utf16LittleEndian,
            [0, second, ..] if *second != 0 => Self::Utf16BigEndian,
            _ => Self::Utf8,
        }
    }
}

/// Turns UTF-16 into UTF-8, piece by piece. Invalid units become U+FFFD; a byte order mark at the start is left out.
#[derive(Debug)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// First byte of a unit whose second byte comes with the next piece.
    odd_byte: Option<u8>,
    /// First of two surrogates; the second comes with the next piece.
    high_surrogate: Option<u16>,
    has_begun: bool,
}

impl Decoder {
    /// Creates a decoder; `None` for UTF-8, which needs none.
    pub(super) fn new(encoding: Encoding) -> Option<Self> {
        (encoding != Encoding::Utf8).then_some(Self {
            encoding,
            odd_byte: None,
            high_surrogate: None,
            has_begun: false,
        })
    }

    /// Decodes the next piece; an empty piece ends the text.
    pub(super) fn decode(&mut self, piece: &[u8]) -> String {
        let mut bytes = self.odd_byte.take().into_iter().chain(piece.iter().copied());
        let mut units = Vec::with_capacity(piece.len() / 2 + 2);
        units.extend(self.high_surrogate.take());
        while let Some(one) = bytes.next() {
            match bytes.next() {
                Some(other) if self.encoding == Encoding::Utf16BigEndian => {
                    units.push(u16::from_be_bytes([one, other]));
                }
                Some(other) => units.push(u16::from_le_bytes([one, other])),
                None => self.odd_byte = Some(one),
            }
        }
        if piece.is_empty() {
            // The file ends in the middle of a unit.
            units.extend(self.odd_byte.take().map(|_| 0xfffd));
        } else if let Some(last @ 0xd800..=0xdbff) = units.last().copied() {
            units.pop();
            self.high_surrogate = Some(last);
        }
        let mut from = 0;
        if !self.has_begun && !units.is_empty() {
            self.has_begun = true;
            from = usize::from(units[0] == 0xfeff);
        }
        String::from_utf16_lossy(&units[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(units: &[u16], encoding: Encoding) -> Vec<u8> {
        let bytes = |unit: &u16| match encoding {
            Encoding::Utf16BigEndian => unit.to_be_bytes(),
            _ => unit.to_le_bytes(),
        };
        units.iter().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_detected_by_their_first_bytes() {
        for (head, expected) in [
            (&b"number"[..], Encoding::Utf8),
            (b"\xef\xbb\xbfnumber", Encoding::Utf8),
            (b"\xff\xfen\0", Encoding::Utf16LittleEndian),
            (b"\xfe\xff\0n", Encoding::Utf16BigEndian),
            (b"n\0u\0", Encoding::Utf16LittleEndian),
            (b"\0n\0u", Encoding::Utf16BigEndian),
            (b"\0\0", Encoding::Utf8),
            (b"n", Encoding::Utf8),
            (b"", Encoding::Utf8),
        ] {
            assert_eq!(Encoding::of(head), expected, "{head:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_whole(units in prop::collection::vec(prop_oneof![any::<u16>(), 0xd7f0..0xe010_u16], 0..40), cuts in prop::collection::vec(1..7_usize, 0..90), big in any::<bool>(), odd in any::<bool>()) {
            let encoding = if big { Encoding::Utf16BigEndian } else { Encoding::Utf16LittleEndian };
            let mut bytes = encoded(&units, encoding);
            let mut expected = String::from_utf16_lossy(&units);
            if expected.starts_with('\u{feff}') {
                expected.remove(0);
            }
            if odd {
                bytes.push(b'x');
                expected.push('\u{fffd}');
            }
            let mut decoder = Decoder::new(encoding).unwrap();
            let (mut found, mut rest) = (String::new(), &bytes[..]);
            for cut in cuts.into_iter().chain([usize::MAX]) {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                if !piece.is_empty() {
                    found.push_str(&decoder.decode(piece));
                }
                rest = after;
            }
            found.push_str(&decoder.decode(&[]));
            prop_assert_eq!(found, expected);
        }
    }
}
