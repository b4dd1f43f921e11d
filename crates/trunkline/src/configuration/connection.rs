//! Settings of connections, shared by the service and the authority.

use std::sync::Arc;
use std::time::Duration;

use trunkline_core::clock::Clock;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::transport::Transport;
use trunkline_core::{ClientBuilder, HttpOptions, Pem};

/// Settings of connections and timeouts. Settings that are missing keep the core's defaults.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) http: HttpOptions,
    pub(crate) maximum_body: Option<usize>,
    pub(crate) no_proxy: bool,
    pub(crate) authorities: Vec<Pem>,
    pub(crate) authority_variables: Vec<&'static str>,
    pub(crate) client_certificate: Option<Pem>,
    pub(crate) proxy: Option<String>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) user_agent: Option<String>,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

impl Connection {
    /// Has `builder` connect this way.
    pub(crate) fn apply(&self, mut builder: ClientBuilder) -> ClientBuilder {
        builder = builder.with_http_options(self.http.clone());
        // The system's clock is left to the core: clients of one clock share the pauses of their tenant.
        if let Some(clock) = &self.clock {
            builder = builder.with_clock(clock.clone());
        }
        if let Some(timeout) = self.attempt_timeout {
            builder = builder.with_attempt_timeout(timeout);
        }
        if let Some(bytes) = self.maximum_body {
            builder = builder.with_maximum_body(bytes);
        }
        if self.no_proxy {
            builder = builder.with_no_proxy();
        }
        for pem in &self.authorities {
            builder = builder.with_authorities(pem.clone());
        }
        for variable in &self.authority_variables {
            builder = builder.with_authorities_of(variable);
        }
        if let Some(pem) = &self.client_certificate {
            builder = builder.with_client_certificate(pem.clone());
        }
        if let Some(address) = &self.proxy {
            builder = builder.with_proxy(address);
        }
        if let Some(policy) = &self.retry {
            builder = builder.with_retry(policy.clone());
        }
        if let Some(product) = &self.user_agent {
            builder = builder.with_user_agent(product);
        }
        if let Some(transport) = &self.transport {
            builder = builder.with_transport(transport.clone());
        }
        builder
    }
}
