//! The position of an element in a file, and problems at a position.

use std::fmt;
use std::sync::Arc;

use crate::model::Cloud;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Name of the file, as the caller gave it.
    pub(crate) file: Arc<str>,
    /// Line, counted from one.
    pub(crate) line: usize,
}

impl Place {
    /// States what is wrong here.
    pub(crate) fn problem(&self, reason: impl Into<String>) -> Problem {
        Problem {
            place: self.clone(),
            reason: reason.into(),
        }
    }
}

/// Something that was read and cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The position.
    pub(crate) place: Place,
    /// The problem.
    pub(crate) reason: String,
}

/// Collects what is wrong.
pub(crate) trait Problems {
    /// Adds a problem.
    fn add(&mut self, place: &Place, reason: impl Into<String>);

    /// Demands that a text says something.
    fn filled(&mut self, place: &Place, what: impl fmt::Display, text: &str) {
        if text.trim().is_empty() {
            self.add(place, format!("{what} is empty"));
        }
    }

    /// Demands at least one cloud, and none twice.
    fn clouds(&mut self, place: &Place, what: impl fmt::Display, clouds: &[Cloud]) {
        if clouds.is_empty() {
            self.add(place, format!("{what}: no cloud is named"));
        }
        if (1..clouds.len()).any(|index| clouds[..index].contains(&clouds[index])) {
            self.add(place, format!("{what}: a cloud is named twice"));
        }
    }
}

impl Problems for Vec<Problem> {
    fn add(&mut self, place: &Place, reason: impl Into<String>) {
        self.push(place.problem(reason));
    }
}
