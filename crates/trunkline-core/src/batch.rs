//! Several requests in one.

use crate::client::Client;

/// Several requests that are sent together.
#[derive(Debug)]
pub struct Batch {
    client: Client,
}

impl Batch {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}
