//! Ids as the service writes them.

/// The id, when it names something: an empty text and an id of zeros name nothing.
pub(crate) fn named(id: Option<&str>) -> Option<&str> {
    id.filter(|id| !id.trim().is_empty() && !is_zeros(id))
}

/// Whether it is the id of zeros, `00000000-0000-0000-0000-000000000000`, which the service writes where there is no id.
fn is_zeros(id: &str) -> bool {
    let mut zeros = 0;
    let is_plain = id.trim().bytes().all(|byte| {
        zeros += usize::from(byte == b'0');
        matches!(byte, b'0' | b'-' | b'{' | b'}')
    });
    is_plain && zeros == 32
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn zeros_and_blanks_name_nothing() {
        for nothing in [
            None,
            Some(""),
            Some("  "),
            Some("00000000-0000-0000-0000-000000000000"),
            Some("{00000000-0000-0000-0000-000000000000}"),
            Some("00000000000000000000000000000000"),
        ] {
            assert_eq!(named(nothing), None, "{nothing:?}");
        }
        for id in ["0", "00000000-0000-0000-0000-000000000001", "Tag:SC1", "0000-0000"] {
            assert_eq!(named(Some(id)), Some(id));
        }
    }
}
