//! The rule about words: names, comments, messages and documents do without a dialect of their own.

use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::policy::{Policy, Words};
use super::tree::{Tree, extension, is_code, is_generated};

/// Code, comments, messages and documents use plain words.
pub(super) fn words(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let words = &policy.words;
    let is_text = |path: &str| is_code(path) || matches!(extension(path), "md" | "toml" | "html" | "sh" | "yml");
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        if !is_text(path) || is_generated(path) || policy.is_exempt(path) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if let Some(found) = find(words, path, line) {
                let message = format!("`{found}` is not a word of ours; STYLE.md says how to write it plainly");
                findings.push(Finding::at(path, index + 1, message));
            }
        }
    }
    findings
}

/// The declaration of an item, in any of our languages.
static DECLARATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:fn|struct|enum|trait|type|mod|const|static|macro_rules!|def|class|function|interface)\s+(\w+)")
        .expect("the pattern is well formed")
});

/// The first word or phrase of a line that is not used and not allowed there.
fn find<'w>(words: &'w Words, path: &str, line: &str) -> Option<&'w str> {
    let is_allowed = |word: &str| {
        let mut allowed = words.allowed.iter();
        allowed.any(|allowed| allowed.word == word && path.starts_with(&allowed.path))
    };
    // The letter of an escape belongs to no word.
    let line = &line.replace("\\n", "  ").replace("\\t", "  ").replace("\\r", "  ");
    let lower = line.to_lowercase();
    let phrases = words.phrases.iter().filter(|phrase| contains_phrase(&lower, phrase));
    let anywhere = parts(line).filter_map(|part| words.anywhere.iter().find(|word| word.eq_ignore_ascii_case(part)));
    let declared = DECLARATION.captures_iter(line);
    let names = declared.filter_map(|found| words.names.iter().find(|word| word.eq_ignore_ascii_case(&found[1])));
    let starts = words.comment_starts.iter().filter(|start| begins_comment(line, start));
    let mut found = phrases.chain(anywhere).chain(names).chain(starts);
    found.find(|word| !is_allowed(word)).map(String::as_str)
}

/// Whether a line is a comment that begins with a word.
fn begins_comment(line: &str, word: &str) -> bool {
    let rest = comment_of(line).and_then(|comment| comment.strip_prefix(word));
    rest.is_some_and(|rest| rest.starts_with(' '))
}

/// The words of a line; a name in camel case or with underscores has several.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_ascii_alphabetic())
        .flat_map(|name| {
            let mut rest = name;
            std::iter::from_fn(move || {
                if rest.is_empty() {
                    return None;
                }
                let bytes = rest.as_bytes();
                let end = (1..bytes.len())
                    .find(|index| bytes[*index].is_ascii_uppercase() && bytes[index - 1].is_ascii_lowercase());
                let (part, others) = rest.split_at(end.unwrap_or(rest.len()));
                rest = others;
                Some(part)
            })
        })
}

/// Whether a line holds a phrase between other words.
fn contains_phrase(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The text of a line that is a comment.
fn comment_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let marks = ["//!", "///", "//", "/**", "#", "\"\"\"", "* "];
    let comment = marks.iter().find_map(|mark| line.strip_prefix(mark))?;
    Some(comment.trim_start())
}
