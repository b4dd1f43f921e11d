//! Code that the bindings of all languages share.
//!
//! A binding carries the arguments of a call across its language's border as one JSON object and knows none of them. This crate
//! turns the object into a Rust value: [`Arguments`] reads and checks single values, and the functions in [`generated`], one for
//! each record in `spec/trunkline`, set the options of a record. A mistake is an [`ArgumentError`] that names the option as the
//! caller spells it. Values go back as JSON, too, and so do errors ([`error_json`]).
//!
//! The crate knows no interpreter: it does not depend on pyo3 or napi. An option is added in `spec/trunkline` and arrives here by
//! `cargo xtask codegen`.

mod arguments;
mod call_options;
mod emulator;
mod error;
mod errors;
mod events;
#[rustfmt::skip]
pub mod generated;
mod intents;
mod outcomes;
mod setters;
pub mod transport;

pub use arguments::{Arguments, BooleanOrText};
pub use call_options::CallOptions;
pub use emulator::RunningEmulator;
pub use error::ArgumentError;
pub use errors::{Fields, bulk_error_json, error_json, internal};
pub use events::event_json;
pub use intents::{Answer, ToJson, Watch};
pub use outcomes::{ProgressRecord, outcome_json};
