//! Adding or changing a phone method.

use super::{PhoneChange, PhoneOutcome, PhoneRole, Phones, ResolvedPhones};
use crate::generated::graph::{AuthenticationMethodSignInState, PhoneAuthenticationMethod};
use crate::intent::MaskedNumber;
use crate::telephone::PhoneMethodNumber;
use crate::{Error, ErrorKind, Result};

/// A phone method to be set. Made by [`Phones::set`]; await it, or [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetPhone {
    phones: Phones,
    role: PhoneRole,
    number: String,
}

crate::intent::intent!(SetPhone => PhoneOutcome);

impl std::fmt::Debug for SetPhone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SetPhone")
            .field("phones", &self.phones)
            .field("role", &self.role)
            .field("number", &MaskedNumber(&self.number))
            .finish()
    }
}

impl SetPhone {
    pub(super) fn new(phones: Phones, role: PhoneRole, number: String) -> Self {
        Self { phones, role, number }
    }

    async fn carry_out(self) -> Result<PhoneOutcome> {
        let role = self.role;
        let number = PhoneMethodNumber::parse(&self.number).map_err(|error| {
            let advice = error.advice();
            Error::new(ErrorKind::InvalidInput, error.to_string())
                .with_next_step(advice)
                .with_source(error)
        })?;
        let phones = self.phones.resolved().await?;
        let present = phones.list().await?;
        let before = present.iter().find(|method| role.is_of(method)).cloned();
        if before.as_ref().is_some_and(|method| has(method, &number)) {
            let after = before.clone();
            return Ok(outcome(&phones, role, PhoneChange::Already, before, after, None));
        }
        let mobile_is_missing = !present.iter().any(|method| PhoneRole::Mobile.is_of(method));
        if before.is_none() && role == PhoneRole::AlternateMobile && mobile_is_missing {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the user has no mobile phone method, which an alternate one needs",
            )
            .with_operation("phoneMethods.create")
            .with_next_step("Set the mobile number first"));
        }
        let body = PhoneAuthenticationMethod::new(number.to_string(), role.phone_type());
        let (change, sent) = match before {
            // Both properties are always sent: the service works out anew what a PATCH leaves out (T2).
            Some(_) => (
                PhoneChange::Updated,
                phones.method(role).update(&body).await.map(|_| ()),
            ),
            None => (PhoneChange::Created, phones.methods.create(&body).await.map(|_| ())),
        };
        // 409 says that SMS sign-in could not be registered, and is also answered when the method was created all the
        // same; and an answer may be lost. Reading back tells.
        let doubt = match sent {
            Ok(()) => None,
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::UnknownOutcome) => Some(error),
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

/// Whether the method has this number, however the service spells it.
fn has(method: &PhoneAuthenticationMethod, number: &PhoneMethodNumber) -> bool {
    let own = method
        .phone_number
        .as_deref()
        .and_then(|own| PhoneMethodNumber::parse(own).ok());
    own.as_ref() == Some(number)
}

/// Whether the number was masked: Authentication Administrators see no more than that.
fn is_masked(method: &PhoneAuthenticationMethod) -> bool {
    method
        .phone_number
        .as_deref()
        .is_some_and(|number| PhoneMethodNumber::parse(number).is_err())
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
    let state = after.as_ref().and_then(|method| method.sms_sign_in_state.value());
    if state == Some(&AuthenticationMethodSignInState::PhoneNumberNotUnique) {
        warnings.push("another user signs in with this number by text message, so this one cannot".to_owned());
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
