//! Operations as data, as the pipeline reads them.

use http::Method;

use super::layout::Content;
use super::template::score;
use crate::cloud::{Cloud, CloudSet};

/// Permissions, any one of which suffices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionSet {
    /// The narrowest.
    pub least: &'static [&'static str],
    /// Others that do as well.
    pub higher: &'static [&'static str],
}

impl PermissionSet {
    /// All of them, the narrowest first.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        self.least.iter().chain(self.higher).copied().collect()
    }

    /// Those that reach other users than the one who signed in: where there is one for all, its like without `.All` is for the
    /// signed-in user alone.
    #[must_use]
    pub fn for_others(self) -> Vec<&'static str> {
        let all = self.names();
        let is_of_oneself = |name: &str| all.iter().any(|other| other.strip_suffix(".All") == Some(name));
        all.iter().copied().filter(|name| !is_of_oneself(name)).collect()
    }
}

/// One path of an operation.
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
    /// The index of the type of the state.
    pub state: u16,
    /// Property that holds the state.
    pub status: &'static str,
    /// States that mean success.
    pub succeeded: &'static [&'static str],
    /// States that mean failure.
    pub failed: &'static [&'static str],
    /// Property with a verdict for each item, if there is one.
    pub details: Option<&'static str>,
}

/// The effect of an operation on its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Reads one.
    Get,
    /// Reads many.
    List,
    /// Adds one.
    Create,
    /// Changes one.
    Update,
    /// Removes one.
    Delete,
    /// Invokes an action.
    Action,
    /// Invokes a function.
    Function,
    /// Sends a batch.
    Batch,
}

impl OperationKind {
    /// Every kind with its name in a description.
    pub(super) const ALL: [(Self, &'static str); 8] = [
        (Self::Get, "get"),
        (Self::List, "list"),
        (Self::Create, "create"),
        (Self::Update, "update"),
        (Self::Delete, "delete"),
        (Self::Action, "action"),
        (Self::Function, "function"),
        (Self::Batch, "batch"),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// The content of a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultShape {
    /// Nothing, or the answers to a batch.
    None,
    /// A value, or values in pages.
    Value {
        /// Its type.
        content: Content,
        /// Whether a success may lack it.
        optional: bool,
    },
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
    /// The effect on its target.
    pub kind: Option<OperationKind>,
    /// The type whose method it is.
    pub target: Option<Content>,
    /// The index of the action or function it invokes.
    pub callable: Option<u16>,
    /// Where it can be called.
    pub paths: &'static [PathDescriptor],
    /// Statuses that mean success, the documented one first.
    pub success: &'static [u16],
    /// The content of a success.
    pub result: ResultShape,
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
    /// Since when it is deprecated, and what to use instead.
    pub deprecated: Option<&'static str>,
}

impl OperationDescriptor {
    /// An operation of which nothing is known: a safe GET.
    pub const UNKNOWN: Self = Self {
        id: "",
        title: "",
        method: Method::GET,
        kind: None,
        target: None,
        callable: None,
        paths: &[],
        success: &[200],
        result: ResultShape::None,
        idempotency: Idempotency::Safe,
        long_running: None,
        query: &[],
        page_size: None,
        throttling: None,
        roles: &[],
        recent_sign_in: false,
        reference: None,
        corrections: &[],
        deprecated: None,
    };

    /// The template that `path` is an instance of.
    #[must_use]
    pub fn path_of(&self, path: &str) -> Option<&PathDescriptor> {
        if let [only] = self.paths {
            return Some(only);
        }
        let best = self
            .paths
            .iter()
            .filter_map(|known| Some((score(known.template, path)?, known)));
        best.max_by_key(|(score, _)| *score).map(|(_, known)| known)
    }

    /// Whether `path` is an instance of any of its templates.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.paths.iter().any(|known| score(known.template, path).is_some())
    }

    /// The clouds that offer it anywhere.
    #[must_use]
    pub fn clouds(&self) -> CloudSet {
        self.paths
            .iter()
            .fold(CloudSet::EMPTY, |clouds, path| clouds.union(path.clouds))
    }

    /// Whether `cloud` offers every path: then it need not be known which path it is.
    pub(crate) fn is_everywhere(&self, cloud: Cloud) -> bool {
        self.paths.iter().all(|path| path.clouds.contains(cloud))
    }

    /// Whether the service documents the query option.
    #[must_use]
    pub fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Every operation the client knows, sorted by id where a description holds them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OperationTable(pub &'static [OperationDescriptor]);

impl OperationTable {
    /// The operation with that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&'static OperationDescriptor> {
        self.0.iter().find(|operation| operation.id == id)
    }

    /// The operation that `method` of `path` is, and its template. `path` is below the version, with or without a query;
    /// names match in any case and beat placeholders; keys in parentheses and qualified names are understood.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<(&'static OperationDescriptor, &'static PathDescriptor)> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        self.0
            .iter()
            .filter(|operation| operation.method == *method)
            .flat_map(|operation| operation.paths.iter().map(move |known| (operation, known)))
            .filter_map(|(operation, known)| Some((score(known.template, path)?, (operation, known))))
            .max_by_key(|(score, _)| *score)
            .map(|(_, found)| found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_that_has_a_like_for_all_is_about_oneself() {
        let set = PermissionSet {
            least: &["User.ReadBasic.All"],
            higher: &["Directory.Read.All", "User.Read", "User.Read.All", "Group.Selected"],
        };
        assert_eq!(set.names().len(), 5);
        assert_eq!(
            set.for_others(),
            [
                "User.ReadBasic.All",
                "Directory.Read.All",
                "User.Read.All",
                "Group.Selected"
            ]
        );
    }
}
