//! The faults of a blob.

/// Why a descriptor blob cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptorError {
    /// The bytes are something else.
    #[error("not a descriptor blob")]
    NotDescriptors,
    /// It was written by another version.
    #[error("a descriptor blob of version {found}; this reads version {expected}")]
    Version {
        /// The version it says.
        found: u16,
        /// The version that is understood.
        expected: u16,
    },
    /// Something in it leads nowhere.
    #[error("a damaged descriptor blob: {what} at {at} leads nowhere")]
    Damaged {
        /// The kind of reference that was followed.
        what: &'static str,
        /// The offset or index.
        at: u32,
    },
}

impl DescriptorError {
    pub(super) fn damaged(what: &'static str, at: impl TryInto<u32>) -> Self {
        Self::Damaged {
            what,
            at: at.try_into().unwrap_or(u32::MAX),
        }
    }
}
