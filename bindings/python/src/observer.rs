//! Whoever observes the calls of a client: a function of Python's that gets each event as JSON.
//!
//! For a blocking call it runs on the thread that makes the call; for an awaited one the loop calls it, before the task goes on. Both
//! times it runs in the context of the caller. docs/decisions/275-one-event-for-everything-that-is-seen.md says why.

use std::sync::Arc;

use pyo3::prelude::*;
use trunkline::{CallEvent, ClientBuilder};
use trunkline_binding::event_json;

use crate::exit;
use crate::observed::{Observed, Observer};
use crate::work::{context_of_task, loop_of_task};

/// Has a function observe a client.
pub(crate) fn observe(builder: ClientBuilder, function: Py<PyAny>, kinds: Vec<String>) -> ClientBuilder {
    let observer = Arc::new(Observer { function, kinds });
    builder.observer(move |event| tell(&observer, event))
}

fn tell(observer: &Arc<Observer>, event: &CallEvent<'_>) {
    let kind = event.kind.name();
    if !observer.kinds.iter().any(|wanted| wanted == kind) {
        return;
    }
    let observed = Observed {
        observer: observer.clone(),
        text: event_json(event),
        context: context_of_task(),
    };
    match loop_of_task() {
        Some(queue) => queue.push_observed(observed),
        None => drop(exit::attached(|py| observed.call(py))),
    }
}
