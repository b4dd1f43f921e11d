//! Carrying out a decision about a user: its one request is sent, and the state is read until the change shows.

use std::time::Duration;

use crate::change::Change;
use crate::decision::{Current, Decision};
use crate::options::ChangeOptions;
use crate::outcome::ChangeOutcome;
use crate::phones::seeing;
use crate::policies::decision::{is_shown, not_shown};
use crate::progress::ChangeProgress;
use crate::read_back::{Deadline, Late, Shows, Unsettled, settle};
use crate::subject::request;
use crate::{Client, Error, ErrorKind, Result, RetryAdvice};

/// Carries the decision out that was made on this state. What the service accepted is done even when it does not show: the
/// outcome says so.
pub(crate) async fn run(
    client: &Client,
    deadline: Deadline,
    change: Change,
    before: Current,
    decision: Decision,
    options: &ChangeOptions,
) -> Result<ChangeOutcome> {
    let warnings = |decision: &Decision| decision.warnings.iter().map(ToString::to_string).collect();
    let Some(step) = decision.steps().first() else {
        return Ok(ChangeOutcome {
            change,
            is_already: true,
            seen: true,
            after: before.clone(),
            before,
            orders: Vec::new(),
            warnings: warnings(&decision),
        });
    };
    deadline.check(client)?;
    let doubt = match options.send(request(client, step, &before), false).await? {
        Ok(_) => None,
        Err(error) => match &before {
            Current::Phones(_) => seeing::doubt(&change, error)?,
            _ if error.may_have_reached_service() => Some(error),
            _ => return Err(error),
        },
    };
    let patience = match &before {
        Current::Phones(before) => seeing::patience(&change, before, doubt.as_ref()),
        _ => None,
    };
    let until = options.until(client, deadline, patience);
    let shows = |now: &Current| match (now, &before) {
        (Current::Phones(now), Current::Phones(before)) => seeing::shows(&change, now, before, doubt.is_some()),
        (Current::Policies(now), _) if is_shown(&change, now) => Shows::Change,
        _ => Shows::Nothing,
    };
    let shown = read_back(client, until, doubt.as_ref(), &change, options, shows).await?;
    let (after, warnings, seen) = match shown {
        ReadBack::Shown(after) => {
            let mut warnings = match (&before, &after) {
                (Current::Phones(before), Current::Phones(after)) => {
                    seeing::warnings(&change, before, after, doubt.as_ref())
                }
                _ => warnings(&decision),
            };
            if let Some(doubt) = doubt.filter(|doubt| !seeing::is_half_refusal(&change, doubt)) {
                warnings.push(format!(
                    "the answer to the request was lost, and reading back shows the change: {doubt}"
                ));
            }
            (after, warnings, true)
        }
        ReadBack::NotShown(last, why) => {
            let last = last.map_or_else(|| before.clone(), |last| *last);
            let shown = match &last {
                Current::Phones(last) => seeing::not_shown(&change, last)?,
                last => not_shown(&change, last.policies()),
            };
            let mut warnings: Vec<String> = warnings(&decision);
            warnings.push(why.warning(&shown));
            (last, warnings, false)
        }
    };
    Ok(ChangeOutcome {
        change,
        is_already: false,
        seen,
        before,
        after,
        orders: Vec::new(),
        warnings,
    })
}

/// Result of reading a change back.
enum ReadBack {
    /// This state shows the change.
    Shown(Current),
    /// The service accepted the change, and this state, which was read last, does not show it.
    NotShown(Option<Box<Current>>, NotShown),
}

/// Why a change that the service accepted was not seen.
enum NotShown {
    /// Time was up.
    Late(Duration),
    /// The last reading failed.
    Unread(Error),
}

impl NotShown {
    /// A warning about it, with the state that was read last in words.
    fn warning(&self, shown: &str) -> String {
        let read = match self {
            Self::Late(after) => format!("reading for {} seconds still showed {shown}", after.as_secs()),
            Self::Unread(error) => format!("reading it back failed: {}", error.message()),
        };
        format!("the service accepted the change, but {read}; read it again later, it need not be sent again")
    }
}

/// Reads until a change shows, or until a moment of the clock. `doubt` is the error of a request that may have been carried out.
///
/// # Errors
///
/// The watcher's; the one that a reading fails the change with; [`ErrorKind::UnknownOutcome`] when there is a doubt and nothing
/// settles it.
async fn read_back(
    client: &Client,
    until: Duration,
    doubt: Option<&Error>,
    change: &Change,
    options: &ChangeOptions,
    shows: impl Fn(&Current) -> Shows<Error>,
) -> Result<ReadBack> {
    if doubt.is_some() {
        options.watcher.tell_after_sending(&ChangeProgress::InDoubt).await?;
    }
    let read = || Current::read(client, change);
    // On the heap: many changes of a job wait here at a time.
    let settled = Box::pin(settle(client.core().clock(), until, &options.watcher, read, shows)).await;
    let (last, why) = match settled {
        Ok(state) => return Ok(ReadBack::Shown(state)),
        Err(Unsettled::Stopped(error)) => return Err(error.with_may_have_reached_service(true)),
        Err(Unsettled::Failed(error)) => return Err(error),
        Err(Unsettled::Late(Late { last, after, .. })) => (Some(last), NotShown::Late(after)),
        Err(Unsettled::Unread { error, last }) => (last, NotShown::Unread(error)),
    };
    match doubt {
        Some(doubt) => Err(in_doubt(doubt.clone(), change, &why)),
        None => Ok(ReadBack::NotShown(last, why)),
    }
}

/// The outcome of the change is unknown; a conflict says by itself that it was refused.
fn in_doubt(doubt: Error, change: &Change, why: &NotShown) -> Error {
    if doubt.kind() == ErrorKind::Conflict {
        return doubt;
    }
    let state = match change.policy_type() {
        None => "the phone methods (phoneMethods.list)",
        Some(_) => "the policies of the user (userConfigurations.get)",
    };
    let read = match why {
        NotShown::Late(after) => format!("they did not show the change within {} seconds", after.as_secs()),
        NotShown::Unread(error) => format!("that failed just now ({})", error.message()),
    };
    doubt
        .with_kind(ErrorKind::UnknownOutcome)
        .with_retry_advice(RetryAdvice::AfterReadBack)
        .with_may_have_reached_service(true)
        .with_next_step(format!("Read {state} before sending the change again: {read}"))
}
