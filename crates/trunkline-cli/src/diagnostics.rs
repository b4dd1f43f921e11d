//! The output of `--verbose`.

use tracing_subscriber::filter::EnvFilter;

use crate::printer::Printer;

/// Shows on standard error what our own crates report. They mask what identifies a person before they report it; other
/// crates do not, and are left out.
pub(crate) fn show(printer: Printer) {
    let filter = EnvFilter::new("off,trunkline=debug,trunkline_core=debug,trunkline_emulator=debug");
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(printer.colours())
        .without_time()
        .finish();
    // A second subscriber would be a second call of this function, of which there is one.
    let _ = tracing_subscriber::util::SubscriberInitExt::try_init(subscriber);
}
