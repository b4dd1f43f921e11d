//! How a file of text is encoded, and UTF-16 in pieces.

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// The lower half of each unit first.
    Utf16LittleEndian,
    Utf16BigEndian,
}

impl Encoding {
    /// Of a text that begins like this, by its byte order mark or by where its zeros are.
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

/// Turns UTF-16 into UTF-8, piece by piece. What is no text becomes U+FFFD; a byte order mark at the start is left out.
#[derive(Debug)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Half a unit that the last piece ended with.
    half: Option<u8>,
    /// The first of two units that the last piece ended with.
    first: Option<u16>,
    begun: bool,
}

impl Decoder {
    /// `None`: the text is UTF-8 already.
    pub(super) fn new(encoding: Encoding) -> Option<Self> {
        (encoding != Encoding::Utf8).then_some(Self {
            encoding,
            half: None,
            first: None,
            begun: false,
        })
    }

    /// The next piece of the text; an empty one is the end.
    pub(super) fn decode(&mut self, piece: &[u8]) -> String {
        let mut bytes = self.half.take().into_iter().chain(piece.iter().copied());
        let mut units = Vec::with_capacity(piece.len() / 2 + 2);
        units.extend(self.first.take());
        while let Some(one) = bytes.next() {
            match bytes.next() {
                Some(other) if self.encoding == Encoding::Utf16BigEndian => {
                    units.push(u16::from_be_bytes([one, other]));
                }
                Some(other) => units.push(u16::from_le_bytes([one, other])),
                None => self.half = Some(one),
            }
        }
        if piece.is_empty() {
            // Half a character is lost with the rest of the file.
            units.extend(self.half.take().map(|_| 0xfffd));
        } else if let Some(last @ 0xd800..=0xdbff) = units.last().copied() {
            units.pop();
            self.first = Some(last);
        }
        let mut from = 0;
        if !self.begun && !units.is_empty() {
            self.begun = true;
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
