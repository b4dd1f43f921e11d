//! The runtime of Trunkline: everything that is written by hand and knows no Graph type.

mod answer;
mod authorization;
pub mod batch;
pub mod blocking;
pub mod builder;
mod certificates;
mod challenge;
pub mod client;
pub mod clock;
pub mod cloud;
pub mod codec;
mod continuation;
mod cursor;
mod deadline;
pub mod descriptor;
pub mod descriptors;
pub mod error;
mod failure;
mod foreign;
mod http_transport;
pub mod language;
pub mod limits;
mod link;
mod list_end;
mod location;
pub mod long_running;
pub mod mask;
pub mod operation;
pub mod pace;
mod pace_bucket;
pub mod pages;
pub mod path;
mod pipeline;
pub mod place;
pub mod proxy;
mod recent_sign_in;
pub mod request;
pub mod retry;
mod retry_after;
mod scaled_clock;
pub mod secret;
pub mod sending;
mod stage;
mod streams;
pub mod telephone;
pub mod tenant;
pub mod throttle;
pub mod token;
pub mod token_view;
pub mod transport;

pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::Timestamp;
pub use cloud::{Cloud, CloudSet};
pub use error::{Error, ErrorKind, Result, RetryAdvice};
pub use http_transport::HttpVersion;
pub use operation::Operation;
pub use request::{RawBody, Request, Response, ResponseMeta};
pub use secret::{AccessToken, Secret};

#[doc(hidden)]
pub use http;
#[doc(hidden)]
pub use serde;
