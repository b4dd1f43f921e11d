//! Operations that the service accepts now and carries out later.

mod location;
mod running;
mod stage;
mod watch;

pub use running::{LongRunning, is_operation_token};
pub use stage::{Finished, Progress, Stage, Verdict};
pub use watch::{BlockingStages, Stages};
