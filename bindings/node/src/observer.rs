//! Whoever observes the calls of a client: a function of the program's that gets each event as JSON, on the program's thread and
//! before the call that it is about is settled.

use std::sync::Arc;

use serde::Deserialize;
use trunkline::{CallEvent, ClientBuilder};
use trunkline_binding::event_json;

use crate::events::{Event, JsonText, Payload};
use crate::function::Function;
use crate::work::{Queue, call_of_task};

/// An observer as `observe.ts` describes it.
#[derive(Deserialize)]
pub(crate) struct Described {
    number: u32,
    /// The kinds of events that it wants.
    kinds: Vec<String>,
}

impl Described {
    /// Has the function observe a client.
    pub(crate) fn observe(self, builder: ClientBuilder, queue: &Arc<Queue>) -> ClientBuilder {
        queue.observe();
        let Self { number, kinds } = self;
        let function = Function::new(number, queue);
        builder.observer(move |event| tell(&function, &kinds, event))
    }
}

fn tell(function: &Function, kinds: &[String], event: &CallEvent<'_>) {
    if kinds.iter().any(|wanted| wanted == event.kind.name()) {
        function.queue.tell(Event {
            id: function.number,
            payload: Payload::Observed(JsonText::new(event_json(event))),
            metadata: call_of_task().map(|call| JsonText::new(call.to_string())),
        });
    }
}
