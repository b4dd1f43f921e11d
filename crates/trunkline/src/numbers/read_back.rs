//! Reads a number until it shows the change: the end of an order is not yet a working number.

use trunkline_core::mask;

use super::order::Order;
use crate::generated::teams_administration::{ActivationState, NumberAssignment};
use crate::read_back::Late;
use crate::refusal::AFTER_FAILURE;
use crate::{Error, ErrorKind, RetryAdvice};

/// The progress of a change as a number shows it.
pub(super) type Shows = crate::read_back::Shows<ActivationState>;

/// Why a number does not show a change.
pub(super) type Unsettled = crate::read_back::Unsettled<NumberAssignment, ActivationState>;

impl Shows {
    /// Compares a number with the wanted state.
    pub(super) fn of(number: &NumberAssignment, done: bool) -> Self {
        match number.activation_state.value() {
            _ if !done => Self::Nothing,
            None | Some(ActivationState::Activated) => Self::Change,
            Some(state @ (ActivationState::AssignmentFailed | ActivationState::UpdateFailed)) => {
                Self::Failed(state.clone())
            }
            Some(_) => Self::Pending,
        }
    }
}

impl Unsettled {
    /// The order ended well. That stays true whatever reading brings; the order's token reads again.
    pub(super) fn after_success(self, order: &Order, number: &str, token: String) -> Error {
        let ended = format!("the order succeeded ({})", order.ids());
        self.explained(&ended, number).with_resume_token(token)
    }

    /// The change `done` was made, but the number does not show it.
    pub(super) fn explained(self, done: &str, number: &str) -> Error {
        let error = match self {
            Self::Unread { error: cause, .. } => {
                let message = format!("{done}; reading {number} back failed: {}", cause.message());
                let step = format!(
                    "Read {number} before anything else and do not send the change again. {}",
                    cause.next_step()
                );
                cause.with_message(message).with_next_step(step)
            }
            Self::Stopped(error) => {
                let step = format!("{done}; {number} was not read to the end. {}", error.next_step());
                return error.with_next_step(step).with_may_have_reached_service(true);
            }
            Self::Failed(state) => {
                let state = mask::text(&state.to_string());
                Error::new(
                    ErrorKind::OperationFailed,
                    format!("{done}, but {number} shows {state}"),
                )
                .with_next_step(AFTER_FAILURE)
            }
            Self::Late(Late { last, after, .. }) => {
                let shown = last
                    .activation_state
                    .value()
                    .filter(|state| **state != ActivationState::Activated);
                let shown = shown.map(|state| format!(" (it shows {})", mask::text(&state.to_string())));
                let message = format!(
                    "{done}, but {number} does not show the change after {} seconds of reading{}",
                    after.as_secs(),
                    shown.unwrap_or_default()
                );
                Error::new(ErrorKind::Timeout, message).with_next_step(format!(
                    "Read {number} again later; do not send the change again before it shows a final state"
                ))
            }
        };
        error
            .with_operation("numberAssignments.list")
            .with_may_have_reached_service(true)
    }

    /// The outcome of the order is unknown; `error` says how its answer was lost.
    pub(super) fn in_doubt(self, error: Error, number: &str) -> Error {
        let (error, known) = match error.kind() {
            ErrorKind::AcceptedUntracked | ErrorKind::UntrustedLink => {
                (error, "the order was accepted and was not sent again")
            }
            _ => (
                error
                    .with_kind(ErrorKind::UnknownOutcome)
                    .with_retry_advice(RetryAdvice::AfterReadBack),
                "the order may be in progress and was not sent again",
            ),
        };
        match self {
            failed @ Self::Failed(_) => {
                failed.explained("the answer to the order was lost", number).with_source(error)
            }
            Self::Stopped(stopped) => {
                let step = format!("Read {number} (numberAssignments.list): {known}. {}", stopped.next_step());
                stopped.with_next_step(step).with_source(error)
            }
            Self::Unread { error: cause, .. } => {
                let step = format!(
                    "Read {number} (numberAssignments.list), which failed just now ({}): {known}",
                    cause.message()
                );
                error.with_next_step(step).with_source(cause)
            }
            Self::Late(Late { after, .. }) => error.with_next_step(format!(
                "Read {number} (numberAssignments.list) later: it did not show the change within {} seconds, but {known}. \
                 Order it again only when it is certain that the first order is not",
                after.as_secs()
            )),
        }
        .with_may_have_reached_service(true)
    }
}
