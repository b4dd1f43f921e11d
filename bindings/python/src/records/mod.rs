//! Records: one native class, of which every type of the graph is a Python subclass without slots of its own.
//!
//! A record knows the body it came in and where each property's value stands in it; the value is made when somebody
//! looks. Values that the caller set, or that were made once, are stored separately, behind a lock that is never held while Python
//! runs: threads may share records, with and without a GIL.

mod body;
mod classes;
mod display;
mod fields;
mod mapping;
mod members;
mod reference;
mod required;

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::exceptions::{PyAttributeError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use trunkline_core::codec::{Layout, Outline, OutlinedPage};

pub(crate) use self::body::Text;
pub(crate) use self::classes::{enumeration, layout_named, register_enumeration};
pub(crate) use self::display::set_repr;
pub(crate) use self::fields::{Field, register_record};
pub(crate) use self::mapping::register as register_mapping;
pub(crate) use self::members::{decode, operations};
pub(crate) use self::reference::{identifier, key};

use self::body::Origin;
use self::classes::class_of;
use crate::instances::instance;
use crate::meta::Meta;

/// The value of everything that was not said: neither null nor a value.
pub(crate) fn unset(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static UNSET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    UNSET
        .get_or_try_init(py, || Ok(py.import("trunkline._unset")?.getattr("UNSET")?.unbind()))
        .map(|unset| unset.bind(py))
}

/// The contents of a new record, while Python makes the object.
struct Arrival {
    layout: &'static Layout,
    origin: Origin,
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
    new_object(py, Origin::Outlined(Text::Alone(text.clone()), outline), meta)
}

/// A record inside another one.
pub(crate) fn part<'py>(py: Python<'py>, text: &Text, outline: Outline) -> PyResult<Bound<'py, PyAny>> {
    new_object(py, Origin::Outlined(text.clone(), outline), None)
}

/// An item of a page; `None` when there is no such item.
pub(crate) fn item<'py>(
    py: Python<'py>,
    page: &Arc<OutlinedPage>,
    index: usize,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Ok(place) = u32::try_from(index) else {
        return Ok(None);
    };
    match page.layout(index) {
        Some(_) => new_object(py, Origin::Item(page.clone(), place), None).map(Some),
        None => Ok(None),
    }
}

/// The object of a record. Python's own way to make one finds what it will hold in `PENDING`.
fn new_object(py: Python<'_>, origin: Origin, meta: Option<Py<Meta>>) -> PyResult<Bound<'_, PyAny>> {
    let layout = origin
        .layout()
        .ok_or_else(|| PyRuntimeError::new_err("a record came from nowhere"))?;
    let class = class_of(py, layout)?;
    PENDING.set(Some(Arrival { layout, origin, meta }));
    let made = instance(class.class.bind(py));
    if made.is_err() {
        PENDING.set(None);
    }
    made
}

/// The value of a property.
enum Slot {
    Absent,
    /// In the body, as it came.
    There,
    /// Made, or set.
    Made(Py<PyAny>),
}

/// Values in addition to the received ones.
#[derive(Default)]
struct Overlay {
    /// One per property; none at all while every property is as it came.
    slots: Vec<Slot>,
    additional: Option<Py<PyDict>>,
}

/// A record of the graph: an entity or a complex value, with attributes in snake case.
///
/// Properties that were never said are `UNSET`; `None` is the service's null. Wire names work in brackets.
#[pyclass(frozen, subclass, weakref, module = "trunkline")]
pub(crate) struct Record {
    pub(crate) layout: &'static Layout,
    origin: Origin,
    meta: Option<Py<Meta>>,
    /// Most records are read and never changed, and cost no more than this.
    kept: OnceLock<Box<Mutex<Overlay>>>,
}

impl Record {
    fn new_of(layout: &'static Layout, origin: Origin, meta: Option<Py<Meta>>) -> Self {
        Self {
            layout,
            origin,
            meta,
            kept: OnceLock::new(),
        }
    }

    /// The overlay, to read and to change. No Python code may run while it is held.
    fn overlay(&self) -> MutexGuard<'_, Overlay> {
        let kept = self.kept.get_or_init(Box::default);
        kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a property in a slot, and hands back what was there, to be dropped when nothing is held.
    fn keep(&self, index: usize, slot: Slot) -> PyResult<Slot> {
        let mut kept = self.overlay();
        if kept.slots.is_empty() {
            let as_it_came = |index| match self.origin.place(index) {
                0 => Slot::Absent,
                _ => Slot::There,
            };
            kept.slots = (0..self.layout.fields().len()).map(as_it_came).collect();
        }
        match kept.slots.get_mut(index) {
            Some(place) => Ok(std::mem::replace(place, slot)),
            None => Err(PyAttributeError::new_err("the record is of another type")),
        }
    }

    /// The value set in a property's slot, or nothing; `None` when it is as received.
    #[inline]
    fn slot(&self, py: Python<'_>, index: usize) -> Option<Option<Py<PyAny>>> {
        self.kept.get()?;
        match self.overlay().slots.get(index)? {
            Slot::Made(value) => Some(Some(value.clone_ref(py))),
            Slot::Absent => Some(None),
            Slot::There => None,
        }
    }

    pub(crate) fn is_absent(&self, py: Python<'_>, index: usize) -> bool {
        match self.slot(py, index) {
            Some(value) => value.is_none(),
            None => self.origin.place(index) == 0,
        }
    }

    pub(crate) fn unset(&self, index: usize) -> PyResult<()> {
        self.keep(index, Slot::Absent).map(drop)
    }

    /// The place of a property that is as it came.
    fn as_it_came(&self, py: Python<'_>, index: usize) -> Option<usize> {
        match self.slot(py, index) {
            Some(_) => None,
            None => Some(self.origin.place(index)).filter(|place| *place != 0),
        }
    }

    /// Whether it came from the service.
    pub(crate) fn is_received(&self) -> bool {
        self.origin.is_somewhere()
    }

    /// Whether there may be members that the type does not describe.
    pub(crate) fn has_additional(&self) -> bool {
        self.origin.is_somewhere() || (self.kept.get().is_some() && self.overlay().additional.is_some())
    }
}
