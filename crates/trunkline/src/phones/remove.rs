//! Removing a phone method.

use super::change::{Manner, manners};
use super::decision::{PhoneAction, PhoneWanted, decide};
use super::{PhoneChange, PhoneOutcome, PhoneRole, Phones};
use crate::{Error, ErrorKind, Result};

/// A phone method to be removed. Made by [`Phones::remove`]; await it, or [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct RemovePhone {
    pub(super) phones: Phones,
    pub(super) role: PhoneRole,
    pub(super) manner: Manner,
}

crate::intent::intent!(RemovePhone => PhoneOutcome);
manners!(RemovePhone);

impl RemovePhone {
    pub(super) fn new(phones: Phones, role: PhoneRole) -> Self {
        Self {
            phones,
            role,
            manner: Manner::default(),
        }
    }

    async fn carry_out(self) -> Result<PhoneOutcome> {
        let role = self.role;
        let phones = self.phones.resolved().await?;
        let present = self.manner.present(&phones).await?;
        let before = present.iter().find(|method| role.is_of(method)).cloned();
        let outcome = |change, before| PhoneOutcome {
            change,
            name: phones.name.clone(),
            user: phones.user.clone(),
            role,
            before,
            after: None,
            warnings: Vec::new(),
        };
        let PhoneAction::Send(step) = decide(&present, &PhoneWanted::Absent(role))?.action else {
            return Ok(outcome(PhoneChange::Already, None));
        };
        match self.manner.send(&phones, &step).await? {
            Ok(()) => {}
            // An earlier attempt whose answer was lost may have done it.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if phones.find(role).await?.is_some() {
            return Err(Error::new(
                ErrorKind::OperationFailed,
                format!("the {role} number is still there after its removal"),
            )
            .with_operation("phoneMethods.delete")
            .with_may_have_reached_service(true)
            .with_next_step("Read the phone methods again in a minute"));
        }
        Ok(outcome(PhoneChange::Removed, before))
    }
}
