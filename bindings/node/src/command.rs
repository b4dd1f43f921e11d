//! The command line, for the program of the package.

use std::ffi::OsString;

use napi_derive::napi;

/// Runs the command line and returns the exit code. `args` begins with the name of the program.
#[napi]
pub fn run_command(args: Vec<String>) -> u32 {
    u32::from(trunkline_cli::run(args.into_iter().map(OsString::from)))
}
