//! The runtime of Trunkline: everything that is written by hand and knows no Graph type.

pub mod codec;

#[doc(hidden)]
pub use serde;
