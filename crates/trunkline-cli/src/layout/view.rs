//! The room that results have, and how much of people they show.

/// How results are shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct View {
    /// How many columns a line may have; none where nobody looks at a terminal.
    pub(crate) width: Option<usize>,
    /// Whether the ids of people are shown next to their names.
    pub(crate) ids: bool,
}
