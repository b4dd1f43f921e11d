//! Runs the contract cases of `spec/examples` through the typed Rust interface, twice each: against a server that only
//! records and answers ([`Recorder`]), and through the emulator.
//!
//! Expectations come from the file of a case alone. Calls are written by hand in [`dispatch`], so that neither the
//! operation table nor the generator can agree with itself.

pub mod call;
pub mod case;
pub mod catalogue;
pub mod dispatch;
pub mod ending;
pub mod json;
pub mod plan;
pub mod recorder;
pub mod run;
pub mod wire;

pub use recorder::{Delivery, Recorder, Reply, Seen};

/// The placeholder for a token in recorded runs. It must never be seen anywhere but in `Authorization`.
pub const TOKEN: &str = "canary-token-5f3a9c";
