//! The graph by name: for bindings to other languages, which have no types of Rust.
//!
//! Bodies go in and come out as JSON text. They are checked and written by the same field tables as the structs of
//! [`graph`](crate::graph), read from the description of the package.

mod call;
mod correct;
mod expected;
mod write;

use serde_json::{Value, json};
use trunkline_core::codec::{BodyRules, Layout};
use trunkline_core::description::{Callable, Description};
use trunkline_core::descriptor::{OperationDescriptor, OperationKind};

pub use call::{called, literal, parameters};
pub use correct::{corrected_page, corrected_record, corrected_value};
pub use expected::{Expected, answer, read_answer};
pub use write::{Misfit, Place, any, record};

use crate::{DESCRIPTION, Error, ErrorKind, OPERATIONS, Result};

/// The description of this package.
#[must_use]
pub fn description() -> &'static Description {
    *DESCRIPTION
}

/// The type of a qualified name.
///
/// # Errors
///
/// When there is none.
pub fn layout(name: &str) -> Result<&'static Layout> {
    description().layout(name).ok_or_else(|| no_type(name))
}

fn no_type(name: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("there is no type {name}"))
}

/// The rules for the body of a request that expects a type of this name.
#[must_use]
pub fn body_rules(name: &str) -> Option<&'static BodyRules> {
    description().layout(name)?.body_rules()
}

/// The action or function with an index.
///
/// # Errors
///
/// When there is none.
pub fn callable(index: u16) -> Result<&'static Callable> {
    let found = description().callables().get(usize::from(index));
    found.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("there is no action or function {index}"),
        )
    })
}

/// The state of what the operation with an id starts.
///
/// # Errors
///
/// When it is not known, or starts nothing that goes on.
pub fn state_of(started_by: Option<&str>) -> Result<&'static Layout> {
    let started_by = started_by.and_then(|id| OPERATIONS.get(id));
    let state = started_by
        .and_then(|operation| operation.long_running)
        .and_then(|running| description().layouts().get(usize::from(running.state)));
    state.ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "the token does not say what was started")
            .with_next_step("Use the token of an operation")
    })
}

/// The operations of the package as JSON, for the contract cases.
#[must_use]
pub fn operations() -> Value {
    OPERATIONS.0.iter().map(facts_of).collect()
}

fn facts_of(operation: &OperationDescriptor) -> Value {
    let paths: Vec<&str> = operation.paths.iter().map(|path| path.template).collect();
    let target = operation.target.and_then(|target| description().item_name(target));
    let callable = operation
        .callable
        .and_then(|index| description().callables().get(usize::from(index)));
    json!({
        "id": operation.id,
        "verb": operation.kind.map(OperationKind::name),
        "paths": paths,
        "target": target,
        "callable": callable.map(Callable::short_name),
    })
}
