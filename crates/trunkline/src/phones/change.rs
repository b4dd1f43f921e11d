//! The common course of changes to phone methods: read the methods, send once, read until the change shows.

use std::time::Duration;

use super::decision::{PhoneStep, PhoneWanted};
use super::{PhoneChange, PhoneOutcome, PhoneProgress, PhoneRole, Phones, ResolvedPhones, seeing};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::read_back::{Deadline, before_sending};
use crate::telephone::PhoneMethodNumber;
use crate::user_change::{ChangeOptions, NotShown, ReadBack};
use crate::{Error, ErrorKind, Operation, Result};

/// How long a refusal has to be read as one: the method may have been created all the same, and a state that forbids signing in
/// may be that of before.
const REFUSAL: Duration = Duration::from_secs(10);

/// Options of a change; the state is all of the user's methods.
pub(super) type Options = ChangeOptions<Vec<PhoneAuthenticationMethod>>;

/// A change that has begun: the user is known, and how their methods were.
pub(super) struct Begun {
    pub(super) phones: ResolvedPhones,
    pub(super) present: Vec<PhoneAuthenticationMethod>,
    deadline: Deadline,
}

impl Options {
    /// Finds the user and their methods.
    pub(super) async fn begin(&mut self, phones: &Phones) -> Result<Begun> {
        let (client, deadline) = self.start(&phones.client);
        let phones = Phones::new(&client, phones.user.clone());
        let phones = phones.resolved().await.map_err(before_sending)?;
        let present = match self.known.take() {
            Some(known) => known,
            None => phones.list().await.map_err(before_sending)?,
        };
        self.watcher.tell(&PhoneProgress::Found(present.clone())).await?;
        Ok(Begun {
            phones,
            present,
            deadline,
        })
    }

    /// Sends one step. The outer error is the watcher's, the inner one the service's.
    async fn send(&self, phones: &ResolvedPhones, step: &PhoneStep) -> Result<Result<()>> {
        match step {
            PhoneStep::Create(role, number) => {
                let body = body(*role, number);
                self.send_request(phones.methods.create(&body)).await
            }
            PhoneStep::Update(role, number) => {
                let body = body(*role, number);
                self.send_request(phones.method(*role).update(&body)).await
            }
            PhoneStep::Remove(role) => self.send_request(phones.method(*role).delete()).await,
            PhoneStep::EnableSmsSignIn => {
                let mobile = phones.method(PhoneRole::Mobile);
                self.send_request(mobile.enable_sms_sign_in()).await
            }
            PhoneStep::DisableSmsSignIn => {
                let mobile = phones.method(PhoneRole::Mobile);
                self.send_request(mobile.disable_sms_sign_in()).await
            }
        }
    }

    /// Sends a step once, and reads until it shows or there is no time left. What the service accepted is done even when it
    /// does not show: the outcome says so.
    pub(super) async fn execute(&self, begun: &Begun, step: &PhoneStep, wanted: &PhoneWanted) -> Result<PhoneOutcome> {
        let phones = &begun.phones;
        begun.deadline.check(&phones.client)?;
        let doubt = match self.send(phones, step).await? {
            Ok(()) => None,
            // An earlier attempt whose answer was lost may have removed it.
            Err(error) if matches!(step, PhoneStep::Remove(_)) && error.kind() == ErrorKind::NotFound => None,
            // 409 says that SMS sign-in could not be registered, and is also answered when the method was created.
            Err(error) if error.kind() == ErrorKind::Conflict && wanted.is_number() => Some(error),
            Err(error) if error.may_have_reached_service() => Some(error),
            Err(error) => return Err(error),
        };
        let before = begun.present.iter().find(|method| wanted.role().is_of(method));
        let was_refused = before.is_some_and(|before| seeing::refusal(std::slice::from_ref(before), wanted).is_some());
        let is_refused = doubt.as_ref().is_some_and(|error| error.kind() == ErrorKind::Conflict);
        let until = self.until(
            &phones.client,
            begun.deadline,
            (is_refused || was_refused).then_some(REFUSAL),
        );
        let shows = |methods: &Vec<_>| {
            let shows = seeing::shows(methods, wanted, before, doubt.is_some());
            shows.map_failed(|state| seeing::refused(step, &state))
        };
        let read = || phones.list();
        let state = "the phone methods (phoneMethods.list)";
        match self
            .read_back(&phones.client, until, doubt.as_ref(), state, read, shows)
            .await?
        {
            ReadBack::Shown(methods) => Ok(self.seen(begun, step, wanted, methods, doubt)),
            ReadBack::NotShown(last, why) => {
                if let Some(state) = last.as_deref().and_then(|last| seeing::refusal(last, wanted)) {
                    return Err(seeing::refused(step, &state));
                }
                let last = last.map_or_else(|| begun.present.clone(), |last| *last);
                Ok(unseen(begun, step, wanted, &last, &why))
            }
        }
    }

    /// The outcome of a change that shows.
    fn seen(
        &self,
        begun: &Begun,
        step: &PhoneStep,
        wanted: &PhoneWanted,
        methods: Vec<PhoneAuthenticationMethod>,
        doubt: Option<Error>,
    ) -> PhoneOutcome {
        let after = methods.into_iter().find(|method| wanted.role().is_of(method));
        let before = begun.present.iter().find(|method| wanted.role().is_of(method));
        let warnings = seeing::warnings(before, after.as_ref(), doubt.as_ref(), wanted);
        begun.outcome(change(step), wanted, after, warnings)
    }
}

/// The outcome of a change that was accepted and does not show.
fn unseen(
    begun: &Begun,
    step: &PhoneStep,
    wanted: &PhoneWanted,
    last: &[PhoneAuthenticationMethod],
    why: &NotShown,
) -> PhoneOutcome {
    let after = last.iter().find(|method| wanted.role().is_of(method)).cloned();
    let warning = why.warning(&seeing::shown(after.as_ref(), wanted));
    PhoneOutcome {
        seen: false,
        ..begun.outcome(change(step), wanted, after, vec![warning])
    }
}

fn change(step: &PhoneStep) -> PhoneChange {
    match step {
        PhoneStep::Create(..) => PhoneChange::Created,
        PhoneStep::Remove(_) => PhoneChange::Removed,
        PhoneStep::Update(..) | PhoneStep::EnableSmsSignIn | PhoneStep::DisableSmsSignIn => PhoneChange::Updated,
    }
}

impl Begun {
    /// The outcome of a change that was not needed.
    pub(super) fn already(&self, wanted: &PhoneWanted, warnings: Vec<String>) -> PhoneOutcome {
        let after = self.present.iter().find(|method| wanted.role().is_of(method)).cloned();
        self.outcome(PhoneChange::Already, wanted, after, warnings)
    }

    fn outcome(
        &self,
        change: PhoneChange,
        wanted: &PhoneWanted,
        after: Option<PhoneAuthenticationMethod>,
        warnings: Vec<String>,
    ) -> PhoneOutcome {
        let role = wanted.role();
        PhoneOutcome {
            name: self.phones.name.clone(),
            wanted: wanted.clone(),
            change,
            seen: true,
            user: self.phones.user.clone(),
            role,
            before: self.present.iter().find(|method| role.is_of(method)).cloned(),
            after,
            warnings,
        }
    }
}

impl Phones {
    /// The request of one step of a [`PhoneDecision`](super::PhoneDecision), as it would be sent to the user as named here;
    /// intents address users by object id. To look at: intents send it.
    #[must_use]
    pub fn operation(&self, step: &PhoneStep) -> Operation {
        self.addressed_by(&self.user).operation(step)
    }
}

impl ResolvedPhones {
    pub(super) fn operation(&self, step: &PhoneStep) -> Operation {
        match step {
            PhoneStep::Create(role, number) => self.methods.create(&body(*role, number)).operation().clone(),
            PhoneStep::Update(role, number) => self.method(*role).update(&body(*role, number)).operation().clone(),
            PhoneStep::Remove(role) => self.method(*role).delete().operation().clone(),
            PhoneStep::EnableSmsSignIn => self.method(PhoneRole::Mobile).enable_sms_sign_in().operation().clone(),
            PhoneStep::DisableSmsSignIn => self.method(PhoneRole::Mobile).disable_sms_sign_in().operation().clone(),
        }
    }
}

/// Both properties are always sent: the service works out anew what a PATCH leaves out (T2).
fn body(role: PhoneRole, number: &PhoneMethodNumber) -> PhoneAuthenticationMethod {
    PhoneAuthenticationMethod::new(number.to_string(), role.phone_type())
}

/// Gives an intent what all changes to phone methods offer.
macro_rules! phone_options {
    ($intent:ident) => {
        $crate::user_change::change_options!($intent, known
            /// All phone methods of the user as the caller has read them, so that they are not read again before anything
            /// is sent. Read them shortly before: the decision is made on them.
            Vec<$crate::graph::PhoneAuthenticationMethod>, $crate::phones::PhoneProgress);
    };
}
pub(super) use phone_options;
