//! Mistakes in the arguments of a call.

use std::fmt;

use trunkline::{Error, ErrorKind};

/// An argument that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentError {
    message: String,
    wrong_type: bool,
}

impl ArgumentError {
    pub(crate) fn wrong_type(message: String) -> Self {
        Self {
            message,
            wrong_type: true,
        }
    }

    pub(crate) fn wrong_value(message: String) -> Self {
        Self {
            message,
            wrong_type: false,
        }
    }

    /// Whether the argument has the wrong type, as opposed to a value that is out of range.
    #[must_use]
    pub fn is_wrong_type(&self) -> bool {
        self.wrong_type
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ArgumentError {}

impl From<ArgumentError> for Error {
    fn from(error: ArgumentError) -> Self {
        Self::new(ErrorKind::InvalidInput, error.message).with_next_step("See the documentation of the options")
    }
}
