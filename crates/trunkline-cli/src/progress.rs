//! Progress of an order: a spinner on a terminal, else one line per stage.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trunkline::{ChangeProgress, Current};

use crate::printer::Printer;

/// How often the spinner moves.
const TICK: Duration = Duration::from_millis(100);

/// Shows progress, and remembers how to resume. Clones share their state.
#[derive(Clone)]
pub(crate) struct Reporter {
    printer: Printer,
    started: Instant,
    spinner: Option<ProgressBar>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    token: Option<String>,
    shown: String,
}

impl Reporter {
    /// For an order: shows its stages.
    pub(crate) fn new(printer: Printer) -> Self {
        let reporter = Self::silent(printer);
        let spinner = printer.spins().then(|| {
            let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                spinner.set_style(style);
            }
            spinner.set_message("looking up");
            spinner.enable_steady_tick(TICK);
            spinner
        });
        Self { spinner, ..reporter }
    }

    /// For what has no stages.
    pub(crate) fn silent(printer: Printer) -> Self {
        Self {
            printer,
            started: Instant::now(),
            spinner: None,
            seen: Arc::default(),
        }
    }

    /// Shows how far a change has come.
    pub(crate) fn tell(&self, progress: &ChangeProgress) {
        match progress {
            ChangeProgress::Found(Current::Number(found)) => {
                let number = found.telephone_number.as_deref().unwrap_or_default();
                let number = if self.printer.in_full() {
                    number.to_owned()
                } else {
                    trunkline::mask::number(number)
                };
                let status = found
                    .assignment_status
                    .value()
                    .map_or("in an unknown state", trunkline::OpenEnum::as_str);
                self.stage(&format!("found {number}: {status}"));
            }
            ChangeProgress::Accepted { token, .. } => {
                self.remember(token);
                self.stage("accepted");
            }
            ChangeProgress::Stage(status) => self.stage(status),
            ChangeProgress::InDoubt => self.stage("the answer was lost; reading the number to see whether it happened"),
            ChangeProgress::Settling => self.stage("reading the number back"),
            _ => {}
        }
    }

    /// Shows a stage, unless it is the one that is shown.
    pub(crate) fn stage(&self, stage: &str) {
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.shown == stage {
                return;
            }
            stage.clone_into(&mut seen.shown);
        }
        match &self.spinner {
            Some(spinner) => spinner.set_message(crate::document::printable(stage).into_owned()),
            None => self
                .printer
                .note(&format!("{stage} ({:.1}s)", self.started.elapsed().as_secs_f64())),
        }
    }

    /// Shows how far an order has come that was accepted long ago.
    pub(crate) fn tell_resumed(&self, progress: &ChangeProgress) {
        match progress {
            ChangeProgress::Accepted { token, .. } => self.remember(token),
            other => self.tell(other),
        }
    }

    fn remember(&self, token: &str) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).token = Some(token.to_owned());
    }

    /// The text that takes the last accepted order up again.
    pub(crate) fn token(&self) -> Option<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).token.clone()
    }

    /// Takes the spinner off the terminal.
    pub(crate) fn clear(&self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
