//! Arguments of calls that are no bodies: dictionaries of options, durations, retry policies.

use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use trunkline::RetryPolicy;
use trunkline_binding::{Arguments, generated};
use trunkline_core::codec::Writer;

use crate::{errors, writing};

/// Seconds that a caller gave.
pub(crate) fn duration(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err(format!("{name} must be a number of seconds that is not negative")))
}

/// The retry policy of one call: a `RetryPolicy`, which is a named tuple, or a number of attempts.
pub(crate) fn retry(policy: Option<&Bound<'_, PyAny>>) -> PyResult<Option<RetryPolicy>> {
    let Some(policy) = policy else { return Ok(None) };
    let py = policy.py();
    let options = PyDict::new(py);
    if policy.is_instance_of::<PyTuple>() {
        options.set_item("retry", policy.call_method0("_asdict")?)?;
    } else {
        options.set_item("retry", policy)?;
    }
    let policy = arguments(&options)?.record("retry", "RetryPolicy", Some("attempts"));
    policy
        .and_then(|policy| {
            policy
                .map(|policy| generated::retry_policy(policy, RetryPolicy::default()))
                .transpose()
        })
        .map_err(|error| errors::argument(py, error))
}

/// The arguments of a call, from a dictionary.
pub(crate) fn arguments(options: &Bound<'_, PyDict>) -> PyResult<Arguments> {
    let mut writer = Writer::new();
    writing::write_any(&mut writer, options)?;
    let json = String::from_utf8(writer.into_bytes()).map_err(errors::system)?;
    Arguments::parse(&json).map_err(|error| errors::argument(options.py(), error))
}
