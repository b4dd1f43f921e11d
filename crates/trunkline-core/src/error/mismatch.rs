//! The error of a lookup by key that returned an object with another key.

use std::fmt;

use super::{Error, ErrorKind};

/// The source of an error about an answer of another thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyMismatch {
    asked: String,
    answered: String,
}

impl fmt::Display for KeyMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "asked for {}, the service answered with {}",
            self.asked, self.answered
        )
    }
}

impl std::error::Error for KeyMismatch {}

impl Error {
    /// Something was looked up by a key, and the service answered with something that has another key: `asked` and
    /// `answered`, as they may be shown. It is of kind [`ErrorKind::UnexpectedBody`].
    #[must_use]
    pub fn key_mismatch(asked: impl Into<String>, answered: impl Into<String>) -> Self {
        let mismatch = KeyMismatch {
            asked: asked.into(),
            answered: answered.into(),
        };
        Self::new(ErrorKind::UnexpectedBody, mismatch.to_string())
            .with_next_step(
                "This service does not find things by their key. Check the configured address and what stands between here \
                 and the service, such as a proxy or a cache",
            )
            .with_source(mismatch)
    }

    /// Whether the service answered with another thing than the one that was looked up.
    #[must_use]
    pub fn is_key_mismatch(&self) -> bool {
        let source = self.0.source.as_deref();
        source.is_some_and(|source| source.is::<KeyMismatch>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_asked_for_and_what_came() {
        let error = Error::key_mismatch("+***00", "+***01");
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody);
        assert_eq!(error.message(), "asked for +***00, the service answered with +***01");
        assert!(error.is_key_mismatch() && !Error::new(ErrorKind::UnexpectedBody, "html").is_key_mismatch());
    }
}
