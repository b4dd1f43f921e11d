//! Rules that no compiler knows. Exceptions and lists are data: `xtask/tidy.toml`.

mod cargo;
mod circles;
mod finding;
mod identities;
mod layout;
mod links;
mod policy;
mod spec_rules;
mod text;
mod tree;
mod words;

use anyhow::Result;

use crate::Verdict;
use crate::project::Project;
use finding::Finding;
use policy::Policy;
use tree::Tree;

/// Options of `tidy`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// List the rules instead of checking them
    #[arg(long)]
    list: bool,
}

/// A rule: its name, what it says, and how it is checked.
struct Rule {
    name: &'static str,
    says: &'static str,
    check: fn(&Tree, &Policy) -> Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "dependencies",
        says: "crates depend on each other in one direction only",
        check: cargo::directions,
    },
    Rule {
        name: "owners",
        says: "some libraries are used by their owner alone",
        check: cargo::owners,
    },
    Rule {
        name: "packages",
        says: "every crate has a description, a licence, and the lints of the workspace",
        check: cargo::described,
    },
    Rule {
        name: "generated",
        says: "generated files stand below a folder `generated`, and say how they are made",
        check: layout::generated,
    },
    Rule {
        name: "names",
        says: "modules are named after what they hold",
        check: layout::names,
    },
    Rule {
        name: "length",
        says: "a file holds one subject: a warning above 500 lines, a failure above 700",
        check: layout::length,
    },
    Rule {
        name: "circles",
        says: "files use each other in one direction",
        check: circles::circles,
    },
    Rule {
        name: "orphans",
        says: "every file of the tests is used by something",
        check: layout::orphans,
    },
    Rule {
        name: "open-ends",
        says: "nothing is left for later in the code",
        check: text::open_ends,
    },
    Rule {
        name: "ignored-tests",
        says: "a test that does not run says why",
        check: text::ignored_tests,
    },
    Rule {
        name: "machine-paths",
        says: "no file names a path of somebody's machine",
        check: text::machine_paths,
    },
    Rule {
        name: "registries",
        says: "no file names the host of a package registry",
        check: text::registries,
    },
    Rule {
        name: "people",
        says: "principal names and e-mail addresses are placeholders",
        check: identities::people,
    },
    Rule {
        name: "numbers",
        says: "telephone numbers are placeholders",
        check: identities::numbers,
    },
    Rule {
        name: "words",
        says: "code, comments, messages and documents use plain words",
        check: words::words,
    },
    Rule {
        name: "changelog",
        says: "CHANGELOG.md has a place for what is not released yet",
        check: text::changelog,
    },
    Rule {
        name: "links",
        says: "links between files of the project lead somewhere",
        check: links::links,
    },
    Rule {
        name: "mentions",
        says: "documents that comments and pages mention exist",
        check: links::mentions,
    },
    Rule {
        name: "cases",
        says: "every operation of the spec has a contract case",
        check: spec_rules::cases,
    },
];

/// Checks every rule, or lists them.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.list {
        for rule in RULES {
            println!("{:14} {}", rule.name, rule.says);
        }
        return Ok(Verdict::Good);
    }
    check(project)
}

/// Checks every rule and prints what breaks one.
pub(crate) fn check(project: &Project) -> Result<Verdict> {
    let policy = Policy::of_the_project()?;
    let tree = Tree::read(project)?;
    let (mut failures, mut warnings) = (0, 0);
    for rule in RULES {
        let mut findings = (rule.check)(&tree, &policy);
        findings.sort();
        findings.dedup();
        for finding in findings {
            if finding.warning {
                warnings += 1;
                println!("warning [{}] {finding}", rule.name);
            } else {
                failures += 1;
                println!("[{}] {finding}", rule.name);
            }
        }
    }
    println!(
        "tidy: {} rules over {} files: {failures} to mend, {warnings} warnings",
        RULES.len(),
        tree.len()
    );
    Ok(if failures == 0 { Verdict::Good } else { Verdict::Bad })
}

#[cfg(test)]
mod tests {
    //! The cases are data, `xtask/fixtures/tidy.toml`: a small tree each, and how many findings a rule has in it.

    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fixtures {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        rule: String,
        name: String,
        #[serde(default)]
        files: BTreeMap<String, String>,
        #[serde(default)]
        packages: Vec<tree::Package>,
        failures: usize,
        #[serde(default)]
        warnings: usize,
        /// Repeats the text of every file so often.
        #[serde(default = "once")]
        repeat: usize,
        /// The beginning of the first finding.
        #[serde(default)]
        says: String,
    }

    fn once() -> usize {
        1
    }

    fn cases() -> Vec<Case> {
        let fixtures: Fixtures = toml::from_str(include_str!("../../fixtures/tidy.toml")).unwrap();
        fixtures.case
    }

    #[test]
    fn every_case_finds_what_it_should() {
        let policy = Policy::of_the_project().unwrap();
        for case in cases() {
            let rule = RULES
                .iter()
                .find(|rule| rule.name == case.rule)
                .unwrap_or_else(|| panic!("{}: no rule is named {}", case.name, case.rule));
            let files = case
                .files
                .into_iter()
                .map(|(path, text)| (path, text.repeat(case.repeat)));
            let tree = Tree::of(files, case.packages);
            let mut findings = (rule.check)(&tree, &policy);
            findings.sort();
            let warnings = findings.iter().filter(|finding| finding.warning).count();
            assert_eq!(
                (findings.len() - warnings, warnings),
                (case.failures, case.warnings),
                "{}, {}: {findings:#?}",
                case.rule,
                case.name
            );
            let first = findings.first().map(ToString::to_string).unwrap_or_default();
            assert!(first.starts_with(&case.says), "{}, {}: {first}", case.rule, case.name);
        }
    }

    #[test]
    fn every_rule_is_seen_to_fail_and_to_pass() {
        let cases = cases();
        for rule in RULES {
            let of_rule = || cases.iter().filter(|case| case.rule == rule.name);
            assert!(of_rule().any(|case| case.failures > 0), "{} never fails", rule.name);
            assert!(of_rule().any(|case| case.failures == 0), "{} never passes", rule.name);
        }
    }
}
