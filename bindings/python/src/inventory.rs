//! Queries on the inventory of numbers.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use pyo3::prelude::*;
use pyo3::types::PyString;
use tokio::sync::Mutex;
use trunkline::Result;
use trunkline::numbers::NumberList;
use trunkline::teams_administration::NumberAssignment;
use trunkline_core::codec::{Encode, Model};

use crate::work::{Caller, Finish, Work};
use crate::{errors, records};

/// A record of the crate as a record of Python.
fn record<T: Model + Encode>(py: Python<'_>, record: &T) -> PyResult<Py<PyAny>> {
    let text = String::from_utf8(record.encode()).map_err(errors::system)?;
    let text = PyString::new(py, &text);
    Ok(records::decode(py, T::DESCRIPTOR.name, text.as_any())?.unbind())
}

/// A record, or `None`.
fn optional<T: Model + Encode + Send + 'static>(found: Option<T>) -> Finish {
    Box::new(move |py| match found {
        Some(found) => record(py, &found),
        None => Ok(py.None()),
    })
}

/// A list of the inventory of numbers.
#[pyclass(frozen, name = "NumberList", module = "trunkline._native")]
pub(crate) struct NativeList {
    pub(crate) query: NumberList,
    pub(crate) caller: Caller,
}

#[pymethods]
impl NativeList {
    fn first(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let query = self.query.clone();
        let work: Work = Box::pin(async move { query.first().await.map(optional) });
        self.caller.execute(py, work)
    }

    fn items(&self) -> NativeItems {
        let items = self.query.clone().items().ready_chunks(1000).boxed();
        NativeItems {
            items: Arc::new(Mutex::new(items)),
            caller: self.caller.clone(),
        }
    }
}

/// The records that arrived together.
type Chunk = Vec<Result<NumberAssignment>>;

/// The items of a list, as many at a time as have arrived.
#[pyclass(frozen, name = "Items", module = "trunkline._native")]
pub(crate) struct NativeItems {
    items: Arc<Mutex<BoxStream<'static, Chunk>>>,
    caller: Caller,
}

#[pymethods]
impl NativeItems {
    /// `(records, error)`, or `None` at the end.
    fn next(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let items = self.items.clone();
        let work: Work = Box::pin(async move {
            let chunk = items.lock().await.next().await;
            let finish: Finish = Box::new(move |py| {
                let Some(chunk) = chunk else { return Ok(py.None()) };
                let mut records = Vec::with_capacity(chunk.len());
                let mut failure = None;
                for item in chunk {
                    match item {
                        Ok(number) => records.push(record(py, &number)?),
                        Err(error) => failure = Some(errors::raised(py, &error).into_value(py)),
                    }
                }
                Ok((records, failure).into_pyobject(py)?.into_any().unbind())
            });
            Ok(finish)
        });
        self.caller.execute(py, work)
    }
}
