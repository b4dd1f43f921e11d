//! The credential that options, environment and profile describe.

mod ownership;

use std::io::IsTerminal;

use trunkline::{ClientCertificate, Credential, Error, ErrorKind};

use crate::arguments::CredentialName;
use crate::environment::{self, Variable};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::{Origin, Settings};
use crate::sign_in::{KeptSignIn, PlaceTokens};

pub(crate) use ownership::{forget_unused, in_use, item, kept_by, owner};

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
            Credential::client_secret(tenant, client, secret(settings)?)
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
    let own = KeptSignIn::of_command(settings, CredentialName::DeviceCode)?;
    let refusal = not_signed_in(settings, own.as_ref());
    let place = own.map(|own| own.place);
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
fn not_signed_in(settings: &Settings<'_>, own: Option<&KeptSignIn>) -> Error {
    let (message, next_step) = match settings.profile() {
        Some(profile) if own.is_none() && KeptSignIn::of(profile).is_some() => (
            format!(
                "not signed in: an option or a variable names another tenant, application, cloud or way to sign in than that of \
                 the profile {}",
                profile.name
            ),
            "Leave it out, or sign in there with `trunkline login` and name that profile with --profile".to_owned(),
        ),
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

/// The secret of the application: the one that `login` keeps for the profile, else that of the environment.
fn secret(settings: &Settings<'_>) -> Result<String, Failure> {
    if let Some(KeptSignIn { place, sign_in }) = KeptSignIn::of_command(settings, CredentialName::ClientSecret)?
        && let Some(secret) = place.load(&sign_in)?
    {
        return Ok(secret.expose().to_owned());
    }
    let secret = environment::AZURE_SECRET.value()?.ok_or_else(|| {
        Failure::refused(
            ErrorKind::Authentication,
            format!(
                "no client secret is kept, and {} is not set",
                environment::AZURE_SECRET.name
            ),
            "Set it, or keep the secret with `trunkline login --credential client-secret < FILE`",
        )
    })?;
    Ok(secret.trim().to_owned())
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
