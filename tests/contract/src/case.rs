//! The case files, as `spec/examples/README.md` describes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One file: an operation and its cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The operation's id.
    pub operation: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Name, unique within its file.
    pub name: String,
    /// Subject in one sentence.
    pub note: Option<String>,
    /// Path keys by name, and the root.
    pub place: BTreeMap<String, String>,
    /// Parameters, or the properties of the body.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// Query options.
    #[serde(default)]
    pub options: Options,
    /// Headers the caller asks for.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The wire; nothing may be sent when there is none.
    pub request: Option<WireRequest>,
    /// Answer of the recording server.
    pub response: Option<WireResponse>,
    /// Further exchanges of the same call.
    #[serde(default)]
    pub then: Vec<Exchange>,
    /// How the call ends.
    pub outcome: Outcome,
    /// How it ends in the emulator.
    pub emulator: Option<EmulatorRun>,
    /// Why it does not run through the emulator.
    pub emulator_skip: Option<String>,
    /// Why the recorded run is known to differ. It must differ then.
    pub known: Option<String>,
}

/// Query options without the dollar.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// `$select`
    pub select: Option<Vec<String>>,
    /// `$filter`
    pub filter: Option<String>,
    /// `$top`
    pub top: Option<u32>,
    /// `$skip`
    pub skip: Option<u64>,
    /// `$expand`
    pub expand: Option<Texts>,
    /// `$orderby`
    pub orderby: Option<Texts>,
    /// `$count`
    #[serde(default)]
    pub count: bool,
    /// `$search`
    pub search: Option<String>,
}

/// One text or several, separated by commas on the wire.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Texts {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Texts {
    /// As on the wire.
    #[must_use]
    pub fn joined(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Several(texts) => texts.join(","),
        }
    }
}

impl Options {
    /// Arguments, named as on the wire, in the order of `README.md`.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let given = [
            ("$select", self.select.as_ref().map(|names| names.join(","))),
            ("$filter", self.filter.clone()),
            ("$top", self.top.map(|top| top.to_string())),
            ("$skip", self.skip.map(|skip| skip.to_string())),
            ("$expand", self.expand.as_ref().map(Texts::joined)),
            ("$orderby", self.orderby.as_ref().map(Texts::joined)),
            ("$count", self.count.then(|| "true".to_owned())),
            ("$search", self.search.clone()),
        ];
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// The request that must go over the wire.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireRequest {
    /// The HTTP method.
    pub method: String,
    /// The path, percent-encoded as sent.
    pub path: String,
    /// Decoded names and values in order.
    pub query: Vec<(String, String)>,
    /// The query as sent, where encoding matters.
    pub raw_query: Option<String>,
    /// Headers that must be there with these values.
    pub headers: BTreeMap<String, String>,
    /// The body as JSON; `null` for none at all.
    pub body: Value,
}

/// Answer of the recording server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body as JSON; `null` for none at all.
    pub body: Value,
}

/// A further request and its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The wire.
    pub request: WireRequest,
    /// The answer.
    pub response: WireResponse,
}

/// How a call ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With one value.
    Value(Value),
    /// With these items, of all pages.
    Items(Vec<Value>),
    /// With nothing.
    None(bool),
    /// With an operation that goes on.
    LongRunning(LongRunning),
    /// With an error.
    Error(Failure),
    /// A batch: one outcome for each call.
    Answers(Vec<Outcome>),
}

/// A long-running operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongRunning {
    /// Its id.
    pub id: String,
    /// The body of the 202 itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// An error. What is absent is not compared.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Its kind.
    pub kind: Option<String>,
    /// The status it came with.
    pub status: Option<u16>,
    /// The service's code.
    pub code: Option<String>,
    /// The claims with which to ask for another token.
    pub claims: Option<String>,
}

/// The run through the emulator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmulatorRun {
    /// The status.
    pub status: u16,
    /// Members the value, or some item, must have.
    #[serde(default)]
    pub contains: Map<String, Value>,
    /// Whether it needs a signed-in user.
    #[serde(default)]
    pub delegated: bool,
    /// A seed to merge first.
    pub seed: Option<Value>,
    /// Why the run is known to differ. It must differ then.
    pub known: Option<String>,
}

/// The folder `spec`.
#[must_use]
pub fn spec_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")
}

/// Every case file, by operation.
///
/// # Errors
///
/// A text that names the file and what is wrong with it.
pub fn read_all() -> Result<Vec<CaseFile>, String> {
    let folder = spec_folder().join("examples");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<CaseFile, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let file: CaseFile = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(&file.operation) {
        return Err(wrong(&"the file is not named after its operation"));
    }
    for (index, case) in file.cases.iter().enumerate() {
        let name = &case.name;
        if file.cases[..index].iter().any(|other| other.name == *name) {
            return Err(wrong(&format!("two cases are called {name:?}")));
        }
        if case.request.is_some() != case.response.is_some() {
            return Err(wrong(&format!("{name:?} has a request or a response, but not both")));
        }
        if case.emulator.is_some() == case.emulator_skip.is_some() {
            return Err(wrong(&format!("{name:?} needs either `emulator` or `emulator_skip`")));
        }
    }
    Ok(file)
}
