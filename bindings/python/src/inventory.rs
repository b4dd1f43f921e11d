//! Queries on the inventory of numbers.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use pyo3::prelude::*;
use tokio::sync::Mutex;
use trunkline::Result;
use trunkline::numbers::NumberQuery;
use trunkline::teams_administration::NumberAssignment;

use crate::errors;
use crate::intents::{optional, record};
use crate::work::{Bridge, Finish, Work, execute};

/// A query on the inventory of numbers.
#[pyclass(frozen, name = "Query", module = "trunkline._native")]
pub(crate) struct NativeQuery {
    pub(crate) query: NumberQuery,
}

#[pymethods]
impl NativeQuery {
    fn first(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>) -> PyResult<Py<PyAny>> {
        let query = self.query.clone();
        execute(py, bridge, Box::pin(async move { query.first().await.map(optional) }))
    }

    fn items(&self) -> NativeItems {
        let items = self.query.clone().items().ready_chunks(1000).boxed();
        NativeItems {
            items: Arc::new(Mutex::new(items)),
        }
    }
}

/// The records that arrived together.
type Chunk = Vec<Result<NumberAssignment>>;

/// The items of a query, as many at a time as have arrived.
#[pyclass(frozen, name = "Items", module = "trunkline._native")]
pub(crate) struct NativeItems {
    items: Arc<Mutex<BoxStream<'static, Chunk>>>,
}

#[pymethods]
impl NativeItems {
    /// `(records, error)`, or `None` at the end.
    fn next(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>) -> PyResult<Py<PyAny>> {
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
        execute(py, bridge, work)
    }
}
