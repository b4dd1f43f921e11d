//! The claims of an access token.
//!
//! Tokens are the service's business: nothing here is verified, and nothing is decided by it but to refuse early what
//! the service would refuse, and to say why.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::clock::Timestamp;

/// Whom a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A signed-in user.
    Delegated,
    /// An application by itself.
    Application,
    /// It does not say.
    Unknown,
}

/// The claims of a token that a client has use for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TokenView {
    /// Tenant.
    pub tenant: Option<String>,
    /// For whom the token is.
    pub audience: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Delegated permissions.
    pub scopes: Vec<String>,
    /// Application permissions.
    pub roles: Vec<String>,
    /// Directory roles, as template ids.
    pub directory_roles: Vec<String>,
    /// The user's or service principal's object id.
    pub object_id: Option<String>,
    /// The user's principal name.
    pub principal_name: Option<String>,
    /// The application that asked for it.
    pub application_id: Option<String>,
    /// The name of that application.
    pub application_name: Option<String>,
    /// How the user signed in, such as `pwd` and `mfa`.
    pub authentication_methods: Vec<String>,
    identity_type: Option<String>,
    issued_on: Option<i64>,
    expires_on: Option<i64>,
}

impl TokenView {
    /// Reads the claims of `token`; `None` when it is not of that format, which no token is obliged to be.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        let mut parts = token.trim().split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || payload.len() > 64 * 1024 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&bytes).ok()?;
        claims.as_object()?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            tenant: text("tid"),
            audience: text("aud"),
            issuer: text("iss"),
            scopes: words(claims.get("scp")),
            roles: words(claims.get("roles")),
            directory_roles: words(claims.get("wids")),
            object_id: text("oid"),
            principal_name: text("upn").or_else(|| text("preferred_username")),
            application_id: text("appid").or_else(|| text("azp")),
            application_name: text("app_displayname"),
            authentication_methods: words(claims.get("amr")),
            identity_type: text("idtyp"),
            issued_on: claims.get("iat").and_then(Value::as_i64),
            expires_on: claims.get("exp").and_then(Value::as_i64),
        })
    }

    /// When the token ends, by its own account.
    #[must_use]
    pub fn expires_on(&self) -> Option<Timestamp> {
        self.expires_on.and_then(|second| Timestamp::from_second(second).ok())
    }

    /// When it was issued, by its own account.
    #[must_use]
    pub fn issued_on(&self) -> Option<Timestamp> {
        self.issued_on.and_then(|second| Timestamp::from_second(second).ok())
    }

    /// The application that it was issued to, when that is one of Microsoft's own whose permissions are fixed: nobody can
    /// have others granted to it.
    #[must_use]
    pub fn fixed_application(&self) -> Option<&'static str> {
        /// From Microsoft's list of first-party applications. Graph Explorer and Graph's PowerShell and command line are not
        /// here: permissions can be granted to them.
        const APPLICATIONS: [(&str, &str); 5] = [
            ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "the Azure CLI"),
            ("1950a258-227b-4e31-a9cf-717495945fc2", "Azure PowerShell"),
            ("872cd9fa-d31f-45e0-9eab-6e460a02d1f1", "Visual Studio"),
            ("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code"),
            ("12128f48-ec9e-42f0-b203-ea49fb6af367", "Teams PowerShell"),
        ];
        let own = self.application_id.as_deref()?;
        let known = APPLICATIONS.iter().find(|(id, _)| id.eq_ignore_ascii_case(own));
        known.map(|(_, name)| *name)
    }

    /// Whom it speaks for.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        match self.identity_type.as_deref() {
            Some("app") => TokenKind::Application,
            Some("user") => TokenKind::Delegated,
            _ if !self.scopes.is_empty() => TokenKind::Delegated,
            _ if !self.roles.is_empty() => TokenKind::Application,
            _ => TokenKind::Unknown,
        }
    }

    /// The permissions it carries.
    #[must_use]
    pub fn permissions(&self) -> &[String] {
        if self.kind() == TokenKind::Application {
            &self.roles
        } else {
            &self.scopes
        }
    }

    /// Whether an authority of Microsoft's issued it: such a token must not be shown to anybody else.
    pub(crate) fn is_issued_by_microsoft(&self) -> bool {
        const AUTHORITIES: [&str; 7] = [
            "sts.windows.net",
            "sts.microsoftonline.us",
            "sts.chinacloudapi.cn",
            "login.microsoftonline.com",
            "login.microsoftonline.us",
            "login.chinacloudapi.cn",
            "login.partner.microsoftonline.cn",
        ];
        let host = self
            .issuer
            .as_deref()
            .and_then(|issuer| issuer.strip_prefix("https://")?.split('/').next());
        host.is_some_and(|host| AUTHORITIES.contains(&host))
    }
}

/// A list, or one text with spaces between.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

impl fmt::Debug for TokenView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenView")
            .field("kind", &self.kind())
            .field("tenant", &self.tenant)
            .field("audience", &self.audience)
            .field("permissions", &self.permissions())
            .field("expires_on", &self.expires_on())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(claims: &Value) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn reads_claims_of_users_and_applications() {
        let view = TokenView::read(&token(&serde_json::json!({
            "tid": "t", "scp": "User.Read TeamsTelephoneNumber.ReadWrite.All", "wids": ["w"], "exp": 1_800_000_000,
            "upn": "ana@contoso.example", "appid": "a", "app_displayname": "Voice tools"
        })))
        .unwrap();
        assert_eq!(view.principal_name.as_deref(), Some("ana@contoso.example"));
        assert_eq!(view.application_name.as_deref(), Some("Voice tools"));
        assert_eq!(view.kind(), TokenKind::Delegated);
        assert_eq!(view.permissions(), ["User.Read", "TeamsTelephoneNumber.ReadWrite.All"]);
        assert_eq!(view.expires_on().unwrap().as_second(), 1_800_000_000);
        let view = TokenView::read(&token(
            &serde_json::json!({"idtyp": "app", "iss": "https://sts.windows.net/t/"}),
        ))
        .unwrap();
        assert_eq!(view.kind(), TokenKind::Application);
        assert!(view.is_issued_by_microsoft());
        for opaque in ["", "opaque", "a.b.c", "a.b", "..", "a.e30.c.d"] {
            assert!(TokenView::read(opaque).is_none(), "{opaque}");
        }
        let claims = serde_json::json!({"iss": "https://sts.windows.net.evil/t"});
        assert!(!TokenView::read(&token(&claims)).unwrap().is_issued_by_microsoft());
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = TokenView::read(&text);
            let _ = TokenView::read(&format!("a.{}.c", URL_SAFE_NO_PAD.encode(bytes)));
        }
    }
}
