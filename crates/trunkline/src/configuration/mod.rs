//! What a client is told when it is built.

mod connection;
mod deployment;

pub(crate) use connection::Connection;
pub(crate) use deployment::{Deployment, cloud_from_name};
