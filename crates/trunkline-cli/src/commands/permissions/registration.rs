//! The commands that register an application with the permissions of features.

use std::fmt::Write as _;

use serde_json::{Value, json};
use trunkline::{Cloud, ErrorKind, Feature, FeatureNeeds, NeededPermission, TokenKind};

use super::likeness;
use crate::arguments::{Permissions, Shell};
use crate::document::{Column, Document};
use crate::failure::Failure;
use crate::profiles::Key;
use crate::settings::Settings;

/// Microsoft Graph's own application id, which is the same in every tenant and cloud.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// The tenant of the commands when nobody named one.
const EXAMPLE_TENANT: &str = "contoso.example";

const COLUMNS: &[Column] = &[
    Column::shown("features", "/features"),
    Column::shown("kind", "/kind"),
    Column::shown("permissions", "/names"),
    Column::shown("commands", "/commands"),
];

/// Describes the registration. The ids of permissions are looked up in the tenant by their names: they are then right in every
/// cloud, and a permission that the tenant does not have is an error instead of another permission.
pub(super) fn document(permissions: &Permissions, settings: &Settings<'_>) -> Result<Document, Failure> {
    let features = features(&permissions.features)?;
    let kind = match permissions.application {
        true => TokenKind::Application,
        false => TokenKind::Delegated,
    };
    let cloud = settings.cloud()?;
    let needs = Feature::permissions(&features, kind, cloud);
    if needs.permissions.is_empty() {
        let message = match kind {
            TokenKind::Application => "these features are not offered to applications",
            _ => "these features are not offered to signed-in users",
        };
        let advice = "Try the other of --delegated and --application, or another --cloud";
        return Err(Failure::refused(ErrorKind::InvalidInput, message, advice));
    }
    let tenant = settings.named_tenant()?;
    if let Some(tenant) = &tenant
        && let Err(advice) = Key::Tenant.check(tenant)
    {
        // It will stand in a command that a person pastes.
        let message = "the tenant is neither an id nor a domain";
        return Err(Failure::refused(ErrorKind::InvalidInput, message, advice));
    }
    let registration = Registration {
        tenant: tenant.as_deref(),
        names: features.iter().map(|feature| feature.name).collect(),
        is_application: kind == TokenKind::Application,
        cloud,
        needs: &needs,
    };
    let commands = match permissions.shell.unwrap_or_default() {
        Shell::Az => registration.azure_cli(),
        Shell::Powershell => registration.powershell(),
    };
    let described = |all: &[NeededPermission]| -> Vec<Value> {
        let one = |needed: &NeededPermission| json!({"name": needed.name, "operations": needed.operations});
        all.iter().map(one).collect()
    };
    let json = json!({
        "features": registration.names,
        "kind": if registration.is_application { "application" } else { "delegated" },
        "cloud": cloud.name(),
        "permissions": described(&needs.permissions),
        "names": permission_names(&needs.permissions),
        "optional": described(&needs.optional),
        "roles": needs.roles,
        "notOffered": needs.not_offered.iter().map(|operation| operation.id).collect::<Vec<_>>(),
        "commands": commands,
    });
    Ok(Document::new(json, COLUMNS).with_text(commands))
}

fn features(names: &[String]) -> Result<Vec<&'static Feature>, Failure> {
    let find = |name: &String| {
        Feature::named(name.trim()).ok_or_else(|| {
            let near = likeness::nearest(name, Feature::ALL.iter().map(|feature| feature.name));
            let known: Vec<String> = Feature::ALL
                .iter()
                .map(|feature| format!("{} ({})", feature.name, feature.title))
                .collect();
            let advice = match near.first() {
                Some(near) => format!("Did you mean {near}? The features are {}", known.join(", ")),
                None => format!("Use one of {}", known.join(", ")),
            };
            let shown: String = name.chars().take(60).collect();
            Failure::refused(
                ErrorKind::InvalidInput,
                format!("there is no feature '{}'", trunkline::mask::printable(&shown)),
                advice,
            )
        })
    };
    names.iter().map(find).collect()
}

fn permission_names(all: &[NeededPermission]) -> Vec<&'static str> {
    all.iter().map(|needed| needed.name).collect()
}

struct Registration<'r> {
    tenant: Option<&'r str>,
    names: Vec<&'static str>,
    is_application: bool,
    cloud: Cloud,
    needs: &'r FeatureNeeds,
}

impl Registration<'_> {
    /// The comments above the commands: what they make, and what they do not show.
    fn heading(&self) -> String {
        let whom = match self.is_application {
            true => "for the application by itself, with a certificate",
            false => "for a signed-in user, with a device code",
        };
        let mut text = format!("# Registers an application for {}, {whom}.\n", self.names.join(", "));
        text.push_str("# Whoever runs this needs the role Privileged Role Administrator or Global Administrator.\n");
        for needed in &self.needs.permissions {
            let _ = writeln!(text, "#   {}: {}", needed.name, needed.operations.join(", "));
        }
        for needed in &self.needs.optional {
            let operations = needed.operations.join(", ");
            let _ = writeln!(
                text,
                "# Optional, and not among them: {}, for {operations}.",
                needed.name
            );
        }
        if !self.is_application {
            for roles in &self.needs.roles {
                let _ = writeln!(text, "# The user also needs one of the roles {}.", roles.join(", "));
            }
        }
        for operation in &self.needs.not_offered {
            let _ = writeln!(text, "# Not offered this way: {} ({}).", operation.id, operation.title);
        }
        text
    }

    fn tenant_line(&self, assignment: &str) -> String {
        match self.tenant {
            Some(tenant) => format!("{assignment}'{tenant}'\n"),
            None => format!("{assignment}'{EXAMPLE_TENANT}'    # your tenant: its id, or one of its domains\n"),
        }
    }

    fn azure_cli(&self) -> String {
        let mut text = self.heading();
        text.push_str(&self.tenant_line("tenant="));
        let _ = writeln!(text, "graph={GRAPH}    # Microsoft Graph, in every cloud");
        let cloud = match self.cloud {
            Cloud::UsGovL4 | Cloud::UsGovL5 => Some("AzureUSGovernment"),
            Cloud::China => Some("AzureChinaCloud"),
            _ => None,
        };
        if let Some(cloud) = cloud {
            let _ = writeln!(text, "az cloud set --name {cloud}");
        }
        let (list, kind, public) = match self.is_application {
            true => ("appRoles", "Role", "false"),
            false => ("oauth2PermissionScopes", "Scope", "true"),
        };
        let names = permission_names(&self.needs.permissions).join(" ");
        let _ = write!(
            text,
            "az login --tenant \"$tenant\" --allow-no-subscriptions --output none\n\
             app=$(az ad app create --display-name Trunkline --sign-in-audience AzureADMyOrg \\\n    \
             --is-fallback-public-client {public} --query appId --output tsv)\n\
             az ad sp create --id \"$app\" --output none\n\
             for name in {names}; do\n  \
             id=$(az ad sp show --id \"$graph\" --query \"{list}[?value=='$name'].id\" --output tsv)\n  \
             az ad app permission add --id \"$app\" --api \"$graph\" \\\n    \
             --api-permissions \"${{id:?Microsoft Graph has no permission $name here}}={kind}\"\n\
             done\n\
             az ad app permission admin-consent --id \"$app\"    # again after a minute if the application is not found\n"
        );
        if self.is_application {
            text.push_str(
                "pem=$(az ad app credential reset --id \"$app\" --append --create-cert --years 1 \\\n    \
                 --query fileWithCertAndPrivateKey --output tsv)\n",
            );
        }
        let _ = write!(text, "trunkline login --tenant \"$tenant\" --client-id \"$app\"");
        text.push_str(&self.login_options("\"$pem\""));
        text
    }

    fn powershell(&self) -> String {
        let mut text = self.heading();
        text.push_str(&self.tenant_line("$tenant = "));
        let environment = match self.cloud {
            Cloud::UsGovL4 => " -Environment USGov",
            Cloud::UsGovL5 => " -Environment USGovDoD",
            Cloud::China => " -Environment China",
            _ => "",
        };
        let names: Vec<String> = permission_names(&self.needs.permissions)
            .iter()
            .map(|name| format!("'{name}'"))
            .collect();
        let names = names.join(", ");
        let (consent, list, kind, public) = match self.is_application {
            true => ("AppRoleAssignment.ReadWrite.All", "AppRoles", "Role", ""),
            false => (
                "DelegatedPermissionGrant.ReadWrite.All",
                "Oauth2PermissionScopes",
                "Scope",
                " -IsFallbackPublicClient",
            ),
        };
        let _ = write!(
            text,
            "Connect-MgGraph -TenantId $tenant{environment} -Scopes Application.ReadWrite.All, {consent}\n\
             $graph = Get-MgServicePrincipal -Filter \"appId eq '{GRAPH}'\"\n\
             $names = {names}\n\
             $permissions = @($graph.{list} | Where-Object Value -In $names)\n\
             if ($permissions.Count -ne @($names).Count) {{ throw 'Microsoft Graph does not have all of these permissions here' }}\n\
             $access = @($permissions | ForEach-Object {{ @{{ Id = $_.Id; Type = '{kind}' }} }})\n\
             $app = New-MgApplication -DisplayName Trunkline -SignInAudience AzureADMyOrg{public} `\n    \
             -RequiredResourceAccess @{{ ResourceAppId = $graph.AppId; ResourceAccess = $access }}\n\
             $principal = New-MgServicePrincipal -AppId $app.AppId\n"
        );
        if self.is_application {
            text.push_str(
                "foreach ($permission in $permissions) {\n    \
                 New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -PrincipalId $principal.Id `\n        \
                 -ResourceId $graph.Id -AppRoleId $permission.Id\n\
                 }\n\
                 # Certificate and key in one file; OpenSSL comes with Git for Windows.\n\
                 openssl req -x509 -newkey rsa:3072 -noenc -days 365 -subj /CN=Trunkline -keyout key.pem -out certificate.pem\n\
                 Get-Content key.pem, certificate.pem | Set-Content trunkline.pem\n\
                 Remove-Item key.pem\n\
                 $der = [Security.Cryptography.X509Certificates.X509Certificate2]::new(\"$PWD/certificate.pem\").RawData\n\
                 Update-MgApplication -ApplicationId $app.Id `\n    \
                 -KeyCredentials @(@{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $der })\n",
            );
        } else {
            text.push_str(
                "New-MgOauth2PermissionGrant -BodyParameter @{\n    \
                 clientId = $principal.Id; consentType = 'AllPrincipals'; resourceId = $graph.Id; scope = $names -join ' '\n\
                 }\n",
            );
        }
        let _ = write!(text, "trunkline login --tenant $tenant --client-id $app.AppId");
        text.push_str(&self.login_options("trunkline.pem"));
        text
    }

    /// The options of the login that differ by what was registered.
    fn login_options(&self, pem: &str) -> String {
        let mut options = String::new();
        if self.cloud != Cloud::Global {
            let _ = write!(options, " --cloud {}", self.cloud.name());
        }
        if self.is_application {
            let _ = write!(options, " --credential certificate --certificate {pem}");
        }
        options.push('\n');
        options
    }
}
