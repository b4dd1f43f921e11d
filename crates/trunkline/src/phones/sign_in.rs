//! Signing in with a text message.

use super::change::{Manner, manners};
use super::decision::{PhoneAction, PhoneWanted, decide, is_on};
use super::{PhoneChange, PhoneOutcome, PhoneRole, Phones};
use crate::generated::graph::AuthenticationMethodSignInState as State;
use crate::{Error, ErrorKind, Result};

/// SMS sign-in to be switched on or off. Made by [`Phones::enable_sms_sign_in`] and [`Phones::disable_sms_sign_in`];
/// await it, or [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SmsSignIn {
    pub(super) phones: Phones,
    pub(super) on: bool,
    pub(super) manner: Manner,
}

crate::intent::intent!(SmsSignIn => PhoneOutcome);
manners!(SmsSignIn);

impl SmsSignIn {
    pub(super) fn new(phones: Phones, on: bool) -> Self {
        Self {
            phones,
            on,
            manner: Manner::default(),
        }
    }

    async fn carry_out(self) -> Result<PhoneOutcome> {
        let role = PhoneRole::Mobile;
        let phones = self.phones.resolved().await?;
        let present = self.manner.present(&phones).await?;
        let before = present.iter().find(|method| role.is_of(method)).cloned();
        let PhoneAction::Send(step) = decide(&present, &PhoneWanted::SmsSignIn(self.on))?.action else {
            return Ok(PhoneOutcome {
                change: PhoneChange::Already,
                name: phones.name,
                user: phones.user,
                role,
                after: before.clone(),
                before,
                warnings: Vec::new(),
            });
        };
        let operation = step.operation();
        self.manner.send(&phones, &step).await??;
        // The service answers 204 whether or not it had an effect, so only the state read back counts.
        let after = phones.find(role).await?.unwrap_or_default();
        let state = after.sms_sign_in_state.value();
        if is_on(&after) != self.on {
            let shown = state.map_or_else(|| "unknown".to_owned(), ToString::to_string);
            let step = match state {
                Some(State::NotAllowedByPolicy) => {
                    "Allow it in the tenant's SMS policy (isUsableForSignIn of a target the user is in)"
                }
                Some(State::PhoneNumberNotUnique) => "Another user signs in with this number: disable it there first",
                _ => "Read the phone methods again in a minute",
            };
            return Err(Error::new(
                ErrorKind::OperationFailed,
                format!("SMS sign-in was read back as {shown}"),
            )
            .with_operation(operation)
            .with_may_have_reached_service(true)
            .with_next_step(step));
        }
        Ok(PhoneOutcome {
            change: PhoneChange::Updated,
            name: phones.name,
            user: phones.user,
            role,
            before,
            after: Some(after),
            warnings: Vec::new(),
        })
    }
}
