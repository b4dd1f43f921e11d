//! The documents about single subjects, run: each is one script in a folder of its own, against an emulator of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use trunkline::ErrorKind;

use super::guide::blocks;
use super::harness::{Session, binary, run};

#[test]
fn coming_from_powershell() {
    let session = execute("powershell.md");
    // Given by the page's file.
    assert_eq!(session.number("+12065550101")["assignmentStatus"], "userAssigned");
    assert_eq!(session.number("+12065550110")["assignmentStatus"], "userAssigned");
}

#[test]
fn pipelines() {
    let session = execute("pipelines.md");
    assert_eq!(session.number("+12065550101")["assignmentStatus"], "userAssigned");
}

#[test]
fn installing() {
    execute("install.md");
}

#[test]
fn questions() {
    execute("questions.md");
}

#[test]
fn pages_of_the_site() {
    for name in [
        "index",
        "guides/index",
        "guides/assign-and-wait",
        "guides/numbers-to-csv",
        "guides/mobile-phone",
        "guides/users-with-a-filter",
        "guides/handle-an-error",
        "guides/from-a-spreadsheet",
        "guides/test-with-the-emulator",
        "migration/powershell-code",
    ] {
        execute(&format!("site/pages/{name}.md"));
    }
}

/// The commands on the pages of operations: each sends the request of its operation.
#[test]
fn commands_lead_to_the_operations_whose_pages_show_them() {
    let document: toml_edit::DocumentMut = read("site/commands.toml").parse().expect("TOML");
    let operations: Value = serde_json::from_str(&read("generated/operations.json")).expect("JSON");
    let commands = document["commands"].as_table().expect("a table");
    assert!(commands.len() > 10);
    for (id, listed) in commands {
        let known = operations.as_array().into_iter().flatten();
        let operation = known.into_iter().find(|operation| operation["id"] == id).expect(id);
        let lines = listed.as_array().expect("a list").iter();
        let lines: Vec<&str> = lines.filter_map(|line| line.as_str()).collect();
        let script = format!("set -e\n{}", lines.join("\n"));
        let session = Session::new();
        let folder = tempfile::tempdir().expect("a folder");
        let outcome = run(&mut bash(&session, &script, folder.path()));
        assert_eq!(outcome.code, Some(0), "{id}\n{outcome}");
        let requests = session.emulator.requests();
        let is_sent = requests
            .iter()
            .any(|request| is_of(operation, &request.method, &request.path));
        assert!(is_sent, "{script}\nsends no request of {id}");
    }
}

/// Whether a request is one of an operation: the method, and a path with its keys filled in.
fn is_of(operation: &Value, method: &str, path: &str) -> bool {
    let path: Vec<&str> = path.trim_start_matches("/v1.0").split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        let fits = |(part, text): (&&str, &&str)| part.starts_with('{') || part == text;
        template.len() == path.len() && template.iter().zip(&path).all(fits)
    };
    let mut paths = operation["paths"].as_array().into_iter().flatten();
    operation["method"] == method && paths.any(|one| one["path"].as_str().is_some_and(fits))
}

#[test]
fn the_readme() {
    let text = read("../README.md");
    let session = Session::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = "number,user\n+12065550110,dev@contoso.example\n";
    std::fs::write(folder.path().join("people.csv"), file).expect("room for it");
    let blocks = blocks(&text, "sh");
    let lines = blocks.iter().flat_map(|block| block.lines());
    // One asks an authority for a code, the other serves until it is stopped; both have tests of their own.
    let lines = lines
        .filter(|line| line.starts_with("trunkline ") && !line.contains(" login ") && !line.contains(" emulator "));
    let script: String = std::iter::once("set -e")
        .chain(lines)
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(script.lines().count() > 10, "{script}");
    let outcome = run(&mut bash(&session, &script, folder.path()));
    assert_eq!(outcome.code, Some(0), "{outcome}");
}

#[test]
fn troubleshooting_names_every_kind_of_error() {
    execute("troubleshooting.md");
    let text = read("troubleshooting.md");
    for kind in ErrorKind::ALL {
        assert!(text.contains(&format!("| `{}` |", kind.name())), "{}", kind.name());
    }
}

/// Runs the commands of a document, in its order, and returns what they ran against.
fn execute(name: &str) -> Session {
    let text = read(name);
    let session = Session::new();
    let folder = tempfile::tempdir().expect("a folder");
    if let Some(file) = blocks(&text, "csv").first() {
        std::fs::write(folder.path().join("people.csv"), file).expect("room for it");
    }
    let mut script = String::from("set -e\n");
    // Both kinds of blocks are run; those in `sh` are commands alone, those in `bash` are programs.
    for block in in_order(&text) {
        script.push_str(&block);
    }
    assert!(script.contains("trunkline "), "{name}");
    let outcome = run(&mut bash(&session, &script, folder.path()));
    assert_eq!(outcome.code, Some(0), "{name}\n{outcome}");
    session
}

/// A shell with the program in its path, and the emulator in its environment.
fn bash(session: &Session, script: &str, folder: &Path) -> Command {
    let mut bash = Command::new("bash");
    for (variable, value) in session.command(&[]).get_envs() {
        bash.env(variable, value.expect("nothing is removed"));
    }
    bash.args(["-c", script])
        .env("PATH", path_with_the_binary())
        .current_dir(folder);
    bash
}

/// The blocks that a shell runs, as they come in the text.
fn in_order(text: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = ["sh", "bash"]
        .into_iter()
        .flat_map(|language| blocks(text, language))
        .map(|block| (text.find(&block).expect("it was taken from there"), block))
        .collect();
    found.sort();
    found.into_iter().map(|(_, block)| block).collect()
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(path).expect(name)
}

fn path_with_the_binary() -> std::ffi::OsString {
    let binary = PathBuf::from(binary(&[]).get_program());
    let folder = binary.parent().expect("a folder").to_path_buf();
    let system = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&system))).expect("a path")
}
