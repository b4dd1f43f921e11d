//! Every contract case as a test of its own, named `recorded::OPERATION::CASE` or `emulator::OPERATION::CASE`.
//!
//! `cargo test -p trunkline-contract --test cases -- phoneMethods` runs those whose name holds the text; `--list` names
//! them all.

#![allow(clippy::print_stdout, reason = "a test harness prints")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Instant;

use trunkline_contract::case::{self, Case, CaseFile};
use trunkline_contract::run::{self, Differences};
use trunkline_contract::{catalogue, dispatch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Selection {
        filters,
        listing,
        exact,
    } = Selection::read(std::env::args().skip(1));
    let files = match case::read_all() {
        Ok(files) => files,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    let start = Instant::now();
    let wanted = |name: &str| {
        let hit = |filter: &String| {
            if exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        let wanted = filters.is_empty() || filters.iter().any(hit);
        if wanted && listing {
            println!("{name}: test");
        }
        wanted && !listing
    };
    for (name, gaps) in coverage(&files) {
        if wanted(&name) {
            report.take(&name, gaps, None);
        }
    }
    for (operation, case) in files
        .iter()
        .flat_map(|file| file.cases.iter().map(|case| (&file.operation, case)))
    {
        let name = format!("recorded::{operation}::{}", case.name);
        if wanted(&name) {
            report.recorded += 1;
            report.take(&name, run::recorded(operation, case).await, case.known.as_deref());
        }
        let name = format!("emulator::{operation}::{}", case.name);
        match (&case.emulator, &case.emulator_skip) {
            (Some(expected), _) if wanted(&name) => {
                report.emulated += 1;
                report.take(
                    &name,
                    run::emulated(operation, case, expected).await,
                    expected.known.as_deref(),
                );
            }
            (None, Some(reason)) if !listing => *report.skipped.entry(reason.clone()).or_default() += 1,
            _ => {}
        }
    }
    if listing {
        return ExitCode::SUCCESS;
    }
    report.print(start)
}

/// Options of the command line, as far as the standard test harness knows them.
#[derive(Default)]
struct Selection {
    filters: Vec<String>,
    listing: bool,
    exact: bool,
}

impl Selection {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut selection = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => selection.listing = true,
                "--exact" => selection.exact = true,
                // These have a value, which is no filter.
                "--test-threads" | "--skip" | "--format" | "--color" | "--logfile" | "-Z" => drop(arguments.next()),
                option if option.starts_with('-') => {}
                _ => selection.filters.push(argument),
            }
        }
        selection
    }
}

/// Whether spec, case files and calls are about the same operations, whether every `/me` has a case, and whether every
/// operation runs through the emulator in one.
fn coverage(files: &[CaseFile]) -> Vec<(String, Result<Differences, String>)> {
    let operations = match catalogue::read() {
        Ok(operations) => operations,
        Err(error) => return vec![("coverage".to_owned(), Err(error))],
    };
    let spec: BTreeSet<&str> = operations.keys().map(String::as_str).collect();
    let written: BTreeSet<&str> = files.iter().map(|file| file.operation.as_str()).collect();
    let called: BTreeSet<&str> = dispatch::operations().into_iter().collect();
    let apart = |left: &BTreeSet<&str>, right: &BTreeSet<&str>| -> Result<Differences, String> {
        Ok(left
            .symmetric_difference(right)
            .map(|id| format!("{id} is on one side only"))
            .collect())
    };
    let me = |case: &Case| case.place.get("root").is_some_and(|root| root == "me");
    let unmet = files
        .iter()
        .filter(|file| {
            let paths = operations.get(&file.operation).into_iter().flatten();
            let offered = paths.into_iter().any(|path| path == "/me" || path.starts_with("/me/"));
            offered && !file.cases.iter().any(me)
        })
        .map(|file| format!("{} has no case for /me", file.operation));
    let unplayed = files
        .iter()
        .filter(|file| file.cases.iter().all(|case| case.emulator.is_none()))
        .map(|file| format!("{} has no case that runs through the emulator", file.operation));
    vec![
        ("coverage::spec and case files".to_owned(), apart(&spec, &written)),
        ("coverage::spec and calls".to_owned(), apart(&spec, &called)),
        ("coverage::signed-in user".to_owned(), Ok(unmet.collect())),
        ("coverage::emulator".to_owned(), Ok(unplayed.collect())),
    ]
}

#[derive(Default)]
struct Report {
    recorded: usize,
    emulated: usize,
    passed: usize,
    known: Vec<String>,
    failed: Vec<String>,
    skipped: BTreeMap<String, usize>,
}

impl Report {
    fn take(&mut self, name: &str, result: Result<Differences, String>, known: Option<&str>) {
        let differences = result.unwrap_or_else(|error| vec![error]);
        let outcome = match (differences.is_empty(), known) {
            (true, None) => {
                self.passed += 1;
                "ok"
            }
            (false, Some(reason)) => {
                self.known
                    .push(format!("{name}: {reason}\n    {}", differences.join("\n    ")));
                "known"
            }
            (true, Some(reason)) => {
                self.failed
                    .push(format!("{name}\n    is met now; take `known` away: {reason}"));
                "FAILED"
            }
            (false, None) => {
                self.failed.push(format!("{name}\n    {}", differences.join("\n    ")));
                "FAILED"
            }
        };
        println!("test {name} ... {outcome}");
    }

    fn print(&self, start: Instant) -> ExitCode {
        for (title, texts) in [("known differences", &self.known), ("failures", &self.failed)] {
            if !texts.is_empty() {
                println!("\n{title}:\n\n{}", texts.join("\n\n"));
            }
        }
        let skipped: usize = self.skipped.values().sum();
        if skipped > 0 {
            println!("\nnot run through the emulator, and why:\n");
            for (reason, count) in &self.skipped {
                println!("{count:5}  {reason}");
            }
        }
        let result = if self.failed.is_empty() { "ok" } else { "FAILED" };
        println!(
            "\ntest result: {result}. {} passed; {} failed; {} known; recorded {}, emulator {}, skipped {skipped}; \
             finished in {:.2}s\n",
            self.passed,
            self.failed.len(),
            self.known.len(),
            self.recorded,
            self.emulated,
            start.elapsed().as_secs_f64()
        );
        if self.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
