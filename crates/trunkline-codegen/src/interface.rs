//! Emitters for our own interface (`spec/trunkline`): options that callers pass, values that they receive, and errors. Each writes
//! the text as it will stand in the file. A new type of an option is a variant of `ValueType`, a new type of a value one of
//! `FieldItem`, and one arm in each emitter.

mod errors;
mod features;
mod fields;
mod python;
mod python_classes;
mod python_keywords;
mod python_services;
mod python_text;
mod python_values;
mod reference;
mod rust;
mod typescript;
mod typescript_references;
mod typescript_services;
mod typescript_values;
mod values;

use crate::output::OutputFile;

use trunkline_spec::interface::Interface;

/// The modules below `trunkline.generated` of Python.
pub(crate) fn python(interface: &Interface) -> Vec<OutputFile> {
    [
        python::files(interface),
        python_classes::files(interface),
        python_services::files(interface),
        python_values::files(interface),
        errors::python(interface),
    ]
    .concat()
}

/// The modules below `generated` of Node.
pub(crate) fn node(interface: &Interface) -> Vec<OutputFile> {
    [
        typescript::files(interface),
        typescript_services::files(interface),
        typescript_values::files(interface),
        errors::typescript(interface),
    ]
    .concat()
}

/// The pages of the reference.
pub(crate) fn reference(interface: &Interface) -> Vec<OutputFile> {
    vec![
        OutputFile::new("options.md", reference::options(interface)),
        OutputFile::new("records.md", reference::records(interface)),
    ]
}

pub(crate) use features::files as feature_files;
pub(crate) use rust::{builder_files, core_files, files as binding_files};
pub(crate) use typescript_references::reference_type;
