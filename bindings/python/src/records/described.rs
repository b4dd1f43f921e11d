//! What the package's operations are.

use pyo3::prelude::*;

use super::layouts;
use crate::errors;

/// What the package's operations are, as JSON: for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations() -> PyResult<String> {
    let mut told = Vec::new();
    for operation in layouts()?.descriptors().operations() {
        told.push(told_of(&operation.map_err(errors::system)?).map_err(errors::system)?);
    }
    Ok(serde_json::Value::Array(told).to_string())
}

fn told_of(
    operation: &trunkline_core::descriptors::OperationView<'_>,
) -> Result<serde_json::Value, trunkline_core::descriptors::DescriptorError> {
    let paths = operation
        .paths()
        .map(|path| path?.template())
        .collect::<Result<Vec<_>, _>>()?;
    let target = operation
        .target()?
        .map(|target| target.item.qualified_name())
        .transpose()?;
    let callable = operation.callable()?.map(|callable| callable.name()).transpose()?;
    Ok(serde_json::json!({
        "id": operation.id()?,
        "verb": format!("{:?}", operation.verb()?).to_lowercase(),
        "paths": paths,
        "target": target,
        "callable": callable,
    }))
}
