//! Errors of a journal, with their next steps.

use rusqlite::ErrorCode;

use crate::error::{BulkError, BulkErrorKind};

/// The journal is not as it was written.
pub(super) fn damaged(detail: &str) -> BulkError {
    BulkError::new(
        BulkErrorKind::Journal,
        format!("the journal is damaged: {detail}"),
        "Restore the file together with its -wal file from a copy; without one, make a new plan and a new journal: \
         planning sees what was done already",
    )
}

/// An error met while reading.
pub(super) fn reading(error: rusqlite::Error) -> BulkError {
    of(&error, "read")
}

/// An error met while writing.
pub(super) fn writing(error: rusqlite::Error) -> BulkError {
    of(&error, "written")
}

/// A file of the journal cannot be opened or made.
pub(super) fn opening(error: &std::io::Error) -> BulkError {
    BulkError::new(
        BulkErrorKind::Disk,
        format!("the journal cannot be opened for writing: {error}"),
        "Choose a folder that can be written",
    )
}

fn of(error: &rusqlite::Error, done: &str) -> BulkError {
    let what = format!("the journal cannot be {done}: {error}");
    let disk = |step: &str| BulkError::new(BulkErrorKind::Disk, what.clone(), step);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(&error.to_string()),
        Some(ErrorCode::DiskFull) => disk("Make space on the disk, then run it again: it continues where it stopped"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            disk("Make the folder and its files writable, then run it again")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BulkError::new(
            BulkErrorKind::Busy,
            what,
            "Close the program that has the journal open for writing, then run it again",
        ),
        Some(ErrorCode::SystemIoFailure) => disk("Check the disk, then run it again: it continues where it stopped"),
        // Texts and numbers that are not what this crate writes there.
        None => damaged(&error.to_string()),
        Some(_) => BulkError::new(BulkErrorKind::Journal, what, "Check the file and its folder"),
    }
}

/// A file of the journal is not the one that the run writes to.
pub(super) fn taken_away(path: &std::path::Path, what: &str) -> BulkError {
    BulkError::new(
        BulkErrorKind::Journal,
        format!("while the run wrote to it, {} {what}", path.display()),
        "Nothing more was sent, and what is on its way is not in any journal. Put the files of the journal back as they were \
         and resume it, or make a new plan: planning sees what was done already",
    )
}

/// The thread that writes is not there any more.
pub(super) fn gone() -> BulkError {
    BulkError::new(
        BulkErrorKind::Journal,
        "the journal can no longer be written",
        "Run it again: it continues where it stopped",
    )
}
