//! The part of `docs/cli.md` that is written from the code: commands, options, environment variables.

use std::fmt::Write;
use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::environment;
use crate::failure::EXIT_CODES;

/// The line after which everything is generated.
const MARK: &str =
    "<!-- What follows is written by `TRUNKLINE_WRITE_DOCS=1 cargo test -p trunkline-cli documentation`. -->\n";

#[test]
fn documentation_is_what_the_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let present = std::fs::read_to_string(&path).expect("docs/cli.md");
    let (written, _) = present.split_once(MARK).expect("the mark");
    let expected = format!("{written}{MARK}{}", generated());
    if std::env::var_os("TRUNKLINE_WRITE_DOCS").is_some() {
        std::fs::write(&path, expected).expect("docs/cli.md can be written");
        return;
    }
    assert!(
        present == expected,
        "docs/cli.md is out of date: TRUNKLINE_WRITE_DOCS=1 cargo test -p trunkline-cli documentation"
    );
}

#[test]
fn every_variable_of_ours_is_named_by_an_option() {
    let mut description = Arguments::description();
    let mut help = description.render_help().to_string();
    for command in description.get_subcommands_mut() {
        help.push_str(&command.render_help().to_string());
    }
    for variable in environment::ALL
        .iter()
        // No option stands for the folders: they are the same for every command of a computer.
        .filter(|variable| variable.name.starts_with("TRUNKLINE_"))
        .filter(|variable| ![environment::STATE.name, environment::CONFIG.name].contains(&variable.name))
    {
        assert!(help.contains(variable.name), "{}", variable.name);
    }
}

#[test]
fn the_arguments_are_sound() {
    Arguments::description().debug_assert();
}

fn generated() -> String {
    let mut text = String::from("\n## Commands\n");
    let mut description = Arguments::description();
    description.build();
    for command in description.get_subcommands() {
        describe(&mut text, "trunkline", command);
    }
    text.push_str("\n## Options of every command\n\n");
    options(&mut text, description.get_arguments());
    text.push_str("\n## Exit codes\n\n| Code | When |\n|---|---|\n");
    for (code, when) in EXIT_CODES {
        let _ = writeln!(text, "| {code} | {when} |");
    }
    text.push_str("\n## Environment variables\n\n| Variable | What it is for |\n|---|---|\n");
    for variable in environment::ALL {
        let _ = writeln!(text, "| `{}` | {} |", variable.name, variable.purpose);
    }
    text
}

fn describe(text: &mut String, parent: &str, command: &clap::Command) {
    if command.get_name() == "help" {
        return;
    }
    let name = format!("{parent} {}", command.get_name());
    if command.has_subcommands() {
        for command in command.get_subcommands() {
            describe(text, &name, command);
        }
        return;
    }
    let positional: String = command
        .get_positionals()
        .map(|argument| format!(" {argument}"))
        .collect();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(text, "\n### `{name}{positional}`\n\n{about}.\n");
    options(
        text,
        command.get_arguments().filter(|argument| !argument.is_global_set()),
    );
}

fn options<'a>(text: &mut String, arguments: impl Iterator<Item = &'a clap::Arg>) {
    for argument in arguments.filter(|argument| !["help", "version"].contains(&argument.get_id().as_str())) {
        let short = argument
            .get_short()
            .map(|short| format!("`-{short}`, "))
            .unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = argument
            .get_possible_values()
            .iter()
            .filter(|_| argument.get_action().takes_values())
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        let values = if values.is_empty() {
            String::new()
        } else {
            format!(" One of {}.", values.join(", "))
        };
        let shown = argument.to_string();
        let shown = shown.trim_end_matches("...");
        let _ = writeln!(text, "- {short}`{shown}`: {help}.{values}");
    }
}
