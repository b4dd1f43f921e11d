//! The operations of the spec: their ids and paths, read from `spec/*.toml` and nowhere else.

use std::collections::BTreeMap;

use toml::Value;

use crate::case::spec_folder;

/// Every operation and the paths where it can be called.
///
/// # Errors
///
/// A text that names the file and what is wrong with it.
pub fn read() -> Result<BTreeMap<String, Vec<String>>, String> {
    let folder = spec_folder();
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut operations = BTreeMap::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file: toml::Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        for operation in file.get("operation").and_then(Value::as_array).into_iter().flatten() {
            let id = operation.get("id").and_then(Value::as_str).unwrap_or_default();
            let places = operation.get("path").and_then(Value::as_array).into_iter().flatten();
            let paths = places.filter_map(|place| Some(place.get("path")?.as_str()?.to_owned()));
            operations.insert(id.to_owned(), paths.collect());
        }
    }
    Ok(operations)
}
