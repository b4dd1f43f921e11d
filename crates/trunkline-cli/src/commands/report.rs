//! The result of a command.

use crate::document::Document;

/// The result of a command.
pub(crate) struct Report {
    /// The result, when it was not printed on the way.
    pub(crate) document: Option<Document>,
    /// The exit code. It may tell of something although nothing went wrong: that a token does not suffice, for instance.
    pub(crate) code: u8,
}

impl Report {
    /// Everything was printed on the way.
    pub(crate) fn printed(code: u8) -> Self {
        Self { document: None, code }
    }
}

impl From<Document> for Report {
    fn from(document: Document) -> Self {
        Self {
            document: Some(document),
            code: 0,
        }
    }
}
