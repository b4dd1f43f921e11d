//! From an operation to its raw answer: the address, the pace, the transport, the judgement of each attempt, and the loop that
//! sends again ([`pipeline`]). Knows the table of operations; does not know what an answer is decoded to.

pub(crate) mod answer;
pub(crate) mod attempt;
pub mod backoff;
pub(crate) mod certificates;
mod connection_fault;
pub(crate) mod context;
pub(crate) mod deadline;
pub(crate) mod failure;
pub(crate) mod foreign;
#[rustfmt::skip]
pub(crate) mod generated;
pub(crate) mod http_transport;
pub mod limits;
pub(crate) mod link;
pub mod observer;
pub(crate) mod options;
pub mod pace;
mod pace_bucket;
pub(crate) mod pem;
pub(crate) mod pipeline;
pub mod proxy;
pub(crate) mod report;
pub mod retry;
pub(crate) mod retry_after;
mod spans;
pub mod throttle;
pub mod transport;
pub(crate) mod wait_budget;
