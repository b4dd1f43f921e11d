//! Functions of the program's that the native part calls.

use std::sync::Arc;

use crate::events::{Event, Payload};
use crate::work::Queue;

/// A function of the program's, which keeps it under a number for as long as somebody may call it: whatever is under way
/// holds its client, and a client its credential and its observer.
pub(crate) struct Function {
    pub(crate) number: u32,
    pub(crate) queue: Arc<Queue>,
}

impl Function {
    pub(crate) fn new(number: u32, queue: &Arc<Queue>) -> Self {
        Self {
            number,
            queue: queue.clone(),
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.queue.tell(Event {
            id: self.number,
            payload: Payload::Unused,
            metadata: None,
        });
    }
}
