//! Steps that run while others do, in a process of their own: tests of packages and of clients wait for much of their time.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context as _, Result};

use super::Context;
use super::tally::Tally;

/// The group with which they begin.
pub(super) const FIRST: &str = "python";
/// The groups that run meanwhile, in this order. Their output appears when all steps have ended.
pub(super) const GROUPS: &[&str] = &["node", "node-package", "clients", "browser"];

/// The running process.
pub(super) struct Alongside {
    process: Child,
    output: PathBuf,
    summary: PathBuf,
}

impl Drop for Alongside {
    /// Nothing goes on in the background when the steps before it end badly.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Alongside {
    /// Starts this program once more, with [`GROUPS`].
    pub(super) fn start(context: &Context<'_>) -> Result<Self> {
        let target = context.project.target();
        let (output, summary) = (target.join("test-alongside.log"), target.join("test-alongside.txt"));
        let log = File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
        // A summary of an earlier run must not count.
        File::create(&summary).with_context(|| format!("cannot write {}", summary.display()))?;
        let process = Command::new(std::env::current_exe()?)
            .current_dir(&context.project.root)
            .arg("test")
            .args(GROUPS)
            .arg("--metadata")
            .arg(&context.metadata)
            .arg("--summary")
            .arg(&summary)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the steps that run alongside")?;
        println!(
            "Meanwhile: {}; what they print goes to {}",
            GROUPS.join(", "),
            output.display()
        );
        Ok(Self {
            process,
            output,
            summary,
        })
    }

    /// Waits for the end, prints the output, and returns the lines of the summary and their sum.
    pub(super) fn finish(mut self) -> Result<(Vec<String>, Tally)> {
        let status = self.process.wait()?;
        std::io::stdout().write_all(&std::fs::read(&self.output)?)?;
        let summary = std::fs::read_to_string(&self.summary)?;
        let total = summary.lines().last().and_then(Tally::of_total);
        let Some(total) = total.filter(|total| status.success() || total.failed > 0) else {
            let line = format!("{}: FAILED: ended without a summary ({status})", GROUPS.join(", "));
            return Ok((vec![line], Tally::FAILED));
        };
        let lines = summary.lines().take_while(|line| !line.is_empty());
        Ok((lines.map(str::to_owned).collect(), total))
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, GROUPS};
    use crate::test::steps::STEPS;

    #[test]
    fn the_groups_of_the_table_run_alongside_others_of_it() {
        let groups: Vec<&str> = STEPS.iter().map(|step| step.group).collect();
        assert!(!GROUPS.contains(&FIRST));
        for group in GROUPS.iter().chain([&FIRST]) {
            assert!(groups.contains(group), "{group}");
        }
    }
}
