//! Records: one native class, of which every type of the graph is a Python subclass without slots of its own.
//!
//! A record holds the body it came in and where each property's value stands in it; the value is made when somebody
//! looks. What was set by the caller, or made once, is kept beside the place.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use pyo3::exceptions::{PyAttributeError, PyKeyError, PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use trunkline_core::codec::{ContentItem, Layout, Layouts, Outline, Sensitivity, Writer};
use trunkline_core::mask;

use crate::errors;
use crate::results::Meta;
use crate::values::{accepts, loads, read_any, read_value, write_any, write_value, wrong_type};

/// The types of the package, from its descriptor blob.
pub(crate) fn layouts() -> PyResult<&'static Layouts> {
    static LAYOUTS: OnceLock<Option<Layouts>> = OnceLock::new();
    let layouts = LAYOUTS.get_or_init(|| Layouts::new(trunkline::DESCRIPTORS).ok());
    layouts
        .as_ref()
        .ok_or_else(|| PyRuntimeError::new_err("the package's table of types is damaged"))
}

/// The type of a qualified name.
pub(crate) fn layout_named(name: &str) -> PyResult<&'static Layout> {
    let found = layouts()?
        .named(name)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    found.ok_or_else(|| PyRuntimeError::new_err(format!("there is no type {name}")))
}

/// The Python class of a type, and what its properties are called.
struct Class {
    class: Py<PyType>,
    names: Vec<Py<PyString>>,
}

/// The Python class of an enumeration, and its known members.
pub(crate) struct Enumeration {
    pub(crate) class: Py<PyType>,
    pub(crate) members: HashMap<String, Py<PyAny>>,
}

fn classes() -> PyResult<&'static [PyOnceLock<Class>]> {
    static CLASSES: OnceLock<Vec<PyOnceLock<Class>>> = OnceLock::new();
    let count = layouts()?.descriptors().type_count();
    Ok(CLASSES.get_or_init(|| (0..count).map(|_| PyOnceLock::new()).collect()))
}

fn enumerations() -> PyResult<&'static [PyOnceLock<Enumeration>]> {
    static ENUMERATIONS: OnceLock<Vec<PyOnceLock<Enumeration>>> = OnceLock::new();
    let count = layouts()?.descriptors().enum_count();
    Ok(ENUMERATIONS.get_or_init(|| (0..count).map(|_| PyOnceLock::new()).collect()))
}

/// Has Python import the module in which a namespace's classes are.
fn load(py: Python<'_>, namespace: &str) -> PyResult<()> {
    py.import("trunkline._registry")?.call_method1("load", (namespace,))?;
    Ok(())
}

fn class_of(py: Python<'_>, layout: &'static Layout) -> PyResult<&'static Class> {
    let slot = &classes()?[usize::from(layout.index())];
    if slot.get(py).is_none() {
        let namespace = layout.name().rsplit_once('.').map_or("", |(namespace, _)| namespace);
        load(py, namespace)?;
    }
    slot.get(py)
        .ok_or_else(|| PyRuntimeError::new_err(format!("no class was registered for {}", layout.name())))
}

pub(crate) fn enumeration(py: Python<'_>, index: u16) -> PyResult<&'static Enumeration> {
    let slot = &enumerations()?[usize::from(index)];
    if slot.get(py).is_none() {
        let described = layouts()?.descriptors().enum_at(index);
        let namespace = described.and_then(|described| described.namespace());
        load(
            py,
            namespace.map_err(|error| PyRuntimeError::new_err(error.to_string()))?,
        )?;
    }
    slot.get(py)
        .ok_or_else(|| PyRuntimeError::new_err(format!("no class was registered for enumeration {index}")))
}

/// Makes a class the one of a type: gives it an attribute for each property.
#[pyfunction]
pub(crate) fn register_record(
    py: Python<'_>,
    class: &Bound<'_, PyType>,
    name: &str,
    names: &Bound<'_, PyTuple>,
) -> PyResult<()> {
    let layout = layout_named(name)?;
    if names.len() != layout.fields().len() {
        let message = format!("{name} has {} properties, not {}", layout.fields().len(), names.len());
        return Err(PyRuntimeError::new_err(message));
    }
    let mut attributes = Vec::with_capacity(names.len());
    for (index, attribute) in names.iter().enumerate() {
        let attribute = attribute.cast_into::<PyString>()?;
        class.setattr(
            &attribute,
            Field {
                index,
                name: attribute.clone().unbind(),
            },
        )?;
        attributes.push(attribute.unbind());
    }
    class.setattr("_type_name", name)?;
    let slot = &classes()?[usize::from(layout.index())];
    let _ = slot.set(
        py,
        Class {
            class: class.clone().unbind(),
            names: attributes,
        },
    );
    Ok(())
}

/// Makes a class the one of an enumeration. `members`: its instances by wire name.
#[pyfunction]
pub(crate) fn register_enumeration(
    py: Python<'_>,
    class: &Bound<'_, PyType>,
    name: &str,
    members: HashMap<String, Py<PyAny>>,
) -> PyResult<()> {
    let found = layouts()?
        .descriptors()
        .enum_named(name)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let found = found.ok_or_else(|| PyRuntimeError::new_err(format!("there is no enumeration {name}")))?;
    let slot = &enumerations()?[usize::from(found.index())];
    let _ = slot.set(
        py,
        Enumeration {
            class: class.clone().unbind(),
            members,
        },
    );
    Ok(())
}

/// The value of everything that was not said: neither null nor a value.
pub(crate) fn unset(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static UNSET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    UNSET
        .get_or_try_init(py, || Ok(py.import("trunkline._unset")?.getattr("UNSET")?.unbind()))
        .map(|unset| unset.bind(py))
}

/// What a new record will hold, while Python makes the object.
struct Arrival {
    layout: &'static Layout,
    text: Arc<str>,
    outline: Outline,
    meta: Option<Py<Meta>>,
}

thread_local! {
    static PENDING: RefCell<Option<Arrival>> = const { RefCell::new(None) };
}

/// A record that came from the service.
pub(crate) fn record<'py>(
    py: Python<'py>,
    text: &Arc<str>,
    outline: Outline,
    meta: Option<Py<Meta>>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = &class_of(py, outline.layout)?.class;
    PENDING.set(Some(Arrival {
        layout: outline.layout,
        text: text.clone(),
        outline,
        meta,
    }));
    let made = class.bind(py).call0();
    PENDING.set(None);
    made
}

/// What a property holds.
enum Slot {
    Absent,
    /// In the body, at this place.
    There(u32),
    /// Made, or set.
    Made(Py<PyAny>),
}

/// A record of the graph: an entity or a complex value, with attributes in snake case.
///
/// Properties that were never said are `UNSET`; `None` is the service's null. Wire names work in brackets.
#[pyclass(subclass, weakref, module = "trunkline")]
pub(crate) struct Record {
    layout: &'static Layout,
    text: Option<Arc<str>>,
    outline: Option<Outline>,
    /// One per property; none at all while everything is as it came.
    slots: Vec<Slot>,
    additional: Option<Py<PyDict>>,
    meta: Option<Py<Meta>>,
}

impl Record {
    /// Where the service put a property; zero for nowhere.
    fn place(&self, index: usize) -> u32 {
        self.outline
            .as_ref()
            .and_then(|outline| outline.places.get(index).copied())
            .unwrap_or(0)
    }

    /// Keeps a property from now on.
    fn keep(&mut self, index: usize, slot: Slot) -> PyResult<()> {
        if self.slots.is_empty() {
            let as_it_came = |index| match self.place(index) {
                0 => Slot::Absent,
                place => Slot::There(place),
            };
            self.slots = (0..self.layout.fields().len()).map(as_it_came).collect();
        }
        match self.slots.get_mut(index) {
            Some(kept) => *kept = slot,
            None => return Err(PyAttributeError::new_err("the record is of another type")),
        }
        Ok(())
    }

    fn is_absent(&self, index: usize) -> bool {
        match self.slots.get(index) {
            Some(slot) => matches!(slot, Slot::Absent),
            None => self.place(index) == 0,
        }
    }

    fn value(&mut self, py: Python<'_>, index: usize) -> PyResult<Py<PyAny>> {
        if index >= self.layout.fields().len() {
            return Err(PyAttributeError::new_err("the record is of another type"));
        }
        let place = match self.slots.get(index) {
            Some(Slot::Made(value)) => return Ok(value.clone_ref(py)),
            Some(Slot::Absent) => 0,
            Some(Slot::There(place)) => *place as usize,
            None => self.place(index) as usize,
        };
        if place == 0 {
            return Ok(unset(py)?.clone().unbind());
        }
        let Some(text) = self.text.clone() else {
            return Ok(unset(py)?.clone().unbind());
        };
        let content = self.layout.fields()[index].content;
        let value = read_value(py, &text, place, content)?.unbind();
        // Texts are made anew each time, which is as fast as keeping them; what can be changed must be kept.
        if content.collection || matches!(content.item, ContentItem::Structured(_) | ContentItem::Any) {
            self.keep(index, Slot::Made(value.clone_ref(py)))?;
        }
        Ok(value)
    }

    fn set(&mut self, py: Python<'_>, index: usize, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if value.is(unset(py)?) {
            return self.keep(index, Slot::Absent);
        }
        let field = &self.layout.fields()[index];
        if !value.is_none() && !accepts(value, field.content)? {
            return Err(wrong_type(
                &format!("{}.{}", short(self.layout.name()), field.name),
                field.content,
                value,
            ));
        }
        self.keep(index, Slot::Made(value.clone().unbind()))
    }

    fn additional(&mut self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        if let Some(additional) = &self.additional {
            return Ok(additional.clone_ref(py));
        }
        let dictionary = PyDict::new(py);
        if let (Some(text), Some(outline)) = (&self.text, &self.outline) {
            for (name, place) in outline.others(text) {
                dictionary.set_item(name, read_any(py, text, place)?)?;
            }
        }
        self.additional = Some(dictionary.clone().unbind());
        Ok(dictionary.unbind())
    }

    /// Writes it as JSON. `base`: what is expected in its place; its own type is named when it is another. `names`: it is
    /// named in any case. `checked`: texts with a grammar are checked.
    pub(crate) fn write(
        slf: &Bound<'_, Self>,
        writer: &mut Writer,
        base: Option<&Layout>,
        names: bool,
        checked: bool,
    ) -> PyResult<()> {
        let py = slf.py();
        let (layout, additional) = {
            let mut record = slf.try_borrow_mut()?;
            (record.layout, record.additional(py)?.into_bound(py))
        };
        writer.begin_object();
        let mut named = false;
        for (name, value) in additional.iter() {
            let name: String = name.extract()?;
            if name.starts_with('@') {
                named |= name == "@odata.type";
                writer.member(&name);
                write_any(writer, &value, 0)?;
            }
        }
        if !named && (names || base.is_some_and(|base| base.index() != layout.index())) {
            writer.member("@odata.type");
            writer.string(&format!("#{}", layout.name()));
        }
        for (index, field) in layout.fields().iter().enumerate() {
            let value = {
                let mut record = slf.try_borrow_mut()?;
                if record.is_absent(index) {
                    continue;
                }
                record.value(py, index)?.into_bound(py)
            };
            writer.member(field.name);
            let place = || format!("{}.{}", short(layout.name()), field.name);
            write_value(writer, &value, field.content, field.grammar.filter(|_| checked), &place)?;
        }
        for (name, value) in additional.iter() {
            let name: String = name.extract()?;
            if !name.starts_with('@') {
                writer.member(&name);
                write_any(writer, &value, 0)?;
            }
        }
        writer.end_object();
        Ok(())
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
            return Ok(Self {
                layout: pending.layout,
                text: Some(pending.text),
                outline: Some(pending.outline),
                slots: Vec::new(),
                additional: None,
                meta: pending.meta,
            });
        }
        let name: String = class
            .getattr("_type_name")
            .and_then(|name| name.extract())
            .map_err(|_| PyTypeError::new_err("make a record of one of the graph's types"))?;
        let layout = layout_named(&name)?;
        let mut record = Self {
            layout,
            text: None,
            outline: None,
            slots: Vec::new(),
            additional: None,
            meta: None,
        };
        let py = class.py();
        for (key, value) in properties.into_iter().flatten() {
            let key = key.cast_into::<PyString>()?;
            let same = |known: &Py<PyString>| known.bind(py).as_any().eq(&key).unwrap_or(false);
            let known = class_of(py, layout)?.names.iter().position(same);
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
    fn get_additional(&mut self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        self.additional(py)
    }

    /// What the answer carried beside this record: status, headers, request id. `None` for a part of an answer.
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
        Self::write(slf, &mut writer, None, false, false)?;
        String::from_utf8(writer.into_bytes()).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }

    fn __getitem__(&mut self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
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
            .bind(py)
            .get_item(name)?
            .map(Bound::unbind)
            .ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __setitem__(&mut self, py: Python<'_>, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match self.layout.find(name) {
            Some(index) => self.set(py, index, value),
            None => self.additional(py)?.bind(py).set_item(name, value),
        }
    }

    fn __contains__(&mut self, py: Python<'_>, name: &str) -> PyResult<bool> {
        match self.layout.find(name) {
            Some(index) => Ok(!self.is_absent(index)),
            None => self.additional(py)?.bind(py).contains(name),
        }
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        let Ok(other) = other.cast::<Self>() else {
            return Ok(py.NotImplemented());
        };
        if slf.is(other) {
            return Ok(true.into_pyobject(py)?.to_owned().into_any().unbind());
        }
        let same = slf.try_borrow()?.layout.index() == other.try_borrow()?.layout.index()
            && Self::to_dict(slf)?.eq(Self::to_dict(other)?)?;
        Ok(same.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let py = slf.py();
        let layout = slf.try_borrow()?.layout;
        let class = class_of(py, layout)?;
        let mut shown = Vec::new();
        for (index, field) in layout.fields().iter().enumerate() {
            let value = slf.try_borrow_mut()?.value(py, index)?.into_bound(py);
            if value.is(unset(py)?) {
                continue;
            }
            let text = if value.is_none() {
                "None".to_owned()
            } else {
                match field.sensitivity {
                    Sensitivity::Public => mask_if_text(&value)?,
                    Sensitivity::Personal => masked(&value.str()?.to_string()),
                    Sensitivity::Secret => "'…'".to_owned(),
                }
            };
            shown.push(format!("{}={text}", class.names[index].bind(py)));
        }
        // Names only: what a value we do not know means, we cannot say, so it may be personal.
        let additional = slf.try_borrow_mut()?.additional(py)?;
        let names: Vec<String> = additional.bind(py).keys().iter().map(|name| name.to_string()).collect();
        if !names.is_empty() {
            shown.push(format!("additional=[{}]", names.join(", ")));
        }
        Ok(format!("{}({})", slf.get_type().name()?, shown.join(", ")))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String, String))> {
        let decode = slf.py().import("trunkline._native")?.getattr("decode")?;
        let name = slf.try_borrow()?.layout.name().to_owned();
        Ok((decode, (name, Self::to_json(slf)?)))
    }
}

/// Public values hold no personal data by their type, but may embed it.
fn mask_if_text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(mask::text(&value.repr()?.to_string()))
}

/// The last two characters, as everywhere in the package.
fn masked(text: &str) -> String {
    let count = text.chars().count();
    if count <= 4 {
        return "'…'".to_owned();
    }
    let kept: String = text.chars().skip(count - 2).collect();
    format!("'…{kept}'")
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// An attribute of a record class: the property with an index.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Field {
    index: usize,
    name: Py<PyString>,
}

#[pymethods]
impl Field {
    fn __get__(
        slf: &Bound<'_, Self>,
        instance: Option<&Bound<'_, PyAny>>,
        _owner: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        match instance {
            None => Ok(slf.clone().into_any().unbind()),
            Some(instance) => instance
                .cast::<Record>()?
                .try_borrow_mut()?
                .value(slf.py(), slf.get().index),
        }
    }

    fn __set__(&self, instance: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        instance
            .cast::<Record>()?
            .try_borrow_mut()?
            .set(instance.py(), self.index, value)
    }

    fn __delete__(&self, instance: &Bound<'_, PyAny>) -> PyResult<()> {
        instance
            .cast::<Record>()?
            .try_borrow_mut()?
            .keep(self.index, Slot::Absent)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<property {}>", self.name.bind(py))
    }
}

/// Reads a record from JSON text.
#[pyfunction]
pub(crate) fn decode<'py>(py: Python<'py>, name: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let layout = layout_named(name)?;
    let text: Arc<str> = text.into();
    let outline = layout.read(&text).map_err(|error| errors::decoding(py, &error))?;
    record(py, &text, outline, None)
}

/// What the package's operations are, as JSON: for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations() -> PyResult<String> {
    let mut told = Vec::new();
    for operation in layouts()?.descriptors().operations() {
        told.push(told_of(&operation.map_err(errors::system)?).map_err(errors::system)?);
    }
    Ok(serde_json::Value::Array(told).to_string())
}

fn told_of(
    operation: &trunkline_core::descriptors::OperationView<'_>,
) -> Result<serde_json::Value, trunkline_core::descriptors::DescriptorError> {
    let paths = operation
        .paths()
        .map(|path| path?.template())
        .collect::<Result<Vec<_>, _>>()?;
    let target = operation
        .target()?
        .map(|target| target.item.qualified_name())
        .transpose()?;
    let callable = operation.callable()?.map(|callable| callable.name()).transpose()?;
    Ok(serde_json::json!({
        "id": operation.id()?,
        "verb": format!("{:?}", operation.verb()?).to_lowercase(),
        "paths": paths,
        "target": target,
        "callable": callable,
    }))
}
