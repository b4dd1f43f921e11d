//! Assigning and unassigning.

use std::future::{Future, IntoFuture};
use std::sync::Mutex;

use serde_json::json;
use tokio::sync::oneshot;
use trunkline::numbers::{NumberOutcome, Progress};
use trunkline::teams_administration::AssignmentCategory;
use trunkline::{Client, Error};

use super::{columns, outcome, warn};
use crate::arguments::{Assign, Unassign};
use crate::commands::Report;
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::{Printer, resume_hint};
use crate::progress::Reporter;

pub(super) async fn assign(assign: &Assign, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let numbers = client.numbers();
    let mut intent = if assign.takes {
        numbers.move_to(&assign.number, &assign.user)
    } else {
        numbers.assign(&assign.number, &assign.user)
    };
    if let Some(category) = &assign.category {
        intent = intent.category(AssignmentCategory::from(category.as_str()));
    }
    if let Some(location) = &assign.location {
        intent = intent.location(location);
    }
    if let Some(deadline) = assign.waiting.deadline {
        intent = intent.with_deadline(deadline);
    }
    let watch = Watch::new(printer);
    let intent = intent.with_progress(watch.teller());
    let change = async { intent.await.map_err(in_our_words) };
    watch.follow(change, &assign.number, assign.no_wait).await
}

/// The intents speak of methods; here they are options.
fn in_our_words(error: Error) -> Error {
    match error.next_step().strip_prefix("Use move_to ") {
        Some(rest) => {
            let next_step = format!("Give --move {rest}");
            error.with_next_step(next_step)
        }
        None => error,
    }
}

pub(super) async fn unassign(unassign: &Unassign, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let mut intent = client.numbers().unassign(&unassign.number);
    if let Some(deadline) = unassign.waiting.deadline {
        intent = intent.with_deadline(deadline);
    }
    let watch = Watch::new(printer);
    let intent = intent.with_progress(watch.teller());
    watch.follow(intent.into_future(), &unassign.number, unassign.no_wait).await
}

/// An order that was accepted.
struct Accepted {
    id: String,
    token: String,
}

/// Watches a change on its way.
struct Watch {
    printer: Printer,
    reporter: Reporter,
    sender: Mutex<Option<oneshot::Sender<Accepted>>>,
    accepted: oneshot::Receiver<Accepted>,
}

impl Watch {
    fn new(printer: Printer) -> Self {
        let (sender, accepted) = oneshot::channel();
        Self { printer, reporter: Reporter::new(printer), sender: Mutex::new(Some(sender)), accepted }
    }

    /// What the intent tells of its progress to.
    fn teller(&self) -> impl Fn(&Progress) + Send + Sync + 'static {
        let reporter = self.reporter.clone();
        let sender = Mutex::new(self.sender.lock().ok().and_then(|mut sender| sender.take()));
        move |progress| {
            reporter.tell(progress);
            if let Progress::Accepted { id, token } = progress
                && let Some(sender) = sender.lock().ok().and_then(|mut sender| sender.take())
            {
                // Nobody listens when the end is waited for.
                let _ = sender.send(Accepted { id: id.clone(), token: token.clone() });
            }
        }
    }

    /// Goes on to the end, or only until the order is accepted.
    async fn follow<F>(self, change: F, number: &str, no_wait: bool) -> Result<Report, Failure>
    where
        F: Future<Output = trunkline::Result<NumberOutcome>>,
    {
        let (reporter, accepted) = (self.reporter, self.accepted);
        let until_accepted = async {
            match accepted.await {
                Ok(accepted) if no_wait => accepted,
                _ => std::future::pending().await,
            }
        };
        let step = async {
            tokio::select! {
                outcome = change => outcome.map(Step::Ended),
                accepted = until_accepted => Ok(Step::Accepted(accepted)),
            }
        };
        match unless_interrupted(&reporter, step).await? {
            Step::Ended(ended) => {
                warn(self.printer, &ended.warnings);
                Ok(outcome(serde_json::to_value(&ended)?, ended.to_string()))
            }
            Step::Accepted(accepted) => {
                let json = json!({
                    "change": "accepted",
                    "number": number,
                    "operation": accepted.id,
                    "resumeToken": accepted.token,
                });
                let text = format!("accepted, not at its end; {}", resume_hint(&accepted.token));
                Ok(Document::new(json, columns::ACCEPTED).with_text(text).into())
            }
        }
    }
}

enum Step {
    Ended(NumberOutcome),
    Accepted(Accepted),
}
