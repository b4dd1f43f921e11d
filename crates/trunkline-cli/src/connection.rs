//! The client that options, environment and profile describe.

use std::sync::Arc;

use trunkline::{Client, ClientBuilder, Cloud, Credential, ErrorKind, Pace, RetryPolicy, ScaledClock};

use crate::credentials::{Asking, credential};
use crate::environment;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::{Origin, Settings};

/// The service to connect to, and the credential.
pub(crate) struct Connection<'g> {
    settings: &'g Settings<'g>,
    printer: Printer,
}

impl<'g> Connection<'g> {
    pub(crate) fn new(settings: &'g Settings<'g>, printer: Printer) -> Self {
        Self { settings, printer }
    }

    /// The client.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let credential = self.credential()?;
        self.client_of(credential)
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

    /// A client that asks nobody to sign in: who is signed in is shown, and not changed.
    pub(crate) fn client_without_asking(&self) -> Result<Client, Failure> {
        let credential = credential(self.settings, self.printer, Asking::Never)?;
        self.client_of(credential)
    }

    /// The client of a credential that is at hand.
    pub(crate) fn client_of(&self, credential: Credential) -> Result<Client, Failure> {
        let builder = self.builder()?.credential(credential);
        Ok(builder.build().map_err(|error| self.in_our_words(error))?)
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &'g Settings<'g> {
        self.settings
    }

    /// The address that was named instead of the cloud's.
    pub(crate) fn endpoint(&self) -> Result<Option<String>, Failure> {
        Ok(self.settings.endpoint()?.map(|setting| setting.value))
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
        self.settings.cloud()
    }

    fn builder(&self) -> Result<ClientBuilder, Failure> {
        let global = self.settings.global();
        let mut builder = Client::builder()
            .cloud(self.cloud()?)
            .allow_endpoint(global.allow_endpoint)
            .user_agent(concat!("trunkline-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(tenant) = self.settings.tenant()? {
            builder = builder.tenant(tenant);
        }
        if let Some(endpoint) = self.endpoint()? {
            builder = builder.endpoint(endpoint);
        }
        if let Some(country) = self.settings.country() {
            builder = builder.country(country);
        }
        if let Some(clock) = scaled_time()? {
            builder = builder.clock(Arc::new(clock));
        }
        if let Some(timeout) = global.attempt_timeout {
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
        let source = match self.settings.endpoint() {
            Ok(Some(setting)) => match setting.origin {
                Origin::Variable(name) => name,
                Origin::Profile => "the endpoint of the profile",
                Origin::Option | Origin::Default => "--endpoint",
            },
            _ => "--endpoint",
        };
        let message = format!("{source} {what}");
        error
            .with_message(message)
            .with_next_step("Use a complete address, such as http://127.0.0.1:8080")
    }

    /// One credential, by name. Nothing is tried in turn.
    fn credential(&self) -> Result<Credential, Failure> {
        credential(self.settings, self.printer, Asking::AsChosen)
    }
}

/// The clock that a campaign gave this process.
pub(crate) fn scaled_time() -> Result<Option<ScaledClock>, Failure> {
    let text = environment::TIME_SCALE.value()?;
    Ok(text.map(|text| text.parse()).transpose()?)
}
