//! From an operation's id to the typed call, written by hand.

mod batch;
mod configurations;
mod directory;
mod emails;
mod methods;
mod numbers;
mod passkeys;
mod phones;
mod reports;
mod teams;

pub use batch::{SEND, send};

use crate::call::Call;
use crate::plan::Planning;

/// Operations and the calls they are.
type Table = &'static [(&'static str, fn(&Call<'_>) -> Planning)];

const TABLES: &[Table] = &[
    configurations::CALLS,
    directory::CALLS,
    emails::CALLS,
    methods::CALLS,
    numbers::CALLS,
    passkeys::CALLS,
    phones::CALLS,
    reports::CALLS,
    teams::CALLS,
];

/// Every operation that can be called, [`SEND`] included.
#[must_use]
pub fn operations() -> Vec<&'static str> {
    let calls = TABLES.iter().flat_map(|table| table.iter());
    calls.map(|(id, _)| *id).chain([SEND]).collect()
}

/// Plans a call of an operation.
///
/// # Errors
///
/// When there is no such operation, or the case does not fit it.
pub fn plan(operation: &str, call: &Call<'_>) -> Planning {
    let mut calls = TABLES.iter().flat_map(|table| table.iter());
    let (_, make) = calls
        .find(|(id, _)| *id == operation)
        .ok_or_else(|| format!("nobody wrote down how to call {operation}"))?;
    let planned = make(call)?;
    match call.unused() {
        unused if unused.is_empty() => Ok(planned),
        unused => Err(format!("the call makes no use of {}", unused.join(", "))),
    }
}
