//! `trunkline emulator`.

use std::path::Path;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use trunkline::{Cloud, ErrorKind};
use trunkline_emulator::{ClockMode, CloudProfile, DEFAULT_TENANT_DOMAIN};

use super::block_on;
use crate::arguments::Emulator;
use crate::connection::scaled_time;
use crate::failure::Failure;
use crate::interrupt::Signals;
use crate::printer::Printer;

/// Serves until Ctrl-C, a request to terminate, or `POST /__emulator/shutdown`.
pub(super) fn run(emulator: &Emulator, cloud: Cloud, printer: Printer) -> Result<(), Failure> {
    let mut builder = trunkline_emulator::Emulator::builder()
        .port(emulator.port)
        .cloud(profile(cloud))
        .advance_per_poll(emulator.advance_per_poll)
        .immediate_checks(emulator.immediate_checks)
        .next_links(emulator.next_links)
        .lenient(emulator.lenient)
        .realistic(emulator.realistic)
        .permission_checks(!emulator.no_permission_checks);
    for name in &emulator.allow_host {
        builder = builder.allow_host(name);
    }
    if let Some(path) = &emulator.seed {
        builder = builder.seed(seed(path)?);
    }
    if let Some(duration) = emulator.stage_duration {
        builder = builder.stage_duration(duration);
    }
    if let Some(delay) = emulator.activation_delay {
        builder = builder.activation_delay(delay);
    }
    if let Some(size) = emulator.page_size {
        builder = builder.page_size(usize::try_from(size).unwrap_or(usize::MAX));
    }
    if let Some(rate) = emulator.requests_per_second {
        builder = builder.requests_per_second(rate);
    }
    if let Some(scaled) = scaled_time()? {
        let (factor, epoch) = (scaled.factor(), scaled.epoch());
        builder = builder.clock(ClockMode::Scaled { factor, epoch });
    }
    block_on(async {
        // Watches for the signal before it reports that it is ready: a reader may stop it at once.
        let mut signals = Signals::new()?;
        let running = builder.start_blocking().map_err(|error| {
            let message = format!("the emulator cannot start: {error}");
            Failure::refused(
                ErrorKind::InvalidInput,
                message,
                "Choose another port, or correct the seed or the name after --allow-host",
            )
        })?;
        let mut ready = json!({"kind": "ready", "url": running.url(), "tenant": DEFAULT_TENANT_DOMAIN});
        if emulator.print_token {
            ready["token"] = running.token().into();
        }
        printer.result(&format!("{ready}\n"))?;
        // On a thread that nobody waits for: after a signal the process ends while it still serves.
        let (sender, stopped) = oneshot::channel();
        std::thread::spawn(move || {
            running.wait();
            sender.send(())
        });
        tokio::select! {
            _ = stopped => {}
            () = signals.any() => {}
        }
        Ok(())
    })
}

fn profile(cloud: Cloud) -> CloudProfile {
    match cloud {
        Cloud::UsGovL4 => CloudProfile::UsGovL4,
        Cloud::UsGovL5 => CloudProfile::UsGovL5,
        Cloud::China => CloudProfile::China,
        _ => CloudProfile::Global,
    }
}

fn seed(path: &Path) -> Result<Value, Failure> {
    let shown = path.display();
    let wrong = |message: String| Failure::refused(ErrorKind::InvalidInput, message, "Give a JSON file with a seed");
    let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("{shown} cannot be read: {error}")))?;
    // Editors on Windows begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).map_err(|error| wrong(format!("{shown} is not JSON: {error}")))
}
