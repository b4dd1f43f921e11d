//! The graph by name: for bindings to other languages, which have no types of Rust.
//!
//! Bodies go in and come out as JSON text. They are checked and written by the same field tables as the structs of
//! [`graph`](crate::graph), read from the descriptor blob.

mod call;
mod correct;
mod expected;
mod write;

use std::sync::OnceLock;

use serde_json::{Value, json};
use trunkline_core::codec::{BodyRules, Layout, Layouts};
use trunkline_core::descriptors::{Callable, DescriptorError, Descriptors, OperationView};

pub use call::{called, parameters};
pub use correct::{corrected_page, corrected_record, corrected_value};
pub use expected::{Expected, content_named, read_answer};
pub use write::{Misfit, Place, any, record};

use crate::generated::BODIES;
use crate::{DESCRIPTORS, Error, ErrorKind, Result};

/// The types of this package.
///
/// # Errors
///
/// When the package's table of types is damaged.
pub fn layouts() -> Result<&'static Layouts> {
    static LAYOUTS: OnceLock<Option<Layouts>> = OnceLock::new();
    let layouts = LAYOUTS.get_or_init(|| Layouts::new(DESCRIPTORS).ok());
    layouts.as_ref().ok_or_else(|| damaged("no table of types"))
}

/// The blob of this package.
///
/// # Errors
///
/// As [`layouts`].
pub fn descriptors() -> Result<Descriptors<'static>> {
    Ok(layouts()?.descriptors())
}

/// The type of a qualified name.
///
/// # Errors
///
/// When there is none.
pub fn layout(name: &str) -> Result<&'static Layout> {
    let found = layouts()?.named(name).map_err(broken)?;
    found.ok_or_else(|| Error::new(ErrorKind::InvalidInput, format!("there is no type {name}")))
}

/// Writes the body of a request that expects a type of this name.
#[must_use]
pub fn body_rules(name: &str) -> Option<&'static BodyRules> {
    BODIES.iter().find(|(known, _)| *known == name)?.1
}

/// The action or function with an index.
///
/// # Errors
///
/// When there is none.
pub fn callable(index: u16) -> Result<Callable<'static>> {
    descriptors()?.callable_at(index).map_err(broken)
}

/// The state of what the operation with an id starts.
///
/// # Errors
///
/// When it is not known, or starts nothing that goes on.
pub fn state_of(started_by: Option<&str>) -> Result<&'static Layout> {
    let started_by = started_by
        .map(|id| descriptors()?.operation(id).map_err(broken))
        .transpose()?;
    let state = match started_by.flatten() {
        Some(operation) => operation.long_running().map_err(broken)?,
        None => None,
    };
    let name = state
        .map(|state| state.state.qualified_name())
        .transpose()
        .map_err(broken)?;
    let name = name.ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "the token does not say what was started")
            .with_next_step("Use the token of an operation")
    })?;
    layout(&name)
}

/// The operations of the package as JSON, for the contract cases.
///
/// # Errors
///
/// When the package's table of types is damaged.
pub fn operations() -> Result<Value> {
    let facts = descriptors()?.operations().map(|operation| facts_of(&operation?));
    facts
        .collect::<std::result::Result<Vec<_>, _>>()
        .map(Value::Array)
        .map_err(broken)
}

fn facts_of(operation: &OperationView<'_>) -> std::result::Result<Value, DescriptorError> {
    let paths = operation.paths().map(|path| path?.template());
    let target = operation
        .target()?
        .map(|target| target.item.qualified_name())
        .transpose()?;
    Ok(json!({
        "id": operation.id()?,
        "verb": format!("{:?}", operation.verb()?).to_lowercase(),
        "paths": paths.collect::<std::result::Result<Vec<_>, _>>()?,
        "target": target,
        "callable": operation.callable()?.map(|callable| callable.name()).transpose()?,
    }))
}

fn broken(error: DescriptorError) -> Error {
    damaged(&error.to_string())
}

fn damaged(what: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("the package's table of types is damaged: {what}"),
    )
    .with_next_step("Install the package again")
}
