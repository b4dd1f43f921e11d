//! Signing in with a text message.

use super::change::{Options, phone_options};
use super::decision::{PhoneAction, PhoneWanted, decide};
use super::{PhoneOutcome, Phones};
use crate::Result;

/// Switches SMS sign-in on or off. Returned by [`Phones::enable_sms_sign_in`] and [`Phones::disable_sms_sign_in`];
/// await it, or [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SmsSignIn {
    pub(super) phones: Phones,
    pub(super) on: bool,
    pub(super) options: Options,
}

crate::intent::intent!(SmsSignIn => PhoneOutcome);
phone_options!(SmsSignIn);

impl SmsSignIn {
    pub(super) fn new(phones: Phones, on: bool) -> Self {
        Self {
            phones,
            on,
            options: Options::default(),
        }
    }

    async fn execute(mut self) -> Result<PhoneOutcome> {
        let begun = self.options.begin(&self.phones).await?;
        let wanted = PhoneWanted::SmsSignIn(self.on);
        match decide(&begun.present, &wanted)?.action {
            // The service answers 204 whether or not it had an effect: the state that is read back counts.
            PhoneAction::Send(step) => self.options.execute(&begun, &step, &wanted).await,
            PhoneAction::Already => Ok(begun.already(&wanted, Vec::new())),
        }
    }
}
