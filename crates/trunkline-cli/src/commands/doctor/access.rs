//! Checks of the token: its tenant, permissions and roles.

use trunkline::descriptor::OperationDescriptor;
use trunkline::mask::is_guid;
use trunkline::{Client, Cloud, ErrorKind, TokenKind, TokenView};
use trunkline_bulk::access::{Grant, Need, Role};

use super::{Check, features};

/// Below this, work that takes minutes may outlive the token.
const SHORT: i64 = 600;

/// Examines the token, and what the needs are in its eyes. `login` is the command that signs in again.
pub(super) async fn examine(client: &Client, needs: &[Need], login: &str) -> Vec<Check> {
    let core = client.core();
    let view = match core.token_view().await {
        Err(error) => return vec![Check::of_error("token", &error)],
        Ok(None) => {
            let token = Check::warning(
                "token",
                "obtained; its claims cannot be read",
                "No action; missing permissions show on first use",
            );
            return vec![token, tenant(None, client, login).await];
        }
        Ok(Some(view)) => view,
    };
    let mut checks = vec![token(&view, client, login), tenant(Some(&view), client, login).await];
    checks.extend(application(&view, needs, core.cloud()));
    checks.extend(permissions(&view, needs, core.cloud()));
    checks.extend(roles(&view, needs));
    checks
}

fn token(view: &TokenView, client: &Client, login: &str) -> Check {
    let whose = match view.kind() {
        TokenKind::Application => "of an application",
        TokenKind::Delegated => "of a signed-in user",
        TokenKind::Unknown => "of an unknown identity",
    };
    let Some(end) = view.expires_on() else {
        return Check::ok("token", format!("obtained, {whose}"));
    };
    let left = end.duration_since(client.core().clock().now()).as_secs();
    let what = format!("obtained, {whose}, valid until {end}");
    if left <= 0 {
        Check::failed(
            "token",
            format!("{what}: it has expired"),
            "Sign in again, and check the computer's clock",
        )
        .with_command(login)
    } else if left < SHORT {
        Check::warning(
            "token",
            format!("{what}: {left} seconds"),
            "Use a credential that can renew it, or a fresh token; a run that stops can be resumed",
        )
    } else {
        Check::ok("token", what)
    }
}

/// Compares the token's tenant with the one that was named, as the first write does.
async fn tenant(view: Option<&TokenView>, client: &Client, login: &str) -> Check {
    let named = client.core().tenant();
    let id = match client.verify_tenant().await {
        Err(error) if error.kind() == ErrorKind::WrongTenant => {
            return Check::failed(
                "tenant",
                error.message(),
                "Sign in to the tenant that is meant, or correct --tenant",
            )
            .with_command(login);
        }
        Err(error) => return Check::of_error("tenant", &error),
        Ok(id) => id,
    };
    match (id, named) {
        (Some(id), Some(named)) if view.is_some_and(|view| view.tenant.is_some()) => {
            Check::ok("tenant", format!("{id} ({named})"))
        }
        (_, Some(named)) => Check::warning(
            "tenant",
            format!("the token does not name its tenant, so it was not compared with {named}"),
            "Make sure that it is a token of this tenant",
        ),
        (Some(id), None) => Check::ok("tenant", id),
        (None, None) => Check::warning(
            "tenant",
            "the token does not name it, and --tenant is not set",
            "Set --tenant, so that plans are bound to it",
        ),
    }
}

/// The next step where permissions cannot be granted.
const OWN_APPLICATION: &str = "Register an application of your own, have its permissions consented to, and sign in with it: \
    --credential device-code with AZURE_CLIENT_ID, or --credential environment";

/// Whether the token was issued to an application to which no permission can be granted.
fn application(view: &TokenView, needs: &[Need], cloud: Cloud) -> Option<Check> {
    let name = view.fixed_application()?;
    let check = Check::warning(
        "application",
        format!("the token was issued to {name}, an application of Microsoft's whose permissions are fixed"),
        OWN_APPLICATION,
    );
    let required: Vec<&Need> = needs.iter().filter(|need| !need.is_optional).collect();
    Some(registering(check, view, &required, needs, cloud))
}

/// Adds the command that prints how an application with the permissions of the `missing` operations is registered. `all` are
/// those that the command is about.
fn registering(check: Check, view: &TokenView, missing: &[&Need], all: &[Need], cloud: Cloud) -> Check {
    let features = features::narrowest(missing, all, view.kind(), cloud);
    if features.is_empty() {
        return check;
    }
    let kind = match view.kind() {
        TokenKind::Application => " --application",
        _ => "",
    };
    check.with_command(format!("trunkline permissions --for {}{kind}", features.join(",")))
}

/// One check per permission that is missing, and one for all that are there.
fn permissions(view: &TokenView, all: &[Need], cloud: Cloud) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    let mut held: Vec<String> = Vec::new();
    // Operations that lack the same permission share a line.
    let mut missing: Vec<(Vec<&'static str>, bool, Vec<&Need>)> = Vec::new();
    for need in all {
        match need.grant(view, cloud) {
            Grant::Granted(by) => {
                if !held.contains(&by) {
                    held.push(by);
                }
            }
            Grant::Missing(names) => {
                let known = missing
                    .iter_mut()
                    .find(|(known, is_optional, _)| *known == names && *is_optional == need.is_optional);
                match known {
                    Some((_, _, needs)) => needs.push(need),
                    None => missing.push((names, need.is_optional, vec![need])),
                }
            }
            Grant::NotInCloud => checks.push(unavailable(
                need,
                format!("the cloud {} does not have it", cloud.name()),
            )),
            Grant::NotOffered => checks.push(unavailable(need, "it is not offered to this kind of token".to_owned())),
            Grant::Untold => {
                return vec![Check::warning(
                    "permissions",
                    "the token does not list its permissions",
                    "No action; missing permissions show on first use",
                )];
            }
        }
    }
    if !held.is_empty() {
        checks.insert(0, Check::ok("permissions", held.join(", ")));
    }
    for (names, is_optional, needs) in missing {
        let name = format!("permission {}", names.join(" or "));
        let what = format!("missing, for: {}", titles(&needs));
        let check = if let Some(owner) = view.fixed_application().filter(|_| !is_optional) {
            Check::failed(
                name,
                format!("{what}; it cannot be granted to {owner}"),
                OWN_APPLICATION,
            )
        } else if is_optional {
            Check::warning(
                name,
                what,
                "Ask an administrator to grant it for more detailed plans; without it, only the service decides",
            )
        } else {
            Check::failed(
                name,
                what,
                "Have an administrator grant it and consent to it, then sign in again",
            )
        };
        checks.push(registering(check, view, &needs, all, cloud));
    }
    checks
}

fn unavailable(need: &Need, why: String) -> Check {
    let name = format!("operation {}", need.operation.id);
    if need.is_optional {
        Check::warning(name, why, "No action needed; plans are less detailed without it")
    } else {
        Check::failed(
            name,
            why,
            "Use another way to sign in, or leave out the rows that need it",
        )
    }
}

fn titles(needs: &[&Need]) -> String {
    let title = |operation: &OperationDescriptor, need: &Need| match need.row {
        Some(line) => format!("{} (row {line} first)", operation.title),
        None => operation.title.to_owned(),
    };
    let titles: Vec<_> = needs.iter().map(|need| title(need.operation, need)).collect();
    titles.join(", ")
}

/// Assigns a directory role, in Graph PowerShell.
fn assigning(user: &str, role: &str) -> String {
    format!(
        "New-MgRoleManagementDirectoryRoleAssignment -PrincipalId {user} -DirectoryScopeId '/' -RoleDefinitionId \
         (Get-MgRoleManagementDirectoryRoleDefinition -Filter \"displayName eq '{role}'\").Id"
    )
}

/// Directory roles, which only signed-in users need.
fn roles(view: &TokenView, needs: &[Need]) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    let mut add = |check: Check| {
        if !checks
            .iter()
            .any(|known| known.name == check.name && known.what == check.what)
        {
            checks.push(check);
        }
    };
    for need in needs.iter().filter(|need| !need.is_optional) {
        match need.role(view) {
            Role::NotNeeded => {}
            Role::Held(name) => add(Check::ok("directory role", name)),
            Role::Missing(names) => {
                let check = Check::failed(
                    "directory role",
                    format!("the user has none of {}", names.join(", ")),
                    "Have an administrator assign or activate one, then sign in again",
                );
                add(
                    match (view.object_id.as_deref().filter(|id| is_guid(id)), names.first()) {
                        (Some(user), Some(role)) => check.with_command(assigning(user, role)),
                        _ => check,
                    },
                );
            }
            Role::Untold(names) => add(Check::warning(
                "directory role",
                format!(
                    "the token does not name the user's roles; one of {} is needed",
                    names.join(", ")
                ),
                "Make sure that one is assigned and active",
            )),
        }
    }
    checks
}
