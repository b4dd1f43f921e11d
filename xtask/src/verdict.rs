//! The result of a task.

/// The result of a task that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The task found no problem.
    Good,
    /// The task found problems, and printed them.
    Bad,
}
