//! Removing a phone method.

use super::change::{Options, phone_options};
use super::decision::{PhoneAction, PhoneWanted, decide};
use super::{PhoneOutcome, PhoneRole, Phones};
use crate::Result;

/// Removes a phone method. Returned by [`Phones::remove`]; await it, or [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct RemovePhone {
    pub(super) phones: Phones,
    pub(super) role: PhoneRole,
    pub(super) options: Options,
}

crate::intent::intent!(RemovePhone => PhoneOutcome);
phone_options!(RemovePhone);

impl RemovePhone {
    pub(super) fn new(phones: Phones, role: PhoneRole) -> Self {
        Self {
            phones,
            role,
            options: Options::default(),
        }
    }

    async fn execute(mut self) -> Result<PhoneOutcome> {
        let begun = self.options.begin(&self.phones).await?;
        let wanted = PhoneWanted::Absent(self.role);
        match decide(&begun.present, &wanted)?.action {
            PhoneAction::Send(step) => self.options.execute(&begun, &step, &wanted).await,
            PhoneAction::Already => Ok(begun.already(&wanted, Vec::new())),
        }
    }
}
