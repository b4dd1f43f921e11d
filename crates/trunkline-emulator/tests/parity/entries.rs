//! The files of `parity/` as data.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use trunkline_emulator::{CloudProfile, TokenRequest};

/// One file: a subject and its behaviours.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subject {
    pub(crate) subject: String,
    /// Place of the subject on the page.
    pub(crate) order: u32,
    #[serde(rename = "entry")]
    pub(crate) entries: Vec<Entry>,
}

/// One behaviour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) behaviour: String,
    pub(crate) source: Source,
    /// Whether the emulator does what the source says.
    pub(crate) equal: bool,
    /// The difference and its reason.
    pub(crate) why: Option<String>,
    /// The emulator that the behaviour needs, if the default one does not show it.
    pub(crate) emulator: Option<Setup>,
    /// Requests in order; for a single one, `request` and `expected` stand in the entry itself.
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
    pub(crate) request: Option<Request>,
    pub(crate) expected: Option<Expected>,
}

/// The place where the behaviour is stated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) at: String,
    pub(crate) says: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    Documentation,
    Metadata,
    Thread,
    Guess,
}

/// Settings of the emulator.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Setup {
    pub(crate) cloud: Option<CloudProfile>,
    pub(crate) documented_limits: bool,
    pub(crate) immediate_checks: bool,
    pub(crate) lenient: bool,
    pub(crate) next_links: bool,
    pub(crate) realistic: bool,
    /// A fault, as `POST /__emulator/faults` takes it.
    pub(crate) fault: Option<Value>,
    /// Parts of the tenant that replace the default ones.
    pub(crate) seed: Option<Value>,
}

/// A request and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Seconds by which the clock moves before the request.
    #[serde(default)]
    pub(crate) after: u64,
    pub(crate) request: Request,
    pub(crate) expected: Expected,
    /// Values of the answer that later steps name as `{name}`: a JSON pointer, or the name of a header.
    #[serde(default)]
    pub(crate) keep: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// From the root, with the query; or a whole address.
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// A table is sent as JSON, a text as it is.
    pub(crate) body: Option<Value>,
    /// The fields of a form, instead of a body.
    #[serde(default)]
    pub(crate) form: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) token: Token,
}

/// The token of a request: wishes, a text, or none at all (an empty text).
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Token {
    Text(String),
    Wish(TokenRequest),
}

impl Default for Token {
    fn default() -> Self {
        Self::Wish(TokenRequest::default())
    }
}

/// The answer. In a pattern a star stands for any text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    /// Headers with the pattern of their value.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) without_headers: Vec<String>,
    /// JSON pointers with their values.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Value>,
    /// JSON pointers with the patterns of texts.
    #[serde(default)]
    pub(crate) matches: BTreeMap<String, String>,
    /// JSON pointers of lists and objects, with the number of their members.
    #[serde(default)]
    pub(crate) lengths: BTreeMap<String, usize>,
    /// JSON pointers that hold null.
    #[serde(default)]
    pub(crate) nulls: Vec<String>,
    /// JSON pointers that lead nowhere.
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    /// The whole body as text.
    pub(crate) text: Option<String>,
}

impl Entry {
    /// The requests in order, whichever way the entry is written.
    pub(crate) fn all_steps(&self) -> Vec<Step> {
        match (&self.request, &self.expected, self.steps.as_slice()) {
            (Some(request), Some(expected), []) => vec![Step {
                after: 0,
                request: request.clone(),
                expected: expected.clone(),
                keep: BTreeMap::new(),
            }],
            (None, None, [_, ..]) => self.steps.clone(),
            _ => panic!("'{}' has either 'request' and 'expected', or 'steps'", self.id),
        }
    }
}

/// All files, in the order of the page.
pub(crate) fn read() -> Vec<Subject> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("parity");
    let mut subjects: Vec<Subject> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect();
    subjects.sort_by_key(|subject| subject.order);
    subjects
}

#[test]
fn subjects_have_names_and_places_of_their_own() {
    let subjects = read();
    let names: std::collections::BTreeSet<&str> = subjects.iter().map(|subject| subject.subject.as_str()).collect();
    let places: std::collections::BTreeSet<u32> = subjects.iter().map(|subject| subject.order).collect();
    assert_eq!((names.len(), places.len()), (subjects.len(), subjects.len()));
}

/// The entries of all files.
pub(crate) fn all() -> Vec<Entry> {
    read().into_iter().flat_map(|subject| subject.entries).collect()
}
