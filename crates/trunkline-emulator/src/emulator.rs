//! The handle on a running emulator.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::fault::Fault;
use crate::record::LoggedRequest;
use crate::service::Service;
use crate::state::{AcceptedOrder, SeedError, SentMail};
use crate::state_file;
use crate::token::TokenRequest;

/// A running emulator. It stops when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    pub(crate) service: Arc<Service>,
    pub(crate) stop: Arc<watch::Sender<bool>>,
    /// The address by which this computer reaches it.
    pub(crate) address: SocketAddr,
    pub(crate) running: Running,
}

#[derive(Debug)]
pub(crate) enum Running {
    Task(tokio::task::JoinHandle<()>),
    Thread(Option<std::thread::JoinHandle<()>>),
}

impl Emulator {
    /// `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS: the Graph root without `/v1.0`, and the login authority. The
    /// public address, if there is one.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.service.root
    }

    /// `http://127.0.0.1:PORT`, which needs no certificate and no name: for clients on this computer.
    #[must_use]
    pub fn plain_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The certificate that clients have to trust, in PEM; none without TLS.
    #[must_use]
    pub fn certificate_file(&self) -> Option<&Path> {
        self.service.settings.certificate_file.as_deref()
    }

    /// The secret that requests to the control endpoints need; none at the loopback interface.
    #[must_use]
    pub fn control_secret(&self) -> Option<&str> {
        self.service.settings.control_secret.as_deref()
    }

    /// An application token of the default tenant with every permission.
    #[must_use]
    pub fn token(&self) -> String {
        self.issue_token(TokenRequest::default())
    }

    /// The same, valid for ten years: for as long as anybody leaves an emulator alone, and however far its clock is moved.
    #[must_use]
    pub fn lasting_token(&self) -> String {
        self.issue_token(TokenRequest {
            expires_in_seconds: Some(10 * 365 * 24 * 3600),
            ..TokenRequest::default()
        })
    }

    /// The default domain of the first tenant, or its id where it has none.
    #[must_use]
    pub fn tenant(&self) -> String {
        self.service.tenant()
    }

    /// A token as wished for.
    // By value, as callers build the wish in place.
    #[allow(clippy::needless_pass_by_value)]
    #[must_use]
    pub fn issue_token(&self, request: TokenRequest) -> String {
        self.service.issue(&request)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.service.clock.advance(by);
    }

    /// The present moment of the emulator.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.service.clock.now()
    }

    /// A handle on the clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.service.clock.clone()
    }

    /// The whole state, in the shape of a seed.
    #[must_use]
    pub fn state(&self) -> Value {
        self.service.state()
    }

    /// The policy of a kind that counts for a user, by object id: `level` (`direct`, `group` or `tenant`), `name`, `policyId`. Graph
    /// does not show the tenant's.
    #[must_use]
    pub fn policy_in_force(&self, user: &str, policy_type: &str) -> Value {
        self.service.policy_in_force(user, policy_type)
    }

    /// Replaces the parts of the state that a seed names, and keeps the others.
    ///
    /// # Errors
    ///
    /// If the seed is not well formed; nothing is changed then.
    pub fn seed(&self, seed: &Value) -> Result<(), SeedError> {
        self.service.seed(seed)
    }

    /// Adds users and numbers, in the shape of a seed: `{"users": [{"userPrincipalName": "dana@contoso.example"}]}`. What an entry
    /// leaves out is filled in; users are licensed for telephony. Answers the entries as they are then.
    ///
    /// # Errors
    ///
    /// If an entry is wrong or there already; nothing is added then.
    pub fn add(&self, additions: &Value) -> Result<Value, SeedError> {
        self.service.add(additions)
    }

    /// Switches a service plan of a user on or off, such as `MCOEV`, without which nobody can be assigned a number.
    ///
    /// # Errors
    ///
    /// If there is no such user.
    pub fn set_service_plan(&self, user: &str, service_plan: &str, enabled: bool) -> Result<(), SeedError> {
        self.service.set_plan(user, service_plan, enabled)
    }

    /// Back to the state at the start, without operations, faults and log. The clock stays.
    pub fn reset(&self) {
        self.service.reset();
    }

    /// Puts a fault in force.
    pub fn fault(&self, fault: Fault) {
        self.service.add_fault(fault);
    }

    /// Takes all faults out of force.
    pub fn clear_faults(&self) {
        self.service.clear_faults();
    }

    /// The requests so far, with personal data covered.
    #[must_use]
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.service.log()
    }

    /// The requests so far as they were, for tests. Tokens and secrets are not in it.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.service.requests()
    }

    /// Every order that was accepted since the start or the last reset, in order. Numbers and targets are as they were.
    #[must_use]
    pub fn orders(&self) -> Vec<AcceptedOrder> {
        self.service.orders()
    }

    /// The mails that Teams has sent to people whose number changed, since the start or the last reset. None unless the tenant wants them:
    /// a seed's `telephoneNumberConfiguration` with `assignmentEmailEnabled` or `unassignmentEmailEnabled`.
    #[must_use]
    pub fn mails(&self) -> Vec<SentMail> {
        self.service.mails()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.service.clear_log();
    }

    /// Waits until a request over HTTP stops the emulator. The thread or task continues to serve meanwhile.
    pub async fn stopped(&self) {
        let mut stopping = self.stop.subscribe();
        let _ = stopping.wait_for(|stop| *stop).await;
    }

    /// Blocks until a request over HTTP stops the emulator; for use after [`Emulator::start_blocking`].
    pub fn wait(mut self) {
        if let Running::Thread(thread) = &mut self.running
            && let Some(thread) = thread.take()
        {
            let _ = thread.join();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        match &mut self.running {
            Running::Task(task) => task.abort(),
            Running::Thread(thread) => {
                self.stop.send_replace(true);
                if let Some(thread) = thread.take() {
                    let _ = thread.join();
                }
            }
        }
        state_file::write_if_changed(&self.service);
    }
}
