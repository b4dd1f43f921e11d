//! Values that come one after another.

use std::sync::Arc;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use napi_derive::napi;
use tokio::sync::Mutex;

use crate::errors::Result;
use crate::events::Payload;
use crate::work::{Ended, Queue};

/// Values that the program takes one by one.
#[napi(js_name = "Sequence")]
pub struct NativeSequence {
    values: Arc<Mutex<BoxStream<'static, Ended>>>,
    queue: Arc<Queue>,
}

impl NativeSequence {
    pub(crate) fn new(values: impl Stream<Item = Ended> + Send + 'static, queue: &Arc<Queue>) -> Self {
        Self {
            values: Arc::new(Mutex::new(values.boxed())),
            queue: queue.clone(),
        }
    }
}

#[napi]
impl NativeSequence {
    /// The next value, or nothing after the last.
    #[napi]
    pub fn next(&self, id: u32) -> Result<()> {
        let values = self.values.clone();
        self.queue.begin(id, async move {
            let next = values.lock().await.next().await;
            next.unwrap_or(Ok((Payload::Nothing, None)))
        })
    }
}
