//! The thread that writes. Whatever waits when a transaction begins is committed with it, so that many steps share one
//! wait for the disk; who gave the entries goes on when they are durable.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::TransactionBehavior;
use tokio::sync::oneshot;
use trunkline::Timestamp;

use super::creation::{Hold, Opened, Opening};
use super::entry::Entry;
use super::fault;
use super::wholeness;
use crate::error::BulkError;

/// Maximum number of messages in a transaction, so that nobody waits long for a large one.
const LARGEST_GROUP: usize = 512;

/// How long the thread lets more messages come together when many come anyway: a commit costs more than a row. A wait
/// for the service is longer.
const LINGER: Duration = Duration::from_millis(10);

/// Number of messages from which a group counts as large.
const MANY: usize = 4;

/// Sends entries to the thread. A drop waits until all entries are durable and the lock is released.
#[derive(Debug)]
pub(crate) struct Writer {
    handle: WriterHandle,
    thread: Option<JoinHandle<()>>,
}

/// Sends entries to the thread; can be cloned for every part of a run.
#[derive(Debug, Clone)]
pub(crate) struct WriterHandle {
    sender: Sender<Message>,
    failure: Arc<OnceLock<BulkError>>,
}

#[derive(Debug)]
enum Message {
    Write {
        entries: Vec<Entry>,
        /// Absent when nobody waits for it.
        durable: Option<oneshot::Sender<()>>,
    },
    /// The last message.
    Close,
}

/// An answer that has not come yet: that entries are durable.
#[derive(Debug)]
pub(crate) struct Durable {
    answer: oneshot::Receiver<()>,
    failure: Arc<OnceLock<BulkError>>,
}

impl Writer {
    /// Starts the thread, which opens the journal and then writes.
    pub(crate) async fn start(opening: Opening) -> Result<(Self, Opened), BulkError> {
        let (sender, receiver) = channel();
        let failure = Arc::new(OnceLock::new());
        let noted = failure.clone();
        let (answer, opened) = oneshot::channel();
        let spawned = std::thread::Builder::new()
            .name("trunkline-journal".to_owned())
            .spawn(move || match opening.execute() {
                Ok((hold, opened)) => {
                    let desk = Desk {
                        hold,
                        run: opened.run,
                        commits: opened.commits,
                    };
                    if answer.send(Ok(opened)).is_ok() {
                        desk.write_all(&receiver, &noted);
                    }
                }
                Err(fault) => {
                    let _ = answer.send(Err(fault));
                }
            });
        let thread = spawned.map_err(|error| fault::opening(&error))?;
        let handle = WriterHandle { sender, failure };
        let writer = Self {
            handle,
            thread: Some(thread),
        };
        match opened.await {
            Ok(Ok(opened)) => Ok((writer, opened)),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(fault::gone()),
        }
    }

    pub(crate) fn handle(&self) -> WriterHandle {
        self.handle.clone()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // There may be other handles, so the thread gets a message.
        let _ = self.handle.sender.send(Message::Close);
        if let Some(thread) = self.thread.take() {
            // Waiting callers have seen a panic of the thread.
            let _ = thread.join();
        }
    }
}

impl WriterHandle {
    /// Sends entries that nobody waits for. They are durable before all later ones.
    pub(crate) fn post(&self, entries: Vec<Entry>) {
        self.give(Message::Write { entries, durable: None });
    }

    /// Sends entries. The answer comes when they are durable.
    pub(crate) fn write(&self, entries: Vec<Entry>) -> Durable {
        let (durable, answer) = oneshot::channel();
        self.give(Message::Write {
            entries,
            durable: Some(durable),
        });
        Durable {
            answer,
            failure: self.failure.clone(),
        }
    }

    /// The error after which nothing can be written.
    pub(crate) fn failure(&self) -> Option<BulkError> {
        self.failure.get().cloned()
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.failure.get().is_some()
    }

    fn give(&self, message: Message) {
        if self.sender.send(message).is_err() {
            let _ = self.failure.set(fault::gone());
        }
    }
}

impl Durable {
    /// Waits.
    ///
    /// # Errors
    ///
    /// The reason why the entries are not durable.
    pub(crate) async fn wait(self) -> Result<(), BulkError> {
        match self.answer.await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.failure.get().cloned().unwrap_or_else(fault::gone)),
        }
    }
}

/// The state of the writing thread.
struct Desk {
    hold: Hold,
    run: i64,
    commits: u64,
}

impl Desk {
    fn write_all(mut self, receiver: &Receiver<Message>, failure: &OnceLock<BulkError>) {
        let (mut is_open, mut messages) = (true, 0);
        while is_open && let Ok(first) = receiver.recv() {
            let (mut entries, mut waiting) = (Vec::new(), Vec::new());
            if messages >= MANY {
                std::thread::sleep(LINGER);
            }
            messages = 0;
            for message in std::iter::once(first).chain(receiver.try_iter().take(LARGEST_GROUP)) {
                messages += 1;
                match message {
                    Message::Write { entries: own, durable } => {
                        entries.extend(own);
                        waiting.extend(durable);
                    }
                    Message::Close => {
                        is_open = false;
                        break;
                    }
                }
            }
            let written = self.write(&entries);
            // Before anybody goes on: what they share with the entries is theirs alone then.
            drop(entries);
            match written {
                Ok(()) => {
                    for durable in waiting {
                        // Who does not wait any more does not need to know.
                        let _ = durable.send(());
                    }
                }
                Err(fault) => {
                    // Nothing is written after this: what is in doubt is read back when the journal is taken up again.
                    // Those who wait learn of it when their channels are dropped.
                    let _ = failure.set(fault);
                    is_open = false;
                }
            }
        }
        if failure.get().is_none() {
            // One file remains, whole in itself. What others put in its place is left as it is.
            match self.hold.guard.check() {
                Ok(()) => wholeness::end(&self.hold.connection),
                Err(fault) => drop(failure.set(fault)),
            }
        }
        drop(self.hold);
    }

    /// One transaction.
    fn write(&mut self, entries: &[Entry]) -> Result<(), BulkError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.hold.guard.check()?;
        self.commits += 1;
        self.hold
            .lock
            .note(self.commits)
            .map_err(|error| fault::opening(&error))?;
        self.commit(entries).map_err(fault::writing)?;
        self.hold.guard.after_commit();
        Ok(())
    }

    fn commit(&mut self, entries: &[Entry]) -> rusqlite::Result<()> {
        let transaction = self
            .hold
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in entries {
            entry.write(&transaction, self.run)?;
        }
        transaction
            .prepare_cached("UPDATE journal SET value = ?1 WHERE key = 'commits'")?
            .execute([self.commits.to_string()])?;
        transaction.commit()
    }
}

/// Marks the run as ended; the last that is written.
pub(crate) fn run_ended(at: Timestamp) -> Vec<Entry> {
    vec![Entry::RunEnded { at }]
}
