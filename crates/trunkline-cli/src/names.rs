//! Names of people in tables and sentences.

use std::collections::HashMap;

/// Principal names by object id.
pub(crate) type Names = HashMap<String, String>;

/// The name of somebody, and on demand the id behind it.
pub(crate) fn shown_name(name: &str, id: &str, ids: bool) -> String {
    if ids && name != id {
        format!("{name} ({id})")
    } else {
        name.to_owned()
    }
}
