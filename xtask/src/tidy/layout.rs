//! Rules about where things stand, how they are called and how long they are.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::policy::Policy;
use super::text::claims_to_be_generated;
use super::tree::{Tree, extension, file_name, folder, is_code, is_generated, is_golden, stem};

/// Above this, a file probably holds two subjects.
const LONG: usize = 500;
/// Above this, it does.
const TOO_LONG: usize = 700;

/// Names that say nothing about what a module holds.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];

/// Generated files stand below `generated`, and say how they are made.
pub(super) fn generated(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| !policy.is_exempt(path)) {
        let can_say_so = is_code(path) || matches!(extension(path), "md" | "toml");
        if is_generated(path) {
            let says_so = text.lines().take(5).any(|line| line.contains("cargo xtask codegen"));
            // Files next to golden files, for instance their input, are written by hand.
            if can_say_so && !is_golden(path) && !text.is_empty() && !says_so {
                findings.push(Finding::in_file(
                    path,
                    "stands below `generated` and does not say that `cargo xtask codegen` writes it",
                ));
            }
        } else if can_say_so && claims_to_be_generated(path, text) {
            findings.push(Finding::in_file(
                path,
                "says that a program writes it, and does not stand below a folder `generated`",
            ));
        }
    }
    findings
}

/// Modules are named after what they hold.
pub(super) fn names(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.files().filter(|(path, _)| is_code(path) && !is_generated(path)) {
        let parts = folder(path).split('/').chain([stem(path)]);
        for part in parts {
            if EMPTY_NAMES.contains(&part.trim_start_matches('_')) {
                findings.push(Finding::in_file(
                    path,
                    format!("`{part}` says nothing about what is in it; name it after its subject"),
                ));
            }
        }
        if file_name(path).len() >= 60 {
            findings.push(Finding::in_file(path, "the name has 60 characters or more"));
        }
    }
    findings
}

/// A file holds one subject.
pub(super) fn length(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_code(path) && !is_generated(path)) {
        let lines = text.lines().count();
        if lines > LONG {
            let mut finding = Finding::in_file(
                path,
                format!("has {lines} lines; is it one subject? (more than {TOO_LONG} are refused)"),
            );
            finding.warning = lines <= TOO_LONG;
            findings.push(finding);
        }
    }
    findings
}

/// Every file of the tests is used by something: a test that reads it, a module that declares it, or cargo itself.
pub(super) fn orphans(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    let readers: Vec<(&str, &str)> = tree
        .files()
        .filter(|(path, _)| is_code(path) || matches!(extension(path), "toml" | "sh" | "yml"))
        .filter(|(path, _)| file_name(path) != "tidy.toml")
        .collect();
    let packages: BTreeSet<&str> = tree
        .files()
        .filter(|(path, _)| file_name(path) == "Cargo.toml")
        .map(|(path, _)| folder(path))
        .collect();
    let rust = readers.iter().filter(|(path, _)| extension(path) == "rs");
    let declared: BTreeSet<&str> = rust.flat_map(|(_, text)| declared_modules(text)).collect();
    let mut findings = Vec::new();
    let mut listed = BTreeMap::new();
    for (path, _) in tree.files() {
        let in_tests = path.starts_with("tests/") || path.contains("/tests/");
        if !in_tests || found_by_its_runner(path, &packages) {
            continue;
        }
        let is_rust = extension(path) == "rs";
        let in_listed_folder = *listed
            .entry(folder(path))
            .or_insert_with_key(|folder| readers.iter().any(|(_, text)| lists_folder(text, folder)));
        let used = !is_rust && in_listed_folder
            || is_rust && declared.contains(module_of(path))
            || readers
                .iter()
                .any(|(reader, text)| *reader != path && text.contains(file_name(path)));
        if !used {
            findings.push(Finding::in_file(
                path,
                "no test reads it and no module declares it; use it or remove it",
            ));
        }
    }
    findings
}

/// Whether a file of the tests is found without being named.
fn found_by_its_runner(path: &str, packages: &BTreeSet<&str>) -> bool {
    let (name, place) = (file_name(path), folder(path));
    let by_cargo = name == "Cargo.toml"
        || extension(path) == "rs"
            && (packages.contains(place.strip_suffix("/tests").unwrap_or("-"))
                || name == "main.rs" && place.contains("/tests/")
                || matches!(name, "lib.rs" | "main.rs") && place.ends_with("src"));
    let by_pytest =
        extension(path) == "py" && (name.starts_with("test_") || matches!(name, "conftest.py" | "__init__.py"));
    let by_node = [".test.", ".spec.", ".test-d."].iter().any(|mark| name.contains(mark));
    // Snapshots are named by the test that writes them.
    let by_insta = extension(path) == "snap" && place.ends_with("snapshots");
    by_cargo || by_pytest || by_node || by_insta || name == "README.md" || name == ".gitkeep"
}

/// The module that a Rust file is.
fn module_of(path: &str) -> &str {
    match stem(path) {
        "mod" => file_name(folder(path)),
        stem => stem,
    }
}

/// The modules that a Rust file declares.
fn declared_modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ");
        let rest = line.strip_prefix("mod ")?;
        Some(rest.trim_end().trim_end_matches(';'))
    })
}

/// Whether a text names a folder with the one above it, or alone in quotes: a test that reads all that is in it.
fn lists_folder(text: &str, place: &str) -> bool {
    let mut parts = place.rsplit('/');
    let (Some(last), above) = (parts.next(), parts.next()) else {
        return false;
    };
    let quoted = [format!("\"{last}\""), format!("'{last}'"), format!("{last}/")];
    quoted.iter().any(|form| text.contains(form))
        || above.is_some_and(|above| text.contains(&format!("{above}/{last}")))
}
