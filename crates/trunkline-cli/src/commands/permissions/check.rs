//! Checks the claims of a token against the permissions of an operation.

use serde_json::{Value, json};
use trunkline::{ErrorKind, TokenKind, TokenView};

use crate::failure::Failure;

/// The answer.
pub(super) struct Verdict {
    pub(super) sufficient: bool,
    pub(super) sentence: String,
    pub(super) json: Value,
}

/// Compares the claims of `token` with what the operation takes. Nothing of the token is in the answer but the names of
/// permissions.
pub(super) fn verdict(operation: &Value, token: &str) -> Result<Verdict, Failure> {
    let wrong = || {
        let next_step = "Use a token whose claims can be read; the service itself takes others too";
        Failure::refused(
            ErrorKind::InvalidInput,
            "the claims of the token cannot be read",
            next_step,
        )
    };
    let view = TokenView::read(token).ok_or_else(wrong)?;
    let (article, kind) = match view.kind() {
        TokenKind::Application => ("an", "application"),
        TokenKind::Delegated => ("a", "delegated"),
        TokenKind::Unknown => return Err(wrong()),
    };
    let granted = view.permissions();
    let names = |set: &Value, member: &str| -> Vec<String> {
        let items = set[member].as_array().into_iter().flatten();
        items.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let places = || {
        operation["places"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|place| &place[kind])
            .filter(|set| !set.is_null())
    };
    let by = places().find_map(|set| {
        let mut all = names(set, "least").into_iter().chain(names(set, "higher"));
        all.find(|name| granted.iter().any(|own| own.eq_ignore_ascii_case(name)))
    });
    // Any one of these would do.
    let missing = if by.is_some() {
        Vec::new()
    } else {
        places().next().map_or_else(Vec::new, |set| names(set, "least"))
    };
    let sentence = match (&by, missing.as_slice()) {
        (Some(by), _) => format!("token          suffices: it is {article} {kind} token with {by}\n"),
        (None, []) => format!("token          does not suffice: the operation is not offered to {kind} tokens\n"),
        (None, missing) => {
            format!(
                "token          does not suffice: this {kind} token lacks {}\n",
                missing.join(" or ")
            )
        }
    };
    let json = json!({"token": kind, "sufficient": by.is_some(), "by": by, "missing": missing});
    Ok(Verdict {
        sufficient: by.is_some(),
        sentence,
        json,
    })
}
