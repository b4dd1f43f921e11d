//! Rules about people and numbers: examples name nobody who could exist.

use regex::Captures;

use super::Finding;
use super::policy::Policy;
use super::tree::{Tree, extension};

/// Files whose text is ours.
fn texts<'tree>(tree: &'tree Tree, policy: &'tree Policy) -> impl Iterator<Item = (&'tree str, usize, &'tree str)> {
    tree.files()
        .filter(|(path, _)| extension(path) != "lock" && !policy.is_exempt(path))
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .map(move |(index, line)| (path, index + 1, line))
        })
}

/// Principal names and e-mail addresses are placeholders.
pub(super) fn people(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, line, text) in texts(tree, policy) {
        for found in policy.patterns.address.captures_iter(text) {
            let domain = found["domain"].to_lowercase();
            let placeholder = policy.people.domains.iter().any(|allowed| {
                domain
                    .strip_suffix(allowed.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            });
            let known = policy.people.allowed.iter().any(|allowed| allowed.text == found[0])
                || policy.people.annotations.iter().any(|start| domain.starts_with(start));
            if !placeholder && !known && !is_user_of_url(text, &found) {
                findings.push(Finding::at(
                    path,
                    line,
                    format!(
                        "`{}` could be somebody's; use a name at contoso.example, or state it in xtask/tidy.toml with the reason",
                        &found[0]
                    ),
                ));
            }
        }
    }
    findings
}

/// Whether what stands before the `@` is the user part of an address of the web: `https://user:password@host`.
fn is_user_of_url(line: &str, found: &Captures<'_>) -> bool {
    let before = found.get(0).map_or("", |found| &line[..found.start()]);
    before.rsplit_once("://").is_some_and(|(_, rest)| {
        !rest.contains(|character: char| character.is_whitespace() || "/\"'`<>".contains(character))
    })
}

/// Telephone numbers are placeholders.
pub(super) fn numbers(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, line, text) in texts(tree, policy) {
        for found in policy.patterns.number.captures_iter(text) {
            let number = found["number"].trim_end();
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            // Shorter ones are prefixes and arithmetic, longer ones no numbers.
            if !(8..=15).contains(&digits.len()) {
                continue;
            }
            let placeholder = policy
                .numbers
                .prefixes
                .iter()
                .any(|prefix| digits.starts_with(prefix.as_str()));
            let known = policy.numbers.allowed.iter().any(|allowed| allowed.text == digits);
            if !placeholder && !known {
                findings.push(Finding::at(
                    path,
                    line,
                    format!(
                        "`{number}` could be somebody's; use +1206555…, or state it in xtask/tidy.toml with the reason"
                    ),
                ));
            }
        }
    }
    findings
}
