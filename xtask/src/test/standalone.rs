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

/// Metadata that becomes a crate of its own, by the name of its file and of the crate's folder.
pub(crate) const GLOBAL: &str = "v1.0-Prod";
/// The same for US Government L4.
pub(crate) const US_GOVERNMENT: &str = "v1.0-Fairfax";
/// The same for China.
pub(crate) const CHINA: &str = "v1.0-Mooncake";

/// The limits of the largest of them.
const GENERATE: Duration = Duration::from_secs(5);
const CHECK: Duration = Duration::from_secs(30);
const RELEASE: Duration = Duration::from_secs(45);
const MEMORY_MIB: f64 = 2048.0;
const DESCRIPTION_KB: f64 = 2000.0;

/// How much is measured, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Times are shown: how long something takes on a machine that does other things as well proves nothing. Sizes count.
    Sizes,
    /// Times count as well, and a release build is part of it.
    Everything,
}

/// Generates, checks and tests one.
pub(crate) fn run(context: &Context<'_>, name: &str, strictness: Strictness) -> Result<Outcome> {
    let metadata = context.metadata.join(format!("{name}.csdl"));
    if !metadata.exists() {
        return Ok(Outcome::Skipped(format!("{} is not here", metadata.display())));
    }
    let target = context.project.target();
    let folder = target.join("standalone").join(name);
    let start = Instant::now();
    codegen::standalone(&metadata, &codegen::Part::All, &folder, context.project)?;
    let mut limits = vec![Limit::time("generate", start.elapsed(), GENERATE)];
    let blob = folder.join("src/description.json");
    let blob = std::fs::metadata(&blob).with_context(|| format!("there is no {}", blob.display()))?;
    limits.push(Limit {
        what: "description",
        measured: blob.len() as f64 / 1000.0,
        limit: DESCRIPTION_KB,
        unit: "KB",
    });
    // The workspace's choice of versions, so that nothing is looked up.
    std::fs::copy(context.project.path("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;

    // Libraries that the workspace has compiled with the same features need not be compiled again; a measurement compiles all.
    let build = match strictness {
        Strictness::Sizes => target,
        Strictness::Everything => target.join("standalone-build"),
    };
    for (what, profile, limit) in [
        ("check", ["check"].as_slice(), CHECK),
        ("release", &["build", "--release"], RELEASE),
    ] {
        // Tests compile the crate as well; only what is measured is worth compiling it once more.
        if strictness == Strictness::Sizes {
            break;
        }
        let cargo = |more: &[&str]| in_crate(context, &folder, &build, &[profile, &["--quiet"], more].concat());
        if !succeeds(&mut cargo(&["--package", "trunkline-core"]))? {
            return Ok(failed("its dependencies do not compile"));
        }
        // A check that has nothing to do would measure nothing.
        forget(&folder)?;
        let (status, cost) = measure::run(&mut cargo(&[]))?;
        if !status.success() {
            return Ok(failed("the generated crate does not compile"));
        }
        limits.extend(limits_of(what, &cost, limit));
    }
    for limit in &limits {
        println!("{limit}");
    }
    // Its one test is a program of its own. The library has none, and would be compiled a second time to find none.
    let (good, tally) = count(&mut in_crate(
        context,
        &folder,
        &build,
        &["test", "--quiet", "--test", "*"],
    ))?;
    let exceeded: Vec<&str> = limits
        .iter()
        .filter(|limit| limit.exceeded() && (limit.unit != "s" || strictness == Strictness::Everything))
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

fn limits_of(what: &'static str, cost: &Cost, processor_limit: Duration) -> Vec<Limit> {
    let mut limits = Vec::new();
    match cost.processor {
        Some(processor) => limits.push(Limit::time(what, processor, processor_limit)),
        None => println!("{what:20} {:.1} s on the clock", cost.elapsed.as_secs_f64()),
    }
    limits.extend(cost.memory.map(|memory| Limit {
        what,
        measured: (memory >> 20) as f64,
        limit: MEMORY_MIB,
        unit: "MiB",
    }));
    limits
}

/// Something measured, and what it may be at most. Seconds are processor time, but for generating.
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
        write!(
            formatter,
            "{what:20} {measured:.1} {unit} (goal {limit:.0} {unit}{})",
            if self.exceeded() { ", over it" } else { "" }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_can_be_exceeded_and_shows_both_figures() {
        let limit = Limit::time("generate", Duration::from_millis(2500), Duration::from_secs(2));
        assert!(limit.exceeded());
        assert_eq!(limit.to_string(), "generate             2.5 s (goal 2 s, over it)");
        assert!(!Limit::time("generate", Duration::from_secs(2), Duration::from_secs(2)).exceeded());
    }
}
