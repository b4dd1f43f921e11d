//! Reads the user of a row: a principal name or an object id.

use trunkline::mask::is_guid;

/// A principal name, `ana@contoso.example`, or an object id. What a directory would never take is refused here; whether
/// the user exists is the plan's to find out.
pub(super) fn is_user(text: &str) -> bool {
    if is_guid(text) {
        return true;
    }
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && domain.len() >= 3
        && domain.contains('.')
        && domain.starts_with(|letter: char| letter.is_alphanumeric())
        && domain.ends_with(|letter: char| letter.is_alphanumeric())
        && domain
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'))
        && !name.bytes().any(|byte| {
            matches!(
                byte,
                b' ' | b'"'
                    | b'<'
                    | b'>'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'\\'
                    | b'/'
                    | b','
                    | b';'
                    | b':'
                    | b'?'
                    | b'*'
                    | b'|'
                    | b'%'
                    | b'='
            )
        })
}
