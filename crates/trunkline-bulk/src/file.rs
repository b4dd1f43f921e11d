//! Writes files for users: completely or not at all, and never over a device.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{BulkError, BulkErrorKind};

/// Writes a file: all of it or nothing, readable by its owner only. What a symbolic link leads to is replaced, not the link.
///
/// A device, a pipe or a socket (`/dev/null`, `/dev/stdout`, a FIFO) is written to as it is: replacing it would take it away
/// from everybody else who uses it. What was written before a failure stays written there.
///
/// # Errors
///
/// The errors of `write`, and [`BulkErrorKind::Disk`] when the folder cannot be written or the disk is full.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), BulkError>) -> Result<(), BulkError> {
    if is_device(path) {
        let file = OpenOptions::new().write(true).open(path).map_err(unwritten)?;
        let mut buffer = BufWriter::new(file);
        write(&mut buffer)?;
        return buffer.flush().map_err(unwritten);
    }
    let path = &behind_links(path);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let written = private(&partial).map_err(unwritten).and_then(|file| {
        let mut buffer = BufWriter::new(file);
        write(&mut buffer)?;
        let file = buffer.into_inner().map_err(|error| unwritten(error.into_error()))?;
        file.sync_all().map_err(unwritten)?;
        std::fs::rename(&partial, path).map_err(unwritten)
    });
    if written.is_err() {
        // The rest of it is of no use, and may not exist.
        let _ = std::fs::remove_file(&partial);
    }
    written
}

/// Whether something stands at the path that is neither a file nor a folder.
fn is_device(path: &Path) -> bool {
    // `/dev/stdout` leads to a regular file when the output is redirected to one, which the shell holds open.
    let is_of_system = cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc"));
    let is_reserved = cfg!(windows)
        && path.file_name().is_some_and(|name| {
            ["NUL", "CON"]
                .iter()
                .any(|reserved| name.eq_ignore_ascii_case(reserved))
        });
    let is_other = std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_reserved || is_other || is_of_system && path.exists() && !path.is_dir()
}

/// The longest way along symbolic links, as the kernels have it.
const LINKS: usize = 40;

/// Resolves symbolic links, also when the target does not exist yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        let Ok(next) = std::fs::read_link(&path) else { break };
        path = path.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
    }
    path
}

/// Endings of formats that other programs expect in a file of that name.
const KNOWN_ENDINGS: [&str; 27] = [
    "csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xlsb", "xltx", "xls", "ods", "fods", "numbers", "json", "jsonl",
    "ndjson", "html", "htm", "xml", "yaml", "yml", "pdf", "docx", "parquet", "db", "sqlite", "zip", "gz",
];

/// The ending of a file's name, where it names a format.
pub(crate) fn known_ending(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?;
    KNOWN_ENDINGS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(ending))
}

/// Refuses a file whose ending names another format than the one that is written to it. Endings that name no format pass.
///
/// # Errors
///
/// [`BulkErrorKind::Option`].
pub fn check_ending(path: &Path, what: &str, endings: &[&str]) -> Result<(), BulkError> {
    let Some(ending) = known_ending(path).filter(|ending| !endings.contains(ending)) else {
        return Ok(());
    };
    if is_device(path) {
        return Ok(());
    }
    Err(BulkError::new(
        BulkErrorKind::Option,
        format!(
            "nothing was written: {what} would be in a file whose name ends with .{ending}: {}",
            trunkline::mask::printable(&path.display().to_string())
        ),
        format!("Use a name that ends with .{}", endings.join(" or .")),
    ))
}

/// Writes a value as a line of JSON. Characters that can turn a text into something else on a terminal are escaped.
pub(crate) fn write_json_line(value: &impl serde::Serialize, to: &mut dyn Write) -> std::io::Result<()> {
    let text = serde_json::to_string(value)?;
    to.write_all(trunkline::mask::json(&text).as_bytes())?;
    to.write_all(b"\n")
}

/// The error of writing a file, as [`BulkErrorKind::Disk`].
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

    #[cfg(unix)]
    #[test]
    fn devices_are_written_to_and_links_stay() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().expect("a folder");
        write_whole(Path::new("/dev/null"), |to| {
            to.write_all(b"number\n").map_err(unwritten)
        })
        .expect("writes");
        let null = std::fs::metadata("/dev/null").expect("is there");
        assert!(null.file_type().is_char_device());

        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo runs");
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe)
        });
        write_whole(&pipe, |to| to.write_all(b"number\n").map_err(unwritten)).expect("writes");
        assert_eq!(reader.join().expect("ends").expect("reads"), b"number\n");
        assert!(std::fs::metadata(&pipe).expect("is there").file_type().is_fifo());

        // A link to a file, and one to a file that is not there yet.
        std::fs::write(folder.path().join("real.csv"), "old").expect("writes");
        for target in ["real.csv", "new.csv"] {
            let link = folder.path().join(format!("link to {target}"));
            std::os::unix::fs::symlink(target, &link).expect("links");
            write_whole(&link, |to| to.write_all(b"new\n").map_err(unwritten)).expect("writes");
            assert!(std::fs::symlink_metadata(&link).expect("is there").is_symlink());
            assert_eq!(std::fs::read(folder.path().join(target)).expect("reads"), b"new\n");
        }
    }
}
