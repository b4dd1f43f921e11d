//! A run as a background task, with a channel of events.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::sync::{Mutex as Turn, mpsc};
use tokio::task::JoinHandle;

use crate::apply::{Apply, StopHandle};
use crate::error::{BulkError, BulkErrorKind};

/// Maximum number of events that wait for the caller. Then the run waits, too.
const WAITING: usize = 1024;

/// Maximum number of events that are passed on at once.
const TOGETHER: usize = 256;

/// Maximum wait of a drop for the release of the journal.
const PARTING: Duration = Duration::from_secs(5);

type RunEvent = Result<String, BulkError>;

/// A run on a runtime of the caller's, whose events are taken as JSON text.
///
/// It begins when they are first asked for. Dropping it stops the run as a kill would: the journal has what was on its way.
#[derive(Debug)]
pub struct BackgroundRun {
    stop: StopHandle,
    receiver: Turn<Receiving>,
    task: Mutex<Task>,
}

#[derive(Debug)]
struct Receiving {
    events: mpsc::Receiver<RunEvent>,
    /// An error that comes after events that were handed over.
    failure: Option<BulkError>,
    /// Whether the end of the run was received.
    has_ended: bool,
}

#[derive(Debug)]
enum Task {
    New(Box<Apply>, mpsc::Sender<RunEvent>),
    Begun(JoinHandle<()>),
    Over,
}

impl BackgroundRun {
    /// A run that has not begun.
    #[must_use]
    pub fn new(apply: Apply) -> Arc<Self> {
        let (sender, events) = mpsc::channel(WAITING);
        Arc::new(Self {
            stop: apply.stop_handle(),
            receiver: Turn::new(Receiving {
                events,
                failure: None,
                has_ended: false,
            }),
            task: Mutex::new(Task::New(Box::new(apply), sender)),
        })
    }

    /// Begins it, if it has not begun: `spawn` starts a future on a runtime.
    pub fn begin(&self, spawn: impl FnOnce(Pin<Box<dyn Future<Output = ()> + Send>>) -> JoinHandle<()>) {
        let mut task = self.held();
        *task = match std::mem::replace(&mut *task, Task::Over) {
            Task::New(apply, sender) => Task::Begun(spawn(Box::pin(forward(*apply, sender)))),
            other => other,
        };
    }

    /// The events that have come, as one array of JSON; `None` after the end.
    ///
    /// # Errors
    ///
    /// The errors of [`Bulk::apply`](crate::Bulk::apply), once, after all events.
    pub async fn next(&self) -> Result<Option<String>, BulkError> {
        let mut receiving = self.receiver.lock().await;
        if let Some(failure) = receiving.failure.take() {
            receiving.has_ended = true;
            return Err(failure);
        }
        if receiving.has_ended {
            return Ok(None);
        }
        let mut text = match receiving.events.recv().await {
            Some(Ok(event)) => format!("[{event}"),
            Some(Err(failure)) => {
                receiving.has_ended = true;
                return Err(failure);
            }
            None => {
                receiving.has_ended = true;
                return if self.is_over() { Ok(None) } else { self.end().await };
            }
        };
        for _ in 1..TOGETHER {
            match receiving.events.try_recv() {
                Ok(Ok(event)) => {
                    text.push(',');
                    text.push_str(&event);
                }
                Ok(Err(failure)) => {
                    receiving.failure = Some(failure);
                    break;
                }
                Err(_) => break,
            }
        }
        text.push(']');
        Ok(Some(text))
    }

    /// Asks it to stop: see [`StopHandle::stop`].
    pub fn stop(&self) {
        self.stop.stop();
    }

    /// Whether it has begun and was not abandoned.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        matches!(*self.held(), Task::Begun(_))
    }

    /// Stops it as a kill would, and waits until its journal is given back.
    pub async fn abandon(&self) {
        let task = std::mem::replace(&mut *self.held(), Task::Over);
        if let Task::Begun(task) = task {
            task.abort();
            // That it was stopped is what was wanted.
            let _ = task.await;
        }
    }

    /// The events have ended: well, or because the task fell.
    async fn end(&self) -> Result<Option<String>, BulkError> {
        let task = std::mem::replace(&mut *self.held(), Task::Over);
        let Task::Begun(task) = task else { return Ok(None) };
        match task.await {
            Err(error) if error.is_panic() => Err(BulkError::new(
                BulkErrorKind::Stopped,
                "an internal error of the library",
                "Report it with what was called; the journal has what was done, and resuming goes on with it",
            )),
            _ => Ok(None),
        }
    }

    fn is_over(&self) -> bool {
        matches!(*self.held(), Task::Over)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Task> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BackgroundRun {
    /// Waits for a moment, so that the journal can be taken up again at once. The caller must not be what the run waits for.
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Task::Begun(task) = std::mem::replace(task, Task::Over) else {
            return;
        };
        task.abort();
        let begun = Instant::now();
        while !task.is_finished() && begun.elapsed() < PARTING {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

async fn forward(mut apply: Apply, sender: mpsc::Sender<RunEvent>) {
    while let Some(event) = apply.next().await {
        // Events have no maps with keys that are not text, so they always become JSON.
        let message = event.map(|event| serde_json::to_string(&event).unwrap_or_default());
        if sender.send(message).await.is_err() {
            return;
        }
    }
    // The journal is released before the end is sent.
    drop(apply);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bulk;

    /// The futures that a binding awaits on another thread.
    #[allow(dead_code, reason = "it only has to compile")]
    fn goes_from_thread_to_thread(bulk: &Bulk, input: &crate::input::Input, journal: &crate::Journal) {
        fn check(_: impl Future + Send) {}
        check(bulk.plan(input, &crate::plan::PlanOptions::default()));
        check(bulk.verify(journal));
        check(bulk.undo(journal));
        check(bulk.export(&crate::ExportOptions::default()));
    }

    #[tokio::test]
    async fn an_error_is_sent_once_and_then_nothing() {
        let client = trunkline::Client::builder()
            .endpoint("http://127.0.0.1:9")
            .build()
            .expect("builds");
        let options = crate::ApplyOptions::new().in_flight(0);
        let run = BackgroundRun::new(Bulk::new(&client).resume("nowhere.journal", &options));
        assert!(!run.has_begun());
        run.begin(tokio::spawn);
        let error = run.next().await.expect_err("the option is of no use");
        assert_eq!(error.kind(), BulkErrorKind::Option);
        assert_eq!(run.next().await.expect("ended"), None);
        run.abandon().await;
        assert_eq!(run.next().await.expect("ended"), None);
    }
}
