//! `trunkline emulator`.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::Path;

use serde_json::{Value, json};
use trunkline::{Cloud, ErrorKind};
use trunkline_emulator::{ClockMode, CloudProfile, DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Emulator as Running};

use super::block_on;
use crate::arguments::{Emulator, Format};
use crate::connection::scaled_time;
use crate::environment;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::signals::Signals;

/// Serves until Ctrl-C, a request to terminate, or `POST /__emulator/shutdown`.
pub(super) fn run(emulator: &Emulator, cloud: Cloud, printer: Printer) -> Result<(), Failure> {
    if emulator.seed_schema {
        return printer.bytes(format!("{:#}\n", trunkline_emulator::seed_schema()).as_bytes());
    }
    let mut builder = Running::builder()
        .port(emulator.port)
        .cloud(profile(cloud))
        .advance_per_poll(emulator.advance_per_poll)
        .immediate_checks(emulator.immediate_checks)
        .next_links(emulator.next_links)
        .tls(emulator.tls)
        .documented_limits(emulator.documented_limits)
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
    if let Some(lag) = emulator.replica_lag {
        builder = builder.replica_lag(lag);
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
    if let Some(file) = &emulator.state {
        builder = builder.state_file(file);
    }
    if let Some(folder) = &emulator.tls_folder {
        builder = builder.tls_folder(folder);
    }
    if let Some(address) = emulator.address {
        builder = builder.address(address);
    }
    if let Some(secret) = environment::EMULATOR_SECRET.value()? {
        builder = builder.control_secret(&secret);
    }
    if let Some(url) = &emulator.public_url {
        builder = builder.public_url(url);
    }
    if let Some(polls) = emulator.device_code_polls {
        builder = builder.device_code_polls(polls);
    }
    block_on(async {
        // Watches for the signal before it reports that it is ready: a reader may stop it at once.
        let mut signals = Signals::new()?;
        let running = builder.start_blocking().map_err(|error| {
            let message = format!("the emulator cannot start: {error}");
            Failure::refused(
                ErrorKind::InvalidInput,
                message,
                "Choose another port, or correct the seed, the name after --allow-host or the address after --public-url",
            )
        })?;
        announce(&running, emulator, printer)?;
        tokio::select! {
            () = running.stopped() => {}
            () = signals.any() => {}
        }
        Ok(())
    })
}

/// Says that the emulator is ready: lines to copy for a person, one line of JSON for a program.
fn announce(running: &Running, emulator: &Emulator, printer: Printer) -> Result<(), Failure> {
    if std::io::stdout().is_terminal() && printer.format() == Format::Table {
        return printer.result(&lines_to_copy(running));
    }
    let mut ready = json!({"kind": "ready", "url": running.url(), "tenant": running.tenant()});
    if let Some(file) = running.certificate_file() {
        ready["certificateFile"] = file.to_string_lossy().into();
    }
    if let Some(secret) = running.control_secret() {
        ready["controlSecret"] = secret.into();
    }
    if emulator.print_token {
        ready["token"] = running.lasting_token().into();
    }
    printer.result(&format!("{ready}\n"))
}

fn lines_to_copy(running: &Running) -> String {
    let (url, tenant, token) = (running.url(), running.tenant(), running.lasting_token());
    let mut text = format!("The emulator serves {url} until Ctrl-C. Its tenant is {tenant}.\n");
    let variables = [
        (environment::ENDPOINT.name, url),
        (environment::TENANT.name, &tenant),
        (environment::TOKEN.name, &token),
    ];
    assignments(&mut text, "its address and a token", &variables);
    if let Some(file) = running.certificate_file() {
        let file = file.to_string_lossy();
        let trusted = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"].map(|name| (name, &*file));
        assignments(
            &mut text,
            "its certificates (trunkline and curl, Python, Node)",
            &trusted,
        );
    }
    let _ = writeln!(
        text,
        "\nAn application signs in at {url} as {DEFAULT_CLIENT_ID} with the secret '{DEFAULT_CLIENT_SECRET}'."
    );
    if let Some(secret) = running.control_secret() {
        let _ = writeln!(text, "Control endpoints need the header 'Emulator-Secret: {secret}'.");
    }
    text
}

/// The variables as each shell sets them.
fn assignments(text: &mut String, purpose: &str, variables: &[(&str, &str)]) {
    for (shell, before, between) in [("bash and zsh", "export ", "="), ("PowerShell", "$env:", " = ")] {
        let _ = writeln!(text, "\nFor {purpose}, in {shell}:");
        for (name, value) in variables {
            let _ = writeln!(text, "  {before}{name}{between}'{value}'");
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_gets_lines_to_copy_for_each_shell() {
        let folder = tempfile::tempdir().expect("a folder");
        let running = Running::builder()
            .tls(true)
            .tls_folder(folder.path().join("authority"))
            .control_secret("mine")
            .start_blocking()
            .expect("it starts");
        let text = lines_to_copy(&running);
        let certificate = running.certificate_file().expect("a file").display().to_string();
        for line in [
            format!("  export TRUNKLINE_ENDPOINT='{}'", running.url()),
            format!("  $env:TRUNKLINE_ENDPOINT = '{}'", running.url()),
            "  export TRUNKLINE_TENANT='contoso.example'".to_owned(),
            format!("  export NODE_EXTRA_CA_CERTS='{certificate}'"),
            format!("  $env:SSL_CERT_FILE = '{certificate}'"),
            "Control endpoints need the header 'Emulator-Secret: mine'.".to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert_eq!(text.matches("TRUNKLINE_TOKEN").count(), 2);
        let plain = lines_to_copy(&Running::start_blocking().expect("it starts"));
        assert!(!plain.contains("CERT") && !plain.contains("Emulator-Secret"), "{plain}");
    }
}
