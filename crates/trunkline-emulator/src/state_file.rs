//! The file in which the state outlives the emulator.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use crate::service::Service;

/// The longest time that a change is in memory alone.
const PAUSE: Duration = Duration::from_millis(200);

/// The state that was kept; nothing if there is no file yet.
pub(crate) fn read(file: &Path) -> io::Result<Option<Value>> {
    let wrong = |error: &dyn std::fmt::Display| {
        let message = format!("reading the state in {} failed: {error}", file.display());
        io::Error::new(io::ErrorKind::InvalidInput, message)
    };
    match std::fs::read(file) {
        Ok(bytes) => crate::json::read(&bytes).map(Some).map_err(|error| wrong(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(&error)),
    }
}

/// Writes the state soon after each change, for as long as it is polled.
pub(crate) async fn keep(service: Arc<Service>) {
    if service.settings.state_file.is_none() {
        return;
    }
    loop {
        sleep(PAUSE).await;
        write_if_changed(&service);
    }
}

/// Writes the state if something changed since the last time: whole, or not at all.
pub(crate) fn write_if_changed(service: &Service) {
    let Some(file) = &service.settings.state_file else {
        return;
    };
    let Some(state) = service.changed_state() else { return };
    let mut next = file.clone().into_os_string();
    next.push(".new");
    let written = std::fs::write(&next, format!("{state:#}\n")).and_then(|()| std::fs::rename(&next, file));
    if let Err(error) = written {
        tracing::error!(%error, "writing the state to {} failed", file.display());
    }
}
