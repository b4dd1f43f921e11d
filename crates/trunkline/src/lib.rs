#![doc = include_str!("../README.md")]

mod change;
mod client;
mod configuration;
mod country;
pub mod credential;
mod decision;
#[doc(hidden)]
pub mod dynamic;
mod feature;
// The generator writes its own layout, and formatting a file of this size would cost every `cargo fmt` seconds.
#[rustfmt::skip]
pub mod generated;
mod ids;
mod intent;
mod masked;
pub mod numbers;
mod options;
mod outcome;
mod people;
pub mod phones;
mod plan;
pub mod policies;
mod progress;
mod read_back;
mod refusal;
mod subject;
mod user_change;

/// Building expressions for `$filter`.
pub mod path {
    pub use trunkline_core::path::literal;
}

/// Reading and writing bodies: for programs that are generic over the types of Graph, or bring types of their own.
pub mod codec {
    pub use trunkline_core::codec::{Decode, DecodeError, Encode, Model, Nested, Page, Value};
}

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

pub use change::{Action, Change, Person, Subject};
pub use client::{Client, ClientBuilder, IntoCloud};
pub use country::IntoCountry;
pub use credential::Credential;
#[cfg(feature = "identity")]
pub use credential::{ClientCertificate, DeviceCodePrompt};
pub use decision::{Current, Decision, DecisionAction, Verified, Warning};
pub use feature::{Feature, FeatureNeeds, NeededPermission};
pub use intent::{AnyChange, ApplyChange, Intent, IntentKind, NamesNumber, TakesNumber};
pub use outcome::ChangeOutcome;
pub use plan::{Plan, PlanAction, PlanStep};
pub use progress::{ChangeProgress, ProgressResult};
pub use refusal::{Refusal, RefusalReason};
pub use subject::decide;

// The graph layer: one module per namespace of Graph, and the handles that lead through it.
pub use generated::handles::{Call, Collection, Entity, Graph};
pub use generated::{DESCRIPTION, OPERATIONS, graph, teams_administration};

// Types in signatures, so that a program depends on this crate alone.
pub use trunkline_core::batch::{Batch, BatchAnswers, BatchHandle};
pub use trunkline_core::clock::{BoxFuture, Clock, ScaledClock, SystemClock, TestClock, Timestamp};
pub use trunkline_core::cloud::{Cloud, CloudSet};
pub use trunkline_core::codec::{
    Additional, Binary, Date, DateTimeOffset, Decimal, Derived, DerivedFrom, Duration, Flags, Guid, Instance, Json,
    OpenEnum, Polymorphic, Property, TimeOfDay,
};
pub use trunkline_core::error::{Error, ErrorKind, Result, RetryAdvice};
pub use trunkline_core::handle::{Creatable, Deletable, EntityType, Listable, Readable, Updatable};
pub use trunkline_core::long_running::{Finished, LongRunning, Progress, Stage, Verdict, is_operation_token};
pub use trunkline_core::observer::{CallEvent, CallEventKind};
pub use trunkline_core::operation::Operation;
pub use trunkline_core::pace::Pace;
pub use trunkline_core::pages::{Continuation, ListDoubt, ListRequest, Page};
pub use trunkline_core::proxy::Route as ProxyRoute;
pub use trunkline_core::request::{Answer, RawBody, Request, Response, ResponseMeta};
pub use trunkline_core::retry::RetryPolicy;
pub use trunkline_core::secret::{AccessToken, Secret};
pub use trunkline_core::telephone::{Country, PhoneMethodNumber, TelephoneNumber};
pub use trunkline_core::throttle::{GroupThrottle, ThrottleScope, ThrottleState};
pub use trunkline_core::token::{OwnedTokenRequest, StaticToken, TokenRequest, TokenSource};
pub use trunkline_core::token_view::{TokenKind, TokenView};
pub use trunkline_core::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportFault};
// The description of an operation: the types of [`OPERATIONS`].
pub use trunkline_core::{HttpVersion, Pem, blocking, language, mask, telephone};
pub use trunkline_core::{description, descriptor};
