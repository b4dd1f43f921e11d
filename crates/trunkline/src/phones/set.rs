//! Adding or changing a phone method.

use super::change::{Options, phone_options};
use super::decision::{PhoneAction, PhoneWanted, decide};
use super::{PhoneOutcome, PhoneRole, Phones};
use crate::Result;
use crate::country::IntoCountry;
use crate::intent::MaskedNumber;

/// Sets a phone method. Returned by [`Phones::set`]; await it, or [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetPhone {
    pub(super) phones: Phones,
    pub(super) role: PhoneRole,
    pub(super) number: String,
    pub(super) options: Options,
}

crate::intent::intent!(SetPhone => PhoneOutcome);
phone_options!(SetPhone);

impl std::fmt::Debug for SetPhone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SetPhone")
            .field("phones", &self.phones)
            .field("role", &self.role)
            .field("number", &MaskedNumber(&self.number))
            .field("options", &self.options)
            .finish()
    }
}

impl SetPhone {
    pub(super) fn new(phones: Phones, role: PhoneRole, number: String) -> Self {
        Self {
            phones,
            role,
            number,
            options: Options::default(),
        }
    }

    /// The country of the number, when it is written without a plus.
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.phones.reader.set(country);
        self
    }

    async fn execute(mut self) -> Result<PhoneOutcome> {
        let number = self.phones.reader.phone_method_number(&self.number)?;
        let wanted = PhoneWanted::Number(self.role, number);
        let begun = self.options.begin(&self.phones).await?;
        let decision = decide(&begun.present, &wanted)?;
        match decision.action {
            PhoneAction::Send(step) => self.options.execute(&begun, &step, &wanted).await,
            PhoneAction::Already => Ok(begun.already(&wanted, decision.warnings)),
        }
    }
}
