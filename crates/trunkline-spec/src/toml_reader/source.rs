//! The text of one TOML file, and the line numbers for messages.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::place::{Place, Problem};

/// The text of a file.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file, as messages name it.
    file: Arc<str>,
    /// Its text.
    text: String,
    /// Position of the end of each line.
    line_ends: Vec<usize>,
}

impl Source {
    /// Creates a source from a text; messages call it `file`.
    pub(crate) fn new(file: &str, text: String) -> Self {
        let line_ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(index, _)| index)
            .collect();
        Self {
            file: Arc::from(file),
            text,
            line_ends,
        }
    }

    /// Reads a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_path_buf(),
            source,
        })?;
        Ok(Self::new(&path.display().to_string(), text))
    }

    /// The file and line where a span begins.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let line = 1 + self.line_ends.partition_point(|end| *end < span.start);
        Place {
            file: Arc::clone(&self.file),
            line,
        }
    }

    /// Deserializes the text.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        toml::from_str(&self.text).map_err(|error| {
            let place = self.place(error.span().unwrap_or(0..0));
            let message = error.message().trim().replace('\n', ", ");
            place.problem(message)
        })
    }
}
