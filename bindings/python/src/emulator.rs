//! The native part of `trunkline.Emulator`, which runs the emulator in this process.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use trunkline_binding::generated;
use trunkline_emulator::{Emulator, Fault, TokenRequest};

use crate::arguments::arguments;
use crate::{errors, exit};

/// A running emulator. JSON crosses as text; `trunkline.Emulator` converts it to Python values.
#[pyclass(frozen, name = "Emulator", module = "trunkline._native")]
pub(crate) struct NativeEmulator(Mutex<Option<Emulator>>);

impl NativeEmulator {
    fn with<T>(&self, run: impl FnOnce(&Emulator) -> PyResult<T>) -> PyResult<T> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(emulator) => run(emulator),
            None => Err(PyRuntimeError::new_err("the emulator has been closed")),
        }
    }
}

fn value_error(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn seconds(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(value_error)
}

#[pymethods]
impl NativeEmulator {
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let builder = generated::emulator_options(arguments(options)?, Emulator::builder());
        let builder = builder.map_err(|error| errors::argument(py, error))?;
        let emulator = exit::detached(py, || builder.start_blocking()).map_err(value_error)?;
        Ok(Self(Mutex::new(Some(emulator))))
    }

    fn url(&self) -> PyResult<String> {
        self.with(|emulator| Ok(emulator.url().to_owned()))
    }

    fn token(&self, request: Option<&str>) -> PyResult<String> {
        let request = match request {
            Some(request) => serde_json::from_str::<TokenRequest>(request).map_err(value_error)?,
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
        let seed = serde_json::from_str(seed).map_err(value_error)?;
        self.with(|emulator| emulator.seed(&seed).map_err(value_error))
    }

    fn reset(&self) -> PyResult<()> {
        self.with(|emulator| {
            emulator.reset();
            Ok(())
        })
    }

    fn fault(&self, fault: &str) -> PyResult<()> {
        let fault: Fault = serde_json::from_str(fault).map_err(value_error)?;
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
        self.with(|emulator| serde_json::to_string(&emulator.requests()).map_err(value_error))
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
