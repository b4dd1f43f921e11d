//! The data of a client, shared by its clones. Knows no request and no list, so that those can hold a client; the methods
//! that lead to them are in `client.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::clock::{BoxFuture, Clock};
use crate::cloud::Cloud;
use crate::error::Result;
use crate::request::operation::Operation;
use crate::sending::answer::RawAnswer;
use crate::sending::attempt::Load;
use crate::sending::link::Root;
use crate::sending::observer::Observer;
use crate::sending::options::Options;
use crate::sending::pace::Pacer;
use crate::sending::retry::{RetryBudget, RetryPolicy};
use crate::sending::throttle::Pauses;
use crate::sending::transport::Transport;
use crate::signing::authorization::Authorization;
use crate::table::index::OperationIndex;
use crate::table::operation::OperationTable;

/// The settings and shared state of a client.
pub(crate) struct Context {
    pub(crate) root: Root,
    pub(crate) cloud: Cloud,
    pub(crate) operations: OperationTable,
    pub(crate) index: OperationIndex,
    pub(crate) authorization: Authorization,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) maximum_body: usize,
    pub(crate) headers: HeaderMap,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    /// Each request takes one while it is under way.
    pub(crate) slots: tokio::sync::Semaphore,
    pub(crate) pauses: Arc<Pauses>,
    /// `None`: requests go as they come.
    pub(crate) pacer: Option<Arc<Pacer>>,
    pub(crate) budget: RetryBudget,
    /// `None`: nobody observes the client.
    pub(crate) observer: Option<Observer>,
}

impl Context {
    /// The headers that each item of a batch needs for itself.
    pub(crate) fn item_headers(&self) -> HeaderMap {
        self.headers
            .iter()
            .filter(|(name, _)| *name == "prefer")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Lets every request of `group` know about the load of the service.
    pub(crate) fn record_load(&self, group: Option<&'static str>, load: &Load) {
        if let Load::Throttled(Some(wait)) = load {
            self.pauses.pause(group, self.clock.now(), *wait);
        }
        match (load, &self.pacer) {
            (Load::Accepted, Some(pacer)) => pacer.speed_up(group),
            (Load::Throttled(wait), Some(pacer)) => pacer.slow_down(group, wait.unwrap_or_default()),
            _ => {}
        }
    }

    /// The operation with its descriptor, if the table has one for it.
    pub(crate) fn known(&self, operation: Operation) -> Operation {
        if operation.descriptor().is_some() {
            return operation;
        }
        match self.index.find(operation.method(), operation.path()) {
            Some((descriptor, _)) => operation.with_descriptor(descriptor),
            None => operation,
        }
    }
}

/// Sends some reads together with others.
pub(crate) trait ReadGroup: Send + Sync + fmt::Debug {
    /// The answer to `operation`; `None`: it has to be sent by itself.
    fn read<'s>(
        self: Arc<Self>,
        client: &'s Client,
        operation: &'s Operation,
        options: &Options,
    ) -> Option<BoxFuture<'s, Result<RawAnswer>>>;
}

/// Sends operations to one root, with one source of tokens.
#[derive(Clone)]
pub struct Client {
    pub(crate) context: Arc<Context>,
    /// `None`: every request goes by itself.
    pub(crate) reads: Option<Arc<dyn ReadGroup>>,
    /// The moment on the clock's scale at which every request ends; `None`: each has only its own limits.
    pub(crate) end: Option<Duration>,
}

impl Client {
    pub(crate) fn new(context: Context) -> Self {
        Self {
            context: Arc::new(context),
            reads: None,
            end: None,
        }
    }

    /// The address below which every path lies, for instance `https://graph.microsoft.com/v1.0`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.context.root.base()
    }

    /// The operations it knows.
    #[must_use]
    pub fn operations(&self) -> OperationTable {
        self.context.operations
    }

    /// The cloud it talks to, or whose profile its custom root has.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        self.context.cloud
    }

    /// The tenant it was built for.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.context.authorization.tenant.name()
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.context.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base", &self.base())
            .field("cloud", &self.cloud())
            .field("tenant", &self.tenant())
            .finish_non_exhaustive()
    }
}
