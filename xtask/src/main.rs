//! Project tasks. `cargo xtask --help` explains each.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to whoever runs it"
)]

mod archive;
mod bench;
mod clients;
mod codegen;
mod count;
mod countries;
mod demo;
mod environments;
mod examples;
mod faults;
mod fuzz;
mod measure;
mod package;
mod parity;
mod peers;
mod project;
mod site;
mod spec_check;
mod surface;
mod test;
mod tidy;
mod verdict;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;
use crate::verdict::Verdict;

/// The tasks of this project. Each can be run alone; `test` runs everything a change must pass.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the generated code and documentation from the spec, or a crate of its own from OData metadata
    Codegen(codegen::Arguments),
    /// Questions about the spec
    #[command(subcommand)]
    Spec(SpecTask),
    /// Assign a number and update a phone method on an embedded emulator, and show what happened
    Demo(demo::Arguments),
    /// Everything a change must pass
    Test(test::Arguments),
    /// Rules that no compiler knows: dependencies between crates, where files belong, words, what is never committed
    Tidy(tidy::Arguments),
    /// Count the lines of source that people write, by crate and binding
    Count(count::Arguments),
    /// Write the table of how numbers are written within each country, from libphonenumber's metadata
    Countries(countries::Arguments),
    /// The public surface of each language as text, for reviews
    Surface(surface::Arguments),
    /// Run the benchmarks and print how they compare
    Bench(bench::Arguments),
    /// Build the Python and npm packages as they would be published, install each where nothing else is, and test it
    Package(package::Arguments),
    /// Build the command as an archive for one platform, with a checksum, and test it
    Archive(archive::Arguments),
    /// Jobs of the real binary against the emulator, with faults, killed at random moments; judged by what the service has
    Faults(faults::Arguments),
    /// Clients of others, unmodified, sign in at the emulator and run on it
    Clients(clients::Arguments),
    /// Build the documentation site into target/site, and follow its links
    Site(site::Arguments),
    /// Run the fuzz targets, where cargo-fuzz is installed
    Fuzz(fuzz::Arguments),
    /// The command of the build server
    Ci,
}

#[derive(Subcommand)]
enum SpecTask {
    /// Compare the spec with Microsoft Graph's own metadata and permissions table
    Check(spec_check::Arguments),
}

fn main() -> ExitCode {
    if let Some(code) = surface::in_place_of_rustdoc() {
        return code;
    }
    let arguments = Arguments::parse();
    match Project::find().and_then(|project| run(arguments.task, &project)) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(task: Task, project: &Project) -> anyhow::Result<Verdict> {
    match task {
        Task::Codegen(arguments) => codegen::run(&arguments, project),
        Task::Spec(SpecTask::Check(arguments)) => spec_check::run(&arguments, project),
        Task::Demo(arguments) => demo::run(&arguments, project),
        Task::Test(arguments) => test::run(&arguments, project),
        Task::Tidy(arguments) => tidy::run(&arguments, project),
        Task::Count(arguments) => count::run(&arguments, project),
        Task::Countries(arguments) => countries::run(&arguments, project),
        Task::Surface(arguments) => surface::run(&arguments, project),
        Task::Bench(arguments) => bench::run(&arguments, project),
        Task::Package(arguments) => package::run(&arguments, project),
        Task::Archive(arguments) => archive::run(&arguments, project),
        Task::Faults(arguments) => faults::run(&arguments, project),
        Task::Clients(arguments) => clients::run(&arguments, project),
        Task::Site(arguments) => site::run(&arguments, project),
        Task::Fuzz(arguments) => fuzz::run(&arguments, project),
        Task::Ci => test::run(&test::Arguments::everything(), project),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
