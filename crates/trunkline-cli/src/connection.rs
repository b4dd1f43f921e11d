//! The client that the options and the environment describe.

use std::sync::Arc;

use trunkline::{Client, ClientBuilder, Cloud, Credential, ErrorKind, Pace, RetryPolicy, ScaledClock};

use crate::arguments::{CloudName, CredentialName, Global};
use crate::environment::{self, Variable};
use crate::failure::Failure;
use crate::printer::Printer;

/// The service to connect to, and the credential.
pub(crate) struct Connection<'g> {
    global: &'g Global,
    printer: Printer,
}

impl<'g> Connection<'g> {
    pub(crate) fn new(global: &'g Global, printer: Printer) -> Self {
        Self { global, printer }
    }

    /// The client.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let credential = self.credential()?;
        Ok(self
            .builder()?
            .credential(credential)
            .build()
            .map_err(|error| self.in_our_words(error))?)
    }

    /// A client for many requests that nobody waits for one by one: it keeps a pace, and waits longer for a service that
    /// is busy.
    pub(crate) fn client_for_jobs(&self, pace: Pace) -> Result<Client, Failure> {
        let credential = self.credential()?;
        let builder = self.builder()?.pace(pace).retry(RetryPolicy::for_jobs());
        Ok(builder
            .credential(credential)
            .build()
            .map_err(|error| self.in_our_words(error))?)
    }

    /// A client that tells at once what is wrong instead of trying again.
    pub(crate) fn client_for_diagnosis(&self) -> Result<Client, Failure> {
        let credential = self.credential()?;
        let builder = self.builder()?.retry(RetryPolicy::never());
        Ok(builder
            .credential(credential)
            .build()
            .map_err(|error| self.in_our_words(error))?)
    }

    /// The address that was named instead of the cloud's.
    pub(crate) fn endpoint(&self) -> Result<Option<String>, Failure> {
        named_or(self.global.endpoint.clone(), environment::ENDPOINT)
    }

    /// A client for plans: it cannot send anything, as it refuses to sign in.
    pub(crate) fn offline(&self) -> Result<Client, Failure> {
        let refusal = Credential::callback(|_| async {
            Err(trunkline::Error::new(
                ErrorKind::Cancelled,
                "a plan was about to be sent",
            ))
        });
        Ok(self
            .builder()?
            .credential(refusal)
            .build()
            .map_err(|error| self.in_our_words(error))?)
    }

    /// The cloud.
    pub(crate) fn cloud(&self) -> Result<Cloud, Failure> {
        if let Some(CloudName(cloud)) = self.global.cloud {
            return Ok(cloud);
        }
        environment::CLOUD
            .value()?
            .map_or(Ok(Cloud::Global), |name| parse(&name))
    }

    fn builder(&self) -> Result<ClientBuilder, Failure> {
        let mut builder = Client::builder()
            .cloud(self.cloud()?)
            .allow_endpoint(self.global.allow_endpoint)
            .user_agent(concat!("trunkline-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(tenant) = self.tenant()? {
            builder = builder.tenant(tenant);
        }
        if let Some(endpoint) = self.endpoint()? {
            builder = builder.endpoint(endpoint);
        }
        if let Some(clock) = scaled_time()? {
            builder = builder.clock(Arc::new(clock));
        }
        if let Some(timeout) = self.global.attempt_timeout {
            builder = builder.attempt_timeout(timeout);
        }
        Ok(builder)
    }

    /// The client speaks of a method; here it is an option or a variable.
    fn in_our_words(&self, error: trunkline::Error) -> trunkline::Error {
        if error.next_step().starts_with("Allow the endpoint explicitly") {
            return error.with_next_step(
                "Check its spelling. If it is right, add --allow-endpoint, and it receives your token",
            );
        }
        let Some(what) = error.message().strip_prefix("the root address ") else {
            return error;
        };
        let source = if self.global.endpoint.is_some() {
            "--endpoint"
        } else {
            environment::ENDPOINT.name
        };
        let message = format!("{source} {what}");
        error
            .with_message(message)
            .with_next_step("Use a complete address, such as http://127.0.0.1:8080")
    }

    fn tenant(&self) -> Result<Option<String>, Failure> {
        match self.named_tenant()? {
            None => environment::AZURE_TENANT.value(),
            named => Ok(named),
        }
    }

    /// The tenant that a person named for this command, and not the one that an application in the environment is of.
    fn named_tenant(&self) -> Result<Option<String>, Failure> {
        named_or(self.global.tenant.clone(), environment::TENANT)
    }

    /// One credential, by name. Nothing is tried in turn.
    fn credential(&self) -> Result<Credential, Failure> {
        let named = match self.global.credential {
            Some(name) => Some(name),
            None => environment::CREDENTIAL
                .value()?
                .map(|name| credential_name(&name))
                .transpose()?,
        };
        let name = match named {
            Some(name) => name,
            None if environment::TOKEN.value()?.is_some() => CredentialName::Token,
            None => CredentialName::Environment,
        };
        Ok(match name {
            CredentialName::Environment => match self.named_tenant()? {
                Some(tenant) => Credential::from_environment_in(tenant)?,
                None => Credential::from_environment()?,
            },
            CredentialName::DeveloperTools => Credential::developer_tools(),
            CredentialName::ManagedIdentity => {
                Credential::managed_identity(environment::AZURE_CLIENT.value()?.as_deref())
            }
            CredentialName::Token => Credential::token(needed(environment::TOKEN)?.trim()),
            CredentialName::DeviceCode => {
                let tenant = self.tenant()?.ok_or_else(|| {
                    Failure::refused(
                        ErrorKind::InvalidInput,
                        "the device code needs a tenant",
                        "Set --tenant or TRUNKLINE_TENANT",
                    )
                })?;
                let printer = self.printer;
                Credential::device_code(tenant, needed(environment::AZURE_CLIENT)?, move |prompt| {
                    printer.prompt(&prompt.message);
                })
            }
        })
    }
}

/// The clock that a campaign gave this process.
pub(crate) fn scaled_time() -> Result<Option<ScaledClock>, Failure> {
    let text = environment::TIME_SCALE.value()?;
    Ok(text.map(|text| text.parse()).transpose()?)
}

fn named_or(named: Option<String>, variable: Variable) -> Result<Option<String>, Failure> {
    match named {
        None => variable.value(),
        named => Ok(named),
    }
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

fn parse(name: &str) -> Result<Cloud, Failure> {
    trunkline::IntoCloud::into_cloud(name).map_err(Failure::from)
}

fn credential_name(name: &str) -> Result<CredentialName, Failure> {
    use clap::ValueEnum;
    CredentialName::from_str(name.trim(), true).map_err(|_| {
        let known: Vec<String> = CredentialName::value_variants()
            .iter()
            .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
            .collect();
        let message = format!("{} is not a known credential", environment::CREDENTIAL.name);
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            format!("Use one of {}", known.join(", ")),
        )
    })
}
