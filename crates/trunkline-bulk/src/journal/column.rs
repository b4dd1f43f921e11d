//! The columns of a journal, as values.

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Error, Result, Row};
use serde::de::DeserializeOwned;
use trunkline::{Change, Timestamp};

use super::entry::StepState;
use crate::outcome::Ending;
use crate::plan::{Verdict, first_version};

/// The value of a text, when there is one. Another text than this crate writes there is an error.
fn parsed<T, E>(row: &Row<'_>, index: usize, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(index)?.as_str_or_null()?;
    let strange = |error| Error::FromSqlConversionFailure(index, Type::Text, Box::new(error));
    text.map(|text| parse(text).map_err(strange)).transpose()
}

/// A value that is always there.
fn present<T>(value: Option<T>, index: usize) -> Result<T> {
    value.ok_or_else(|| Error::FromSqlConversionFailure(index, Type::Null, Box::new(FromSqlError::InvalidType)))
}

/// A value of parts of its own, when it may be absent.
pub(super) fn optional<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<Option<T>> {
    parsed(row, index, |text| serde_json::from_str(text))
}

/// A value of parts of its own, which is always there.
pub(super) fn required<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T> {
    present(optional(row, index)?, index)
}

/// The change of a step.
pub(super) fn change(row: &Row<'_>, index: usize) -> Result<Change> {
    let change = parsed(row, index, |text| serde_json::from_str(&first_version::upgraded(text)))?;
    present(change, index)
}

pub(super) fn moment(row: &Row<'_>, index: usize) -> Result<Option<Timestamp>> {
    parsed(row, index, |text| text.parse())
}

pub(super) fn ending(row: &Row<'_>, index: usize) -> Result<Option<Ending>> {
    parsed(row, index, |text| {
        Ending::from_name(text).ok_or(FromSqlError::InvalidType)
    })
}

pub(super) fn state(row: &Row<'_>, index: usize) -> Result<StepState> {
    let state = parsed(row, index, |text| {
        StepState::from_name(text).ok_or(FromSqlError::InvalidType)
    })?;
    present(state, index)
}

pub(super) fn verdict(row: &Row<'_>, index: usize) -> Result<Verdict> {
    let verdict = parsed(row, index, |text| {
        Verdict::from_name(text).ok_or(FromSqlError::InvalidType)
    })?;
    present(verdict, index)
}
