//! Writes the generated modules of the Python face, or with `--check` says which differ.
//!
//! `cargo run -p trunkline-codegen --example python [-- --check]`, from the root of the checkout.

use std::path::Path;
use std::process::ExitCode;

/// Where the modules go.
const FOLDER: &str = "bindings/python/python/trunkline/generated";

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let model = trunkline_spec::read_spec(Path::new("spec"))?.model;
    let files = trunkline_codegen::generate_python(&model);
    let checks = std::env::args().any(|argument| argument == "--check");
    let act = if checks { trunkline_codegen::check } else { trunkline_codegen::write };
    let differences = act(&files, Path::new(FOLDER))?;
    for difference in &differences {
        eprintln!("{difference}");
    }
    Ok(if checks && !differences.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
