//! Ctrl-C, and requests to terminate.
//!
//! By libraries of their own and not by tokio's: with that, every runtime of the packages for Python and Node, of which the command is
//! a part, would hold descriptors for signals, and none could be built after a daemon has closed all of them.

use std::io;
use std::sync::OnceLock;

use tokio::sync::watch;

use crate::failure::Failure;

/// The signals that ask a process to stop. They are watched for from the moment this is made.
pub(crate) struct Signals(watch::Receiver<u64>);

impl Signals {
    pub(crate) fn new() -> Result<Self, Failure> {
        static ARRIVED: OnceLock<Result<watch::Sender<u64>, String>> = OnceLock::new();
        let arrived = ARRIVED.get_or_init(|| {
            let (arrived, _) = watch::channel(0);
            let set = count(arrived.clone()).map_err(|error| error.to_string());
            set.map(|()| arrived)
        });
        match arrived {
            Ok(arrived) => Ok(Self(arrived.subscribe())),
            Err(error) => Err(Failure::Unexpected(format!("signals cannot be watched for: {error}"))),
        }
    }

    /// Waits for the next one.
    pub(crate) async fn any(&mut self) {
        // The sender is never dropped.
        let _ = self.0.changed().await;
    }
}

/// Counts the signals from now on. A hang-up is not among them: `nohup` has the process ignore it, and a handler would undo that.
///
/// As long as nobody waits for a signal, it ends the process as if it were not watched for.
#[cfg(unix)]
fn count(arrived: watch::Sender<u64>) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::low_level::emulate_default_handler;

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || {
        for signal in signals.forever() {
            if arrived.receiver_count() == 0 {
                // It ends the process, unless the system refuses; then the next signal tries again.
                let _ = emulate_default_handler(signal);
            }
            arrived.send_modify(|count| *count += 1);
        }
    })?;
    Ok(())
}

/// Counts the requests of the console to stop from now on.
#[cfg(not(unix))]
fn count(arrived: watch::Sender<u64>) -> io::Result<()> {
    let handler = move || {
        if arrived.receiver_count() == 0 {
            // The exit code of a process on Windows that Ctrl-C ended.
            std::process::exit(0xC000_013A_u32 as i32);
        }
        arrived.send_modify(|count| *count += 1);
    };
    ctrlc::set_handler(handler).map_err(io::Error::other)
}
