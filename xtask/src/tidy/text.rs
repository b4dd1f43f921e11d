//! Rules about what a line may say.

use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::policy::Policy;
use super::tree::{Tree, extension, file_name, is_code, is_generated};

/// A pattern of a rule.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("patterns of this file are well formed")
}

/// Findings of a pattern in the lines of some files.
fn matches(
    tree: &Tree,
    policy: &Policy,
    applies: impl Fn(&str) -> bool,
    regex: &Regex,
    message: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .files()
        .filter(|(path, _)| applies(path) && !policy.is_exempt(path))
    {
        for (index, line) in text.lines().enumerate() {
            if let Some(found) = regex.captures(line) {
                let found = found
                    .name("found")
                    .or_else(|| found.get(0))
                    .map_or("", |found| found.as_str());
                findings.push(Finding::at(path, index + 1, message(found.trim())));
            }
        }
    }
    findings
}

/// Nothing is left for later.
pub(super) fn open_ends(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    static OPEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b((?:todo|unimplemented)!|TO[D]O\b|FIX[M]E\b|X[X]X\b)"));
    let applies = |path: &str| is_code(path) || matches!(extension(path), "toml" | "md" | "sh" | "yml" | "yaml");
    matches(tree, policy, applies, &OPEN, |found| {
        format!("`{found}`: do it, or write an issue and take this out")
    })
}

/// A test that does not run says why.
pub(super) fn ignored_tests(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    static IGNORED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)
            (?P<found>
                \#\[ignore\s*\]                               # Rust
              | (//[/!].*|^\s*\*?\s*)```[a-z_,\ ]*\bignore\b    # doctests
              | @pytest\.mark\.(skip|xfail)\b\s*(\(\s*\))?\s*$  # Python
              | pytest\.skip\(\s*\)
            )",
        )
    });
    matches(tree, policy, is_code, &IGNORED, |found| {
        format!(
            "`{found}` gives no reason; write for instance #[ignore = \"needs …\"], or let it assert what happens today"
        )
    })
}

/// No file names a path of somebody's machine.
pub(super) fn machine_paths(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    matches(
        tree,
        policy,
        |_| true,
        &policy.patterns.machine_path,
        |found| format!("`{found}` is a path of one machine; say it relative to the checkout"),
    )
}

/// No file names the host of a package registry.
pub(super) fn registries(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    // Cargo names its own index in its lock file, whatever mirror is used.
    let applies = |path: &str| file_name(path) != "Cargo.lock";
    matches(tree, policy, applies, &policy.patterns.registry, |found| {
        format!("`{found}` names a package registry; which one is used is for each machine to say")
    })
}

/// The change log has a place for what is not released yet.
pub(super) fn changelog(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    static UNRELEASED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^## \[?Unreleased\]?\s*$"));
    match tree.text("CHANGELOG.md") {
        None => vec![Finding::in_file("CHANGELOG.md", "there is no such file")],
        Some(text) if !UNRELEASED.is_match(text) => {
            vec![Finding::in_file("CHANGELOG.md", "has no heading `## [Unreleased]`")]
        }
        Some(_) => Vec::new(),
    }
}

/// Whether the first lines of a text say that a program wrote it.
pub(super) fn claims_to_be_generated(path: &str, text: &str) -> bool {
    static CLAIM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)@generated\b|\bgenerated (by|from|with)\b.*(xtask|codegen)|xtask codegen"));
    !is_generated(path)
        && text
            .lines()
            .take(3)
            .any(|line| is_comment(line) && CLAIM.is_match(line))
}

/// Whether a line is a comment in one of the languages that are generated.
fn is_comment(line: &str) -> bool {
    ["//", "#", "<!--", "/*", "\"\"\""]
        .iter()
        .any(|start| line.trim_start().starts_with(start))
}
