//! The description of a part of Graph: its types, enumerations, actions, functions, operations and limits, read from one JSON
//! document that the generator writes.
//!
//! A description is compiled into a package or loaded from a file, and kept for as long as the program runs. Everything in it is
//! checked while it is read: a type that nobody declares, or a number that does not fit, is an error that names its JSON path.
//!
//! ```
//! use trunkline_core::description::Description;
//!
//! let error = Description::read(r#"{"types":[{"name":"example.chair","fields":[{"name":"legs","type":"example.leg"}]}]}"#)
//!     .unwrap_err();
//! assert_eq!(error.path(), "$.types[0].fields[0].type");
//! assert_eq!(error.reason(), "there is no type example.leg");
//! ```

pub use super::layout::{AnswerKind, Callable, EnumLayout, ExpectedAnswer, Navigation};
pub use super::model::Description;
