//! The guide `docs/bulk.md`, carried out.

use std::path::Path;

use super::harness::{Session, run};

/// The files of the guide, in the order in which it shows them.
const FILES: [&str; 5] = ["numbers.csv", "policies.csv", "cutover.csv", "lis.csv", "people.csv"];

#[test]
fn every_command_of_the_guide_does_what_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bulk.md");
    let text = std::fs::read_to_string(path).expect("docs/bulk.md");
    let session = Session::new();
    let folder = tempfile::tempdir().expect("a folder");
    write_files(&text, folder.path());
    let commands = run_all(&text, &session, folder.path());
    assert!(commands > 10, "{commands}");
    for name in [
        "report.html",
        "report.csv",
        "report.jsonl",
        "ticket.html",
        "now.csv",
        "people.plan",
    ] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let masked = std::fs::read_to_string(folder.path().join("ticket.html")).expect("a page");
    assert!(!masked.contains("+12065550101") && !masked.contains("ana@"), "{masked}");
    // The way back was gone.
    assert_eq!(session.number("+12065550100")["assignmentStatus"], "userAssigned");
    assert_eq!(session.number("+12065550101")["assignmentStatus"], "unassigned");
}

#[test]
fn every_command_of_the_page_about_files_does_what_it_says() {
    let page = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
        std::fs::read_to_string(path).expect("the page")
    };
    let folder = tempfile::tempdir().expect("a folder");
    write_files(&page("bulk.md"), folder.path());
    let commands = run_all(&page("bulk-input.md"), &Session::new(), folder.path());
    assert_eq!(commands, 2);
    assert!(folder.path().join("sites.csv").is_file());
}

/// Writes the files that the guide shows.
fn write_files(text: &str, folder: &Path) {
    for (name, content) in FILES.iter().zip(blocks(text, "csv")) {
        std::fs::write(folder.join(name), content).expect("room for it");
    }
}

/// Runs every command of a page, each with the exit code behind it, and counts them.
fn run_all(text: &str, session: &Session, folder: &Path) -> u32 {
    let mut commands = 0;
    for line in blocks(text, "sh").iter().flat_map(|block| block.lines()) {
        let (command, comment) = line.split_once("  # ").unwrap_or((line, ""));
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"trunkline"), "{line}");
        let expected = comment
            .strip_prefix("exit code ")
            .map_or(0, |code| code.parse().expect("a code"));
        let outcome = run(session.command(&words[1..]).current_dir(folder));
        assert_eq!(outcome.code, Some(expected), "{line}\n{outcome}");
        commands += 1;
    }
    commands
}

/// The fenced blocks of a language.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let starts = text.split(fence.as_str()).skip(1);
    starts
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}
