//! The credential that options, environment and profile describe.

use std::io::IsTerminal;

use trunkline::credential::TokenOwner;
use trunkline::{ClientCertificate, Credential, Error, ErrorKind};

use crate::arguments::CredentialName;
use crate::environment::{self, Variable};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::{Origin, Settings};
use crate::sign_in::{Item, Place, PlaceTokens, SignIn};

/// When a person may be asked to enter a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// When they chose the device code for this command, or sit at a terminal.
    AsChosen,
    /// Never: a command that shows who is signed in signs nobody in.
    Never,
}

/// One credential, by name. Nothing is tried in turn.
pub(crate) fn credential(settings: &Settings<'_>, printer: Printer, asking: Asking) -> Result<Credential, Failure> {
    let (name, origin) = settings.credential()?;
    Ok(match name {
        CredentialName::Environment => environment_credential(settings, origin)?,
        CredentialName::DeveloperTools => Credential::developer_tools(),
        CredentialName::ManagedIdentity => Credential::managed_identity(settings.client_id()?.as_deref()),
        CredentialName::Token => Credential::token(needed(environment::TOKEN)?.trim()),
        CredentialName::DeviceCode => device_code(settings, printer, asking, origin)?,
        CredentialName::Certificate => certificate(settings)?,
        CredentialName::ClientSecret => {
            let (tenant, client) = application(settings, "the client secret")?;
            Credential::client_secret(tenant, client, kept_secret(settings)?)
        }
    })
}

/// The application that the variables describe. Whoever has chosen nothing yet is shown the way to sign in.
fn environment_credential(settings: &Settings<'_>, origin: Origin) -> Result<Credential, Failure> {
    let read = match settings.named_tenant()? {
        Some(tenant) => Credential::from_environment_in(tenant),
        None => Credential::from_environment(),
    };
    Ok(read.map_err(|error| {
        if origin != Origin::Default || !error.message().starts_with("not signed in") {
            return error;
        }
        error.with_next_step(
            "Sign in with `trunkline login --tenant TENANT --client-id ID`, or set these variables; `trunkline permissions --for \
             numbers` prints the commands that register an application",
        )
    })?)
}

/// The application with its certificate.
pub(crate) fn certificate(settings: &Settings<'_>) -> Result<Credential, Failure> {
    let (tenant, client) = application(settings, "the certificate")?;
    let path = settings.certificate().ok_or_else(|| {
        Failure::refused(
            ErrorKind::InvalidInput,
            "no certificate is named",
            format!(
                "Set {} to a PEM file with certificate and key, or sign in with `trunkline login --credential certificate \
                 --certificate FILE`",
                environment::AZURE_CERTIFICATE.name
            ),
        )
    })?;
    let certificate = ClientCertificate::from_file(path);
    Ok(Credential::client_certificate(tenant, client, certificate))
}

fn device_code(
    settings: &Settings<'_>,
    printer: Printer,
    asking: Asking,
    origin: Origin,
) -> Result<Credential, Failure> {
    let (tenant, client) = application(settings, "the device code")?;
    let asks = match asking {
        Asking::Never => false,
        Asking::AsChosen => origin != Origin::Profile || std::io::stderr().is_terminal(),
    };
    let refusal = not_signed_in(settings);
    let place = settings.store().map(Place);
    if !asks && place.is_none() {
        return Err(refusal.into());
    }
    let otherwise = refusal.clone();
    let credential = Credential::device_code(tenant, client, move |prompt| {
        if !asks {
            return Err(otherwise.clone());
        }
        printer.prompt(&prompt.message);
        Ok(())
    });
    Ok(match place {
        Some(place) => credential.with_token_store(PlaceTokens {
            place,
            when_absent: (!asks).then_some(refusal),
        }),
        None => credential,
    })
}

/// The error of a command that would have to ask somebody to sign in, and must not.
fn not_signed_in(settings: &Settings<'_>) -> Error {
    let (message, next_step) = match settings.profile() {
        Some(profile) => {
            let name = &profile.name;
            (
                format!("not signed in with the profile {name}: no sign-in is kept, or it has ended"),
                format!("Run `trunkline login --profile {name}`"),
            )
        }
        None => (
            "not signed in: no sign-in is kept".to_owned(),
            "Run `trunkline login --tenant TENANT --client-id APPLICATION`".to_owned(),
        ),
    };
    Error::new(ErrorKind::Authentication, message).with_next_step(next_step)
}

/// The tenant and the application that a way to sign in needs.
pub(crate) fn application(settings: &Settings<'_>, way: &str) -> Result<(String, String), Failure> {
    let tenant = settings.tenant()?.ok_or_else(|| {
        Failure::refused(
            ErrorKind::InvalidInput,
            format!("{way} needs a tenant"),
            "Set --tenant or TRUNKLINE_TENANT",
        )
    })?;
    let client = settings.client_id()?.ok_or_else(|| {
        Failure::refused(
            ErrorKind::InvalidInput,
            format!("{} is not set, and no profile names the application", environment::AZURE_CLIENT.name),
            "Set it to the application's id, or sign in with `trunkline login --client-id ID`; `trunkline permissions --for \
             numbers` prints the commands that register an application",
        )
    })?;
    Ok((tenant, client))
}

/// The owner of the sign-in that these settings describe.
pub(crate) fn owner(settings: &Settings<'_>, tenant: &str, client: &str) -> Result<TokenOwner, Failure> {
    let endpoint = settings.endpoint()?.map(|setting| setting.value);
    let cloud = settings.cloud()?;
    let authority = endpoint.as_deref().unwrap_or_else(|| cloud.authority());
    Ok(TokenOwner::new(authority.trim(), tenant.trim(), client.trim()))
}

/// The secret of the application: that of the environment, else the one that is kept.
fn kept_secret(settings: &Settings<'_>) -> Result<String, Failure> {
    if let Some(secret) = environment::AZURE_SECRET.value()? {
        return Ok(secret);
    }
    let absent = || {
        Failure::refused(
            ErrorKind::Authentication,
            format!(
                "no client secret is kept, and {} is not set",
                environment::AZURE_SECRET.name
            ),
            "Set it, or keep the secret with `trunkline login --credential client-secret < FILE`",
        )
    };
    let place = settings.store().map(Place).ok_or_else(absent)?;
    let (tenant, client) = application(settings, "the client secret")?;
    let of = SignIn {
        owner: owner(settings, &tenant, &client)?,
        item: Item::ClientSecret,
    };
    let secret = place.load(&of)?.ok_or_else(absent)?;
    Ok(secret.expose().to_owned())
}

fn needed(variable: Variable) -> Result<String, Failure> {
    variable.value()?.ok_or_else(|| {
        let message = format!("{} is not set", variable.name);
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            "Set it, or choose another --credential",
        )
    })
}
