//! The page on parity of the emulator with the service, from the emulator's own entries.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use askama::Template;
use serde::Deserialize;
use trunkline_codegen::OutputFile;

use crate::project::Project;

/// The folder of the entries. The emulator's tests hold the emulator to them.
const ENTRIES: &str = "crates/trunkline-emulator/parity";

/// One file: a subject and its behaviours. Requests and expectations concern the tests alone.
#[derive(Deserialize)]
struct Subject {
    subject: String,
    order: u32,
    #[serde(rename = "entry")]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    behaviour: String,
    source: Source,
    equal: bool,
    why: Option<String>,
}

impl Entry {
    /// The column about the emulator.
    fn here(&self) -> &str {
        self.why.as_deref().unwrap_or("equal")
    }
}

#[derive(Deserialize)]
struct Source {
    kind: String,
    #[serde(default)]
    at: String,
    says: String,
}

/// The page, as a file of `docs/generated`.
pub(crate) fn page(project: &Project) -> Result<OutputFile> {
    let mut subjects = Vec::new();
    let folder = project.path(ENTRIES);
    for file in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let subject: Subject = toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
        subjects.push(subject);
    }
    subjects.sort_by_key(|subject| subject.order);
    ensure!(!subjects.is_empty(), "{} holds no entries", folder.display());
    Ok(OutputFile {
        path: "parity.md".to_owned(),
        contents: text(&subjects)?.into_bytes(),
    })
}

#[derive(Template)]
#[template(path = "parity.markdown.jinja", escape = "none")]
struct Page<'s> {
    entries: &'static str,
    subjects: &'s [Subject],
    count: usize,
    differing: usize,
    /// Number of equal and of different behaviours, by the kind of their source.
    kinds: BTreeMap<&'s str, (usize, usize)>,
}

fn text(subjects: &[Subject]) -> Result<String> {
    let all: Vec<&Entry> = subjects.iter().flat_map(|subject| &subject.entries).collect();
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for entry in &all {
        let (equal, different) = kinds.entry(&entry.source.kind).or_default();
        *(if entry.equal { equal } else { different }) += 1;
    }
    let page = Page {
        entries: ENTRIES,
        subjects,
        count: all.len(),
        differing: all.iter().filter(|entry| !entry.equal).count(),
        kinds,
    };
    Ok(page.render()? + "\n")
}

/// A text as it stands in a table of Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_is_equal_and_what_is_not() {
        let subject: Subject = toml::from_str(
            r#"
            subject = "Doors"
            order = 1
            [[entry]]
            behaviour = "Doors open."
            source = { kind = "guess", says = "They do elsewhere." }
            equal = true
            [[entry]]
            behaviour = "Doors shut | lock."
            source = { kind = "documentation", at = "https://contoso.example/doors", says = "They shut." }
            equal = false
            why = "They stay open."
            "#,
        )
        .unwrap();
        let page = text(&[subject]).unwrap();
        for line in [
            "| Doors open. | guess: They do elsewhere. | equal |",
            "| Doors shut \\| lock. | [documentation](https://contoso.example/doors): They shut. | They stay open. |",
            "| guess | 1 | 0 |",
            "| documentation | 0 | 1 |",
        ] {
            assert!(page.contains(line), "{line}\n{page}");
        }
        assert!(page.contains("2 behaviours, of which 1 differ"));
    }
}
