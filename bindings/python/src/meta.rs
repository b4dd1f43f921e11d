//! The metadata of answers.

use pyo3::prelude::*;
use trunkline::ResponseMeta;
use trunkline_core::http::HeaderMap;

/// Headers as names and values; what is no text is left out.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &trunkline_core::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect()
}

/// The metadata of an answer.
#[pyclass(frozen, module = "trunkline")]
pub(crate) struct Meta(ResponseMeta);

impl Meta {
    pub(crate) fn new(py: Python<'_>, meta: ResponseMeta) -> PyResult<Py<Self>> {
        Py::new(py, Self(meta))
    }
}

#[pymethods]
impl Meta {
    /// The HTTP status.
    #[getter]
    pub(crate) fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The headers, names in lower case.
    #[getter]
    pub(crate) fn headers(&self) -> std::collections::HashMap<String, String> {
        headers(self.0.headers()).into_iter().collect()
    }

    /// The id under which Microsoft's support finds the request.
    #[getter]
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// The id that this library gave the request.
    #[getter]
    fn client_request_id(&self) -> String {
        self.0.client_request_id()
    }

    /// How often it was sent.
    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let request_id = self.request_id().into_pyobject(py)?;
        Ok(format!(
            "Meta(status={}, request_id={}, attempts={})",
            self.status(),
            request_id.repr()?,
            self.attempts()
        ))
    }
}
