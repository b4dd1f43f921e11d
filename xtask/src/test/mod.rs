//! Everything a change must pass, step by step. A further step is one entry of [`steps::STEPS`].

mod alongside;
mod browser;
mod clients;
mod compile;
mod demo;
mod node;
mod node_package;
mod outcome;
mod python;
mod site;
mod standalone;
mod steps;
mod tally;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::Verdict;
use crate::project::Project;
use alongside::Alongside;
use outcome::{Context, Outcome};
use steps::{STEPS, Step};
use tally::Tally;

/// Options of `test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Groups to run; all of them by default (`--list` names them)
    #[arg(value_name = "GROUP")]
    groups: Vec<String>,
    /// List the groups and what each of their steps does
    #[arg(long)]
    list: bool,
    /// Write the summary to this file as well
    #[arg(long, value_name = "FILE", hide = true)]
    summary: Option<PathBuf>,
    /// Folder with Graph's metadata and table of permissions; steps that need it are skipped where it does not exist
    #[arg(
        long,
        value_name = "FOLDER",
        env = "TRUNKLINE_METADATA",
        default_value = "../shared/metadata"
    )]
    metadata: PathBuf,
}

impl Arguments {
    /// Everything, with metadata where it is usually found.
    pub(crate) fn everything() -> Self {
        Self {
            groups: Vec::new(),
            list: false,
            summary: None,
            metadata: std::env::var_os("TRUNKLINE_METADATA")
                .map_or_else(|| PathBuf::from("../shared/metadata"), PathBuf::from),
        }
    }
}

/// Generates crates of everything in Graph's metadata and measures them against what they may cost. Nothing else should
/// run meanwhile.
pub(crate) fn measure_generated(project: &Project, metadata: &std::path::Path) -> Result<Verdict> {
    let context = Context {
        project,
        metadata: project.path(metadata),
    };
    standalone::measure(&context)
}

/// Runs the steps to the last, and prints the sum of steps and tests. They run one after the other, but for those that
/// [`alongside`] names.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.list {
        for step in STEPS {
            println!("{:12} {}", step.group, step.says);
        }
        return Ok(Verdict::Good);
    }
    let mut steps = chosen(&arguments.groups)?;
    if arguments.groups.is_empty() {
        steps.retain(|step| !alongside::GROUPS.contains(&step.group));
    }
    let context = Context {
        project,
        metadata: project.path(&arguments.metadata),
    };
    let mut total = Tally::default();
    let mut summary = Vec::new();
    let mut others = None;
    for step in steps {
        if arguments.groups.is_empty() && step.group == alongside::FIRST {
            others = Some(Alongside::start(&context)?);
        }
        heading(step.says);
        let start = Instant::now();
        let outcome =
            (step.run)(&context).unwrap_or_else(|error| Outcome::Failed(Tally::default(), format!("{error:#}")));
        let took = seconds(start.elapsed());
        let words = match outcome {
            Outcome::Passed(tests) => {
                total += tests + Tally::PASSED;
                "passed".to_owned()
            }
            Outcome::Failed(tests, reason) => {
                total += tests + Tally::FAILED;
                format!("FAILED: {reason}")
            }
            Outcome::Skipped(reason) => {
                total += Tally::SKIPPED;
                format!("skipped: {reason}")
            }
        };
        println!("{words} ({took})");
        summary.push(format!("{:12} {took:>8}  {words}", step.group));
    }
    if let Some(others) = others {
        let (lines, tally) = others.finish()?;
        summary.extend(lines);
        total += tally;
    }
    heading("Summary");
    let text = format!("{}\n\n{total}\n", summary.join("\n"));
    print!("{text}");
    if let Some(file) = &arguments.summary {
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(if total.failed == 0 { Verdict::Good } else { Verdict::Bad })
}

/// The steps of some groups, in the order of the table; all steps if no group is named.
fn chosen(groups: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = groups
        .iter()
        .find(|group| STEPS.iter().all(|step| step.group != group.as_str()))
    {
        let mut known: Vec<&str> = STEPS.iter().map(|step| step.group).collect();
        known.dedup();
        bail!("there is no group `{unknown}`; there are: {}", known.join(", "));
    }
    let wanted = |step: &&Step| groups.is_empty() || groups.iter().any(|group| group == step.group);
    Ok(STEPS.iter().filter(wanted).collect())
}

fn heading(text: &str) {
    println!("\n=== {text}");
    // Processes of the step write to the same output; nothing of ours may come after it.
    let _ = std::io::stdout().flush();
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_choose_steps_in_the_order_of_the_table() {
        let groups = ["rust".to_owned(), "format".to_owned()];
        let names: Vec<&str> = chosen(&groups).unwrap().iter().map(|step| step.group).collect();
        assert_eq!(names, ["format", "rust"]);
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn an_unknown_group_is_refused_with_the_known_ones() {
        let error = chosen(&["rusty".to_owned()]).err().unwrap().to_string();
        assert!(
            error.starts_with("there is no group `rusty`; there are: format, tidy"),
            "{error}"
        );
    }
}
