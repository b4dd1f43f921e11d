//! Records as text, for people: masked, unless the program says otherwise.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use pyo3::types::PyString;
use trunkline_core::codec::Sensitivity;
use trunkline_core::mask;

use super::classes::class_of;
use super::{Record, unset};
use crate::exit;

static IS_MASKED: AtomicBool = AtomicBool::new(true);

/// Chooses what `repr` of records shows, for the whole process.
///
/// Args:
///     masked: Whether telephone numbers, names and ids of people are masked, as they are from the start. Secrets, such as
///         passwords and passes, are masked in any case.
#[pyfunction]
#[pyo3(signature = (*, masked))]
pub(crate) fn set_repr(masked: bool) {
    IS_MASKED.store(masked, Ordering::Relaxed);
}

/// The text of a record.
pub(super) fn repr(record: &Bound<'_, Record>) -> PyResult<String> {
    let py = record.py();
    let _crossing = exit::crossing(py);
    let is_masked = IS_MASKED.load(Ordering::Relaxed);
    let layout = record.get().layout;
    let class = class_of(py, layout)?;
    let mut shown = Vec::new();
    for (index, field) in layout.fields().iter().enumerate() {
        let value = record.get().value(py, index);
        let value = match (value, record.get().raw(py, index)) {
            (Ok(value), _) => value.into_bound(py),
            // A value of the service is shown as it is, whatever its type should be.
            (Err(_), Some(raw)) => PyString::new(py, raw.trim_matches('"')).into_any(),
            (Err(error), None) => return Err(error),
        };
        if value.is(unset(py)?) {
            continue;
        }
        let text = match field.field.sensitivity {
            _ if value.is_none() => "None".to_owned(),
            Sensitivity::Secret => "'…'".to_owned(),
            Sensitivity::Personal if is_masked => masked(&value.str()?.to_string()),
            // Public values hold no personal data by their type, but may embed it.
            Sensitivity::Public if is_masked => mask::text(&value.repr()?.to_string()),
            Sensitivity::Personal | Sensitivity::Public => mask::tokens(&value.repr()?.to_string()),
        };
        shown.push(format!("{}={text}", class.names[index].bind(py)));
    }
    // Names only: what a value we do not know means, we cannot say, so it may be personal.
    let additional = record.get().additional(py)?;
    let names: Vec<String> = additional.keys().iter().map(|name| name.to_string()).collect();
    if !names.is_empty() {
        shown.push(format!("additional=[{}]", names.join(", ")));
    }
    Ok(format!("{}({})", record.get_type().name()?, shown.join(", ")))
}

/// The last two characters, as everywhere in the package.
pub(super) fn masked(text: &str) -> String {
    let count = text.chars().count();
    if count <= 4 {
        return "'…'".to_owned();
    }
    let kept: String = text.chars().skip(count - 2).collect();
    format!("'…{kept}'")
}
