//! All of Graph, generated into a crate of its own, checked and tested, with what that costs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::compile::{cargo, count, succeeds};
use super::tally::Tally;
use super::{Context, Outcome};
use crate::codegen;
use crate::measure::{self, Cost};

/// A crate of its own, and what it may cost.
pub(super) struct Standalone {
    /// Name of the metadata's file, and of the crate's folder.
    name: &'static str,
    /// Reading the metadata and writing the crate.
    generate: Duration,
    /// Processor time of `cargo check`, dependencies not counted.
    check: Duration,
    /// The largest process of it, in MiB.
    memory: u64,
}

/// Half of what the same types cost with derived code: 122 s of processor time and 5.8 GiB, measured before the design.
pub(super) const GLOBAL: Standalone = Standalone {
    name: "v1.0-Prod",
    generate: Duration::from_secs(20),
    check: Duration::from_secs(60),
    memory: 2900,
};

/// About two thirds of the global service.
pub(super) const US_GOVERNMENT: Standalone = Standalone {
    name: "v1.0-Fairfax",
    generate: Duration::from_secs(16),
    check: Duration::from_secs(42),
    memory: 2200,
};

/// Not half of the global service.
pub(super) const CHINA: Standalone = Standalone {
    name: "v1.0-Mooncake",
    generate: Duration::from_secs(12),
    check: Duration::from_secs(30),
    memory: 1700,
};

/// Generates, checks and tests one.
pub(super) fn run(context: &Context<'_>, standalone: &Standalone) -> Result<Outcome> {
    let metadata = context.metadata.join(format!("{}.csdl", standalone.name));
    if !metadata.exists() {
        return Ok(Outcome::Skipped(format!("{} is not here", metadata.display())));
    }
    let target = context.project.target();
    let folder = target.join("standalone").join(standalone.name);
    let start = Instant::now();
    codegen::standalone(&metadata, &codegen::Part::All, &folder, context.project)?;
    let mut limits = vec![Limit::time("generate", start.elapsed(), standalone.generate)];
    // The workspace's choice of versions, so that nothing is looked up.
    std::fs::copy(context.project.path("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;

    let build = target.join("standalone-build");
    if !succeeds(&mut in_crate(
        context,
        &folder,
        &build,
        &["check", "--quiet", "--package", "trunkline-core"],
    ))? {
        return Ok(failed("its dependencies do not compile"));
    }
    // A check that has nothing to do would measure nothing.
    forget(&folder)?;
    let (status, cost) = measure::run(&mut in_crate(context, &folder, &build, &["check", "--quiet"]))?;
    if !status.success() {
        return Ok(failed("the generated crate does not compile"));
    }
    limits.extend(limits_of(&cost, standalone));
    for limit in &limits {
        println!("{limit}");
    }
    let (good, tally) = count(&mut in_crate(context, &folder, &build, &["test", "--quiet"]))?;
    let exceeded: Vec<&str> = limits
        .iter()
        .filter(|limit| limit.exceeded())
        .map(|limit| limit.what)
        .collect();
    Ok(if !good {
        Outcome::Failed(tally, "its test fails".to_owned())
    } else if tally.passed == 0 {
        Outcome::Failed(tally, "it has no test".to_owned())
    } else if !exceeded.is_empty() {
        Outcome::Failed(tally, format!("over the limit: {}", exceeded.join(", ")))
    } else {
        Outcome::Passed(tally)
    })
}

fn failed(reason: &str) -> Outcome {
    Outcome::Failed(Tally::default(), reason.to_owned())
}

/// Cargo in the generated crate. Neither debug information nor incremental state is of use to anybody here.
fn in_crate(context: &Context<'_>, folder: &Path, build: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo(context, arguments);
    command
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", build)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0");
    command
}

/// Makes cargo believe that the crate has changed.
fn forget(folder: &Path) -> Result<()> {
    let root = folder.join("src/lib.rs");
    let file = std::fs::File::options()
        .append(true)
        .open(&root)
        .with_context(|| format!("the generated crate has no {}", root.display()))?;
    file.set_modified(std::time::SystemTime::now())?;
    Ok(())
}

fn limits_of(cost: &Cost, standalone: &Standalone) -> Vec<Limit> {
    let mut limits = Vec::new();
    match cost.processor {
        Some(processor) => limits.push(Limit::time("check, processor", processor, standalone.check)),
        None => println!("{:20} {:.1} s on the clock", "check", cost.elapsed.as_secs_f64()),
    }
    limits.extend(cost.memory.map(|memory| Limit {
        what: "check, memory",
        measured: (memory >> 20) as f64,
        limit: standalone.memory as f64,
        unit: "MiB",
    }));
    limits
}

/// Something measured, and what it may be at most.
struct Limit {
    what: &'static str,
    measured: f64,
    limit: f64,
    unit: &'static str,
}

impl Limit {
    fn time(what: &'static str, measured: Duration, limit: Duration) -> Self {
        Self {
            what,
            measured: measured.as_secs_f64(),
            limit: limit.as_secs_f64(),
            unit: "s",
        }
    }

    fn exceeded(&self) -> bool {
        self.measured > self.limit
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            what,
            measured,
            limit,
            unit,
        } = self;
        write!(formatter, "{what:20} {measured:.1} {unit} (limit {limit:.0} {unit})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_can_be_exceeded_and_shows_both_figures() {
        let limit = Limit::time("generate", Duration::from_millis(2500), Duration::from_secs(2));
        assert!(limit.exceeded());
        assert_eq!(limit.to_string(), "generate             2.5 s (limit 2 s)");
        assert!(!Limit::time("generate", Duration::from_secs(2), Duration::from_secs(2)).exceeded());
    }
}
