//! The contract: reads Trunkline's spec (TOML) and OData CSDL into one checked, resolved, read-only [`Model`].

pub mod csdl;
mod draft;
pub mod error;
pub mod model;
mod names;
mod place;
mod primitive;
mod resolve;

pub use csdl::{read_csdl, read_csdl_text};
pub use error::{CsdlError, Error};
pub use model::Model;
