//! Objects of classes that Python made of ours, as the native part makes them.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// A new object of a class, made without arguments by its `tp_new` itself: there is nothing that `__init__` could do, and
/// going through the call of a class costs as much again. What the object is to hold waits where its `__new__` looks.
pub(crate) fn instance<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    static NOTHING: PyOnceLock<Py<PyTuple>> = PyOnceLock::new();
    let py = class.py();
    let nothing = NOTHING.get_or_init(py, || PyTuple::empty(py).unbind());
    let raw = class.as_ptr().cast::<ffi::PyTypeObject>();
    // SAFETY: what a class has in this slot is a `newfunc`, and an empty tuple without keywords are arguments it takes.
    // It returns a new reference, or null with an exception set.
    #[allow(unsafe_code, reason = "the stable interface offers slots in no other way")]
    unsafe {
        let slot = ffi::PyType_GetSlot(raw, ffi::Py_tp_new);
        if slot.is_null() {
            return class.call0();
        }
        let new = std::mem::transmute::<*mut std::ffi::c_void, ffi::newfunc>(slot);
        Bound::from_owned_ptr_or_err(py, new(raw, nothing.as_ptr(), std::ptr::null_mut()))
    }
}
