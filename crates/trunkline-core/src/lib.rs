//! The runtime of Trunkline: hand-written code that works for every part of Microsoft Graph.
//!
//! | Module | Holds | Must not know |
//! |---|---|---|
//! | `table` | types, operations and limits as data, read from one [`description`] | requests, clients |
//! | [`codec`] | one reader and one writer of JSON over the table, [`Property`](codec::Property) | operations, the network |
//! | [`telephone`] | the grammars of telephone numbers | everything else |
//! | `signing` | tokens, tenants, and the one function that attaches a token | requests |
//! | `sending` | pace, retries, transport, the judgement of an attempt, the pipeline | decoding |
//! | [`request`] | operations, requests, lists, long-running operations, batches, handles | where tokens come from |
//! | [`client`] | the facade over all of them | |
//!
//! This crate has no type of Graph. They are generated into the crate `trunkline`, which also holds the intents (assign a number,
//! set a phone). Special cases of Graph are data in `spec/`.

pub mod blocking;
pub mod builder;
pub mod client;
pub mod clock;
pub mod cloud;
pub mod codec;
pub mod error;
mod excerpt;
pub mod mask;
pub mod request;
mod sending;
mod signing;
mod table;
pub mod telephone;

/// The examples of the README work.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::Timestamp;
pub use cloud::{Cloud, CloudSet};
pub use error::{Error, ErrorKind, Result, RetryAdvice, language};
pub use request::operation::Operation;
pub use request::{RawBody, Request, Response, ResponseMeta, batch, handle, long_running, operation, pages, path};
pub use sending::generated::HttpOptions;
pub use sending::http_transport::HttpVersion;
pub use sending::pem::Pem;
pub use sending::{backoff, limits, observer, pace, proxy, retry, throttle, transport};
pub use signing::secret::{AccessToken, Secret};
pub use signing::{secret, tenant, token, token_view};
pub use table::{description, operation as descriptor};

#[doc(hidden)]
pub use http;
#[doc(hidden)]
pub use serde;
