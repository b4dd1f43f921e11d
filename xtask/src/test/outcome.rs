//! The context of a step, and how it ends.

use std::path::PathBuf;

use super::tally::Tally;
use crate::project::Project;

/// The context of a step.
pub(super) struct Context<'p> {
    pub(super) project: &'p Project,
    /// Folder with Graph's metadata, which need not exist.
    pub(super) metadata: PathBuf,
}

/// How a step ended.
pub(super) enum Outcome {
    /// Well, with the tests it ran itself.
    Passed(Tally),
    /// Badly; what went wrong has been printed, or is said here.
    Failed(Tally, String),
    /// It could not run here, for a reason that is no fault of the change.
    Skipped(String),
}

impl Outcome {
    /// Well or badly, without tests of its own.
    pub(super) fn of(good: bool, reason: &str) -> Self {
        if good {
            Self::Passed(Tally::default())
        } else {
            Self::Failed(Tally::default(), reason.to_owned())
        }
    }
}
