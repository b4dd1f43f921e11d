//! Settings that a client is built with.

mod authority;
mod connection;
mod deployment;
#[rustfmt::skip]
mod generated;

#[cfg(feature = "identity")]
pub(crate) use authority::client_of_authority;
pub(crate) use authority::{Authority, is_name};
pub(crate) use connection::Connection;
pub(crate) use deployment::{Deployment, cloud_from_name};
