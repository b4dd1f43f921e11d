//! Sending a request, again if need be: what follows from each attempt, and how long to wait before the next.

pub(crate) mod attempt;
pub mod backoff;
pub(crate) mod wait_budget;
