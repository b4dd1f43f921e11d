//! Intents: begun by name, with their arguments as a dictionary; their answers are values that JSON has.

use futures_util::FutureExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use trunkline_binding::{Answer, Watch, generated};

use crate::arguments::arguments;
use crate::client::NativeClient;
use crate::inventory::NativeList;
use crate::progress::{self, NativeChange};
use crate::work::{Finish, Work};
use crate::{errors, values};

/// An answer of JSON as a value of Python.
fn answered(json: String) -> Finish {
    Box::new(move |py| Ok(values::loads(py, &json)?.unbind()))
}

/// The intents on one client.
#[pyclass(frozen, name = "Intents", module = "trunkline._native")]
pub(crate) struct NativeIntents {
    client: Py<NativeClient>,
}

impl NativeIntents {
    fn start(&self, call: &str, options: &Bound<'_, PyDict>, watch: Option<Watch>) -> PyResult<Answer> {
        let py = options.py();
        let client = self.client.get().usable(py)?;
        generated::start(&client, call, arguments(options)?, watch).map_err(|error| errors::argument(py, error))
    }
}

#[pymethods]
impl NativeIntents {
    #[new]
    fn new(client: Py<NativeClient>) -> Self {
        Self { client }
    }

    /// Begins a change.
    fn change(&self, call: &str, arguments: &Bound<'_, PyDict>, watched: bool) -> PyResult<NativeChange> {
        let (watch, steps) = progress::watching(watched);
        let answer = self.start(call, arguments, watch)?;
        let work: Work = Box::pin(answer.map(|json| json.map(answered)));
        Ok(NativeChange::new(work, steps, self.client.get().caller()))
    }

    /// Reads.
    fn read(&self, py: Python<'_>, call: &str, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let answer = self.start(call, arguments, None)?;
        let work: Work = Box::pin(answer.map(|json| json.map(answered)));
        self.client.get().caller().execute(py, work)
    }

    /// Answers without the service.
    fn now(&self, py: Python<'_>, call: &str, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let answer = self.start(call, arguments, None)?.now_or_never();
        let json = answer.ok_or_else(|| errors::system("the answer takes time"))?;
        answered(json.map_err(|error| errors::raised(py, &error))?)(py)
    }

    /// A list of the inventory.
    fn list(&self, conditions: &Bound<'_, PyDict>) -> PyResult<NativeList> {
        let py = conditions.py();
        let query = self.client.get().usable(py)?.numbers().list();
        let query = generated::number_conditions(arguments(conditions)?, query);
        let query = query.map_err(|error| errors::argument(py, error))?;
        let caller = self.client.get().caller();
        Ok(NativeList { query, caller })
    }
}
