//! Several requests in one, each with an outcome of its own.

mod answers;
mod gathering;
mod requests;
mod send;
mod wire;

pub use answers::BatchAnswers;
pub(crate) use gathering::Gathering;
pub use requests::{Batch, BatchHandle};
