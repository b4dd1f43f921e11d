//! Mistakes in the arguments of a call.

use std::borrow::Cow;
use std::fmt;

use trunkline::{Error, ErrorKind};

/// An argument that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentError {
    message: String,
    next_step: Option<String>,
    wrong_type: bool,
}

impl ArgumentError {
    pub(crate) fn wrong_type(message: String) -> Self {
        Self {
            message,
            next_step: None,
            wrong_type: true,
        }
    }

    pub(crate) fn wrong_value(message: String) -> Self {
        Self {
            message,
            next_step: None,
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
        let next_step = error.next_step;
        let next_step: Cow<'static, str> = next_step.map_or("See the documentation of the options".into(), Cow::Owned);
        Self::new(ErrorKind::InvalidInput, error.message).with_next_step(next_step)
    }
}

/// For values that are refused before anything is sent.
impl From<Error> for ArgumentError {
    fn from(error: Error) -> Self {
        Self {
            next_step: Some(error.next_step().to_owned()),
            ..Self::wrong_value(error.message().to_owned())
        }
    }
}
