//! Reads the spec: every TOML file of a folder.

mod companions;
mod document;
mod operation_checks;
mod operation_document;
mod operation_paths;
mod operations;
mod ordered;
pub(crate) mod source;
mod types;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use self::document::AreaDocument;
use self::operations::Operations;
use self::source::Source;
use self::types::Drafter;
use crate::draft::Draft;
use crate::error::{Error, SpecErrors};
use crate::place::{Place, Problem, Problems};
use crate::resolve::resolve;
use crate::spec::{Area, Spec};

const CORRECTIONS: &str = "corrections.toml";
const DIFFERENCES: &str = "differences.toml";
const THROTTLING: &str = "throttling.toml";

/// Reads the spec in a folder.
///
/// # Errors
///
/// When a file cannot be read, or when anything in it is not understood, contradicts the rest or names something that
/// does not exist. All problems that could be found are in the error, each with its file and line.
pub fn read_spec(folder: &Path) -> Result<Spec, Error> {
    let mut reader = Reader::default();
    let mut areas = Vec::new();
    for path in files(folder)? {
        let source = Source::open(&path)?;
        match path.file_name().and_then(|name| name.to_str()) {
            Some(CORRECTIONS) => reader.spec.corrections = companions::corrections(&source, &mut reader.problems),
            Some(DIFFERENCES) => reader.spec.differences = companions::differences(&source, &mut reader.problems),
            Some(THROTTLING) => reader.throttling = Some(source),
            _ => areas.push(source),
        }
    }
    reader.read(areas)
}

/// The TOML files of a folder, sorted by name.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Read {
        path: folder.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Reader {
    spec: Spec,
    throttling: Option<Source>,
    problems: Vec<Problem>,
}

impl Reader {
    fn read(mut self, sources: Vec<Source>) -> Result<Spec, Error> {
        let throttling = match self.throttling.take() {
            Some(source) => companions::throttling(&source, &self.spec.corrections, &mut self.problems),
            None => Vec::new(),
        };
        let corrections: HashSet<String> = self.spec.corrections.iter().map(|entry| entry.id.clone()).collect();
        let mut draft = Draft::default();
        let mut documents = Vec::new();
        let mut slugs = HashMap::new();
        for source in &sources {
            let mut document: AreaDocument = match source.parse() {
                Ok(document) => document,
                Err(problem) => {
                    self.problems.push(problem);
                    continue;
                }
            };
            let place = source.place(document.area.span());
            self.area(&document, &place);
            let namespace = document.area.get_ref().namespace.clone();
            if let Some(Place { file, .. }) = slugs.insert(document.area.get_ref().name.clone(), place.clone()) {
                self.problems.add(&place, format!("{file} has the same name"));
            }
            Drafter {
                source,
                namespace: &namespace,
                corrections: &corrections,
                draft: &mut draft,
                problems: &mut self.problems,
            }
            .take(&mut document);
            documents.push((source, namespace, document.operations));
        }
        self.spec.areas.sort_by(|a, b| a.name.cmp(&b.name));
        let mut model = resolve(draft).map_err(|problems| {
            self.problems.extend(problems);
            failure(std::mem::take(&mut self.problems))
        })?;
        let groups: BTreeSet<&str> = throttling.iter().map(|group| group.name.as_str()).collect();
        let mut operations = Operations::new(&model, &corrections, &groups);
        for (source, namespace, entries) in documents {
            operations.read(source, &namespace, entries);
        }
        let (operations, problems) = operations.finish();
        self.problems.extend(problems);
        if !self.problems.is_empty() {
            return Err(failure(self.problems));
        }
        model.operations = operations;
        model.throttling = throttling;
        self.spec.model = model;
        Ok(self.spec)
    }

    fn area(&mut self, document: &AreaDocument, place: &Place) {
        let area = document.area.get_ref();
        let what = format!("area {}", area.name);
        self.problems.filled(place, "area: name", &area.name);
        self.problems.filled(place, format_args!("{what}: title"), &area.title);
        self.problems
            .filled(place, format_args!("{what}: documentation"), &area.documentation);
        if !crate::names::is_namespace(&area.namespace) {
            self.problems
                .add(place, format!("{what}: {:?} is not a namespace", area.namespace));
        }
        if !area
            .name
            .chars()
            .all(|character| character.is_ascii_lowercase() || "-0123456789".contains(character))
        {
            self.problems.add(
                place,
                format!("{what}: the name may hold small letters, digits and hyphens"),
            );
        }
        self.spec.areas.push(Area {
            name: area.name.clone(),
            title: area.title.clone(),
            namespace: area.namespace.clone(),
            documentation: area.documentation.clone(),
            operations: document
                .operations
                .iter()
                .map(|entry| entry.get_ref().id.clone())
                .collect(),
        });
    }
}

pub(crate) fn failure(mut problems: Vec<Problem>) -> Error {
    problems.sort();
    problems.dedup();
    Error::Spec(SpecErrors(problems.into_iter().map(Into::into).collect()))
}
