//! Settings that a client is built with.

mod authority;
mod connection;
mod deployment;
#[rustfmt::skip]
mod generated;

pub(crate) use authority::{Authority, client_of_authority, is_name};
pub(crate) use connection::Connection;
pub(crate) use deployment::{Deployment, cloud_from_name};
