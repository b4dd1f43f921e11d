//! The error of a place that cannot be used.

use crate::failure::Failure;

/// A place cannot be used.
#[derive(Debug)]
pub(crate) struct Unusable {
    /// The fact.
    pub(super) message: String,
    /// The next step.
    pub(super) next_step: String,
    /// Whether this system does not have the place at all, so that nothing can be in it.
    pub(super) is_absent: bool,
    /// Whether the value was too long for the place.
    pub(super) is_too_long: bool,
}

impl Unusable {
    pub(super) fn new(message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            next_step: next_step.into(),
            is_absent: false,
            is_too_long: false,
        }
    }

    /// The fact.
    pub(crate) fn what(&self) -> &str {
        &self.message
    }

    pub(super) fn into_error(self) -> trunkline::Error {
        trunkline::Error::new(trunkline::ErrorKind::Authentication, self.message).with_next_step(self.next_step)
    }
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        unusable.into_error().into()
    }
}
