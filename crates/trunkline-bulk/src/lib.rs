//! A whole file of telephone numbers and phone methods: read it, plan what it changes, apply that, verify, undo.

pub mod input;
