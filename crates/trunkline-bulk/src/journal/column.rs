//! The columns of a journal, as values.

use rusqlite::Row;
use rusqlite::types::FromSqlError;
use serde::de::DeserializeOwned;
use trunkline::{Change, Timestamp};

use super::entry::StepState;
use crate::outcome::Ending;
use crate::plan::{Verdict, first_version};

/// A value that is not what this crate writes there.
fn strange(index: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
}

/// A value of parts of its own, which is always there.
pub(super) fn required<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    serde_json::from_str(text).map_err(|error| strange(index, error))
}

/// The change of a step.
pub(super) fn change(row: &Row<'_>, index: usize) -> rusqlite::Result<Change> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    serde_json::from_str(&first_version::upgraded(text)).map_err(|error| strange(index, error))
}

/// A value of parts of its own, when it may be absent.
pub(super) fn optional<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| serde_json::from_str(text).map_err(|error| strange(index, error)))
        .transpose()
}

pub(super) fn moment(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| text.parse().map_err(|_| strange(index, FromSqlError::InvalidType)))
        .transpose()
}

pub(super) fn ending(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Ending>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| Ending::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType)))
        .transpose()
}

pub(super) fn state(row: &Row<'_>, index: usize) -> rusqlite::Result<StepState> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    StepState::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType))
}

pub(super) fn verdict(row: &Row<'_>, index: usize) -> rusqlite::Result<Verdict> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    Verdict::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType))
}
