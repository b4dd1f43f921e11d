//! The error of a body that cannot be decoded.

use std::fmt;

/// A body that is not JSON, or not of the expected shape.
#[derive(Debug, Clone)]
pub struct DecodeError {
    /// Innermost step first; put together only when somebody looks.
    path: Vec<Step>,
    reason: String,
    offset: Option<usize>,
}

#[derive(Debug, Clone)]
enum Step {
    Property(Box<str>),
    Index(usize),
}

impl DecodeError {
    pub(crate) fn new(reason: impl Into<String>, offset: usize) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.into(),
            offset: Some(offset),
        }
    }

    pub(crate) fn syntax(reason: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.into(),
            offset: None,
        }
    }

    #[cold]
    pub(crate) fn within(mut self, property: &str) -> Self {
        self.path.push(Step::Property(property.into()));
        self
    }

    #[cold]
    pub(crate) fn at(mut self, index: usize) -> Self {
        self.path.push(Step::Index(index));
        self
    }

    /// The JSON path of the value, for instance `$.value[3].capabilities[0]`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::from("$");
        for step in self.path.iter().rev() {
            match step {
                Step::Property(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// The fault, in words.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Where it is in the body, in bytes, when known.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.reason, self.path())?;
        match self.offset {
            Some(offset) => write!(formatter, " (byte {offset})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}
