//! The rules about links and mentions of documents: the files exist.

use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::policy::Policy;
use super::tree::{Tree, extension, folder, is_generated};

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\]\((?P<inline>[^()\s]+)(\s+\x22[^\x22]*\x22)?\)|^\s{0,3}\[[^\]^]+\]:\s+(?P<reference>\S+)")
        .expect("the pattern of a link is well formed")
});

/// Pages of the documentation site. They link to pages that are made when the site is built, which follows every link.
const SITE: &str = "docs/site/pages/";

/// Links between files of the project lead somewhere, headings included.
pub(super) fn links(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .files()
        .filter(|(path, _)| extension(path) == "md" && !policy.is_exempt(path) && !path.starts_with(SITE))
    {
        for (line, target) in targets(text) {
            if let Err(reason) = resolve(tree, path, target) {
                findings.push(Finding::at(
                    path,
                    line,
                    format!("the link to `{target}` is broken: {reason}"),
                ));
            }
        }
    }
    findings
}

/// Documents that code and other documents mention exist.
pub(super) fn mentions(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s`(\x22])(?P<path>(?:docs/)?(?:[a-z0-9-]+/)*[a-z0-9-]+\.md|[A-Z]+\.md)\b")
            .expect("the pattern of a document's path is well formed")
    });
    let exists = |from: &str, path: &str| {
        let relative = join(folder(from), path);
        tree.has(path) || relative.is_some_and(|path| tree.has(&path))
    };
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| {
        let is_comment_or_text = matches!(extension(path), "md" | "rs" | "py" | "ts" | "toml");
        let is_elsewhere = path.starts_with("xtask/src/tidy/") || path.starts_with(SITE);
        is_comment_or_text && !is_generated(path) && !policy.is_exempt(path) && !is_elsewhere
    }) {
        for (index, line) in text.lines().enumerate() {
            let is_prose = extension(path) == "md" || line.trim_start().starts_with(['/', '#']);
            for found in DOCUMENT.captures_iter(line).filter(|_| is_prose) {
                if !exists(path, &found["path"]) {
                    let message = format!("mentions `{}`, and there is no such file", &found["path"]);
                    findings.push(Finding::at(path, index + 1, message));
                }
            }
        }
    }
    findings
}

/// The targets of all links outside of code, with their lines.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for captures in LINK.captures_iter(line) {
            let Some(target) = captures.name("inline").or_else(|| captures.name("reference")) else {
                continue;
            };
            // Text in backquotes is no link.
            if line[..target.start()].matches('`').count() % 2 == 0 {
                found.push((index + 1, target.as_str()));
            }
        }
    }
    found
}

/// Whether a target exists.
fn resolve(tree: &Tree, from: &str, target: &str) -> Result<(), String> {
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    if elsewhere {
        return Ok(());
    }
    let (file, heading) = target
        .split_once('#')
        .map_or((target, None), |(file, heading)| (file, Some(heading)));
    let path = if file.is_empty() {
        from.to_owned()
    } else if is_item(file) {
        // A README that is a crate's documentation links to items; rustdoc checks those.
        return Ok(());
    } else {
        join(folder(from), file).ok_or("it leads out of the project")?
    };
    if !tree.has_place(&path) {
        return Err(format!("there is no `{path}`"));
    }
    let (Some(heading), Some(text)) = (heading, tree.text(&path)) else {
        return Ok(());
    };
    let is_line = heading.starts_with('L') && heading[1..].chars().all(|character| character.is_ascii_digit());
    // Anchors of a generated page may be written by hand.
    if is_line || text.contains(&format!("\"{heading}\"")) || anchors(text).iter().any(|anchor| anchor == heading) {
        return Ok(());
    }
    let hint = if is_generated(&path) {
        "; run: cargo xtask codegen"
    } else {
        ""
    };
    Err(format!("`{path}` has no heading `{heading}`{hint}"))
}

/// Whether a target is a path of Rust: `crate::Error`, `Client::new`.
fn is_item(target: &str) -> bool {
    target.contains("::")
}

/// Joins a folder and a relative path; `None` where it leaves the root.
fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = match relative.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchors of a text's headings, as forges make them. Headings of the same text get a number.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let Some(heading) = line.strip_prefix('#').filter(|_| !in_code) else {
            continue;
        };
        let anchor: String = heading
            .trim_start_matches('#')
            .trim()
            .to_lowercase()
            .chars()
            .filter_map(|character| match character {
                ' ' => Some('-'),
                character if character.is_alphanumeric() || matches!(character, '-' | '_') => Some(character),
                _ => None,
            })
            .collect();
        let same = anchors
            .iter()
            .filter(|known| **known == anchor || known.strip_prefix(&format!("{anchor}-")).is_some_and(is_number))
            .count();
        anchors.push(if same == 0 { anchor } else { format!("{anchor}-{same}") });
    }
    anchors
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_digit())
}
