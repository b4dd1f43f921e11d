//! Counts the lines of source that people write, room by room.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::project::Project;

/// Options of `count`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// List every file instead of the rooms alone
    #[arg(long)]
    files: bool,
}

/// Lines of one file, or of one room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Lines {
    /// Lines that ship, comments and blank lines included.
    source: usize,
    /// How many of them hold code.
    code: usize,
    /// Lines of tests and benchmarks.
    tests: usize,
}

impl Lines {
    fn add(&mut self, other: Self) {
        self.source += other.source;
        self.code += other.code;
        self.tests += other.tests;
    }
}

/// Prints the lines of each room and their sum. Generated files are left out.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let mut rooms: BTreeMap<String, Lines> = BTreeMap::new();
    for file in project.files()? {
        let Some(room) = room_of(&file) else { continue };
        let text = std::fs::read_to_string(project.path(&file)).with_context(|| format!("cannot read {file}"))?;
        let lines = count(&file, &text);
        if arguments.files {
            print_line(&file, lines);
        }
        rooms.entry(room).or_default().add(lines);
    }
    if arguments.files {
        println!();
    }
    let mut sum = Lines::default();
    println!("{:>8} {:>8} {:>8}", "source", "code", "tests");
    for (room, lines) in &rooms {
        print_line(room, *lines);
        sum.add(*lines);
    }
    print_line("all rooms", sum);
    Ok(Verdict::Good)
}

fn print_line(name: &str, lines: Lines) {
    println!("{:>8} {:>8} {:>8}  {name}", lines.source, lines.code, lines.tests);
}

/// The room of a file: the crate, the binding, `xtask`, or a folder of the tests. `None`: not source that people write.
fn room_of(file: &str) -> Option<String> {
    let (_, extension) = file.rsplit_once('.')?;
    let is_source = matches!(
        extension,
        "rs" | "py" | "pyi" | "ts" | "mts" | "js" | "mjs" | "cjs" | "jinja" | "html"
    );
    let mut parts = file.split('/');
    let (first, second) = (parts.next()?, parts.next()?);
    if !is_source || file.split('/').any(|part| part == "generated") || file.starts_with("tests/golden/") {
        return None;
    }
    Some(match first {
        "crates" | "bindings" | "tests" => format!("{first}/{second}"),
        _ => first.to_owned(),
    })
}

/// Counts the lines of one file.
fn count(file: &str, text: &str) -> Lines {
    let total = text.lines().count();
    if is_test(file) {
        return Lines {
            tests: total,
            ..Lines::default()
        };
    }
    let mut lines = Lines::default();
    let mut in_tests = false;
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        let opens_module =
            |next: Option<&&str>| next.is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        in_tests |= line == "#[cfg(test)]" && opens_module(rest.peek());
        if in_tests {
            lines.tests += 1;
            in_tests = line != "}";
            continue;
        }
        lines.source += 1;
        let trimmed = line.trim_start();
        let is_comment = ["//", "#!", "# ", "/*", "* ", "*/"]
            .iter()
            .any(|start| trimmed.starts_with(start));
        lines.code += usize::from(!trimmed.is_empty() && !is_comment);
    }
    lines
}

/// Whether a file holds tests, benchmarks or fuzz targets.
fn is_test(file: &str) -> bool {
    let in_folder = |name: &str| file.split('/').any(|part| part == name);
    ["tests", "benches", "fuzz", "packaged"].into_iter().any(in_folder)
        || file.ends_with("/tests.rs")
        || file.contains(".test.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_tests_is_counted_apart() {
        let text = "//! Page.\n\nfn add() {}\n\n#[cfg(test)]\nmod tests {\n    fn adds() {}\n}\nfn last() {}\n";
        let lines = Lines {
            source: 5,
            code: 2,
            tests: 4,
        };
        assert_eq!(count("crates/a/src/add.rs", text), lines);
        assert_eq!(count("crates/a/tests/add.rs", text).tests, 9);
        assert_eq!(count("crates/a/src/tests.rs", text).source, 0);
    }

    #[test]
    fn generated_files_and_documents_belong_to_no_room() {
        assert_eq!(room_of("crates/trunkline/src/generated/handles.rs"), None);
        assert_eq!(room_of("docs/cli.md"), None);
        assert_eq!(
            room_of("bindings/node/typescript/client.ts").as_deref(),
            Some("bindings/node")
        );
        assert_eq!(room_of("xtask/src/main.rs").as_deref(), Some("xtask"));
    }
}
