//! The command line, for the console script of the package.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command line and returns the exit code. `arguments` begins with the name of the program.
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| trunkline_cli::run(arguments))
}
