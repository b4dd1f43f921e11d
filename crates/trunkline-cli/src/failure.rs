//! Errors of commands, and their exit codes.

use std::fmt;

use serde_json::{Value, json};
use trunkline::{Error, ErrorKind};
use trunkline_bulk::{BulkError, BulkErrorKind};

/// The exit codes with their meaning; the documentation is generated from here.
pub(crate) const EXIT_CODES: [(u8, &str); 4] = [
    (
        0,
        "Done. Also when nothing had to change, when a list is empty, and when an emulator was stopped",
    ),
    (
        1,
        "Failed, refused here or by the service, not found, not understood, interrupted; a token that does not suffice; bulk \
         work that was stopped before its end, and that resume takes up",
    ),
    (
        2,
        "Unexpected: an answer that cannot be used, output that cannot be written, an internal error",
    ),
    (
        PARTLY,
        "Bulk work that was carried out, and not for every row: some cannot be, failed, were skipped, are not seen yet, \
         pending, unknown or open",
    ),
];

/// The exit code of work that was carried out, but not for every row.
pub(crate) const PARTLY: u8 = 3;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Refused here or by the service, or failed on the way.
    Refused(Box<Error>),
    /// Bulk work that could not begin, or had to stop.
    Bulk(Box<BulkError>),
    /// The command line was not understood; the text is clap's.
    Usage(clap::Error),
    /// Ctrl-C. The token takes the order up again, when there is one.
    Interrupted { resume: Option<String> },
    /// Something that should not happen.
    Unexpected(String),
}

impl Failure {
    /// A refusal of this command line's own.
    pub(crate) fn refused(kind: ErrorKind, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Error::new(kind, message.into()).with_next_step(next_step.into()).into()
    }

    /// The exit code: 1 for a refusal or failure, 2 for an internal error.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(error) => 1 + u8::from(is_unexpected(error.kind())),
            Self::Bulk(_) | Self::Usage(_) | Self::Interrupted { .. } => 1,
            Self::Unexpected(_) => 2,
        }
    }

    /// The text that takes the order up again, when there is an order.
    pub(crate) fn resume_token(&self) -> Option<&str> {
        match self {
            Self::Refused(error) => error.resume_token(),
            Self::Interrupted { resume } => resume.as_deref(),
            Self::Bulk(_) | Self::Usage(_) | Self::Unexpected(_) => None,
        }
    }

    /// The error as an object, with the members of [`Error::to_json`]. `in_full`: personal data is not masked.
    pub(crate) fn to_json(&self, in_full: bool) -> Value {
        match self {
            Self::Refused(error) => {
                let mut object = error.to_json();
                if let (true, Some(words)) = (in_full, error.service_message()) {
                    object["serviceMessage"] = words.into();
                }
                object
            }
            Self::Bulk(error) => json!({
                "kind": error.kind().name(),
                "message": error.what(),
                "nextStep": error.next_step(),
                "retryAdvice": if error.kind() == BulkErrorKind::Busy { "later" } else { "never" },
            }),
            Self::Usage(error) => {
                let text = error.render().to_string();
                let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
                json!({"kind": "invalidInput", "message": message, "nextStep": "See --help", "retryAdvice": "never"})
            }
            Self::Interrupted { resume } => {
                json!({"kind": "cancelled", "message": "interrupted", "retryAdvice": "never", "resumeToken": resume})
            }
            Self::Unexpected(message) => json!({"kind": "unexpected", "message": message, "retryAdvice": "never"}),
        }
    }

    /// The error as one line; the help of the command line has more. `in_full`: personal data is not masked.
    pub(crate) fn to_line(&self, in_full: bool) -> String {
        match self {
            Self::Refused(error) => match error.service_message() {
                Some(words) if in_full => with_words(&error.to_string(), words.trim().trim_end_matches('.')),
                _ => error.to_string(),
            },
            other => other.to_string(),
        }
    }
}

/// A line with the service's words in full: in the place where it has them masked, else behind it.
fn with_words(line: &str, words: &str) -> String {
    let shown = trunkline::mask::printable(words);
    let masked = [trunkline::mask::text(words), trunkline::mask::sentence(words)];
    match masked
        .iter()
        .find(|masked| !masked.is_empty() && line.contains(masked.as_str()))
    {
        Some(masked) => line.replacen(masked.as_str(), &shown, 1),
        None => format!("{line} {shown}"),
    }
}

/// Kinds that neither the caller nor the state of the tenant explains: the answer itself makes no sense.
fn is_unexpected(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Decode | ErrorKind::UnexpectedBody | ErrorKind::UntrustedLink | ErrorKind::Redirected
    )
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(formatter),
            Self::Bulk(error) => error.fmt(formatter),
            Self::Usage(error) => error.fmt(formatter),
            Self::Interrupted { .. } => {
                formatter.write_str("interrupted; requests that were sent may still take effect")
            }
            Self::Unexpected(message) => formatter.write_str(message),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(Box::new(error))
    }
}

impl From<BulkError> for Failure {
    fn from(error: BulkError) -> Self {
        match error.service() {
            // Every error of the service looks the same, whoever met it.
            Some(service) if error.kind() == BulkErrorKind::Service => service.clone().into(),
            _ => Self::Bulk(Box::new(error)),
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Self::Unexpected(format!("the result could not be written as CSV: {error}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(format!("the result could not be written as JSON: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_2_and_all_else_is_1() {
        for kind in ErrorKind::ALL {
            let unexpected = ["decode", "unexpectedBody", "untrustedLink", "redirected"].contains(&kind.name());
            let failure = Failure::from(Error::new(kind, "x"));
            assert_eq!(failure.exit_code(), if unexpected { 2 } else { 1 }, "{kind}");
        }
        assert_eq!(Failure::Interrupted { resume: None }.exit_code(), 1);
        assert_eq!(Failure::Unexpected(String::new()).exit_code(), 2);
    }

    #[test]
    fn the_words_of_the_service_stand_once() {
        let words = "no licence for ana@contoso.example";
        let line = with_words(&format!("not assigned: {}. Look", trunkline::mask::text(words)), words);
        assert_eq!(line, "not assigned: no licence for ana@contoso.example. Look");
        assert_eq!(
            with_words("not assigned.", words),
            "not assigned. no licence for ana@contoso.example"
        );
    }
}
