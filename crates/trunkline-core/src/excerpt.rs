//! The start and the end of a text, in bytes and between characters. The standard library has it from Rust 1.91 on.

/// As much of the start as fits into this many bytes.
pub(crate) fn start(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// As much of the end as fits into this many bytes.
pub(crate) fn end(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_cut() {
        for (most, first, last) in [
            (0, "", ""),
            (1, "a", "b"),
            (2, "a", "b"),
            (3, "aü", "üb"),
            (4, "aüb", "aüb"),
            (9, "aüb", "aüb"),
        ] {
            assert_eq!((start("aüb", most), end("aüb", most)), (first, last), "{most}");
        }
    }
}
