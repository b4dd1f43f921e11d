//! The contract: reads Trunkline's spec (TOML) and OData CSDL into one checked, resolved, read-only [`Model`].

pub mod compare;
pub mod csdl;
mod draft;
pub mod error;
pub mod interface;
mod lookup;
pub mod model;
mod names;
pub mod permissions;
mod place;
mod primitive;
mod resolve;
pub mod slice;
pub mod spec;
pub mod throttling;
pub mod toml_reader;
mod walk;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use compare::{Comparison, compare, compare_cloud};
pub use csdl::{read_csdl, read_csdl_text};
pub use error::{CsdlError, Error, SpecError, SpecErrors};
pub use interface::read_interface;
pub use model::Model;
pub use permissions::{PermissionTable, compare_permissions, read_permissions};
pub use slice::slice;
pub use spec::Spec;
pub use toml_reader::read_spec;
