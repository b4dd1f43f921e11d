//! The emulator, in this process.

use std::sync::{Mutex, PoisonError};

use napi_derive::napi;
use trunkline::{Error, ErrorKind, Result};
use trunkline_binding::{Arguments, generated};
use trunkline_emulator::{Emulator, Fault, TokenRequest};

use crate::errors::{duration, js_error, misuse};
use crate::events::Payload;
use crate::work::NativeBridge;

/// Starts an emulator from JSON; it is sent under `id`.
#[napi]
pub fn start_emulator(bridge: &NativeBridge, id: u32, options: String) -> napi::Result<()> {
    let begin = || {
        let builder = generated::emulator_options(Arguments::parse(&options)?, Emulator::builder())?;
        bridge.queue().begin(id, async move {
            let started = tokio::task::spawn_blocking(move || builder.start_blocking()).await;
            let failed = |error: std::io::Error| {
                let message = format!("the emulator cannot be started: {error}");
                Error::new(ErrorKind::InvalidInput, message).with_next_step("Check its seed, and that its port is free")
            };
            let emulator = started
                .unwrap_or_else(|error| Err(std::io::Error::other(error)))
                .map_err(failed)?;
            let native = NativeEmulator {
                url: emulator.url().to_owned(),
                emulator: Mutex::new(Some(emulator)),
            };
            Ok((Payload::Instance(Box::new(native)), None))
        })
    };
    begin().map_err(|error| js_error(&error))
}

/// A running emulator. JSON goes in and out as text.
#[napi(js_name = "Emulator")]
pub struct NativeEmulator {
    url: String,
    emulator: Mutex<Option<Emulator>>,
}

impl NativeEmulator {
    fn with<T>(&self, act: impl FnOnce(&Emulator) -> Result<T>) -> napi::Result<T> {
        let done = match &*self.emulator.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(emulator) => act(emulator),
            None => Err(misuse("the emulator has been closed", "Start another one")),
        };
        done.map_err(|error| js_error(&error))
    }
}

fn wrong(error: impl std::fmt::Display) -> Error {
    misuse(error.to_string(), "See the emulator's documentation")
}

#[napi]
impl NativeEmulator {
    /// Where it is.
    #[napi(getter)]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A token, by wishes in JSON.
    #[napi]
    pub fn token(&self, wishes: Option<String>) -> napi::Result<String> {
        self.with(|emulator| {
            let wishes = match &wishes {
                Some(wishes) => serde_json::from_str::<TokenRequest>(wishes).map_err(wrong)?,
                None => TokenRequest::default(),
            };
            Ok(emulator.issue_token(wishes))
        })
    }

    /// Moves its clock forward.
    #[napi]
    pub fn advance(&self, seconds: f64) -> napi::Result<()> {
        self.with(|emulator| {
            emulator.advance(duration("seconds", seconds)?);
            Ok(())
        })
    }

    /// The whole state.
    #[napi]
    pub fn state(&self) -> napi::Result<String> {
        self.with(|emulator| Ok(emulator.state().to_string()))
    }

    /// Replaces parts of the state.
    #[napi]
    pub fn seed(&self, seed: String) -> napi::Result<()> {
        self.with(|emulator| {
            emulator
                .seed(&serde_json::from_str(&seed).map_err(wrong)?)
                .map_err(wrong)
        })
    }

    /// Back to the state at the start.
    #[napi]
    pub fn reset(&self) -> napi::Result<()> {
        self.with(|emulator| {
            emulator.reset();
            Ok(())
        })
    }

    /// Puts a fault in force.
    #[napi]
    pub fn fault(&self, fault: String) -> napi::Result<()> {
        self.with(|emulator| {
            emulator.fault(serde_json::from_str::<Fault>(&fault).map_err(wrong)?);
            Ok(())
        })
    }

    /// Takes all faults out of force.
    #[napi]
    pub fn clear_faults(&self) -> napi::Result<()> {
        self.with(|emulator| {
            emulator.clear_faults();
            Ok(())
        })
    }

    /// The requests so far.
    #[napi]
    pub fn requests(&self) -> napi::Result<String> {
        self.with(|emulator| serde_json::to_string(&emulator.requests()).map_err(wrong))
    }

    /// Forgets the requests so far.
    #[napi]
    pub fn clear_requests(&self) -> napi::Result<()> {
        self.with(|emulator| {
            emulator.clear_log();
            Ok(())
        })
    }

    /// Stops it.
    #[napi]
    pub fn close(&self) {
        let emulator = self.emulator.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(emulator);
    }
}
