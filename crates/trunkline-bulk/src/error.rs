//! The error of bulk work that cannot start or has to stop.

use std::fmt;
use std::sync::Arc;

/// The kind of obstacle that stopped the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BulkErrorKind {
    /// The file cannot be read at all.
    Input,
    /// The plan cannot be read, or is of a version that this one does not know.
    Plan,
    /// The plan or journal belongs to another tenant or cloud than the client.
    OtherTenant,
    /// The journal cannot be read, is damaged, or is of a newer version.
    Journal,
    /// The journal belongs to another plan.
    OtherPlan,
    /// Another process works on the journal.
    Busy,
    /// The disk is full, or the folder cannot be written.
    Disk,
    /// The clock jumped so far that waits and reservations cannot be trusted.
    Clock,
    /// The service refused or could not be reached before anything was changed.
    Service,
    /// An option cannot be used.
    Option,
    /// The caller asked to stop.
    Stopped,
}

impl BulkErrorKind {
    /// Its name in JSON and in the bindings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Plan => "plan",
            Self::OtherTenant => "otherTenant",
            Self::Journal => "journal",
            Self::OtherPlan => "otherPlan",
            Self::Busy => "busy",
            Self::Disk => "disk",
            Self::Clock => "clock",
            Self::Service => "service",
            Self::Option => "option",
            Self::Stopped => "stopped",
        }
    }
}

/// Why bulk work could not be begun or had to stop. Nothing was sent after it arose; what was sent before is in the
/// journal.
#[derive(Debug, Clone)]
pub struct BulkError {
    kind: BulkErrorKind,
    what: String,
    next_step: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl BulkError {
    pub(crate) fn new(kind: BulkErrorKind, what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            next_step: next_step.into(),
            source: None,
        }
    }

    pub(crate) fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The kind of obstacle.
    #[must_use]
    pub fn kind(&self) -> BulkErrorKind {
        self.kind
    }

    /// The message, one sentence.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The next step.
    #[must_use]
    pub fn next_step(&self) -> &str {
        &self.next_step
    }

    /// The error of the service, when the kind is [`BulkErrorKind::Service`].
    #[must_use]
    pub fn service(&self) -> Option<&trunkline::Error> {
        self.source.as_deref().and_then(|source| source.downcast_ref())
    }
}

impl fmt::Display for BulkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}. {}", self.what, self.next_step)
    }
}

impl std::error::Error for BulkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<trunkline::Error> for BulkError {
    fn from(error: trunkline::Error) -> Self {
        let kind = match error.kind() {
            trunkline::ErrorKind::WrongTenant => BulkErrorKind::OtherTenant,
            _ => BulkErrorKind::Service,
        };
        Self::new(kind, error.message().to_owned(), error.next_step().to_owned()).caused_by(error)
    }
}

impl From<crate::input::InputError> for BulkError {
    fn from(error: crate::input::InputError) -> Self {
        Self::new(BulkErrorKind::Input, error.to_string(), error.next_step()).caused_by(error)
    }
}
