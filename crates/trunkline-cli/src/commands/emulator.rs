//! `trunkline emulator`.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::Path;

use serde_json::{Value, json};
use trunkline::{Cloud, ErrorKind};
use trunkline_emulator::{
    ClockMode, CloudProfile, DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TENANT_DOMAIN, TokenRequest,
};

use super::block_on;
use crate::arguments::{Emulator, Format};
use crate::connection::scaled_time;
use crate::environment;
use crate::failure::Failure;
use crate::interrupt::Signals;
use crate::printer::Printer;

/// Serves until Ctrl-C, a request to terminate, or `POST /__emulator/shutdown`.
pub(super) fn run(emulator: &Emulator, cloud: Cloud, printer: Printer) -> Result<(), Failure> {
    if emulator.seed_schema {
        return printer.bytes(format!("{:#}\n", trunkline_emulator::seed_schema()).as_bytes());
    }
    let mut builder = trunkline_emulator::Emulator::builder()
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
fn announce(running: &trunkline_emulator::Emulator, emulator: &Emulator, printer: Printer) -> Result<(), Failure> {
    let certificate = running.certificate_file();
    // Valid for as long as anybody leaves an emulator alone.
    let token = running.issue_token(TokenRequest {
        expires_in_seconds: Some(TEN_YEARS_IN_SECONDS),
        ..TokenRequest::default()
    });
    if std::io::stdout().is_terminal() && printer.format() == Format::Table {
        return printer.result(&ready_for_people(running, &token));
    }
    let mut ready = json!({"kind": "ready", "url": running.url(), "tenant": DEFAULT_TENANT_DOMAIN});
    if let Some(file) = certificate {
        ready["certificateFile"] = file.to_string_lossy().into();
    }
    if let Some(secret) = running.control_secret() {
        ready["controlSecret"] = secret.into();
    }
    if emulator.print_token {
        ready["token"] = token.into();
    }
    printer.result(&format!("{ready}\n"))
}

const TEN_YEARS_IN_SECONDS: i64 = 10 * 365 * 24 * 3600;

fn ready_for_people(running: &trunkline_emulator::Emulator, token: &str) -> String {
    let url = running.url();
    let variables = [
        (environment::ENDPOINT.name, url),
        (environment::TENANT.name, DEFAULT_TENANT_DOMAIN),
        (environment::TOKEN.name, token),
    ];
    let mut text = format!("The emulator serves {url} until Ctrl-C. Its tenant is {DEFAULT_TENANT_DOMAIN}.\n");
    let mut copied = |shell: &str, before: &str, between: &str, variables: &[(&str, &str)]| {
        let _ = write!(text, "\n{shell}:\n");
        for (name, value) in variables {
            let _ = writeln!(text, "  {before}{name}{between}'{value}'");
        }
    };
    copied("In bash or zsh", "export ", "=", &variables);
    copied("In PowerShell", "$env:", " = ", &variables);
    if let Some(file) = running.certificate_file() {
        let file = file.to_string_lossy();
        let trusted = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"].map(|name| (name, &*file));
        copied(
            "To trust its certificates (trunkline and curl, Python, Node), in bash or zsh",
            "export ",
            "=",
            &trusted,
        );
        copied("and in PowerShell", "$env:", " = ", &trusted);
    }
    let _ = write!(
        text,
        "\nAn application signs in at {url} as {DEFAULT_CLIENT_ID} with the secret '{DEFAULT_CLIENT_SECRET}'.\n"
    );
    if let Some(secret) = running.control_secret() {
        let _ = writeln!(text, "Control endpoints need the header 'Emulator-Secret: {secret}'.");
    }
    text
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
