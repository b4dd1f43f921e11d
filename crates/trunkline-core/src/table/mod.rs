//! Types and operations of Graph as data, read from one description.

pub(crate) mod body;
pub mod description;
pub(crate) mod field;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod limit;
pub(crate) mod model;
mod names;
pub mod operation;
mod reading;
pub(crate) mod template;
