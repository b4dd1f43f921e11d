//! The descriptor of an operation: constants that the generator writes and the pipeline reads.

use std::sync::OnceLock;

use hashbrown::HashMap;
use http::Method;

use crate::cloud::{Cloud, CloudSet};

/// Permissions, any one of which suffices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionSet {
    /// The narrowest.
    pub least: &'static [&'static str],
    /// Others that do as well.
    pub higher: &'static [&'static str],
}

/// One place where an operation can be called.
#[derive(Debug, Clone, Copy)]
pub struct PathDescriptor {
    /// Path below the version, for instance `/users/{user-id}/authentication/phoneMethods`.
    pub template: &'static str,
    /// Clouds that offer it.
    pub clouds: CloudSet,
    /// The permissions for a signed-in user; `None`: not offered.
    pub delegated: Option<PermissionSet>,
    /// The permissions for an application; `None`: not offered.
    pub application: Option<PermissionSet>,
}

/// Whether an operation may be sent again when nobody knows whether it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// It reads.
    Safe,
    /// It writes, and ends in the same state when repeated.
    Idempotent,
    /// It must not be repeated blindly; a read settles whether it happened.
    Confirm {
        /// Id of the operation that reads.
        by: &'static str,
        /// How, as an instruction.
        how: &'static str,
    },
    /// It must not be repeated.
    Never {
        /// The instruction what to do instead.
        how: &'static str,
    },
}

impl Idempotency {
    /// Whether sending it again does no harm.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        matches!(self, Self::Safe | Self::Idempotent)
    }

    /// The idempotency by HTTP's method, for operations that no table knows.
    #[must_use]
    pub fn of_method(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => Self::Safe,
            // A PATCH of Graph states the final state, so it ends in the same one when repeated.
            Method::PUT | Method::DELETE | Method::PATCH => Self::Idempotent,
            _ => Self::Never {
                how: "Read what it would have changed before sending it again",
            },
        }
    }
}

/// Page sizes of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    /// Without `$top`.
    pub default: u32,
    /// The largest `$top`.
    pub maximum: u32,
}

/// How the end of a 202 is found.
#[derive(Debug, Clone, Copy)]
pub struct LongRunningDescriptor {
    /// Id of the operation that reads its state.
    pub operation: &'static str,
    /// Property that holds the state.
    pub status: &'static str,
    /// States that mean success.
    pub succeeded: &'static [&'static str],
    /// States that mean failure.
    pub failed: &'static [&'static str],
    /// Property with a verdict for each item, if there is one.
    pub details: Option<&'static str>,
}

/// Everything that is known of one operation.
#[derive(Debug)]
pub struct OperationDescriptor {
    /// Unique id, for instance `numberAssignments.assignNumber`.
    pub id: &'static str,
    /// Its title, in a few words.
    pub title: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Where it can be called.
    pub paths: &'static [PathDescriptor],
    /// Statuses that mean success, the documented one first.
    pub success: &'static [u16],
    /// Whether it may be repeated.
    pub idempotency: Idempotency,
    /// How its end is found, when a 202 is not the end.
    pub long_running: Option<LongRunningDescriptor>,
    /// Query options the service documents, such as `$top`.
    pub query: &'static [&'static str],
    /// Page sizes, for a list.
    pub page_size: Option<PageSize>,
    /// Group whose limit it counts against.
    pub throttling: Option<&'static str>,
    /// Least privileged directory roles for delegated use.
    pub roles: &'static [&'static str],
    /// Whether the service may refuse a signed-in user whose multifactor sign-in is older than ten minutes.
    pub recent_sign_in: bool,
    /// Last part of the address of its reference page.
    pub reference: Option<&'static str>,
    /// Corrections to the documentation that apply.
    pub corrections: &'static [&'static str],
}

impl OperationDescriptor {
    /// The place that `path` is an instance of.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&PathDescriptor> {
        if let [only] = self.paths {
            return Some(only);
        }
        let best = self
            .paths
            .iter()
            .filter_map(|place| Some((score(place.template, path)?, place)));
        best.max_by_key(|(score, _)| *score).map(|(_, place)| place)
    }

    /// Whether `path` is an instance of any of its places.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.paths.iter().any(|place| score(place.template, path).is_some())
    }

    /// The clouds that offer it anywhere.
    #[must_use]
    pub fn clouds(&self) -> CloudSet {
        self.paths
            .iter()
            .fold(CloudSet::EMPTY, |clouds, place| clouds.union(place.clouds))
    }

    /// Whether every place is offered by `cloud`: then it need not be known which place it is.
    pub(crate) fn is_everywhere(&self, cloud: Cloud) -> bool {
        self.paths.iter().all(|place| place.clouds.contains(cloud))
    }

    /// Whether the service documents the query option.
    #[must_use]
    pub fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Every operation the client knows, in the order the generator wrote them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OperationTable(pub &'static [OperationDescriptor]);

impl OperationTable {
    /// The operation with that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&'static OperationDescriptor> {
        self.0.iter().find(|operation| operation.id == id)
    }

    /// The operation that `method` of `path` is, and the place. `path` is below the version, with or without a query;
    /// names match in any case and beat placeholders; keys in parentheses and qualified names are understood.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<(&'static OperationDescriptor, &'static PathDescriptor)> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        self.0
            .iter()
            .filter(|operation| operation.method == *method)
            .flat_map(|operation| operation.paths.iter().map(move |place| (operation, place)))
            .filter_map(|(operation, place)| Some((score(place.template, path)?, (operation, place))))
            .max_by_key(|(score, _)| *score)
            .map(|(_, found)| found)
    }
}

/// Finds an operation without looking at every one.
#[derive(Debug, Default)]
pub(crate) struct OperationIndex {
    table: OperationTable,
    /// By the hash of method, first name and number of steps; made when first needed.
    buckets: OnceLock<HashMap<u64, Vec<Entry>>>,
}

/// A place, its template taken apart.
#[derive(Debug)]
struct Entry {
    operation: &'static OperationDescriptor,
    place: &'static PathDescriptor,
    template: Vec<Step<'static>>,
}

impl OperationIndex {
    pub(crate) fn new(table: OperationTable) -> Self {
        Self {
            table,
            buckets: OnceLock::new(),
        }
    }

    /// Like [`OperationTable::find`].
    pub(crate) fn find(
        &self,
        method: &Method,
        path: &str,
    ) -> Option<(&'static OperationDescriptor, &'static PathDescriptor)> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let buckets = self.buckets.get_or_init(|| {
            let mut buckets: HashMap<_, Vec<_>> = HashMap::new();
            for operation in self.table.0 {
                for place in operation.paths {
                    let template = Steps::of(place.template);
                    let bucket: &mut Vec<Entry> = buckets
                        .entry(key_of(&operation.method, template.as_slice()))
                        .or_default();
                    bucket.push(Entry {
                        operation,
                        place,
                        template: template.as_slice().to_vec(),
                    });
                }
            }
            buckets
        });
        let path = Steps::of(path);
        let bucket = buckets.get(&key_of(method, path.as_slice()))?;
        bucket
            .iter()
            .filter(|entry| entry.operation.method == *method)
            .filter_map(|entry| Some((Steps::score(&entry.template, &path)?, entry)))
            .max_by_key(|(score, _)| *score)
            .map(|(_, entry)| (entry.operation, entry.place))
    }
}

/// Equal for every spelling of a path; the first step is a name in every template.
fn key_of(method: &Method, steps: &[Step<'_>]) -> u64 {
    // FNV-1a: these are few and ours, and the standard hash takes longer than the search it saves.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    method.as_str().bytes().for_each(&mut add);
    if let Some(Step::Name(name)) = steps.first() {
        name.bytes().for_each(|byte| add(byte.to_ascii_lowercase()));
    }
    add(u8::try_from(steps.len()).unwrap_or(u8::MAX));
    hash
}

/// A part of a path after `users('x')` was taken apart into `users` and `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step<'p> {
    Name(&'p str),
    Key(&'p str),
    Placeholder(&'p str),
}

/// More steps than any template has.
const MOST_STEPS: usize = 24;

/// The steps of a path or template, without a heap: every request takes its path apart.
pub(crate) struct Steps<'p> {
    steps: [Step<'p>; MOST_STEPS],
    count: usize,
    /// There were more, so that no template is meant.
    overflow: bool,
}

impl<'p> Steps<'p> {
    /// Takes a path or template apart. A key written as a segment is a [`Step::Name`]: only a template tells them apart.
    pub(crate) fn of(path: &'p str) -> Self {
        let mut steps = Self {
            steps: [Step::Name(""); MOST_STEPS],
            count: 0,
            overflow: false,
        };
        let mut start = 0;
        for (end, _) in path.bytes().enumerate().filter(|(_, byte)| *byte == b'/') {
            steps.add_segment(&path[start..end]);
            start = end + 1;
        }
        steps.add_segment(&path[start..]);
        steps
    }

    fn add(&mut self, step: Step<'p>) {
        match self.steps.get_mut(self.count) {
            Some(place) => {
                *place = step;
                self.count += 1;
            }
            None => self.overflow = true,
        }
    }

    fn add_segment(&mut self, segment: &'p str) {
        if segment.is_empty() {
            return;
        }
        if let Some(placeholder) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            return self.add(Step::Placeholder(placeholder));
        }
        let call = segment.strip_suffix(')').and_then(|call| call.split_once('('));
        match call {
            None => self.add(Step::Name(segment)),
            // A call: its parameters do not decide which operation it is.
            Some((name, inner)) if inner.is_empty() || is_call(inner) => self.add(Step::Name(name)),
            Some((name, inner)) => {
                let inner = inner.trim_matches('\'');
                let placeholder = inner.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                self.add(Step::Name(name));
                self.add(placeholder.map_or(Step::Key(inner), Step::Placeholder));
            }
        }
    }

    fn as_slice(&self) -> &[Step<'p>] {
        &self.steps[..self.count]
    }

    /// How well a path fits a template: the number of names that match, with those further left weighing more; `None`
    /// when it does not.
    fn score(template: &[Step<'_>], path: &Steps<'_>) -> Option<u64> {
        if path.overflow || template.len() != path.count {
            return None;
        }
        // Neighbours differ in their last step.
        if let (Some(Step::Name(name)), Some(Step::Name(other))) = (template.last(), path.as_slice().last())
            && !same_name(name, other)
        {
            return None;
        }
        let mut score: u64 = 1;
        for pair in template.iter().zip(path.as_slice()) {
            match pair {
                (Step::Placeholder(_), _) => score <<= 1,
                (Step::Name(name), Step::Name(other)) if same_name(name, other) => score = (score << 1) | 1,
                _ => return None,
            }
        }
        Some(score)
    }
}

/// The steps of a path or template, one by one.
pub(crate) fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let Steps { steps, count, .. } = Steps::of(path);
    steps.into_iter().take(count)
}

/// `name='value'`, as opposed to the key `'value'`.
fn is_call(inner: &str) -> bool {
    inner
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && !name.contains(['\'', '%']))
}

/// How well `path` fits `template`; `None` when it does not.
fn score(template: &str, path: &str) -> Option<u64> {
    Steps::score(Steps::of(template).as_slice(), &Steps::of(path))
}

/// `assignNumber` is also `microsoft.graph.teamsAdministration.assignNumber`.
pub(crate) fn same_name(template: &str, name: &str) -> bool {
    // Mostly they are spelled alike.
    template == name
        || template.eq_ignore_ascii_case(name)
        || (name.contains('.') || template.contains('.'))
            && unqualified(template).eq_ignore_ascii_case(unqualified(name))
}

fn unqualified(name: &str) -> &str {
    let qualified = ["microsoft.graph.", "graph."].iter().any(|prefix| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    });
    if qualified {
        name.rsplit('.').next().unwrap_or(name)
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: OperationDescriptor = OperationDescriptor {
        id: "",
        title: "",
        method: Method::GET,
        paths: &[],
        success: &[200],
        idempotency: Idempotency::Safe,
        long_running: None,
        query: &[],
        page_size: None,
        throttling: None,
        roles: &[],
        recent_sign_in: false,
        reference: None,
        corrections: &[],
    };

    const fn at(template: &'static str) -> PathDescriptor {
        PathDescriptor {
            template,
            clouds: CloudSet::ALL,
            delegated: None,
            application: None,
        }
    }

    static TABLE: OperationTable = OperationTable(&[
        OperationDescriptor {
            id: "users.get",
            paths: &[at("/users/{id}"), at("/me")],
            ..NONE
        },
        OperationDescriptor {
            id: "users.delta",
            paths: &[at("/users/delta()")],
            ..NONE
        },
        OperationDescriptor {
            id: "operations.get",
            paths: &[at("/admin/operations/{operation-id}")],
            ..NONE
        },
        OperationDescriptor {
            id: "assign",
            method: Method::POST,
            paths: &[at("/admin/assignNumber")],
            ..NONE
        },
        OperationDescriptor {
            id: "policy",
            paths: &[at("/admin/getPolicyId(type='{type}')")],
            ..NONE
        },
    ]);

    #[test]
    fn finds_every_spelling() {
        for (path, expected) in [
            ("/users/ana", Some("users.get")),
            ("/users('ana')", Some("users.get")),
            ("/ME", Some("users.get")),
            ("/users/delta()", Some("users.delta")),
            ("/users/microsoft.graph.delta", Some("users.delta")),
            ("/admin/operations('x')?$select=id", Some("operations.get")),
            ("/Admin/Operations/x", Some("operations.get")),
            (
                "/admin/microsoft.graph.teamsAdministration.getPolicyId(type='x')",
                Some("policy"),
            ),
            ("/admin/assignNumber", None),
            ("/users/ana/phones", None),
            ("/users", None),
        ] {
            assert_eq!(
                TABLE.find(&Method::GET, path).map(|(found, _)| found.id),
                expected,
                "{path}"
            );
            let index = OperationIndex::new(TABLE);
            assert_eq!(
                index.find(&Method::GET, path).map(|(found, _)| found.id),
                expected,
                "{path}"
            );
        }
        assert_eq!(
            TABLE
                .find(&Method::POST, "/admin/microsoft.graph.assignNumber")
                .unwrap()
                .0
                .id,
            "assign"
        );
        assert_eq!(TABLE.get("users.get").unwrap().place("/me").unwrap().template, "/me");
    }
}
