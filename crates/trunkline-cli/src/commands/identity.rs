//! Who is signed in, as `login` and `whoami` show it.

use serde_json::{Value, json};
use trunkline::{TokenKind, TokenView};
use trunkline_bulk::access::role_name;

use crate::arguments::{CredentialName, name_of};
use crate::document::Column;
use crate::failure::Failure;
use crate::settings::{Origin, Settings};
use crate::sign_in::KeptSignIn;

pub(super) const COLUMNS: &[Column] = &[
    Column::shown("profile", "/profile"),
    Column::shown("kind", "/kind"),
    Column::shown("name", "/name"),
    Column::shown("objectId", "/objectId"),
    Column::shown("application", "/application"),
    Column::shown("tenant", "/tenant"),
    Column::shown("tenantId", "/tenantId"),
    Column::shown("cloud", "/cloud"),
    Column::shown("endpoint", "/endpoint"),
    Column::shown("credential", "/credential"),
    Column::shown("permissions", "/permissions"),
    Column::shown("roles", "/roles"),
    Column::shown("tokenExpiresOn", "/tokenExpiresOn"),
    Column::shown("keptIn", "/keptIn"),
];

/// The identity of a token, as JSON. `None`: the token's claims cannot be read.
pub(super) fn describe(settings: &Settings<'_>, view: Option<&TokenView>) -> Result<Value, Failure> {
    let (credential, _) = settings.credential()?;
    let kind = match view.map(TokenView::kind) {
        Some(TokenKind::Delegated) => "user",
        Some(TokenKind::Application) => "application",
        Some(TokenKind::Unknown) | None => "unknown",
    };
    let application = view.and_then(|view| view.application_id.clone());
    let name = view.and_then(|view| match view.kind() {
        TokenKind::Delegated => view.principal_name.clone(),
        _ => view.application_name.clone(),
    });
    let roles: Vec<&str> = view
        .into_iter()
        .flat_map(|view| &view.directory_roles)
        .map(|id| role_name(id).unwrap_or(id))
        .collect();
    let endpoint = settings.endpoint()?.map(|setting| setting.value);
    Ok(json!({
        "profile": settings.profile().map(|profile| profile.name.as_str()),
        "kind": kind,
        "name": name,
        "objectId": view.and_then(|view| view.object_id.as_deref()),
        "application": application,
        "tenant": settings.tenant()?,
        "tenantId": view.and_then(|view| view.tenant.as_deref()),
        "cloud": settings.cloud()?.name(),
        "endpoint": endpoint,
        "credential": name_of(credential),
        "permissions": view.map(TokenView::permissions),
        "roles": roles,
        "tokenExpiresOn": view.and_then(TokenView::expires_on).map(|end| end.to_string()),
        "keptIn": kept_in(settings, credential)?,
    }))
}

/// Where the sign-in of these settings is kept.
fn kept_in(settings: &Settings<'_>, credential: CredentialName) -> Result<Option<String>, Failure> {
    let own = KeptSignIn::of_command(settings, credential)?;
    Ok(own.map(|own| own.place.described(&own.sign_in)))
}

/// The identity in sentences.
pub(super) fn sentences(json: &Value) -> String {
    let text = |name: &str| json[name].as_str().map(trunkline::mask::printable);
    let names = |name: &str| -> Vec<String> {
        let items = json[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        items
            .map(|item| trunkline::mask::printable(item).into_owned())
            .collect()
    };
    let who = match (text("kind").as_deref(), text("name"), text("application")) {
        (Some("user"), Some(name), _) => format!("{name}, a user"),
        (Some("user"), None, _) => format!("the user {}", text("objectId").unwrap_or_default()),
        (_, Some(name), Some(id)) => format!("{name}, an application ({id})"),
        (_, None, Some(id)) => format!("the application {id}"),
        _ => "somebody whose token cannot be read here".to_owned(),
    };
    let mut lines = vec![format!("Signed in as {who}")];
    let mut line = |heading: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push(format!("{heading:<13}{text}"));
        }
    };
    let tenant = match (text("tenant"), text("tenantId")) {
        (Some(name), Some(id)) if name != id => Some(format!("{name} ({id})")),
        (name, id) => name.or(id).map(Into::into),
    };
    line("tenant", tenant);
    line("cloud", text("cloud").filter(|name| name != "global").map(Into::into));
    line("endpoint", text("endpoint").map(Into::into));
    line("profile", text("profile").map(Into::into));
    line("signed in by", text("credential").map(Into::into));
    line("permissions", Some(first_of(&names("permissions"))));
    line("roles", Some(first_of(&names("roles"))));
    line("token until", text("tokenExpiresOn").map(Into::into));
    line("kept in", text("keptIn").map(Into::into));
    lines.join("\n")
}

/// The first of very many names.
fn first_of(names: &[String]) -> String {
    const NAMED: usize = 6;
    let named = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more (--output json lists them)"),
    }
}

/// The note for a person whose commands will not use the profile, because a variable says otherwise.
pub(super) fn overridden(settings: &Settings<'_>) -> Result<Option<&'static str>, Failure> {
    let (_, origin) = settings.credential()?;
    Ok(match origin {
        Origin::Variable(name) => Some(name),
        _ => None,
    })
}
