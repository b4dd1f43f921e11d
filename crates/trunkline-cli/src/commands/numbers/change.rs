//! `trunkline numbers assign` and `unassign`.

use std::future::{Future, IntoFuture};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tokio::sync::oneshot;
use trunkline::mask::is_guid;
use trunkline::numbers::NumberOutcome;
use trunkline::teams_administration::AssignmentCategory;
use trunkline::{ChangeProgress, Client, Error, ErrorKind};

use super::{columns, of_country, outcome, warn};
use crate::arguments::{Assign, Format, Unassign};
use crate::commands::{Report, people};
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::names::{Names, shown_name};
use crate::printer::{Printer, resume_hint};
use crate::progress::Reporter;

/// The change.
pub(super) fn assignment(assign: &Assign, client: &Client) -> trunkline::numbers::Assign {
    let numbers = of_country(client, assign.dialled);
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
    intent.base(assign.base)
}

/// The change.
pub(super) fn unassignment(unassign: &Unassign, client: &Client) -> trunkline::numbers::Unassign {
    let numbers = of_country(client, unassign.dialled);
    numbers.unassign(&unassign.number).base(unassign.base)
}

pub(super) async fn assign(assign: &Assign, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let number = of_country(client, assign.dialled).parse_number(&assign.number)?;
    let mut intent = assignment(assign, client);
    if let Some(timeout) = assign.waiting.timeout {
        intent = intent.with_timeout(timeout);
    }
    let (watch, teller) = watch(client, printer);
    let intent = intent.with_progress(teller);
    let change = async {
        match intent.await {
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(named(client, printer, error).await),
        }
    };
    let known = Some(assign.user.as_str()).filter(|user| people::is_principal_name(user));
    watch.follow(change, &number.to_string(), assign.no_wait, known).await
}

/// Says of a holder that stands in an error what it is called.
async fn named(client: &Client, printer: Printer, error: Error) -> Error {
    if printer.format() != Format::Table || error.kind() != ErrorKind::Conflict {
        return error;
    }
    let holder = error.message().split(' ').find(|word| is_guid(word));
    let Some(holder) = holder.map(str::to_owned) else {
        return error;
    };
    let names = people::names(client, printer, [holder.as_str()]).await;
    let Some(name) = names.get(&holder) else { return error };
    // In a log the name is masked, and the id alone says who it is.
    let ids = printer.view().ids || !printer.in_full();
    let message = people::with_name(error.message(), &holder, &printer.shown(name), ids);
    error.with_message(message)
}

/// The outcome of a change, with the names of the holders.
async fn sentence(client: &Client, printer: Printer, ended: &NumberOutcome, known: Option<&str>) -> String {
    let text = ended.to_string();
    if printer.format() != Format::Table {
        return text;
    }
    let ids = printer.view().ids;
    match (ended.after.holder(), ended.before.holder()) {
        (Some(holder), _) => {
            let names = match known {
                Some(_) => Names::new(),
                None => people::names(client, printer, [holder]).await,
            };
            let name = known.or_else(|| names.get(holder).map(String::as_str));
            name.map_or_else(|| text.clone(), |name| people::with_name(&text, holder, name, ids))
        }
        (None, Some(holder)) => {
            let names = people::names(client, printer, [holder]).await;
            let name = names.get(holder).map_or(holder, |name| name);
            format!("{text}; it was assigned to {}", shown_name(name, holder, ids))
        }
        (None, None) => text,
    }
}

pub(super) async fn unassign(unassign: &Unassign, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let number = of_country(client, unassign.dialled).parse_number(&unassign.number)?;
    let mut intent = unassignment(unassign, client);
    if let Some(timeout) = unassign.waiting.timeout {
        intent = intent.with_timeout(timeout);
    }
    let (watch, teller) = watch(client, printer);
    let intent = intent.with_progress(teller);
    watch
        .follow(intent.into_future(), &number.to_string(), unassign.no_wait, None)
        .await
}

/// An order that was accepted.
struct Accepted {
    id: String,
    token: String,
}

/// Watches a change on its way.
struct Watch {
    client: Client,
    printer: Printer,
    reporter: Reporter,
    accepted: oneshot::Receiver<Accepted>,
}

/// A watch, and what an intent tells of its progress to.
fn watch(client: &Client, printer: Printer) -> (Watch, impl Fn(&ChangeProgress) + Send + Sync + 'static) {
    let (sender, accepted) = oneshot::channel();
    let watch = Watch {
        client: client.clone(),
        printer,
        reporter: Reporter::new(printer),
        accepted,
    };
    let (reporter, sender) = (watch.reporter.clone(), Mutex::new(Some(sender)));
    let teller = move |progress: &ChangeProgress| {
        reporter.tell(progress);
        if let ChangeProgress::Accepted { id, token } = progress
            && let Some(sender) = sender.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            // Nobody listens when the end is waited for.
            let _ = sender.send(Accepted {
                id: id.clone(),
                token: token.clone(),
            });
        }
    };
    (watch, teller)
}

impl Watch {
    /// Goes on to the end, or only until the order is accepted. `known`: the principal name of the new holder.
    async fn follow<F>(self, change: F, number: &str, no_wait: bool, known: Option<&str>) -> Result<Report, Failure>
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
                outcome = change => outcome.map(|ended| Step::Ended(Box::new(ended))),
                accepted = until_accepted => Ok(Step::Accepted(accepted)),
            }
        };
        match unless_interrupted(&reporter, step).await? {
            Step::Ended(ended) => {
                warn(self.printer, &ended.warnings);
                let sentence = sentence(&self.client, self.printer, &ended, known).await;
                Ok(outcome(serde_json::to_value(&ended)?, sentence))
            }
            Step::Accepted(accepted) => {
                let json = json!({
                    "change": "accepted",
                    "number": number,
                    "operation": accepted.id,
                    "resumeToken": accepted.token,
                });
                let text = format!("accepted, in progress; {}", resume_hint(&accepted.token));
                Ok(Document::new(json, columns::ACCEPTED).with_text(text).into())
            }
        }
    }
}

enum Step {
    Ended(Box<NumberOutcome>),
    Accepted(Accepted),
}
