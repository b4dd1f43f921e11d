//! Settings of an emulator.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::hosts::Hosts;
use crate::random::random;

/// The national cloud whose surface is served. What a cloud lacks is answered with 404.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CloudProfile {
    /// The worldwide service: everything.
    #[default]
    Global,
    /// US Government L4 (GCC High): no Teams administration, no external methods, no passkey creation.
    UsGovL4,
    /// US Government L5 (DoD): served as L4 is.
    UsGovL5,
    /// China, operated by 21Vianet: phone, Authenticator and platform credential methods, and the reports.
    China,
}

impl CloudProfile {
    /// The Graph root that tokens of this cloud may also name as their audience.
    #[must_use]
    pub fn graph_root(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }
}

/// Spellings of the error body that the service's own documentation disagrees on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorStyle {
    /// `error.code` is an empty string.
    pub empty_code: bool,
    /// The inner object is called `innererror` rather than `innerError`.
    pub lowercase_inner: bool,
    /// There is no inner object at all.
    pub without_inner: bool,
}

/// All settings of a running emulator.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) cloud: CloudProfile,
    pub(crate) stage_duration: Duration,
    pub(crate) stage_jitter: Duration,
    pub(crate) stage_seed: u64,
    pub(crate) advance_per_poll: bool,
    pub(crate) activation_delay: Duration,
    pub(crate) immediate_checks: bool,
    pub(crate) lenient: bool,
    pub(crate) realistic: bool,
    pub(crate) page_size: usize,
    pub(crate) next_links: bool,
    pub(crate) permission_checks: bool,
    pub(crate) require_token: bool,
    pub(crate) requests_per_second: Option<u32>,
    pub(crate) documented_limits: bool,
    pub(crate) device_code_polls: u32,
    /// The pause between two polls that clients are asked to keep.
    pub(crate) device_code_interval: Duration,
    pub(crate) error_style: ErrorStyle,
    /// The longest time that a change of the directory takes to reach a replica.
    pub(crate) replica_lag: Duration,
    pub(crate) replica_seed: u64,
    pub(crate) hosts: Hosts,
    /// The root that links name, whatever name was asked.
    pub(crate) public_url: Option<String>,
    /// The certificate of the authority; none without TLS.
    pub(crate) certificate_file: Option<PathBuf>,
    /// Where the state is kept.
    pub(crate) state_file: Option<PathBuf>,
    /// The secret that requests to the control endpoints have to carry.
    pub(crate) control_secret: Option<String>,
}

impl Settings {
    /// Time that the order at a position stays in each stage.
    pub(crate) fn stage_of(&self, position: usize) -> Duration {
        if self.stage_jitter.is_zero() {
            return self.stage_duration;
        }
        let mut state = self.stage_seed ^ (position as u64).wrapping_mul(0xd134_2543_de82_ef95);
        let share = random(&mut state);
        self.stage_duration.saturating_add(self.stage_jitter.mul_f64(share))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cloud: CloudProfile::Global,
            stage_duration: Duration::from_millis(250),
            stage_jitter: Duration::ZERO,
            stage_seed: 0,
            advance_per_poll: false,
            activation_delay: Duration::ZERO,
            immediate_checks: false,
            lenient: false,
            realistic: false,
            page_size: 500,
            next_links: false,
            permission_checks: true,
            require_token: true,
            requests_per_second: None,
            documented_limits: false,
            device_code_polls: 2,
            device_code_interval: Duration::from_secs(5),
            error_style: ErrorStyle::default(),
            replica_lag: Duration::ZERO,
            replica_seed: 0,
            hosts: Hosts::default(),
            public_url: None,
            certificate_file: None,
            state_file: None,
            control_secret: None,
        }
    }
}
