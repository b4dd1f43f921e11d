//! The Python classes of the graph's types and enumerations: each registers itself when its module is imported.

use std::collections::HashMap;
use std::sync::OnceLock;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};
use trunkline::dynamic::description;
use trunkline_core::codec::Layout;

use crate::exit;

/// The type of a qualified name.
pub(crate) fn layout_named(name: &str) -> PyResult<&'static Layout> {
    let found = description().layout(name);
    found.ok_or_else(|| PyRuntimeError::new_err(format!("there is no type {name}")))
}

/// The Python class of a type, and what its properties are called.
pub(super) struct Class {
    pub(super) class: Py<PyType>,
    pub(super) names: Vec<Py<PyString>>,
}

/// The Python class of an enumeration, and its known members.
pub(crate) struct Enumeration {
    pub(crate) class: Py<PyType>,
    /// In the order of their names: they are few, and looking for one among them is quicker than hashing it.
    members: Vec<(Box<str>, Py<PyAny>)>,
}

impl Enumeration {
    /// The known member of a name.
    pub(crate) fn member(&self, name: &str) -> Option<&Py<PyAny>> {
        let found = self.members.binary_search_by(|(known, _)| known.as_ref().cmp(name));
        found.ok().map(|index| &self.members[index].1)
    }
}

fn classes() -> &'static [PyOnceLock<Class>] {
    static CLASSES: OnceLock<Vec<PyOnceLock<Class>>> = OnceLock::new();
    CLASSES.get_or_init(|| description().layouts().iter().map(|_| PyOnceLock::new()).collect())
}

fn enumerations() -> &'static [PyOnceLock<Enumeration>] {
    static ENUMERATIONS: OnceLock<Vec<PyOnceLock<Enumeration>>> = OnceLock::new();
    ENUMERATIONS.get_or_init(|| description().enums().iter().map(|_| PyOnceLock::new()).collect())
}

/// Has Python import the module in which the class of a type or of an enumeration is.
fn load(py: Python<'_>, qualified_name: &str) -> PyResult<()> {
    let _crossing = exit::crossing(py);
    py.import("trunkline._registry")?
        .call_method1("load", (qualified_name,))?;
    Ok(())
}

pub(super) fn class_of(py: Python<'_>, layout: &'static Layout) -> PyResult<&'static Class> {
    let slot = &classes()[usize::from(layout.index())];
    if slot.get(py).is_none() {
        load(py, layout.name())?;
    }
    slot.get(py)
        .ok_or_else(|| PyRuntimeError::new_err(format!("no class was registered for {}", layout.name())))
}

pub(crate) fn enumeration(py: Python<'_>, index: u16) -> PyResult<&'static Enumeration> {
    let slot = &enumerations()[usize::from(index)];
    if slot.get(py).is_none() {
        load(py, description().enums()[usize::from(index)].name)?;
    }
    slot.get(py)
        .ok_or_else(|| PyRuntimeError::new_err(format!("no class was registered for enumeration {index}")))
}

/// Makes a class the one of a type, whose properties have these names.
pub(super) fn set_class(py: Python<'_>, layout: &'static Layout, class: Py<PyType>, names: Vec<Py<PyString>>) {
    // Another thread that was quicker registered the same.
    let _ = classes()[usize::from(layout.index())].set(py, Class { class, names });
}

/// Makes a class the one of an enumeration. `members`: its instances by wire name.
#[pyfunction]
pub(crate) fn register_enumeration(
    py: Python<'_>,
    class: &Bound<'_, PyType>,
    name: &str,
    members: HashMap<String, Py<PyAny>>,
) -> PyResult<()> {
    let found = description().enum_index(name);
    let found = found.ok_or_else(|| PyRuntimeError::new_err(format!("there is no enumeration {name}")))?;
    let slot = &enumerations()[usize::from(found)];
    let mut members: Vec<_> = members
        .into_iter()
        .map(|(name, member)| (name.into_boxed_str(), member))
        .collect();
    members.sort_unstable_by(|(first, _), (second, _)| first.cmp(second));
    let _ = slot.set(
        py,
        Enumeration {
            class: class.clone().unbind(),
            members,
        },
    );
    Ok(())
}
