//! The emulator, in this process.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::exit;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use trunkline_emulator::{ClockMode, Emulator, EmulatorBuilder, Fault, TokenRequest};

/// A running emulator. JSON goes in and out as text; `trunkline.Emulator` makes values of it.
#[pyclass(frozen, name = "Emulator", module = "trunkline._native")]
pub(crate) struct NativeEmulator(Mutex<Option<Emulator>>);

impl NativeEmulator {
    fn with<T>(&self, act: impl FnOnce(&Emulator) -> PyResult<T>) -> PyResult<T> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(emulator) => act(emulator),
            None => Err(PyRuntimeError::new_err("the emulator has been closed")),
        }
    }
}

fn wrong(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn seconds(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(wrong)
}

#[pymethods]
impl NativeEmulator {
    #[new]
    #[pyo3(signature = (*, port=0, manual_clock=false, seeds=Vec::new(), stage_duration=None, advance_per_poll=None,
        activation_delay=None, immediate_checks=None, strict=None, realistic=None, page_size=None, next_links=None,
        permission_checks=None, require_token=None, requests_per_second=None, numbers=None, allow_hosts=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        port: u16,
        manual_clock: bool,
        seeds: Vec<String>,
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
        numbers: Option<usize>,
        allow_hosts: Vec<String>,
    ) -> PyResult<Self> {
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
        let mode = if manual_clock {
            ClockMode::Manual
        } else {
            ClockMode::System
        };
        let mut builder = Emulator::builder()
            .port(port)
            .clock(mode)
            .requests_per_second(requests_per_second);
        builder = set(
            builder,
            stage_duration.map(seconds).transpose()?,
            EmulatorBuilder::stage_duration,
        );
        builder = set(builder, advance_per_poll, EmulatorBuilder::advance_per_poll);
        builder = set(
            builder,
            activation_delay.map(seconds).transpose()?,
            EmulatorBuilder::activation_delay,
        );
        builder = set(builder, immediate_checks, EmulatorBuilder::immediate_checks);
        builder = set(builder, strict, EmulatorBuilder::strict);
        builder = set(builder, realistic, EmulatorBuilder::realistic);
        builder = set(builder, page_size, EmulatorBuilder::page_size);
        builder = set(builder, next_links, EmulatorBuilder::next_links);
        builder = set(builder, permission_checks, EmulatorBuilder::permission_checks);
        builder = set(builder, require_token, EmulatorBuilder::require_token);
        if let Some(count) = numbers {
            builder = builder.seed(trunkline_emulator::bulk_numbers(count));
        }
        for name in &allow_hosts {
            builder = builder.allow_host(name);
        }
        for seed in &seeds {
            builder = builder.seed(serde_json::from_str(seed).map_err(wrong)?);
        }
        let emulator = exit::detached(py, || builder.start_blocking()).map_err(wrong)?;
        Ok(Self(Mutex::new(Some(emulator))))
    }

    fn url(&self) -> PyResult<String> {
        self.with(|emulator| Ok(emulator.url().to_owned()))
    }

    fn token(&self, request: Option<&str>) -> PyResult<String> {
        let request = match request {
            Some(request) => serde_json::from_str::<TokenRequest>(request).map_err(wrong)?,
            None => TokenRequest::default(),
        };
        self.with(|emulator| Ok(emulator.issue_token(request)))
    }

    fn advance(&self, by: f64) -> PyResult<()> {
        let by = seconds(by)?;
        self.with(|emulator| {
            emulator.advance(by);
            Ok(())
        })
    }

    fn state(&self) -> PyResult<String> {
        self.with(|emulator| Ok(emulator.state().to_string()))
    }

    fn seed(&self, seed: &str) -> PyResult<()> {
        let seed = serde_json::from_str(seed).map_err(wrong)?;
        self.with(|emulator| emulator.seed(&seed).map_err(wrong))
    }

    fn reset(&self) -> PyResult<()> {
        self.with(|emulator| {
            emulator.reset();
            Ok(())
        })
    }

    fn fault(&self, fault: &str) -> PyResult<()> {
        let fault: Fault = serde_json::from_str(fault).map_err(wrong)?;
        self.with(|emulator| {
            emulator.fault(fault);
            Ok(())
        })
    }

    fn clear_faults(&self) -> PyResult<()> {
        self.with(|emulator| {
            emulator.clear_faults();
            Ok(())
        })
    }

    fn requests(&self) -> PyResult<String> {
        self.with(|emulator| serde_json::to_string(&emulator.requests()).map_err(wrong))
    }

    fn clear_requests(&self) -> PyResult<()> {
        self.with(|emulator| {
            emulator.clear_log();
            Ok(())
        })
    }

    fn close(&self, py: Python<'_>) {
        let emulator = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        exit::detached(py, || drop(emulator));
    }
}
