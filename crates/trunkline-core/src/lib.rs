//! The runtime of Trunkline: everything that is written by hand and knows no Graph type.

pub mod clock;
pub mod cloud;
pub mod codec;
pub mod descriptor;
pub mod error;
pub mod mask;
pub mod operation;
pub mod path;
pub mod secret;
pub mod telephone;
pub mod token_view;

#[doc(hidden)]
pub use http;
#[doc(hidden)]
pub use serde;
