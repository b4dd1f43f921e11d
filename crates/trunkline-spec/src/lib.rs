//! The contract: reads Trunkline's spec (TOML) and OData CSDL into one checked, resolved, read-only [`Model`].

pub mod model;

pub use model::Model;
