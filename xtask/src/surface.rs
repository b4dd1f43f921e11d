//! The public surface of the Rust crates and of both packages as text, read by people when it changes.
//!
//! A tool of each language reads it: `public-api` the JSON of rustdoc, griffe the Python package, and rollup the declarations
//! of TypeScript. docs/decisions/260-public-surface.md says why.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::Verdict;
use crate::package::{self, output};
use crate::project::Project;

/// A language's surface.
struct Language {
    /// The file it is kept in.
    file: &'static str,
    /// Reads it.
    text: fn(&Project) -> Result<String>,
}

const LANGUAGES: [Language; 3] = [
    Language {
        file: "tests/surface/rust.txt",
        text: rust,
    },
    Language {
        file: "tests/surface/python.txt",
        text: python,
    },
    Language {
        file: "tests/surface/node.txt",
        text: node,
    },
];

/// The crates people depend on.
const CRATES: [&str; 2] = ["trunkline", "trunkline_core"];

/// The reader of Python packages.
const GRIFFE: &str = "griffe==2.4.1";

/// Names the real rustdoc to this program where cargo starts it in rustdoc's place.
const RUSTDOC: &str = "TRUNKLINE_RUSTDOC";

/// Options of `surface`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show how the surface differs from the files, and fail if it does
    #[arg(long)]
    check: bool,
}

/// Writes the surfaces, or checks them.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.check {
        return check(project);
    }
    for Language { file, text } in LANGUAGES {
        fs::write(project.path(file), text(project)?).with_context(|| format!("cannot write {file}"))?;
        println!("{file}: written");
    }
    Ok(Verdict::Good)
}

/// Compares the surfaces with the files, and prints the differences.
pub(crate) fn check(project: &Project) -> Result<Verdict> {
    let mut verdict = Verdict::Good;
    for Language { file, text } in LANGUAGES {
        let now = text(project)?;
        let then = fs::read_to_string(project.path(file)).unwrap_or_default();
        if now == then {
            println!("{file} is the public surface");
            continue;
        }
        for line in difference(&then, &now) {
            println!("{line}");
        }
        println!("the public surface is not what {file} says; if the change is meant, run: cargo xtask surface");
        verdict = Verdict::Bad;
    }
    Ok(verdict)
}

/// Has rustdoc read all crates and write JSON; says whether their documentation is without warnings. Programs go first: the
/// command line has the name of a library, whose JSON is the one to keep.
pub(crate) fn document(project: &Project) -> Result<bool> {
    let mut good = true;
    for targets in ["--bins", "--lib"] {
        let mut command = Command::new("cargo");
        // With examples, cargo chooses the features that tests have, and finds the libraries checked.
        command.args(["doc", "--workspace", "--no-deps", "--keep-going", "--examples", targets]);
        command
            .current_dir(&project.root)
            .env("RUSTDOC", std::env::current_exe()?)
            .env(RUSTDOC, std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into()))
            .env(
                "RUSTDOCFLAGS",
                "--deny warnings -Zunstable-options --output-format json",
            );
        good &= command.status().context("cannot start cargo")?.success();
    }
    Ok(good)
}

/// Runs rustdoc, if cargo started this program in its place. Writing JSON is not stable, and only rustdoc may know that it is
/// allowed: with the variable set for all of cargo, build scripts would run again and all dependencies be compiled anew.
pub(crate) fn in_place_of_rustdoc() -> Option<ExitCode> {
    let rustdoc = std::env::var_os(RUSTDOC)?;
    let arguments = std::env::args_os().skip(1);
    let status = Command::new(rustdoc)
        .args(arguments)
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    let is_good = status.is_ok_and(|status| status.success());
    Some(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rust(project: &Project) -> Result<String> {
    ensure!(document(project)?, "the documentation has errors");
    let mut text = String::new();
    for name in CRATES {
        let api = public_api::Builder::from_rustdoc_json(project.target().join(format!("doc/{name}.json")))
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .build()?;
        api.items().for_each(|item| text.push_str(&format!("{item}\n")));
    }
    Ok(text)
}

fn python(project: &Project) -> Result<String> {
    let mut read = Command::new("python3");
    read.arg(project.path("xtask/src/surface.py"))
        .arg(project.path("bindings/python/python"))
        .env("PYTHONPATH", package::python_library(project, GRIFFE)?);
    output(&mut read)
}

fn node(project: &Project) -> Result<String> {
    package::compile_node(project)?;
    output(package::npm(&project.path("bindings/node")).args(["run", "--silent", "surface"]))
}

/// Lines that went and lines that came, in the order of the text.
fn difference(then: &str, now: &str) -> Vec<String> {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (then.lines().collect(), now.lines().collect());
    let gone = then
        .lines()
        .filter(|line| !new.contains(line))
        .map(|line| format!("- {line}"));
    let come = now
        .lines()
        .filter(|line| !old.contains(line))
        .map(|line| format!("+ {line}"));
    gone.chain(come).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_went_and_what_came() {
        assert_eq!(difference("a\nb\nc\n", "a\nc\nd\n"), ["- b", "+ d"]);
    }
}
