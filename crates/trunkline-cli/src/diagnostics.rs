//! The output of `--verbose`.

use std::io::{self, Write};

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::printer::Printer;

/// Shows on standard error what our own crates report. They mask what identifies a person before they report it; other
/// crates do not, and are left out. On a terminal, the person reads what they typed in full.
pub(crate) fn show(printer: Printer) {
    let ours = filter_fn(|event| *event.level() <= LevelFilter::DEBUG && event.target().starts_with("trunkline"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || Lines(printer))
        .with_ansi(printer.colours())
        .without_time()
        .with_filter(ours);
    // A second subscriber would be a second call of this function, of which there is one.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// Takes the lines of events, each at once.
struct Lines(Printer);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = io::stderr().lock();
        if self.0.in_full() {
            out.write_all(self.0.completed(&String::from_utf8_lossy(bytes)).as_bytes())?;
        } else {
            out.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
