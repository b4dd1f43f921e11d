//! Events on their way to whoever watches the run.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::event::Event;

/// Events that were not taken yet. The run stands still until they are, so there are never many.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox(Arc<Mutex<VecDeque<Event>>>);

impl Outbox {
    pub(super) fn tell(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
    }

    pub(super) fn take(&self) -> Option<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
