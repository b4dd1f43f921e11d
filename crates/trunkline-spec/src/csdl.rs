//! Reads OData CSDL 4.x in its XML form, as Microsoft Graph serves it under `$metadata`.
//!
//! Anything that is not understood is refused with file, line, element and reason, never guessed. Elements and attributes of
//! foreign XML namespaces are passed over, as OData demands; annotations are passed over too, except for those that say
//! what may be inserted, updated and deleted.

mod annotations;
mod callables;
mod container;
mod element;
mod enums;
mod names;
mod schema;
mod structured;

use std::path::Path;

use crate::error::Error;
use crate::model::Model;
use crate::resolve::resolve;

/// Reads a metadata document from a file.
///
/// # Errors
///
/// When the file cannot be read, is not OData CSDL, or holds something that is not understood.
pub fn read_csdl(path: &Path) -> Result<Model, Error> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        source,
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        crate::error::CsdlError {
            file: name.clone(),
            line,
            reason: "the document is not UTF-8".to_owned(),
        }
    })?;
    read_csdl_text(&name, text)
}

/// Reads a metadata document from a text; `name` stands for the file in messages.
///
/// # Errors
///
/// When the text is not OData CSDL, or holds something that is not understood.
pub fn read_csdl_text(name: &str, text: &str) -> Result<Model, Error> {
    let document = schema::read_document(name, text)?;
    let (mut draft, restrictions) = document.finish()?;
    restrictions.apply(&mut draft);
    resolve(draft).map_err(|problems| first(name, problems))
}

/// The problem that comes first in the document.
fn first(name: &str, problems: Vec<crate::place::Problem>) -> Error {
    match problems.into_iter().min() {
        Some(problem) => problem.into(),
        None => Error::Csdl(crate::error::CsdlError {
            file: name.to_owned(),
            line: 1,
            reason: "the document was refused without a reason".to_owned(),
        }),
    }
}
