//! Folders and files that only their owner can read.

#[cfg(unix)]
pub(super) use unix::{create_folder, is_private, write};

#[cfg(not(unix))]
pub(super) use elsewhere::{create_folder, is_private, write};

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, OpenOptions};
    use std::io::{Result, Write as _};
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    pub(in super::super) fn is_private(path: &Path) -> Result<bool> {
        Ok(path.metadata()?.mode() & 0o077 == 0)
    }

    pub(in super::super) fn create_folder(path: &Path) -> Result<()> {
        DirBuilder::new().mode(0o700).create(path)
    }

    pub(in super::super) fn write(path: &Path, text: &str) -> Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    }
}

/// On Windows, what lies in the folder of a user's data is that user's alone, by the rights that the folder passes on.
#[cfg(not(unix))]
mod elsewhere {
    use std::io::Result;
    use std::path::Path;

    pub(in super::super) fn is_private(path: &Path) -> Result<bool> {
        path.metadata().map(|_| true)
    }

    pub(in super::super) fn create_folder(path: &Path) -> Result<()> {
        std::fs::create_dir(path)
    }

    pub(in super::super) fn write(path: &Path, text: &str) -> Result<()> {
        std::fs::write(path, text)
    }
}
