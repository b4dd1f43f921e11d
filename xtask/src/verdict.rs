//! How a task ended.

/// How a task ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Good,
    /// Something was found that has to be mended; it has been printed.
    Bad,
}
