//! The one place where a token meets a request.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::mask;
use crate::request::operation::Operation;
use crate::sending::link::Root;
use crate::signing::challenge::Claims;
use crate::signing::tenant::Tenant;
use crate::signing::token::{CachedToken, TokenCache};
use crate::signing::token_view::{TokenKind, TokenView};
use crate::table::operation::{OperationDescriptor, PermissionSet};

/// Decides which token goes where.
pub(crate) struct Authorization {
    pub(crate) tokens: Option<TokenCache>,
    pub(crate) tenant: Tenant,
    /// Whether a token of Microsoft's may go to a root that is not Microsoft's.
    pub(crate) allow_foreign_root: bool,
    pub(crate) root_is_microsoft: bool,
}

impl Authorization {
    /// The token for the next attempt; `None` when the client has no source of tokens.
    pub(crate) async fn token(&self) -> Result<Option<Arc<CachedToken>>> {
        match &self.tokens {
            Some(tokens) => tokens.get().await.map(Some),
            None => Ok(None),
        }
    }

    /// Closes connections of the source of tokens.
    pub(crate) fn close(&self) {
        if let Some(tokens) = &self.tokens {
            tokens.close();
        }
        self.tenant.close();
    }

    /// Another token than `refused`, with the claims that the service asks for; `None` when there is no other.
    pub(crate) async fn replace(
        &self,
        refused: Option<&Arc<CachedToken>>,
        claims: &Claims,
    ) -> Result<Option<Arc<CachedToken>>> {
        let (Some(tokens), Some(refused)) = (&self.tokens, refused) else {
            return Ok(None);
        };
        let token = match claims {
            Claims::Likely => tokens.sign_in_again(refused).await?,
            Claims::Required(json) => Some(tokens.replace(refused, Some(json)).await?),
            Claims::None | Claims::Malformed => Some(tokens.replace(refused, None).await?),
        };
        Ok(token.filter(|token| token.secret.expose() != refused.secret.expose()))
    }

    /// Refuses what the service would refuse, before anything is sent.
    pub(crate) fn check(&self, token: &CachedToken, operation: &Operation) -> Result<()> {
        let Some(view) = &token.view else { return Ok(()) };
        self.tenant.check(view.tenant.as_deref())?;
        if !self.root_is_microsoft && !self.allow_foreign_root && view.is_issued_by_microsoft() {
            let message = "a token of Microsoft is not sent to an address of anybody else";
            return Err(Error::new(ErrorKind::Authentication, message)
                .with_next_step("Use a token of the emulator, or allow the endpoint explicitly"));
        }
        let first = operation.path().split('/').nth(1).unwrap_or_default();
        if first.eq_ignore_ascii_case("me") && view.kind() == TokenKind::Application {
            let message = "/me is the signed-in user, but the token is an application's";
            return Err(Error::new(ErrorKind::InvalidInput, message)
                .with_next_step("Use the user's id instead of /me, or sign in as a user"));
        }
        Ok(())
    }

    /// Attaches the token. There is no other line in this crate that does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UntrustedLink`] when the address is not of the client's root.
    pub(crate) fn attach(&self, root: &Root, url: &Url, token: &CachedToken, headers: &mut HeaderMap) -> Result<()> {
        if !root.is_origin_of(url) {
            let host = mask::text(url.host_str().unwrap_or("(no host)"));
            let message = format!("the token belongs to {}, not to {host}", root.host());
            return Err(Error::new(ErrorKind::UntrustedLink, message));
        }
        headers.insert(AUTHORIZATION, token.header.clone());
        Ok(())
    }
}

/// The next step after a 403: the permissions that suffice, and those that the token has.
pub(crate) fn missing_permission(
    descriptor: Option<&'static OperationDescriptor>,
    path: &str,
    view: Option<&TokenView>,
) -> Option<String> {
    let known = descriptor.and_then(|descriptor| descriptor.path_of(path));
    let kind = view.map_or(TokenKind::Unknown, TokenView::kind);
    let mut parts = Vec::new();
    let held = view.map_or(&[][..], TokenView::permissions);
    let mut wanted: Vec<&str> = Vec::new();
    let delegated = known.and_then(|known| Some(for_users(known.delegated?, path, view)));
    let application = known.and_then(|known| known.application.map(PermissionSet::names));
    if known.is_some() {
        let user = ("a signed-in user", &delegated);
        let alone = ("an application", &application);
        let sets = match kind {
            TokenKind::Delegated => vec![user],
            TokenKind::Application => vec![alone],
            TokenKind::Unknown => vec![user, alone],
        };
        for (who, permissions) in sets {
            parts.push(match permissions {
                Some(permissions) => {
                    wanted.extend(permissions);
                    format!("{who} needs {}", one_of(permissions))
                }
                None => format!("it is not offered to {who}"),
            });
        }
    }
    if let Some(name) = view.and_then(TokenView::fixed_application)
        && !held.iter().any(|held| is_in(held, &wanted))
    {
        let missing = delegated.map_or_else(String::new, |permissions| format!(" {}", one_of(&permissions)));
        return Some(format!(
            "The token was issued to {name}, an application of Microsoft's whose permissions are fixed: nobody can grant it{missing}. \
             Register an application of your own, have the permission consented to, and sign in with that application"
        ));
    }
    let roles = descriptor.map_or(&[][..], |descriptor| descriptor.roles);
    if let Some(enough) = held.iter().find(|held| is_in(held, &wanted)) {
        // Then it is not the permission.
        let other = match kind {
            TokenKind::Application => "no policy of the tenant keeps the application from it".to_owned(),
            _ if roles.is_empty() => {
                "the user has a directory role that allows it, and no policy forbids it".to_owned()
            }
            _ => format!(
                "the user has one of the roles {}, and no policy forbids it",
                roles.join(", ")
            ),
        };
        return Some(format!(
            "The token holds {}, which suffices: check that {other}",
            mask::text(enough)
        ));
    }
    if kind != TokenKind::Unknown {
        parts.push(format!("the token holds {}", some_of(held, &wanted)));
    }
    if !roles.is_empty() && kind != TokenKind::Application {
        parts.push(format!("the user needs one of the roles {}", roles.join(", ")));
    }
    if parts.is_empty() {
        return None;
    }
    let mut text = parts.join("; ");
    // The first letter of a sentence.
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    Some(text)
}

/// Whether the token holds a permission for the operation, as far as is known.
pub(crate) fn is_permitted(operation: &Operation, view: &TokenView) -> bool {
    let path = operation
        .descriptor()
        .and_then(|descriptor| descriptor.path_of(operation.path()));
    let wanted = path.and_then(|path| match view.kind() {
        TokenKind::Application => path.application.map(PermissionSet::names),
        TokenKind::Delegated | TokenKind::Unknown => Some(for_users(path.delegated?, operation.path(), Some(view))),
    });
    wanted.is_some_and(|wanted| view.permissions().iter().any(|held| is_in(held, &wanted)))
}

/// The permissions by which a signed-in user may do it: for another user's path, those that reach others.
fn for_users(set: PermissionSet, path: &str, view: Option<&TokenView>) -> Vec<&'static str> {
    let mut segments = path.split('/').skip(1);
    let is_of_user = segments.next().is_some_and(|first| first.eq_ignore_ascii_case("users"));
    let key = segments.next().filter(|_| is_of_user);
    let own = view.and_then(|view| view.object_id.as_deref());
    let is_about_another = key.is_some_and(|key| !own.is_some_and(|own| own.eq_ignore_ascii_case(key)));
    if is_about_another {
        set.for_others()
    } else {
        set.names()
    }
}

/// How many permissions of a token are named.
const NAMED: usize = 3;

/// Names permissions of the token: first those of the same family as the wanted ones.
fn some_of(held: &[String], wanted: &[&str]) -> String {
    let family = |permission: &str| permission.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let families: Vec<String> = wanted.iter().map(|wanted| family(wanted)).collect();
    let (near, far): (Vec<&String>, Vec<&String>) = held.iter().partition(|held| families.contains(&family(held)));
    let named: Vec<String> = near
        .iter()
        .chain(&far)
        .take(NAMED)
        .map(|held| mask::text(held))
        .collect();
    match (named.as_slice(), held.len().saturating_sub(NAMED)) {
        ([], _) => "no permission".to_owned(),
        ([only], _) => only.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

fn is_in(held: &str, wanted: &[&str]) -> bool {
    wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(held))
}

fn one_of(permissions: &[&str]) -> String {
    match permissions {
        [] => "a permission that is not documented".to_owned(),
        [only] => (*only).to_owned(),
        [least, others @ ..] => format!("{least} (or {})", others.join(", ")),
    }
}
