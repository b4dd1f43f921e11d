//! The builder of an emulator, and its start.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::clock::{Clock, ClockMode};
use crate::emulator::{Emulator, Running};
use crate::hosts;
use crate::server;
use crate::service::Service;
use crate::settings::{CloudProfile, ErrorStyle, Settings};
use crate::state::{SeedError, Tenants, default_seed};
use crate::state_file;
use crate::tls::{self, Authority};

impl Emulator {
    /// A builder with the defaults.
    #[must_use]
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Starts with the defaults on a free port, inside the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If no port can be taken.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts with the defaults on a free port and a separate thread.
    ///
    /// # Errors
    ///
    /// If no port or no thread can be had.
    pub fn start_blocking() -> io::Result<Self> {
        Self::builder().start_blocking()
    }
}

/// Builder of an emulator.
#[derive(Clone, Debug, Default)]
pub struct EmulatorBuilder {
    port: u16,
    settings: Settings,
    clock: ClockMode,
    seeds: Vec<Value>,
    address: Option<IpAddr>,
    tls: bool,
    tls_folder: Option<PathBuf>,
}

impl EmulatorBuilder {
    /// The port; 0, the default, takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The national cloud whose surface is served.
    #[must_use]
    pub fn cloud(mut self, cloud: CloudProfile) -> Self {
        self.settings.cloud = cloud;
        self
    }

    /// A seed laid over the default one: the parts it names replace those of the default. Several may be given,
    /// for example those of [`crate::bulk_numbers`] and [`crate::bulk_users`].
    #[must_use]
    pub fn seed(mut self, seed: Value) -> Self {
        self.seeds.push(seed);
        self
    }

    /// The kind of clock.
    #[must_use]
    pub fn clock(mut self, mode: ClockMode) -> Self {
        self.clock = mode;
        self
    }

    /// Sets the time that an operation stays `notStarted`, and then `running`. A quarter of a second by default.
    #[must_use]
    pub fn stage_duration(mut self, duration: Duration) -> Self {
        self.settings.stage_duration = duration;
        self
    }

    /// Makes the stages of each order longer by a time of its own, up to `jitter`. The same `seed` gives the same times to
    /// the first order, the second, and so on.
    #[must_use]
    pub fn stage_jitter(mut self, jitter: Duration, seed: u64) -> Self {
        self.settings.stage_jitter = jitter;
        self.settings.stage_seed = seed;
        self
    }

    /// Operations move by being polled instead of by the clock: the first poll shows `notStarted`, the second
    /// `running`, the third the end.
    #[must_use]
    pub fn advance_per_poll(mut self, per_poll: bool) -> Self {
        self.settings.advance_per_poll = per_poll;
        self
    }

    /// Sets the time that a number stays `assignmentPending` after its operation succeeded. None by default.
    #[must_use]
    pub fn activation_delay(mut self, delay: Duration) -> Self {
        self.settings.activation_delay = delay;
        self
    }

    /// Refuse at once, with 400, 404 or 409, what would otherwise make the operation fail.
    #[must_use]
    pub fn immediate_checks(mut self, immediate: bool) -> Self {
        self.settings.immediate_checks = immediate;
        self
    }

    /// Ignore or cut down what the documentation does not offer, such as query options and too large a `$top`; refused by
    /// default.
    #[must_use]
    pub fn lenient(mut self, lenient: bool) -> Self {
        self.settings.lenient = lenient;
        self
    }

    /// Reproduce the reported oddities: 409 after a phone method was made, and password operations lost without their
    /// routing query.
    #[must_use]
    pub fn realistic(mut self, realistic: bool) -> Self {
        self.settings.realistic = realistic;
        self
    }

    /// The size of a page that states no `$top`; 500 by default. Users come in pages of at most 100.
    #[must_use]
    pub fn page_size(mut self, size: usize) -> Self {
        self.settings.page_size = size;
        self
    }

    /// Give next links in the lists of Teams, for which none are documented.
    #[must_use]
    pub fn next_links(mut self, next_links: bool) -> Self {
        self.settings.next_links = next_links;
        self
    }

    /// Whether permissions and roles are examined; they are by default.
    #[must_use]
    pub fn permission_checks(mut self, checks: bool) -> Self {
        self.settings.permission_checks = checks;
        self
    }

    /// Whether a request without a token is refused; it is by default.
    #[must_use]
    pub fn require_token(mut self, require: bool) -> Self {
        self.settings.require_token = require;
        self
    }

    /// A limit on requests, 30 a second being the documented one. None by default.
    #[must_use]
    pub fn requests_per_second(mut self, rate: u32) -> Self {
        self.settings.requests_per_second = Some(rate);
        self
    }

    /// The documented limits of one application in one tenant, each group by itself: 30 reads and 30 other requests a second
    /// below `/admin/teams`, 3,500 resource units in 10 seconds and 3,000 writes in 150 for users and their methods, 5
    /// requests in 10 seconds for reports. Off by default.
    #[must_use]
    pub fn documented_limits(mut self, limits: bool) -> Self {
        self.settings.documented_limits = limits;
        self
    }

    /// Sets the number of pending answers before a device code is accepted; two by default.
    #[must_use]
    pub fn device_code_polls(mut self, polls: u32) -> Self {
        self.settings.device_code_polls = polls;
        self
    }

    /// Sets the pause between two polls that clients of a device code are asked to keep; five seconds by default, as with Entra.
    #[must_use]
    pub fn device_code_interval(mut self, interval: Duration) -> Self {
        self.settings.device_code_interval = interval;
        self
    }

    /// Serve HTTPS as well, on the same port, with a certificate of an authority of this user's own. The addresses that the
    /// emulator prints and answers then begin with `https://localhost`. Microsoft's own credential libraries sign in at nothing
    /// less. [`Emulator::certificate_file`] is what clients have to trust.
    #[must_use]
    pub fn tls(mut self, tls: bool) -> Self {
        self.tls = tls;
        self
    }

    /// The folder of the authority, made at the first start; only its owner may be able to read it. A folder of this user's data
    /// by default. Goes with [`EmulatorBuilder::tls`].
    #[must_use]
    pub fn tls_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.tls_folder = Some(folder.into());
        self
    }

    /// Keep the state in this file: it is read at the start, if it is there, and laid over the seeds, and written soon after each
    /// change and at the end. Orders come back with it; faults and the log do not.
    #[must_use]
    pub fn state_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings.state_file = Some(file.into());
        self
    }

    /// The address to listen at, for instance `0.0.0.0` in a container; by default the loopback interface alone. At any other
    /// address, the control endpoints need the secret.
    #[must_use]
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// The secret that requests to the control endpoints carry, in a header `Emulator-Secret`. None is needed at the loopback
    /// interface, a random one elsewhere.
    #[must_use]
    pub fn control_secret(mut self, secret: &str) -> Self {
        self.settings.control_secret = Some(secret.to_owned());
        self
    }

    /// The address by which clients get here, such as `https://emulator.contoso.example`, for links and issuers. Without it they
    /// carry the name that was asked. Its host is allowed as well.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        let url: String = url.into();
        self.settings.public_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// Lets the directory have replicas that are behind: a change of a user or of a method shows on each after a time of its own,
    /// at most this long, and a reading asks any of them. So a reading may miss what the one before it showed. None by default.
    #[must_use]
    pub fn replica_lag(mut self, longest: Duration) -> Self {
        self.settings.replica_lag = longest;
        self
    }

    /// Sets the seed that decides how far each replica is behind, and which one a reading asks.
    #[must_use]
    pub fn replica_seed(mut self, seed: u64) -> Self {
        self.settings.replica_seed = seed;
        self
    }

    /// Sets the spelling of error bodies.
    #[must_use]
    pub fn error_style(mut self, style: ErrorStyle) -> Self {
        self.settings.error_style = style;
        self
    }

    /// Answers to this `Host` and `Origin` as well, such as the name of a container. Names of this computer are always
    /// answered to; others are refused with 403.
    #[must_use]
    pub fn allow_host(mut self, name: &str) -> Self {
        self.settings.hosts.allow(name);
        self
    }

    fn authority(&self) -> io::Result<Option<Authority>> {
        if !self.tls {
            return Ok(None);
        }
        let folder = self.tls_folder.clone().map_or_else(Authority::default_folder, Ok);
        folder.and_then(Authority::open).map(Some).map_err(io::Error::other)
    }

    fn prepare(mut self) -> io::Result<(server::Listeners, Arc<Service>, Arc<watch::Sender<bool>>)> {
        let wrong = |error: SeedError| io::Error::new(io::ErrorKind::InvalidInput, error);
        if let Some(url) = &self.settings.public_url {
            let host = hosts::host_of(url).ok_or_else(|| {
                let message = format!("'{url}' is no public address: write it as https://emulator.example");
                io::Error::new(io::ErrorKind::InvalidInput, message)
            })?;
            self.settings.hosts.allow(host);
        }
        if let Some(name) = self.settings.hosts.wrong() {
            let message = format!("'{name}' is no host to allow: write its name alone, such as emulator.example");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut tenants = Tenants::default();
        tenants.seed(&default_seed()).map_err(wrong)?;
        for seed in &self.seeds {
            tenants.seed(seed).map_err(wrong)?;
        }
        if let Some(kept) = self
            .settings
            .state_file
            .as_deref()
            .map(state_file::read)
            .transpose()?
            .flatten()
        {
            tenants.seed(&kept).map_err(wrong)?;
        }
        let authority = self.authority()?;
        let tls = match &authority {
            Some(authority) => {
                let mut names = self.settings.hosts.bare_names();
                names.extend(
                    self.address
                        .filter(|address| !address.is_unspecified())
                        .map(|address| address.to_string()),
                );
                let config = tls::server_config(authority, &names);
                Some(config.map_err(io::Error::other)?)
            }
            None => None,
        };
        if self.address.is_some_and(|address| !address.is_loopback()) && self.settings.control_secret.is_none() {
            self.settings.control_secret = Some(uuid::Uuid::new_v4().simple().to_string());
        }
        let listeners = server::bind(self.address, self.port, tls)?;
        let root = self.settings.public_url.clone().map_or_else(|| listeners.root(), Ok)?;
        self.settings.certificate_file = authority.map(|authority| authority.certificate_file());
        let service = Arc::new(Service::new(root, self.settings, Clock::new(self.clock), tenants));
        Ok((listeners, service, Arc::new(watch::Sender::new(false))))
    }

    /// Starts inside the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port is taken or the seed is wrong.
    // The signature leaves room for waiting; taking a port on the loopback interface does not wait.
    #[allow(clippy::unused_async)]
    pub async fn start(self) -> io::Result<Emulator> {
        let (listeners, service, stop) = self.prepare()?;
        let address = listeners.address()?;
        let serving = server::serve(listeners, service.clone(), stop.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the emulator stopped");
            }
        });
        Ok(Emulator {
            service,
            stop,
            address,
            running: Running::Task(task),
        })
    }

    /// Starts on a separate thread, for callers without a runtime.
    ///
    /// # Errors
    ///
    /// If the port is taken, the system gives no thread, or the seed is wrong.
    pub fn start_blocking(self) -> io::Result<Emulator> {
        let (listeners, service, stop) = self.prepare()?;
        let address = listeners.address()?;
        let thread = server::serve_blocking(listeners, service.clone(), stop.clone())?;
        Ok(Emulator {
            service,
            stop,
            address,
            running: Running::Thread(Some(thread)),
        })
    }
}
