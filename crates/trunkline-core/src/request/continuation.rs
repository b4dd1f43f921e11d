//! The position in a list, as text that another process can resume.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::request::saved_text;

/// The position in a list. `to_string` returns a text for [`Client::resume_list`](crate::Client::resume_list).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation {
    /// Format of this text.
    pub(super) format: u8,
    /// Scheme, host, port and version that it belongs to.
    pub(super) base: String,
    /// Path and query of the first page, below the version.
    pub(super) path: String,
    /// Options of the first page.
    pub(super) query: Vec<(String, String)>,
    /// Headers that links do not carry and every page needs.
    pub(super) headers: Vec<(String, String)>,
    pub(super) next: Next,
}

/// The way to the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Next {
    /// The service's link.
    Link(String),
    /// So many items left out at the start.
    Skip(u64),
}

impl Continuation {
    /// Reads what `to_string` wrote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the text is something else.
    pub fn read(text: &str) -> Result<Self> {
        let read: Self = saved_text::read(text, "a continuation of a list")?;
        if read.format != 1 {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the continuation was written by a newer version",
            ));
        }
        Ok(read)
    }
}

impl fmt::Display for Continuation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&saved_text::write(self))
    }
}

impl fmt::Debug for Continuation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Continuation")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
