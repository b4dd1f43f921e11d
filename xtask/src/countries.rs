//! The table of how numbers are written within each country, derived from libphonenumber's metadata.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::package::{output, python_library};
use crate::project::Project;

/// The file of the table.
const TABLE: &str = "crates/trunkline-core/src/telephone/countries.tsv";

/// The package with the metadata.
const METADATA: &str = "phonenumbers==9.0.33";

/// Options of `countries`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if the table is not what the metadata says
    #[arg(long)]
    check: bool,
}

/// Writes the table, or checks it.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let metadata = python_library(project, METADATA)?;
    let script = project.path("xtask/src/countries.py");
    let table = output(Command::new("python3").arg(script).env("PYTHONPATH", metadata))?;
    let path = project.path(TABLE);
    if fs::read_to_string(&path).is_ok_and(|written| written == table) {
        println!("{TABLE} is what {METADATA} says");
        return Ok(Verdict::Good);
    }
    if arguments.check {
        println!("{TABLE} is not what {METADATA} says; run: cargo xtask countries");
        return Ok(Verdict::Bad);
    }
    fs::write(&path, table).with_context(|| format!("cannot write {TABLE}"))?;
    println!("{TABLE}: written");
    Ok(Verdict::Good)
}

/// Checks the table.
pub(crate) fn check(project: &Project) -> Result<Verdict> {
    run(&Arguments { check: true }, project)
}
