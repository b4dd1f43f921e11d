//! The members of records: values of properties, JSON, comparison, text.

use std::sync::Arc;

use pyo3::exceptions::{PyAttributeError, PyKeyError, PyRuntimeError, PyTypeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use trunkline::dynamic::Place;
use trunkline_core::codec::{ContentItem, Reader, Writer};

use super::body::Origin;
use super::classes::{class_of, layout_named};
use super::required::Required;
use super::{PENDING, Record, Slot, display, mapping, record, unset};
use crate::meta::Meta;
use crate::values::{accepts, loads, read_any, read_value, wrong_type};
use crate::writing::{write_any, write_record};
use crate::{errors, exit};

impl Record {
    pub(crate) fn value(&self, py: Python<'_>, index: usize) -> PyResult<Py<PyAny>> {
        let Some(field) = self.layout.fields().get(index) else {
            return Err(PyAttributeError::new_err("the record is of another type"));
        };
        let place = match self.slot(py, index) {
            Some(Some(value)) => return Ok(value),
            Some(None) => 0,
            None => self.origin.place(index),
        };
        if place == 0 {
            return Ok(unset(py)?.clone().unbind());
        }
        let content = field.content;
        let source = || self.origin.text();
        let value = read_value(py, self.origin.as_str(), &source, place, content)?.unbind();
        // Texts are made anew each time, which is as fast as keeping them; what can be changed must be kept.
        if content.collection || matches!(content.item, ContentItem::Structured(_) | ContentItem::Any) {
            return self.keep_first(py, index, value);
        }
        Ok(value)
    }

    /// Keeps a value that was made from the body, unless another thread was quicker.
    fn keep_first(&self, py: Python<'_>, index: usize, value: Py<PyAny>) -> PyResult<Py<PyAny>> {
        if let Some(Some(first)) = self.slot(py, index) {
            return Ok(first);
        }
        self.keep(index, Slot::Made(value.clone_ref(py)))?;
        Ok(value)
    }

    pub(crate) fn set(&self, py: Python<'_>, index: usize, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if value.is(unset(py)?) {
            return self.unset(index);
        }
        let Some(field) = self.layout.fields().get(index) else {
            return Err(PyAttributeError::new_err("the record is of another type"));
        };
        if !value.is_none() && !accepts(value, field.content)? {
            return Err(wrong_type(
                &format!("{}.{}", short(self.layout.name()), field.field.name),
                field.content,
                value,
            ));
        }
        self.keep(index, Slot::Made(value.clone().unbind())).map(drop)
    }

    /// The JSON of a property that is as it came.
    pub(crate) fn raw(&self, py: Python<'_>, index: usize) -> Option<&str> {
        let place = self.as_it_came(py, index)?;
        Reader::new(&self.origin.as_str()[place..]).raw().ok()
    }

    /// Members that the type does not describe.
    pub(crate) fn additional<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let known = || self.overlay().additional.as_ref().map(|known| known.bind(py).clone());
        if self.kept.get().is_some()
            && let Some(known) = known()
        {
            return Ok(known);
        }
        let made = PyDict::new(py);
        for (name, place) in self.origin.others() {
            made.set_item(name, read_any(py, self.origin.as_str(), place)?)?;
        }
        let mut kept = self.overlay();
        let first = kept.additional.get_or_insert_with(|| made.clone().unbind());
        Ok(first.bind(py).clone())
    }
}

#[pymethods]
impl Record {
    #[new]
    #[classmethod]
    #[pyo3(signature = (**properties))]
    fn new(class: &Bound<'_, PyType>, properties: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        if properties.is_none()
            && let Some(pending) = PENDING.take()
        {
            return Ok(Self::new_of(pending.layout, pending.origin, pending.meta));
        }
        let py = class.py();
        let name = class.getattr(intern!(py, "_type_name"));
        let name = name.and_then(|name| Ok(name.cast_into::<PyString>()?));
        let name = name.map_err(|_| PyTypeError::new_err("make a record of one of the graph's types"))?;
        let layout = layout_named(name.to_str()?)?;
        let names = &class_of(py, layout)?.names;
        let record = Self::new_of(layout, Origin::Nowhere, None);
        for (key, value) in properties.into_iter().flatten() {
            let key = key.cast_into::<PyString>()?;
            let same = |known: &Py<PyString>| known.bind(py).as_any().eq(&key).unwrap_or(false);
            // Names that a program spells out are mostly the same objects.
            let known = names.iter().position(|known| known.is(&key));
            let known = known.or_else(|| names.iter().position(same));
            match known {
                Some(index) => record.set(py, index, &value)?,
                None => {
                    return Err(PyTypeError::new_err(format!(
                        "{} has no property {key:?}",
                        class.name()?
                    )));
                }
            }
        }
        Ok(record)
    }

    /// Members that the type does not describe, by wire name; they are sent along.
    #[getter(additional)]
    fn get_additional<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.additional(py)
    }

    /// The metadata of the answer: status, headers, request id. `None` for a part of an answer.
    #[getter]
    fn meta(&self, py: Python<'_>) -> Option<Py<Meta>> {
        self.meta.as_ref().map(|meta| meta.clone_ref(py))
    }

    /// Everything that was said, by wire name, as plain dictionaries, lists and values.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        loads(slf.py(), &Self::to_json(slf)?)
    }

    /// The same, as JSON text.
    fn to_json(slf: &Bound<'_, Self>) -> PyResult<String> {
        let mut writer = Writer::new();
        write_record(slf, &mut writer, None, false, None, &Place::root())?;
        String::from_utf8(writer.into_bytes()).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        if let Some(index) = self.layout.find(name) {
            let value = self.value(py, index)?;
            return if value.bind(py).is(unset(py)?) {
                Err(PyKeyError::new_err(name.to_owned()))
            } else {
                Ok(value)
            };
        }
        let additional = self.additional(py)?;
        additional
            .get_item(name)?
            .map(Bound::unbind)
            .ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __setitem__(&self, py: Python<'_>, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match self.layout.find(name) {
            Some(index) => self.set(py, index, value),
            None => self.additional(py)?.set_item(name, value),
        }
    }

    fn __contains__(&self, py: Python<'_>, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(name) = name.cast::<PyString>() else {
            return Ok(false);
        };
        let name = &*name.to_cow()?;
        match self.layout.find(name) {
            Some(index) => Ok(!self.is_absent(py, index)),
            None => self.additional(py)?.contains(name),
        }
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        mapping::names(slf)?.call_method0(intern!(slf.py(), "__iter__"))
    }

    fn __len__(slf: &Bound<'_, Self>) -> PyResult<usize> {
        Ok(mapping::names(slf)?.len())
    }

    /// A record is there, even when nothing was said in it.
    fn __bool__(&self) -> bool {
        true
    }

    /// The wire names of everything that was said.
    fn keys<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        mapping::view(slf, "KeysView")
    }

    /// The values of everything that was said, as the attributes have them.
    fn values<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        mapping::view(slf, "ValuesView")
    }

    /// Wire names with values.
    fn items<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        mapping::view(slf, "ItemsView")
    }

    /// The value behind a wire name, or the default when it was never said.
    #[pyo3(signature = (key, default=None))]
    fn get(slf: &Bound<'_, Self>, key: &Bound<'_, PyAny>, default: Option<Py<PyAny>>) -> PyResult<Option<Py<PyAny>>> {
        let py = slf.py();
        if !slf.get().__contains__(py, key)? {
            return Ok(default);
        }
        slf.get().__getitem__(py, key.extract()?).map(Some)
    }

    /// The same properties, none of which is `None` or `UNSET`: one that is missing is an `AttributeError` that says so.
    #[getter]
    fn required(slf: &Bound<'_, Self>) -> Required {
        Required::of(slf)
    }

    #[classattr]
    #[allow(non_snake_case, reason = "it is a class")]
    fn Required(py: Python<'_>) -> Py<PyType> {
        py.get_type::<Required>().unbind()
    }

    /// How pydantic reads and writes the records of a class.
    #[classmethod]
    #[pyo3(signature = (source, handler, /))]
    fn __get_pydantic_core_schema__<'py>(
        class: &Bound<'py, PyType>,
        source: &Bound<'py, PyAny>,
        handler: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class
            .py()
            .import("trunkline._pydantic")?
            .call_method1("core_schema", (class, source, handler))
    }

    /// How pydantic writes a record where a field may be anything.
    #[getter]
    fn __pydantic_serializer__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("trunkline._pydantic")?.call_method0("serializer")
    }

    /// The JSON schema of the records of a class.
    #[classmethod]
    #[pyo3(signature = (schema, handler, /))]
    fn __get_pydantic_json_schema__<'py>(
        class: &Bound<'py, PyType>,
        schema: &Bound<'py, PyAny>,
        handler: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class
            .py()
            .import("trunkline._pydantic")?
            .call_method1("json_schema", (class, schema, handler))
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        let _crossing = exit::crossing(py);
        let Ok(other) = other.cast::<Self>() else {
            return Ok(py.NotImplemented());
        };
        if slf.is(other) {
            return Ok(true.into_pyobject(py)?.to_owned().into_any().unbind());
        }
        let same =
            slf.get().layout.index() == other.get().layout.index() && Self::to_dict(slf)?.eq(Self::to_dict(other)?)?;
        Ok(same.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::repr(slf)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.meta)?;
        // Held by another thread, it is in use; then what it keeps is as well.
        let Some(Ok(kept)) = self.kept.get().map(|kept| kept.try_lock()) else {
            return Ok(());
        };
        for slot in &kept.slots {
            if let Slot::Made(value) = slot {
                visit.call(value)?;
            }
        }
        visit.call(&kept.additional)
    }

    fn __clear__(&self) {
        // Dropped when the lock is no longer held: destructors run Python code.
        let _kept = self.kept.get().map(|_| std::mem::take(&mut *self.overlay()));
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String, String))> {
        let decode = slf.py().import("trunkline._native")?.getattr("decode")?;
        let name = slf.get().layout.name().to_owned();
        Ok((decode, (name, Self::to_json(slf)?)))
    }
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Reads a record from JSON: its text, or a value.
#[pyfunction]
pub(crate) fn decode<'py>(py: Python<'py>, name: &str, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let layout = layout_named(name)?;
    let text: Arc<str> = match data.cast::<PyString>() {
        Ok(text) => text.to_str()?.into(),
        Err(_) => {
            let mut writer = Writer::new();
            write_any(&mut writer, data)?;
            String::from_utf8(writer.into_bytes()).map_err(errors::system)?.into()
        }
    };
    let outline = layout.read(&text).map_err(|error| errors::decoding(py, &error))?;
    record(py, &text, outline, None)
}

/// The operations of the package as JSON, for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations() -> String {
    trunkline::dynamic::operations().to_string()
}
