//! Changes, and how far they have come. Whoever watches one is called by Python between two steps of it, on the thread or
//! the loop that waits for it, and what they raise stops it.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use pyo3::prelude::*;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use trunkline::{Error, ErrorKind, Result};
use trunkline_binding::{ProgressRecord, Watch};
use trunkline_core::clock::BoxFuture;

use crate::meta::Meta;
use crate::values;
use crate::work::{Caller, Finish, Work};

/// Where a change has come to, and whom to answer whether it goes on.
pub(crate) struct Step {
    value: Finish,
    answer: oneshot::Sender<Result<()>>,
}

struct Going {
    work: Work,
    steps: Steps,
}

/// A change that has not ended. Nothing happens while nobody waits for it.
#[pyclass(frozen, name = "Change", module = "trunkline._native")]
pub(crate) struct NativeChange {
    going: Arc<tokio::sync::Mutex<Option<Going>>>,
    /// Whom to answer about the step that was handed over last.
    answer: Arc<Mutex<Option<oneshot::Sender<Result<()>>>>>,
    caller: Caller,
}

impl NativeChange {
    /// A change, with the steps of its watcher.
    pub(crate) fn new(work: Work, steps: Steps, caller: Caller) -> Self {
        Self {
            going: Arc::new(tokio::sync::Mutex::new(Some(Going { work, steps }))),
            answer: Arc::default(),
            caller,
        }
    }
}

/// The steps that a watcher hands over.
pub(crate) type Steps = mpsc::UnboundedReceiver<Step>;

/// The callback of a change, if there is one, and the channel of its steps. It hands each step to whoever goes through the
/// change, and waits for the answer.
pub(crate) fn watching(is_watched: bool) -> (Option<Watch>, Steps) {
    let (sender, steps) = mpsc::unbounded_channel();
    let watch = move |record| -> BoxFuture<'static, Result<()>> {
        let (answer, answered) = oneshot::channel();
        let value: Finish = Box::new(move |py| step(py, record));
        let sent = sender.send(Step { value, answer });
        Box::pin(async move {
            // Whoever went through it has gone: then nobody waits for the change either.
            let answered = if sent.is_ok() { answered.await.ok() } else { None };
            answered.unwrap_or_else(|| Err(Error::new(ErrorKind::Cancelled, "nobody waits for the change any more")))
        })
    };
    (is_watched.then(|| Arc::new(watch) as Watch), steps)
}

fn over() -> Error {
    Error::new(ErrorKind::InvalidInput, "the change has ended").with_next_step("Make another one")
}

#[pymethods]
impl NativeChange {
    /// Goes on to the next step, `(kind, details)`, or to the end, `(None, outcome)`. `failure`: what was raised about the
    /// step before, which stops the change.
    #[pyo3(signature = (failure=None))]
    fn next(&self, py: Python<'_>, failure: Option<Bound<'_, PyAny>>) -> PyResult<Py<PyAny>> {
        let answer = failure.map_or(Ok(()), |raised| Err(stopped(PyErr::from_value(raised))));
        if let Some(waiting) = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A change that was dropped needs no answer.
            let _ = waiting.send(answer);
        }
        let (going, slot) = (self.going.clone(), self.answer.clone());
        let work: Work = Box::pin(async move {
            let mut held = going.lock().await;
            let Going { work, steps } = held.as_mut().ok_or_else(over)?;
            let came = poll_fn(|context| {
                if let Poll::Ready(ended) = work.as_mut().poll(context) {
                    return Poll::Ready(Err(ended));
                }
                match steps.poll_recv(context) {
                    Poll::Ready(Some(step)) => Poll::Ready(Ok(step)),
                    // Nobody watches.
                    Poll::Ready(None) | Poll::Pending => Poll::Pending,
                }
            });
            match came.await {
                Ok(Step { value, answer }) => {
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
                    Ok(value)
                }
                Err(ended) => {
                    *held = None;
                    let finish = ended?;
                    let finish: Finish =
                        Box::new(move |py| Ok((py.None(), finish(py)?).into_pyobject(py)?.into_any().unbind()));
                    Ok(finish)
                }
            }
        });
        self.caller.execute(py, work)
    }

    /// Stops it where it is; what was sent is not taken back.
    fn close(&self, py: Python<'_>) {
        // In use, it is another thread's: that one ends with it.
        if let Ok(mut going) = self.going.try_lock() {
            let going = going.take();
            crate::exit::detached(py, move || drop(going));
        }
    }
}

/// The error of a change whose watcher raised.
fn stopped(raised: PyErr) -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "on_progress raised an exception, which stopped the change",
    )
    .with_next_step("See the cause of this exception")
    .with_source(raised)
}

/// A step as Python takes it: its kind, and a dictionary of which `Progress` is made.
fn step(py: Python<'_>, ProgressRecord { fields, meta }: ProgressRecord) -> PyResult<Py<PyAny>> {
    let kind = fields["kind"].as_str().unwrap_or_default().to_owned();
    let details = values::loads(py, &Value::Object(fields).to_string())?;
    if let Some(meta) = meta {
        details.set_item("meta", Meta::new(py, meta)?)?;
    }
    Ok((kind, details).into_pyobject(py)?.into_any().unbind())
}
