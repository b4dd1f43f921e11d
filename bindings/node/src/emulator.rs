//! The emulator, in this process.

use std::sync::{Mutex, PoisonError};

use napi_derive::napi;
use serde::Deserialize;
use serde_json::Value;
use trunkline::{Error, ErrorKind, Result};
use trunkline_emulator::{ClockMode, Emulator, EmulatorBuilder, Fault, TokenRequest};

use crate::client::duration;
use crate::errors::{self, js_error, misuse};
use crate::events::Payload;
use crate::work::NativeBridge;

/// How an emulator is started; `emulator.ts` says what each is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    port: Option<u16>,
    manual_clock: Option<bool>,
    seed: Option<Value>,
    stage_duration: Option<f64>,
    advance_per_poll: Option<bool>,
    activation_delay: Option<f64>,
    immediate_checks: Option<bool>,
    strict: Option<bool>,
    realistic: Option<bool>,
    page_size: Option<usize>,
    next_links: Option<bool>,
    permission_checks: Option<bool>,
    require_token: Option<bool>,
    requests_per_second: Option<u32>,
    device_code_polls: Option<u32>,
    numbers: Option<usize>,
    allow_hosts: Option<Vec<String>>,
}

fn set<T>(
    builder: EmulatorBuilder,
    value: Option<T>,
    apply: impl FnOnce(EmulatorBuilder, T) -> EmulatorBuilder,
) -> EmulatorBuilder {
    match value {
        Some(value) => apply(builder, value),
        None => builder,
    }
}

impl Options {
    fn builder(self) -> Result<EmulatorBuilder> {
        let seconds = |name: &str, value: Option<f64>| value.map(|value| duration(name, value)).transpose();
        let mode = if self.manual_clock == Some(true) {
            ClockMode::Manual
        } else {
            ClockMode::System
        };
        let mut builder = Emulator::builder()
            .port(self.port.unwrap_or_default())
            .clock(mode)
            .requests_per_second(self.requests_per_second);
        let staged = seconds("stageDuration", self.stage_duration)?;
        let active = seconds("activationDelay", self.activation_delay)?;
        builder = set(builder, staged, EmulatorBuilder::stage_duration);
        builder = set(builder, self.advance_per_poll, EmulatorBuilder::advance_per_poll);
        builder = set(builder, active, EmulatorBuilder::activation_delay);
        builder = set(builder, self.immediate_checks, EmulatorBuilder::immediate_checks);
        builder = set(builder, self.strict, EmulatorBuilder::strict);
        builder = set(builder, self.realistic, EmulatorBuilder::realistic);
        builder = set(builder, self.page_size, EmulatorBuilder::page_size);
        builder = set(builder, self.next_links, EmulatorBuilder::next_links);
        builder = set(builder, self.permission_checks, EmulatorBuilder::permission_checks);
        builder = set(builder, self.require_token, EmulatorBuilder::require_token);
        builder = set(builder, self.device_code_polls, EmulatorBuilder::device_code_polls);
        for name in self.allow_hosts.iter().flatten() {
            builder = builder.allow_host(name);
        }
        if let Some(count) = self.numbers {
            builder = builder.seed(trunkline_emulator::bulk_numbers(count));
        }
        Ok(match self.seed {
            Some(Value::Array(seeds)) => seeds.into_iter().fold(builder, EmulatorBuilder::seed),
            Some(seed) => builder.seed(seed),
            None => builder,
        })
    }
}

/// Starts an emulator from JSON; it is sent under `id`.
#[napi]
pub fn start_emulator(bridge: &NativeBridge, id: u32, options: String) -> napi::Result<()> {
    let begin = || {
        let builder = errors::options::<Options>(&options)?.builder()?;
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
            Ok((Payload::Emulator(Box::new(native)), None))
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
