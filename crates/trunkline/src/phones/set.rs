//! Adding or changing a phone method.

use super::change::{Manner, manners};
use super::decision::{PhoneAction, PhoneStep, PhoneWanted, decide, has, is_masked, uniqueness};
use super::progress::PhoneProgress;
use super::{PhoneChange, PhoneOutcome, PhoneRole, Phones, ResolvedPhones};
use crate::generated::graph::PhoneAuthenticationMethod;
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

    async fn carry_out(self) -> Result<PhoneOutcome> {
        let role = self.role;
        let number = parse(&self.number)?;
        let phones = self.phones.resolved().await?;
        let present = self.manner.present(&phones).await?;
        let before = present.iter().find(|method| role.is_of(method)).cloned();
        let wanted = PhoneWanted::Number(role, number.clone());
        let PhoneAction::Send(step) = decide(&present, &wanted)?.action else {
            let after = before.clone();
            return Ok(outcome(&phones, role, PhoneChange::Already, before, after, None));
        };
        let change = match step {
            PhoneStep::Create(..) => PhoneChange::Created,
            _ => PhoneChange::Updated,
        };
        // 409 says that SMS sign-in could not be registered, and is also answered when the method was created all the
        // same; and an answer may be lost. Reading back tells.
        let doubt = match self.manner.send(&phones, &step).await? {
            Ok(()) => None,
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::UnknownOutcome) => {
                self.manner.watcher.tell_after_sending(&PhoneProgress::InDoubt).await?;
                Some(error)
            }
            Err(error) => return Err(error),
        };
        let after = match (phones.find(role).await, doubt.as_ref()) {
            (Ok(after), _) => after,
            (Err(_), Some(_)) => None,
            (Err(error), None) => return Err(error),
        };
        match (after, doubt) {
            (Some(after), doubt) if has(&after, &number) || is_masked(&after) && doubt.is_none() => {
                Ok(outcome(&phones, role, change, before, Some(after), doubt.as_ref()))
            }
            (_, Some(error)) => Err(error),
            (_, None) => Err(Error::new(
                ErrorKind::OperationFailed,
                format!("the {role} number was read back as another"),
            )
            .with_operation("phoneMethods.list")
            .with_may_have_reached_service(true)
            .with_next_step("Read the phone methods again in a minute")),
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

fn outcome(
    phones: &ResolvedPhones,
    role: PhoneRole,
    change: PhoneChange,
    before: Option<PhoneAuthenticationMethod>,
    after: Option<PhoneAuthenticationMethod>,
    doubt: Option<&Error>,
) -> PhoneOutcome {
    let mut warnings = Vec::new();
    if let Some(warning) = after.as_ref().and_then(uniqueness) {
        warnings.push(warning);
    } else if let Some(doubt) = doubt {
        warnings.push(format!(
            "the service reported a problem, but the number is set: {doubt}"
        ));
    }
    if after.as_ref().is_some_and(is_masked) {
        warnings.push("the number was read back masked, so only its presence is confirmed".to_owned());
    }
    PhoneOutcome {
        name: phones.name.clone(),
        change,
        user: phones.user.clone(),
        role,
        before,
        after,
        warnings,
    }
}
