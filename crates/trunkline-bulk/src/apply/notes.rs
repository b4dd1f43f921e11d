//! Progress of one step: kept until the step ends, written to the journal and sent as events.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trunkline::{ChangeProgress, Error, ErrorKind, Operation};

use super::outbox::Outbox;
use crate::event::Event;
use crate::journal::{Entry, WriterHandle};
use crate::plan::StepId;

/// The phase of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// The step reads, or a request is in progress.
    Active,
    /// The step waits for the service, and the journal has everything to resume it: a run that stops need not wait for it.
    Waiting,
}

/// Shared progress of one step. Clones are cheap and share it.
#[derive(Debug, Clone)]
pub(super) struct Notes(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    step: StepId,
    journal: WriterHandle,
    outbox: Outbox,
    phase: AtomicU8,
    /// How many steps of the run wait.
    waiting: Arc<AtomicUsize>,
    /// Whether the journal holds the intention to send a request that was not sent yet.
    may_send: AtomicBool,
    noted: Mutex<StepProgress>,
}

/// The progress so far.
#[derive(Debug, Default, Clone)]
pub(super) struct StepProgress {
    /// A request was sent, or is about to be sent.
    pub(super) is_sent: bool,
    /// Id of the operation in the spec that was sent.
    pub(super) sent_as: Option<String>,
    /// The service accepted the request.
    pub(super) is_answered: bool,
    /// Id of the order, when the request placed one.
    pub(super) operation: Option<String>,
    /// The token that resumes the order.
    pub(super) token: Option<String>,
    /// The answer to the request was lost.
    pub(super) is_lost: bool,
    /// The intent tried to send a request whose intention is not in the journal.
    pub(super) is_held_back: bool,
    pub(super) request_ids: Vec<String>,
}

impl Notes {
    pub(super) fn new(step: StepId, journal: WriterHandle, outbox: Outbox, waiting: Arc<AtomicUsize>) -> Self {
        Self(Arc::new(Shared {
            step,
            journal,
            outbox,
            phase: AtomicU8::new(Phase::Active as u8),
            waiting,
            may_send: AtomicBool::new(false),
            noted: Mutex::default(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, StepProgress> {
        self.0.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the progress so far.
    pub(super) fn snapshot(&self) -> StepProgress {
        self.lock().clone()
    }

    /// Resets the progress when nothing was sent. Request ids stay.
    pub(super) fn forget(&self) {
        self.0.may_send.store(false, Ordering::Relaxed);
        let mut noted = self.lock();
        *noted = StepProgress {
            request_ids: std::mem::take(&mut noted.request_ids),
            ..StepProgress::default()
        };
    }

    /// Lets one request be sent: its intention is in the journal.
    pub(super) fn allow(&self) {
        self.0.may_send.store(true, Ordering::Relaxed);
    }

    pub(super) fn add_request(&self, id: Option<&str>) {
        if let Some(id) = id {
            let mut noted = self.lock();
            if !noted.request_ids.iter().any(|known| known == id) {
                noted.request_ids.push(id.to_owned());
            }
        }
    }

    pub(super) fn set_operation(&self, id: Option<String>) {
        self.lock().operation = id;
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.0.phase.load(Ordering::Relaxed) == Phase::Waiting as u8
    }

    pub(super) fn enter(&self, phase: Phase) {
        let before = self.0.phase.swap(phase as u8, Ordering::Relaxed);
        if before == phase as u8 {
            return;
        }
        match phase {
            Phase::Waiting => self.0.waiting.fetch_add(1, Ordering::Relaxed),
            Phase::Active => self.0.waiting.fetch_sub(1, Ordering::Relaxed),
        };
    }

    /// An event of the change. An error stops it.
    pub(super) fn progress(&self, progress: &ChangeProgress) -> Result<(), Error> {
        match progress {
            ChangeProgress::Sending(operation) => return self.sending(operation),
            ChangeProgress::Answered(meta) => {
                self.add_request(meta.request_id());
                self.lock().is_answered = true;
            }
            ChangeProgress::Accepted { id, token } => self.accepted(id, token),
            ChangeProgress::Settling if self.lock().is_answered => self.enter(Phase::Waiting),
            // The engine reads back by itself: it does the same when the journal is taken up again.
            ChangeProgress::InDoubt => {
                self.lock().is_lost = true;
                return Err(Error::new(ErrorKind::Cancelled, "the answer was lost").with_may_have_reached_service(true));
            }
            _ => {}
        }
        Ok(())
    }

    fn sending(&self, operation: &Operation) -> Result<(), Error> {
        let stop = |what: &'static str| Err(Error::new(ErrorKind::Cancelled, what));
        if self.0.journal.is_broken() {
            return stop("the journal cannot be written");
        }
        if !self.0.may_send.swap(false, Ordering::Relaxed) {
            self.lock().is_held_back = true;
            return stop("it is not journalled yet");
        }
        {
            let mut noted = self.lock();
            noted.is_sent = true;
            noted.sent_as = operation.id().map(str::to_owned);
        }
        self.enter(Phase::Active);
        self.0.outbox.tell(Event::Sending {
            step: self.0.step,
            operation: operation.id().unwrap_or_default().to_owned(),
        });
        Ok(())
    }

    fn accepted(&self, id: &str, token: &str) {
        let is_new = {
            let mut noted = self.lock();
            noted.is_sent = true;
            noted.is_answered = true;
            noted.token = Some(token.to_owned());
            noted.operation.replace(id.to_owned()).as_deref() != Some(id)
        };
        if is_new {
            self.0.journal.post(vec![Entry::Accepted {
                step: self.0.step,
                operation_id: id.to_owned(),
                token: token.to_owned(),
            }]);
            self.0.outbox.tell(Event::Accepted {
                step: self.0.step,
                operation_id: id.to_owned(),
            });
        }
        self.enter(Phase::Waiting);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if *self.phase.get_mut() == Phase::Waiting as u8 {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
