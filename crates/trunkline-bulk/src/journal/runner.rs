//! Who started a run: the principal name of a user, or an application.

use std::fmt;

use serde::{Deserialize, Serialize};
use trunkline::{TokenKind, TokenView};
use trunkline_core::mask;

/// Who started a run, as the token says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Runner {
    /// The user's principal name; absent when an application acted by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name of the application in the directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The id of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
}

impl Runner {
    /// The runner that a token names; `None` when it names nobody.
    pub(crate) fn of(token: &TokenView) -> Option<Self> {
        let id = || token.object_id.as_ref().map(|id| format!("user {id}"));
        let runner = Self {
            user: match token.kind() {
                TokenKind::Application => None,
                TokenKind::Delegated => token.principal_name.clone().or_else(id),
                TokenKind::Unknown => token.principal_name.clone(),
            },
            application: token.application_name.clone(),
            application_id: token.application_id.clone(),
        };
        (runner != Self::default()).then_some(runner)
    }

    /// The same with the user's name masked.
    pub(crate) fn masked(mut self) -> Self {
        self.user = self.user.as_deref().map(mask::text);
        self
    }
}

/// `ana@contoso.example with Voice tools`, `the application Voice tools (…)`.
impl fmt::Display for Runner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let application = match (&self.application, &self.application_id) {
            (Some(name), Some(id)) => Some(format!("{name} ({id})")),
            (Some(name), None) => Some(name.clone()),
            (None, Some(id)) => Some(id.clone()),
            (None, None) => None,
        };
        match (&self.user, application) {
            (Some(user), Some(application)) => write!(formatter, "{user} with the application {application}"),
            (Some(user), None) => formatter.write_str(user),
            (None, Some(application)) => write!(formatter, "the application {application}"),
            (None, None) => formatter.write_str("nobody that the token names"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: &str) -> TokenView {
        use base64::Engine;
        let claims = serde_json::json!({
            "idtyp": kind, "upn": "ana@contoso.example", "app_displayname": "Voice tools", "appid": "a0", "oid": "o0"
        });
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
        TokenView::read(&format!("e30.{claims}.c2ln")).expect("a token")
    }

    #[test]
    fn a_user_is_named_by_principal_name_and_an_application_by_its_own() {
        let user = Runner::of(&token("user")).expect("somebody");
        assert_eq!(
            user.to_string(),
            "ana@contoso.example with the application Voice tools (a0)"
        );
        assert!(!user.masked().to_string().contains("ana@"));
        let application = Runner::of(&token("app")).expect("somebody");
        assert_eq!(application.to_string(), "the application Voice tools (a0)");
        assert_eq!(Runner::of(&TokenView::default()), None);
    }
}
