//! Execution of work on a thread of its own.
//!
//! Work is a future of the core's that ends with something to tell. One worker thread drives all of it, puts what there
//! is to tell into a queue and wakes the program's thread through one thread-safe function: one wake-up delivers
//! everything that has ended by then, in one call of JavaScript. The worker touches no JavaScript value.
//!
//! Waking a thread is the dearest part of a call. What the program begins in one turn is handed to the worker at the end of
//! that turn, at once; and the worker wakes the program when it has nothing left to do, not at the first end of many.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use napi::bindgen_prelude::{Env, FnArgs, Function, Uint8Array};
use napi::threadsafe_function::{ThreadsafeCallContext, ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Status, sys};
use napi_derive::napi;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use trunkline::{Error, ErrorKind};

use crate::errors::{Failure, Result};
use crate::events::{Event, Events, JsonText, Payload, Reply};

/// The end of a piece of work: its value and metadata.
pub(crate) type Ended = Result<(Payload, Option<JsonText>)>;

/// Work on the heap, where it does not move: the state of a call is kilobytes.
type Work = Pin<Box<dyn Future<Output = Ended> + Send>>;

tokio::task_local! {
    /// The number of the call that a task works for: of a run, the one that waits for its events at present.
    pub(crate) static CALL: Arc<AtomicU32>;
}

/// The number of the call that this task works for, when it knows.
pub(crate) fn call_of_task() -> Option<u32> {
    CALL.try_with(|call| call.load(Ordering::Relaxed)).ok()
}

/// How much may wait until the worker rests: with more, the program is woken meanwhile.
const MANY: usize = 64;

/// Wakes the program's thread. It is weak: whether the process stays alive is decided by what is under way.
type Wake = ThreadsafeFunction<(), (), FnArgs<(Events,)>, Status, false, true>;

/// The calls that the program waits for.
#[derive(Default)]
struct UnderWay {
    /// The calls that were begun in this turn of the program.
    begun: Vec<(u32, Work)>,
    tasks: HashMap<u32, AbortHandle>,
}

/// The events to send, and the function that wakes the program's thread.
pub(crate) struct Queue {
    events: Mutex<Vec<Event>>,
    wake: OnceLock<Wake>,
    under_way: Mutex<UnderWay>,
    asked: Mutex<HashMap<u32, oneshot::Sender<Reply>>>,
    closed: AtomicBool,
    /// Whether a client of the program has ever had an observer.
    is_observed: AtomicBool,
}

impl Queue {
    /// Tells something.
    pub(crate) fn tell(self: &Arc<Self>, event: Event) {
        let mut events = held(&self.events);
        events.push(event);
        let waiting = events.len();
        drop(events);
        if !IS_WORKER.get() {
            // Whoever came first has woken the thread, or has the worker do it.
            if waiting == 1 {
                self.wake();
            }
        } else if waiting == 1 {
            held(&TELLING).push(self.clone());
        } else if waiting == MANY {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.get() {
            wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *held(&self.events))
    }

    /// Begins work whose end is sent under `id`, once the program's turn ends.
    pub(crate) fn begin(&self, id: u32, work: impl Future<Output = Ended> + Send + 'static) -> Result<()> {
        runtime()?;
        held(&self.under_way).begun.push((id, Box::pin(work)));
        Ok(())
    }

    /// Has the worker take over what was begun.
    fn flush(self: &Arc<Self>) {
        let Ok(worker) = runtime() else { return };
        // Not in the match: the lock would be held in its arms.
        let begun = held(&self.under_way).begun.len();
        match begun {
            0 => {}
            1 => self.take_over(worker),
            _ => {
                // Tasks that the worker spawns itself wake nobody.
                let queue = self.clone();
                worker.spawn(async move { queue.take_over(worker) });
            }
        }
    }

    fn take_over(self: &Arc<Self>, worker: &tokio::runtime::Handle) {
        // Held until the tasks are noted, so that none can end before.
        let mut under_way = held(&self.under_way);
        let UnderWay { begun, tasks } = &mut *under_way;
        for (id, work) in begun.drain(..) {
            let task = worker.spawn(self.clone().carried_out(id, work));
            tasks.insert(id, task.abort_handle());
        }
    }

    /// From now on calls know their number, for events of theirs.
    pub(crate) fn observe(&self) {
        self.is_observed.store(true, Ordering::Relaxed);
    }

    async fn carried_out(self: Arc<Self>, id: u32, work: Work) {
        let work: Work = if self.is_observed.load(Ordering::Relaxed) {
            Box::pin(CALL.scope(Arc::new(AtomicU32::new(id)), work))
        } else {
            work
        };
        let ended = AssertUnwindSafe(work).catch_unwind().await;
        held(&self.under_way).tasks.remove(&id);
        let ended =
            ended.unwrap_or_else(|_| Err(trunkline_binding::internal().with_may_have_reached_service(true).into()));
        let (payload, metadata) = ended.unwrap_or_else(|Failure { text, cause }| {
            let cause = cause.map(|cause| JsonText::new(cause.to_string()));
            (Payload::Failed(JsonText::new(text)), cause)
        });
        self.tell(Event { id, payload, metadata });
    }

    /// Asks the program something; `None` when the program has ended. `event` puts the question under its number.
    pub(crate) async fn ask(self: &Arc<Self>, event: impl FnOnce(u32) -> Event) -> Option<Reply> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
        if self.closed.load(Ordering::Acquire) {
            return None;
        }
        let (answer, answered) = oneshot::channel();
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        held(&self.asked).insert(id, answer);
        let forgotten = Forgotten { queue: self, id };
        self.tell(event(id));
        let given = answered.await.ok();
        drop(forgotten);
        given
    }
}

/// Forgets a question that nobody waits for any more.
struct Forgotten<'q> {
    queue: &'q Queue,
    id: u32,
}

impl Drop for Forgotten<'_> {
    fn drop(&mut self) {
        held(&self.queue.asked).remove(&self.id);
    }
}

/// The bridge between one program, or one worker thread of it, and the worker.
#[napi(js_name = "Bridge")]
pub struct NativeBridge {
    queue: Arc<Queue>,
}

impl NativeBridge {
    pub(crate) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }
}

#[napi]
impl NativeBridge {
    /// A bridge that hands over what has ended to `deliver`.
    #[napi(constructor)]
    pub fn new(deliver: Function<'_, FnArgs<(Events,)>, ()>) -> napi::Result<Self> {
        let queue = Arc::new(Queue {
            events: Mutex::default(),
            wake: OnceLock::new(),
            under_way: Mutex::default(),
            asked: Mutex::default(),
            closed: AtomicBool::new(false),
            is_observed: AtomicBool::new(false),
        });
        let taken = queue.clone();
        let wake = deliver
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(move |_: ThreadsafeCallContext<()>| Ok(FnArgs::from((Events(taken.take()),))))?;
        let _ = queue.wake.set(wake);
        Ok(Self { queue })
    }

    /// Stops the work of a call. It reports nothing any more.
    #[napi]
    pub fn stop(&self, id: u32) {
        let mut under_way = held(&self.queue.under_way);
        under_way.begun.retain(|(begun, _)| *begun != id);
        if let Some(task) = under_way.tasks.remove(&id) {
            task.abort();
        }
    }

    /// The program's turn ends: what was begun in it is carried out.
    #[napi]
    pub fn flush(&self) {
        self.queue.flush();
    }

    /// Gives a token that was asked for, with the milliseconds since 1970 at which it ends.
    #[napi]
    pub fn token(&self, asked: u32, token: String, expires: Option<f64>) {
        self.answer(asked, Reply::Token { token, expires });
    }

    /// Says that a function of the program failed, which was asked for a token or called with progress.
    #[napi]
    pub fn failed(&self, asked: u32, reason: String) {
        self.answer(asked, Reply::Failed { asked, reason });
    }

    /// Gives the response of a transport. The headers are names and values, one after the other.
    #[napi]
    pub fn respond(&self, asked: u32, status: u32, headers: Vec<String>, body: Uint8Array) {
        let response = Reply::Response {
            status: u16::try_from(status).unwrap_or_default(),
            headers,
            body: body.to_vec(),
        };
        self.answer(asked, response);
    }

    /// Says that a transport failed as the network does.
    #[napi]
    pub fn fault(&self, asked: u32, reason: String, fault: String) {
        self.answer(asked, Reply::Fault { asked, reason, fault });
    }

    /// Whether the process is kept alive by it.
    #[napi]
    pub fn hold(&self, env: &Env, held: bool) {
        let Some(wake) = self.queue.wake.get() else { return };
        wake.handle.with_read_aborted(|aborted| {
            if aborted {
                return;
            }
            // SAFETY: this is the thread of `env`, and the function has not been finalised: the guard is held.
            #[allow(unsafe_code, reason = "the interface for it wants the function for itself alone")]
            unsafe {
                if held {
                    sys::napi_ref_threadsafe_function(env.raw(), wake.raw());
                } else {
                    sys::napi_unref_threadsafe_function(env.raw(), wake.raw());
                }
            }
        });
    }

    /// Says that a function of the program that was called, with progress for instance, has ended well.
    #[napi]
    pub fn go_on(&self, asked: u32) {
        self.answer(asked, Reply::GoOn);
    }

    fn answer(&self, asked: u32, given: Reply) {
        if let Some(waiting) = held(&self.queue.asked).remove(&asked) {
            // Whoever asked may have given up.
            let _ = waiting.send(given);
        }
    }
}

impl Drop for NativeBridge {
    /// The program, or a worker thread of it, has ended: so does its work.
    fn drop(&mut self) {
        self.queue.closed.store(true, Ordering::Release);
        let mut under_way = held(&self.queue.under_way);
        under_way.begun.clear();
        for (_, task) in under_way.tasks.drain() {
            task.abort();
        }
        drop(under_way);
        held(&self.queue.asked).clear();
    }
}

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// The queues whose programs the worker has to wake before it rests.
static TELLING: Mutex<Vec<Arc<Queue>>> = Mutex::new(Vec::new());

/// Wakes the programs that have something to hear.
fn wake_all() {
    let mut telling = held(&TELLING);
    for queue in telling.drain(..) {
        if !held(&queue.events).is_empty() {
            queue.wake();
        }
    }
}

/// The runtime of the worker, on a thread of its own; one for the process, worker threads included.
pub(crate) fn runtime() -> Result<&'static tokio::runtime::Handle> {
    static RUNTIME: OnceLock<tokio::runtime::Handle> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let starting = held(&STARTING);
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let failed = |error: std::io::Error| {
        Error::new(ErrorKind::Connection, "the system has no resources for network calls").with_source(error)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(wake_all)
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    // It serves until the process ends.
    std::thread::Builder::new()
        .name("trunkline".to_owned())
        .spawn(move || {
            IS_WORKER.set(true);
            runtime.block_on(std::future::pending::<()>());
        })
        .map_err(failed)?;
    let runtime = RUNTIME.get_or_init(|| handle);
    drop(starting);
    Ok(runtime)
}

/// The value of a lock, whoever fell while holding it.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
