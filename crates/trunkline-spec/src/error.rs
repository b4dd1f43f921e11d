//! Refusals of the readers, each with file, line and reason.

use std::path::PathBuf;

use crate::place::Problem;

/// The error of reading, slicing or comparing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read at all.
    #[error("{}: cannot read the file: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// Metadata that is malformed or not understood.
    #[error(transparent)]
    Csdl(#[from] CsdlError),
    /// A spec that is malformed or contradicts itself.
    #[error(transparent)]
    Spec(#[from] SpecErrors),
    /// A slice that cannot be cut.
    #[error(transparent)]
    Slice(#[from] SliceError),
    /// A permissions table that is malformed or not understood.
    #[error(transparent)]
    Permissions(#[from] PermissionsError),
}

/// All problems of a spec, sorted by file and line; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SpecErrors(pub Vec<SpecError>);

/// One thing that is wrong with a spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct SpecError {
    /// The file.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// The mistake.
    pub reason: String,
}

impl From<Problem> for SpecError {
    fn from(problem: Problem) -> Self {
        Self {
            file: problem.place.file.to_string(),
            line: problem.place.line,
            reason: problem.reason,
        }
    }
}

/// Metadata that is malformed or not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct CsdlError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// The mistake, with the element it is about.
    pub reason: String,
}

impl From<Problem> for CsdlError {
    fn from(problem: Problem) -> Self {
        Self {
            file: problem.place.file.to_string(),
            line: problem.place.line,
            reason: problem.reason,
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Csdl(problem.into())
    }
}

/// The error of a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PermissionsError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// The mistake.
    pub reason: String,
}

/// The error of a slice that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct SliceError {
    /// The place, as it was asked for.
    pub place: String,
    /// The reason.
    pub reason: String,
}
