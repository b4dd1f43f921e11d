//! Adding or changing a phone method.

use super::change::{Manner, manners};
use super::decision::{PhoneAction, PhoneWanted, decide};
use super::{PhoneOutcome, PhoneRole, Phones};
use crate::intent::MaskedNumber;
use crate::telephone::PhoneMethodNumber;
use crate::{Error, ErrorKind, Result};

/// A phone method to be set. Made by [`Phones::set`]; await it, or [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetPhone {
    pub(super) phones: Phones,
    pub(super) role: PhoneRole,
    pub(super) number: String,
    pub(super) manner: Manner,
}

crate::intent::intent!(SetPhone => PhoneOutcome);
manners!(SetPhone);

impl std::fmt::Debug for SetPhone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SetPhone")
            .field("phones", &self.phones)
            .field("role", &self.role)
            .field("number", &MaskedNumber(&self.number))
            .field("manner", &self.manner)
            .finish()
    }
}

impl SetPhone {
    pub(super) fn new(phones: Phones, role: PhoneRole, number: String) -> Self {
        Self {
            phones,
            role,
            number,
            manner: Manner::default(),
        }
    }

    async fn carry_out(mut self) -> Result<PhoneOutcome> {
        let wanted = PhoneWanted::Number(self.role, parse(&self.number)?);
        let begun = self.manner.begin(&self.phones).await?;
        let decision = decide(&begun.present, &wanted)?;
        match decision.action {
            PhoneAction::Send(step) => self.manner.carry_out(&begun, &step, &wanted).await,
            PhoneAction::Already => Ok(begun.already(&wanted, decision.warnings)),
        }
    }
}

pub(super) fn parse(number: &str) -> Result<PhoneMethodNumber> {
    PhoneMethodNumber::parse(number).map_err(|error| {
        let advice = error.advice();
        Error::new(ErrorKind::InvalidInput, error.to_string())
            .with_next_step(advice)
            .with_source(error)
    })
}
