//! The emulator, whose methods are called by name.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use trunkline::{Error, ErrorKind, Result};
use trunkline_emulator::{Emulator, Fault, TokenRequest};

use crate::{Arguments, generated};

/// An emulator in this process, until it is closed.
#[derive(Debug)]
pub struct RunningEmulator {
    url: String,
    emulator: Mutex<Option<Emulator>>,
}

impl RunningEmulator {
    /// Starts an emulator and waits until it listens.
    ///
    /// # Errors
    ///
    /// When an option cannot be used, or its port is taken.
    pub fn start(options: Arguments) -> Result<Self> {
        let builder = generated::emulator_options(options, Emulator::builder())?;
        let emulator = builder.start_blocking().map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("the emulator cannot be started: {error}"),
            )
            .with_next_step("Check its seed, and that its port is free")
        })?;
        Ok(Self {
            url: emulator.url().to_owned(),
            emulator: Mutex::new(Some(emulator)),
        })
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls the method of this name in camel case, with its argument as JSON; returns the answer as JSON.
    ///
    /// # Errors
    ///
    /// When it has been closed, or the argument cannot be used.
    pub fn call(&self, method: &str, argument: &str) -> Result<String> {
        let emulator = self.emulator.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(emulator) = &*emulator else {
            let closed = Error::new(ErrorKind::InvalidInput, "the emulator has been closed");
            return Err(closed.with_next_step("Start another one"));
        };
        let answer = match method {
            "token" => Value::from(emulator.issue_token(read::<Option<TokenRequest>>(argument)?.unwrap_or_default())),
            "lastingToken" => Value::from(emulator.lasting_token()),
            "state" => emulator.state(),
            "requests" => json!(emulator.requests()),
            "mails" => json!(emulator.mails()),
            "plainUrl" => json!(emulator.plain_url()),
            "certificateFile" => json!(emulator.certificate_file()),
            "add" => emulator.add(&read(argument)?).map_err(wrong)?,
            _ => {
                match method {
                    "advance" => {
                        let seconds = Duration::try_from_secs_f64(read(argument)?);
                        emulator.advance(seconds.map_err(|_| wrong("seconds must be a number that is not negative"))?);
                    }
                    "setServicePlan" => {
                        let (user, plan, enabled): (String, String, bool) = read(argument)?;
                        emulator.set_service_plan(&user, &plan, enabled).map_err(wrong)?;
                    }
                    "seed" => emulator.seed(&read(argument)?).map_err(wrong)?,
                    "reset" => emulator.reset(),
                    "fault" => emulator.fault(read::<Fault>(argument)?),
                    "clearFaults" => emulator.clear_faults(),
                    "clearRequests" => emulator.clear_log(),
                    _ => return Err(wrong(format!("there is no method {method}"))),
                }
                Value::Null
            }
        };
        Ok(answer.to_string())
    }

    /// Stops it.
    pub fn close(&self) {
        let emulator = self.emulator.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(emulator);
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(wrong)
}

fn wrong(error: impl ToString) -> Error {
    Error::new(ErrorKind::InvalidInput, error.to_string()).with_next_step("See the emulator's documentation")
}
