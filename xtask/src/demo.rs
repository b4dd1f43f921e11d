//! Runs the demo: both main jobs on an embedded emulator, then a whole file with the real command line, killed in the
//! middle.

use std::env::consts::EXE_SUFFIX;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::Verdict;
use crate::project::Project;

/// Options of `demo`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Builds and runs the examples `demo` of the crate `trunkline` and `bulk` of `trunkline-cli`.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.json {
        println!("{}", printed(project, true)?);
        return Ok(Verdict::Good);
    }
    build(project)?;
    for mut command in commands(project, false) {
        if !command.status().context("cannot start the demo")?.success() {
            return Ok(Verdict::Bad);
        }
    }
    Ok(Verdict::Good)
}

/// The output of the demo. As JSON, the second part is the member `bulk` of the first.
pub(crate) fn printed(project: &Project, json: bool) -> Result<String> {
    build(project)?;
    let mut parts = Vec::new();
    for mut command in commands(project, json) {
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start the demo")?;
        ensure!(output.status.success(), "the demo ended with {}", output.status);
        parts.push(String::from_utf8(output.stdout).context("the demo printed something that is no text")?);
    }
    if json { merged(&parts) } else { Ok(parts.concat()) }
}

fn merged(parts: &[String]) -> Result<String> {
    let [first, second] = parts else {
        bail!("the demo has two parts");
    };
    let read = |text: &str| serde_json::from_str::<Value>(text).context("--json printed something else than JSON");
    let mut object = read(first)?;
    ensure!(object.is_object(), "--json printed something else than one object");
    object["bulk"] = read(second)?;
    Ok(format!("{object:#}"))
}

fn build(project: &Project) -> Result<()> {
    let mut command = Command::new("cargo");
    // Of the whole workspace, so that the features are those of tests, and the libraries are compiled already.
    command
        .current_dir(&project.root)
        .args(["build", "--quiet", "--workspace"]);
    command.args(["--bin", "trunkline", "--example", "demo", "--example", "bulk"]);
    let status = command.status().context("cannot start cargo")?;
    ensure!(status.success(), "the demo cannot be built");
    Ok(())
}

/// The commands of the two parts, in order.
fn commands(project: &Project, json: bool) -> [Command; 2] {
    let folder = project.target().join("debug");
    let program = |name: &str| folder.join(format!("{name}{EXE_SUFFIX}"));
    let mut demo = Command::new(program("examples/demo"));
    let mut bulk = Command::new(program("examples/bulk"));
    bulk.arg(program("trunkline")).arg(folder.join("demo"));
    for command in [&mut demo, &mut bulk] {
        command.current_dir(&project.root);
        if json {
            command.arg("--json");
        }
    }
    [demo, bulk]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_part_is_a_member_of_the_first() {
        let parts = |first: &str, second: &str| merged(&[first.to_owned(), second.to_owned()]);
        let object: Value = serde_json::from_str(&parts(r#"{"a": 1}"#, r#"{"b": 2}"#).unwrap()).unwrap();
        assert_eq!(object, serde_json::json!({"a": 1, "bulk": {"b": 2}}));
        assert!(parts("[]", "{}").is_err());
        assert!(parts("{}", "done").is_err());
    }
}
