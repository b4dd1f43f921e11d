//! All of Graph, generated into a crate of its own, checked and tested, with what that costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::compile::{cargo, count, succeeds};
use super::{Context, Outcome};
use crate::measure::{self, Cost};
use crate::{Verdict, codegen};

/// Metadata that becomes crates of their own: the name of the file and of the crate's folder, and the cloud.
const CRATES: [(&str, &str); 3] = [
    ("v1.0-Prod", "global"),
    ("v1.0-Fairfax", "US Government L4"),
    ("v1.0-Mooncake", "China"),
];

/// The limits of the largest of them.
const GENERATE: Duration = Duration::from_secs(5);
const CHECK: Duration = Duration::from_secs(30);
const RELEASE: Duration = Duration::from_secs(45);
const MEMORY_MIB: f64 = 2048.0;
const DESCRIPTION_KB: f64 = 2000.0;

/// Generates all, compiles them at the same time, because each leaves a core idle for most of it, and runs their tests. Sizes
/// count; times do not: how long something takes on a machine that does other things as well proves nothing.
pub(super) fn test(context: &Context<'_>) -> Result<Outcome> {
    let mut generated = Vec::new();
    let mut exceeded = false;
    for (name, _) in CRATES {
        let Some((folder, limits)) = generate(context, name)? else {
            return Ok(missing(context, name));
        };
        println!("{name}");
        exceeded |= show(&limits, |limit| limit.unit != "s");
        generated.push(folder);
    }
    let together = context.project.target().join("standalone/together");
    write_together(context, &together, &generated)?;
    // The library has no tests of its own, and would be compiled a second time to find none.
    let arguments = ["test", "--quiet", "--no-fail-fast", "--test", "*"];
    // Libraries that the workspace has compiled with the same features need not be compiled again.
    let (good, tally) = count(&mut in_crate(context, &together, &context.project.target(), &arguments))?;
    Ok(if !good {
        Outcome::Failed(tally, "a crate does not compile, or its test fails".to_owned())
    } else if tally.passed < generated.len() as u64 {
        Outcome::Failed(tally, "a crate has no test".to_owned())
    } else if exceeded {
        Outcome::Failed(tally, "a description is over its limit".to_owned())
    } else {
        Outcome::Passed(tally)
    })
}

/// Generates all, and measures each against what it may cost to generate, check and build, from nothing.
pub(super) fn measure(context: &Context<'_>) -> Result<Verdict> {
    let mut verdict = Verdict::Good;
    for (name, cloud) in CRATES {
        println!("\n=== All of v1.0 as a crate of its own: {cloud}");
        let Some((folder, limits)) = generate(context, name)? else {
            continue;
        };
        let mut exceeded = show(&limits, |_| true);
        let build = context.project.target().join("standalone-build");
        for (what, profile, limit) in [
            ("check", ["check"].as_slice(), CHECK),
            ("release", &["build", "--release"], RELEASE),
        ] {
            let cargo = |more: &[&str]| in_crate(context, &folder, &build, &[profile, &["--quiet"], more].concat());
            ensure!(
                succeeds(&mut cargo(&["--package", "trunkline-core"]))?,
                "the dependencies of {name} do not compile"
            );
            // A check that has nothing to do would measure nothing.
            forget(&folder)?;
            let (status, cost) = measure::run(&mut cargo(&[]))?;
            ensure!(status.success(), "{name} does not compile");
            exceeded |= show(&limits_of(what, &cost, limit), |_| true);
        }
        if exceeded {
            println!("FAILED: over a limit");
            verdict = Verdict::Bad;
        }
    }
    Ok(verdict)
}

/// Generates one. The result is its folder and what generating it cost; `None` if its metadata is not here.
fn generate(context: &Context<'_>, name: &str) -> Result<Option<(PathBuf, Vec<Limit>)>> {
    let metadata = context.metadata.join(format!("{name}.csdl"));
    if !metadata.exists() {
        return Ok(None);
    }
    let folder = context.project.target().join("standalone").join(name);
    let start = Instant::now();
    codegen::standalone(&metadata, &codegen::Part::All, &folder, context.project)?;
    let generate = Limit::time("generate", start.elapsed(), GENERATE);
    let description = folder.join("src/description.json");
    let description = fs::metadata(&description).with_context(|| format!("there is no {}", description.display()))?;
    let description = Limit {
        what: "description",
        measured: description.len() as f64 / 1000.0,
        limit: DESCRIPTION_KB,
        unit: "KB",
    };
    lock(context, &folder)?;
    Ok(Some((folder, vec![generate, description])))
}

/// The workspace's choice of versions, so that nothing is looked up.
fn lock(context: &Context<'_>, folder: &Path) -> Result<()> {
    fs::copy(context.project.path("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    Ok(())
}

fn missing(context: &Context<'_>, name: &str) -> Outcome {
    let metadata = context.metadata.join(format!("{name}.csdl"));
    Outcome::Skipped(format!("{} is not here", metadata.display()))
}

/// Writes a crate that depends on all of them, and whose tests are theirs: cargo compiles what one crate depends on at the same time.
fn write_together(context: &Context<'_>, together: &Path, crates: &[PathBuf]) -> Result<()> {
    let mut manifest = String::from(
        "[package]\nname = \"together\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n",
    );
    let mut dependencies = toml::Table::new();
    for folder in crates {
        let own: toml::Table = fs::read_to_string(folder.join("Cargo.toml"))?.parse()?;
        let name = own["package"]["name"].as_str().context("a crate without a name")?;
        let mut tests = fs::read_dir(folder.join("tests")).with_context(|| format!("{name} has no test"))?;
        let test = tests.next().with_context(|| format!("{name} has no test"))??.path();
        let (folder, test) = (folder.to_string_lossy(), test.to_string_lossy());
        manifest.push_str(&format!(
            "\n[[test]]\nname = \"{name}\"\npath = {}\n",
            toml::Value::from(&*test)
        ));
        let dependency = toml::Table::from_iter([("path".to_owned(), toml::Value::from(&*folder))]);
        dependencies.insert(name.to_owned(), dependency.into());
        // They lie as deep in the folders as this one, so that their paths lead to the same places.
        let further = [own.get("dependencies"), own.get("dev-dependencies")];
        for table in further.into_iter().flatten().filter_map(toml::Value::as_table) {
            dependencies.extend(table.clone());
        }
    }
    let dependencies = toml::Table::from_iter([("dev-dependencies".to_owned(), dependencies.into())]);
    manifest.push_str(&format!("\n{dependencies}"));
    fs::create_dir_all(together.join("src"))?;
    fs::write(together.join("Cargo.toml"), manifest)?;
    fs::write(together.join("src/lib.rs"), "//! Has the tests of other crates.\n")?;
    lock(context, together)
}

/// Prints what was measured, and answers whether something that counts is over its limit.
fn show(limits: &[Limit], counts: impl Fn(&Limit) -> bool) -> bool {
    for limit in limits {
        println!("{limit}");
    }
    limits.iter().any(|limit| limit.exceeded() && counts(limit))
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
    let file = fs::File::options()
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
