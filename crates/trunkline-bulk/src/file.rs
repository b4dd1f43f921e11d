//! Files that are written for others: whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{BulkError, BulkErrorKind};

/// Writes a file: all of it or nothing, readable by its owner only.
///
/// # Errors
///
/// Those of `write`, and [`BulkErrorKind::Disk`] when the folder cannot be written or the disk is full.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), BulkError>) -> Result<(), BulkError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let beside = path.with_file_name(name);
    let written = private(&beside).map_err(unwritten).and_then(|file| {
        let mut buffer = BufWriter::new(file);
        write(&mut buffer)?;
        let file = buffer.into_inner().map_err(|error| unwritten(error.into_error()))?;
        file.sync_all().map_err(unwritten)?;
        std::fs::rename(&beside, path).map_err(unwritten)
    });
    if written.is_err() {
        // What is left of it is of no use, and may not be there.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// What writing a file met, as [`BulkErrorKind::Disk`].
#[must_use]
pub fn unwritten(error: std::io::Error) -> BulkError {
    BulkError::new(
        BulkErrorKind::Disk,
        format!("the file cannot be written: {error}"),
        "Choose a folder that can be written and has space",
    )
    .caused_by(error)
}

/// A new file that only its owner can read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("now.csv");
        let refused = write_whole(&path, |_| Err(BulkError::new(BulkErrorKind::Journal, "no", "none")));
        assert_eq!(refused.expect_err("refuses").kind(), BulkErrorKind::Journal);
        assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
        write_whole(&path, |to| to.write_all(b"number\n").map_err(unwritten)).expect("writes");
        assert_eq!(std::fs::read(&path).expect("reads"), b"number\n");
        let nowhere = write_whole(&folder.path().join("nowhere").join("now.csv"), |_| Ok(()));
        assert_eq!(nowhere.expect_err("refuses").kind(), BulkErrorKind::Disk);
    }
}
