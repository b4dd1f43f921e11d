//! The folder of the profiles.

use std::path::PathBuf;

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
