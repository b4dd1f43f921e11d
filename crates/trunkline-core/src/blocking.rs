//! The same futures, without an async program around them.
//!
//! Each thread has its own small runtime, made on first use. It drives nothing while the thread does something else.

use std::cell::RefCell;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::error::{Error, ErrorKind, Result};

/// How often [`abandon`] was called.
static ABANDONED: AtomicU32 = AtomicU32::new(0);

/// Gives up the runtimes of all threads: each thread makes another one with its next call.
///
/// For processes in which something closed the descriptors of this library, as daemons close all they find. What the old
/// runtimes hold is left as it is: the numbers of their descriptors may be those of other files by now.
pub fn abandon() {
    ABANDONED.fetch_add(1, Ordering::Relaxed);
}

struct ThreadRuntime {
    runtime: Runtime,
    process: u32,
    abandoned: u32,
    /// Whether it ever ran. Before that it has no connections.
    ran: bool,
    /// When callers look for signals. Kept from call to call: a timer that ends before all others has the runtime wake its own
    /// poller when it is set.
    ticks: Option<Interval>,
}

impl ThreadRuntime {
    /// Whether its descriptors are its own. After a fork both processes would share one poller.
    fn is_usable(&self) -> bool {
        self.process == std::process::id() && self.abandoned == ABANDONED.load(Ordering::Relaxed)
    }
}

/// The state of a thread from call to call.
struct Slot(Option<ThreadRuntime>);

impl Drop for Slot {
    fn drop(&mut self) {
        // A copy, or what somebody else closed, is left alone: closing it would change the parent's, or another file.
        if let Some(thread) = self.0.take()
            && !thread.is_usable()
        {
            std::mem::forget(thread);
        }
    }
}

thread_local! {
    static RUNTIME: RefCell<Slot> = const { RefCell::new(Slot(None)) };
}

/// Runs `future` to its end on the calling thread.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when the thread is inside an async runtime, where blocking would stop everything else;
/// use the async form there. The future's own outcome is the value.
pub fn block_on<F: Future>(future: F) -> Result<F::Output> {
    // Pinned here, it stays where it is: a request's future is some kilobytes, and each block around it would copy it.
    let future = std::pin::pin!(future);
    enter(async |_: &mut Option<Interval>| future.await)
}

/// Runs `work` on the thread's runtime. It may use the thread's ticks.
fn enter<T>(work: impl AsyncFnOnce(&mut Option<Interval>) -> T) -> Result<T> {
    if Handle::try_current().is_ok() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "a blocking call was made inside an async runtime",
        )
        .with_next_step("Use the async form here, or make the call on a thread of its own"));
    }
    // Taken out while it runs: a destructor or callback that blocks again must not find it borrowed.
    let held = RUNTIME.with(|slot| slot.borrow_mut().0.take());
    let mut thread = match held {
        Some(thread) if thread.is_usable() => thread,
        Some(copy) => {
            std::mem::forget(copy);
            create()?
        }
        None => create()?,
    };
    let ran = std::mem::replace(&mut thread.ran, true);
    let ticks = &mut thread.ticks;
    let output = thread.runtime.block_on(async {
        if ran {
            // Nobody watched the connections meanwhile, however short that was. The first turn hears of those that were
            // closed, the second takes them out of use: a write sent into one of them would have an unknown outcome.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        }
        work(ticks).await
    });
    RUNTIME.with(|slot| {
        slot.borrow_mut().0.get_or_insert(thread);
    });
    Ok(output)
}

/// Runs `future` on the calling thread and calls `check` every `interval` while it waits, so that a host can look for
/// signals.
///
/// # Errors
///
/// The errors of [`block_on`]; [`ErrorKind::Cancelled`] when `check` breaks. The future is dropped then, and what it had
/// sent may have reached the service.
pub fn block_on_with_check<F, C>(future: F, interval: Duration, mut check: C) -> Result<F::Output>
where
    F: Future,
    C: FnMut() -> ControlFlow<()>,
{
    let mut future = std::pin::pin!(future);
    enter(async |kept: &mut Option<Interval>| {
        let ticks = match kept {
            Some(ticks) if ticks.period() == interval => ticks,
            other => other.insert(every(interval)),
        };
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            while ticks.poll_tick(context).is_ready() {
                if check().is_break() {
                    return Poll::Ready(Err(Error::new(
                        ErrorKind::Cancelled,
                        "the call was stopped by its caller",
                    )
                    .with_may_have_reached_service(true)));
                }
            }
            Poll::Pending
        })
        .await
    })?
}

/// Has the thread's runtime notice what was dropped, so that sockets are closed now and not with its next call. Where the
/// thread has none, or is inside a runtime, that one does it.
pub(crate) fn settle() {
    // A thread that ends has none any more.
    let has_runtime = RUNTIME.try_with(|slot| slot.try_borrow().is_ok_and(|slot| slot.0.is_some()));
    let has_runtime = has_runtime.unwrap_or(false);
    if has_runtime && Handle::try_current().is_err() {
        // It cannot fail: the runtime is there.
        drop(block_on(async {
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }));
    }
}

/// Ticks, of which those that nobody waited for are left out.
fn every(interval: Duration) -> Interval {
    let mut ticks = tokio::time::interval_at(Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn create() -> Result<ThreadRuntime> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
        Error::new(ErrorKind::Connection, "the system has no resources for network calls").with_source(error)
    })?;
    Ok(ThreadRuntime {
        runtime,
        process: std::process::id(),
        abandoned: ABANDONED.load(Ordering::Relaxed),
        ran: false,
        ticks: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_many_times_on_one_thread_and_nests_in_destructors() {
        struct BlocksOnDrop;
        impl Drop for BlocksOnDrop {
            fn drop(&mut self) {
                assert!(
                    block_on(async {}).is_err(),
                    "inside the runtime this is an error, not a panic"
                );
            }
        }
        for expected in 0..3 {
            assert_eq!(
                block_on(async move {
                    drop(BlocksOnDrop);
                    expected
                })
                .unwrap(),
                expected
            );
        }
    }

    #[test]
    fn what_was_abandoned_is_not_used_again() {
        let runtime = || block_on(async { Handle::current().id() }).unwrap();
        let first = runtime();
        assert_eq!(runtime(), first);
        abandon();
        let second = runtime();
        assert_ne!(second, first);
        assert_eq!(runtime(), second);
    }

    #[tokio::test]
    async fn blocking_inside_a_runtime_is_an_error() {
        let error = block_on(async {}).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.next_step().contains("async form"));
    }

    #[test]
    fn a_check_can_stop_it() {
        // One after the other on one thread, with the tick of the first and with another.
        for milliseconds in [1, 1, 2] {
            let mut calls = 0;
            let interval = Duration::from_millis(milliseconds);
            let result = block_on_with_check(std::future::pending::<()>(), interval, || {
                calls += 1;
                if calls == 3 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
            assert_eq!(calls, 3);
        }
    }
}
