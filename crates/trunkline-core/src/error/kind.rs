//! The kinds of failure, and the advice whether to try again.

use std::fmt;
use std::time::Duration;

use crate::clock::Timestamp;

/// The kind of an [`Error`](crate::Error). Each kind is one exception class in the other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument, a header, a path or the use of the client is wrong. Nothing was sent.
    InvalidInput,
    /// The client's cloud does not offer the operation. Nothing was sent.
    UnsupportedByCloud,
    /// There is no usable token, or the service did not accept it.
    Authentication,
    /// The token is for another tenant than the client's. Nothing was sent.
    WrongTenant,
    /// The token lacks a permission, or the user a role.
    PermissionDenied,
    /// The thing does not exist, or the caller may not see it.
    NotFound,
    /// The current state does not allow the change, or somebody else changed it first.
    Conflict,
    /// The service asked for a longer wait than the caller allows. The request was not executed.
    Throttled,
    /// The service failed.
    Service,
    /// The service refused the request for another reason.
    Rejected,
    /// The deadline passed.
    Timeout,
    /// No connection could be opened, or it was lost.
    Connection,
    /// The service named an address that is not its own. Nothing was sent there.
    UntrustedLink,
    /// The service redirected. Redirects are not followed.
    Redirected,
    /// The answer is JSON, but not of the expected shape.
    Decode,
    /// The answer is not JSON, too large, cut off, about another thing than the requested one, or not from the service: see
    /// [`Error::is_foreign_answer`](crate::Error::is_foreign_answer).
    UnexpectedBody,
    /// A long-running operation ended without success.
    OperationFailed,
    /// The service accepted a long-running operation, but did not say how to follow it.
    AcceptedUntracked,
    /// A write may or may not have happened.
    UnknownOutcome,
    /// The caller cancelled it.
    Cancelled,
}

impl ErrorKind {
    /// Every kind: the table that the other languages are checked against.
    pub const ALL: [Self; 20] = [
        Self::InvalidInput,
        Self::UnsupportedByCloud,
        Self::Authentication,
        Self::WrongTenant,
        Self::PermissionDenied,
        Self::NotFound,
        Self::Conflict,
        Self::Throttled,
        Self::Service,
        Self::Rejected,
        Self::Timeout,
        Self::Connection,
        Self::UntrustedLink,
        Self::Redirected,
        Self::Decode,
        Self::UnexpectedBody,
        Self::OperationFailed,
        Self::AcceptedUntracked,
        Self::UnknownOutcome,
        Self::Cancelled,
    ];

    /// The stable name that JSON and the other languages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalidInput",
            Self::UnsupportedByCloud => "unsupportedByCloud",
            Self::Authentication => "authentication",
            Self::WrongTenant => "wrongTenant",
            Self::PermissionDenied => "permissionDenied",
            Self::NotFound => "notFound",
            Self::Conflict => "conflict",
            Self::Throttled => "throttled",
            Self::Service => "service",
            Self::Rejected => "rejected",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::UntrustedLink => "untrustedLink",
            Self::Redirected => "redirected",
            Self::Decode => "decode",
            Self::UnexpectedBody => "unexpectedBody",
            Self::OperationFailed => "operationFailed",
            Self::AcceptedUntracked => "acceptedUntracked",
            Self::UnknownOutcome => "unknownOutcome",
            Self::Cancelled => "cancelled",
        }
    }

    /// The next step when nothing more particular is known.
    pub(super) const fn next_step(self) -> &'static str {
        match self {
            Self::InvalidInput => "Correct the argument that the message names",
            Self::UnsupportedByCloud => "Use a tenant of a cloud that offers it",
            Self::Authentication => "Sign in again, or check the credential",
            Self::WrongTenant => "Sign in to the tenant that the client was built for",
            Self::PermissionDenied => "Ask an administrator to grant the permission or role",
            Self::NotFound => "Check the id, and that it belongs to this tenant",
            Self::Conflict => "Read the current state and decide again",
            Self::Throttled => "Send it again after the time the service asked for",
            Self::Service => "Try again later; if it persists, report the request id to Microsoft",
            Self::Rejected => "Correct the request as the service's message says",
            Self::Timeout => "Try again with a longer timeout",
            Self::Connection => "Check network, proxy and name resolution, then try again",
            Self::UntrustedLink => "Check the configured root address; if it is right, report this to Microsoft",
            Self::Redirected => "Check the configured root address and the proxy",
            Self::Decode => "Report the JSON path to the maintainers of Trunkline; the raw JSON can still be read",
            Self::UnexpectedBody => "Check what stands between here and the service, such as a proxy or sign-in page",
            Self::OperationFailed => "Check the result of each item",
            Self::AcceptedUntracked => "Read the current state to see whether the change was made",
            Self::UnknownOutcome => "Read the current state before sending it again",
            Self::Cancelled => "Read the current state if it was a write",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether and when to send the same request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAdvice {
    /// The same request would fail in the same way.
    Never,
    /// It may succeed later; nobody said when. Wait longer each time.
    Later,
    /// It may succeed after this time, which the service asked for.
    After(Duration),
    /// It may succeed from this moment on; until then the service refuses.
    Until(Timestamp),
    /// Only after a read has shown that the write did not happen.
    AfterReadBack,
}

impl RetryAdvice {
    /// The stable name that JSON and the other languages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Later => "later",
            Self::After(_) => "after",
            Self::Until(_) => "until",
            Self::AfterReadBack => "afterReadBack",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }
}
