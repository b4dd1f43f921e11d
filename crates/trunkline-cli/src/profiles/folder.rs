//! The folder of the profiles.

use std::path::{Path, PathBuf};

use trunkline::ErrorKind;

use crate::environment;
use crate::failure::Failure;

/// The folder of the profiles: `TRUNKLINE_CONFIG_DIR`, or `trunkline` in the system's folder for settings.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    if let Some(folder) = environment::CONFIG.path() {
        return Ok(folder);
    }
    let base = dirs::config_dir().ok_or_else(|| {
        Failure::refused(
            ErrorKind::InvalidInput,
            "this system names no folder for settings",
            format!("Set {} to a folder", environment::CONFIG.name),
        )
    })?;
    Ok(base.join("trunkline"))
}

/// A path that means the same file from every folder, as a profile keeps it.
pub(crate) fn absolute(path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    path.into_os_string().into_string().map_err(|path| {
        Failure::refused(
            ErrorKind::InvalidInput,
            format!("the path {} is not UTF-8, and a profile holds text", path.display()),
            "Move the file to a path that is",
        )
    })
}
