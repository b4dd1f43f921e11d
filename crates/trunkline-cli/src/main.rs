//! The program `trunkline`.

use std::process::ExitCode;

/// Measured in docs/decisions/240-allocator.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(trunkline_cli::run(std::env::args_os()))
}
