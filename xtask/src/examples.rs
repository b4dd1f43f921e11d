//! The values of the calls in the reference: those of one contract case of each operation.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};
use trunkline_codegen::{Example, Examples};

use crate::project::Project;

/// The folder of the cases.
const CASES: &str = "spec/examples";
/// The beginning of the paths of requests.
const VERSION: &str = "/v1.0";

#[derive(Deserialize)]
struct File {
    operation: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    place: Map<String, Value>,
    #[serde(default)]
    arguments: Map<String, Value>,
    #[serde(default)]
    options: Map<String, Value>,
    #[serde(default)]
    headers: Map<String, Value>,
    request: Option<Request>,
    emulator: Option<Emulator>,
}

#[derive(Deserialize)]
struct Request {
    path: String,
}

#[derive(Deserialize)]
struct Emulator {
    status: u16,
}

impl Case {
    /// How well it shows the operation; the lowest is the best.
    fn rank(&self) -> (bool, bool, bool) {
        let succeeds = self.emulator.as_ref().is_some_and(|emulator| emulator.status < 300);
        let is_plain = self.options.is_empty() && self.headers.is_empty();
        let of_me = self.place.get("root").is_some_and(|root| root == "me");
        (!succeeds, !is_plain, of_me)
    }
}

/// The examples of all operations.
pub(crate) fn read(project: &Project) -> Result<Examples> {
    let mut examples = Examples::new();
    let folder = project.path(CASES);
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let file: File = serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
        let sent = file
            .cases
            .iter()
            .filter_map(|case| Some((case, case.request.as_ref()?)));
        if let Some((case, request)) = sent.min_by_key(|(case, _)| case.rank()) {
            let path = request.path.strip_prefix(VERSION).unwrap_or(&request.path);
            let example = Example {
                path: path.to_owned(),
                arguments: case.arguments.clone(),
            };
            examples.insert(file.operation, example);
        }
    }
    Ok(examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_example_that_succeeds_or_none_does() {
        let project = Project::find().unwrap();
        let examples = read(&project).unwrap();
        let model = trunkline_spec::read_spec(&project.path("spec")).unwrap().model;
        for operation in &model.operations {
            assert!(examples.contains_key(&operation.id), "{}", operation.id);
        }
        assert_eq!(
            examples["phoneMethods.create"].path,
            "/users/dev@contoso.example/authentication/phoneMethods"
        );
    }
}
