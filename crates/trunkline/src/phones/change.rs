//! The common course of changes to phone methods: read the methods, send once, read until the change shows.

use std::time::Duration;

use super::decision::{PhoneStep, PhoneWanted};
use super::progress::PhoneProgress;
use super::seeing::{self, NotShown};
use super::{PhoneChange, PhoneOutcome, PhoneRole, Phones, ResolvedPhones};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::intent::Watcher;
use crate::read_back::{Deadline, Late, Unsettled, before_sending, settle};
use crate::telephone::PhoneMethodNumber;
use crate::{Answer, Error, ErrorKind, Operation, Request, Result, RetryAdvice};

/// How long a change may take when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(600);

/// How long the methods are read after a change when the caller does not say: it is done already, and only to be seen.
const READ_BACK: Duration = Duration::from_secs(60);

/// How long a refusal has to be read as one: the method may have been created all the same, and a state that forbids signing in
/// may be that of before.
const REFUSAL: Duration = Duration::from_secs(10);

/// Options of a change.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeOptions {
    pub(super) watcher: Watcher<PhoneProgress>,
    /// All of the user's methods, as the caller read them.
    pub(super) known: Option<Vec<PhoneAuthenticationMethod>>,
    /// For the whole change, when the caller says.
    pub(super) deadline: Option<Duration>,
    /// How long is waited and read, when only that has an end.
    pub(super) wait: Option<Duration>,
}

/// A change that has begun: the user is known, and how their methods were.
pub(super) struct Begun {
    pub(super) phones: ResolvedPhones,
    pub(super) present: Vec<PhoneAuthenticationMethod>,
    deadline: Deadline,
}

impl ChangeOptions {
    /// Finds the user and their methods.
    pub(super) async fn begin(&mut self, phones: &Phones) -> Result<Begun> {
        let (client, deadline) = match self.wait {
            Some(wait) => (phones.client.clone(), Deadline::of_waiting(&phones.client, wait)),
            None => Deadline::begin(&phones.client, self.deadline.unwrap_or(DEADLINE)),
        };
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

    async fn send_request<A: Answer>(&self, request: Request<A>) -> Result<Result<()>> {
        let sending = PhoneProgress::Sending(Box::new(request.operation().clone()));
        self.watcher.tell(&sending).await?;
        match request.await {
            Ok(answer) => {
                let answered = PhoneProgress::Answered(Box::new(answer.meta().clone()));
                self.watcher.tell_after_sending(&answered).await?;
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(error)),
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
        if doubt.is_some() {
            self.watcher.tell_after_sending(&PhoneProgress::InDoubt).await?;
        }
        let before = begun.present.iter().find(|method| wanted.role().is_of(method));
        let until = self.until(begun, doubt.as_ref(), wanted, before);
        let clock = phones.client.core().clock();
        let watching = (&self.watcher, &PhoneProgress::Settling);
        let shows = |methods: &Vec<_>| seeing::shows(methods, wanted, before, doubt.is_some());
        let read = || phones.list();
        // On the heap: many changes of a job wait here at a time.
        let settled = Box::pin(settle(clock, until, watching, read, shows)).await;
        match (settled, doubt) {
            (Ok(methods), doubt) => Ok(self.seen(begun, step, wanted, methods, doubt)),
            (Err(Unsettled::Stopped(error)), _) => Err(error.with_may_have_reached_service(true)),
            (Err(Unsettled::Failed(state)), _) => Err(seeing::refused(step, &state)),
            (Err(unsettled), Some(doubt)) => Err(in_doubt(doubt, unsettled)),
            (Err(unsettled), None) => {
                let (not_shown, last) = match unsettled {
                    Unsettled::Late(Late { last, after, .. }) => (NotShown::Late(after), Some(last)),
                    Unsettled::Unread { error, last } => (NotShown::Unread(error), last),
                    Unsettled::Stopped(error) => return Err(error),
                    Unsettled::Failed(state) => return Err(seeing::refused(step, &state)),
                };
                if let Some(state) = last.as_deref().and_then(|last| seeing::refusal(last, wanted)) {
                    return Err(seeing::refused(step, &state));
                }
                let last = last.map_or_else(|| begun.present.clone(), |last| *last);
                Ok(unseen(begun, step, wanted, &last, &not_shown))
            }
        }
    }

    /// Until when the methods are read.
    fn until(
        &self,
        begun: &Begun,
        doubt: Option<&Error>,
        wanted: &PhoneWanted,
        before: Option<&PhoneAuthenticationMethod>,
    ) -> Duration {
        let is_refused = doubt.is_some_and(|error| error.kind() == ErrorKind::Conflict);
        let was_refused = before.is_some_and(|before| seeing::refusal(std::slice::from_ref(before), wanted).is_some());
        let patience = if is_refused || was_refused {
            REFUSAL
        } else if self.deadline.is_some() {
            return begun.deadline.until;
        } else {
            READ_BACK
        };
        let now = begun.phones.client.core().clock().elapsed();
        now.saturating_add(patience).min(begun.deadline.until)
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
    not_shown: &NotShown,
) -> PhoneOutcome {
    let after = last.iter().find(|method| wanted.role().is_of(method)).cloned();
    let warning = not_shown.in_words(after.as_ref(), wanted);
    PhoneOutcome {
        seen: false,
        ..begun.outcome(change(step), wanted, after, vec![warning])
    }
}

/// The outcome of the change is unknown.
fn in_doubt(doubt: Error, unsettled: Unsettled<Vec<PhoneAuthenticationMethod>, seeing::State>) -> Error {
    let read = match unsettled {
        Unsettled::Late(Late { after, .. }) => {
            format!("they did not show the change within {} seconds", after.as_secs())
        }
        Unsettled::Unread { error, .. } => format!("that failed just now ({})", error.message()),
        Unsettled::Stopped(error) => return error,
        Unsettled::Failed(_) => "they show that it was refused".to_owned(),
    };
    if doubt.kind() == ErrorKind::Conflict {
        return doubt;
    }
    let step = format!("Read the phone methods (phoneMethods.list) before sending the change again: {read}");
    doubt
        .with_kind(ErrorKind::UnknownOutcome)
        .with_retry_advice(RetryAdvice::AfterReadBack)
        .with_may_have_reached_service(true)
        .with_next_step(step)
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

/// Gives an intent what all of them offer: a state that is known, a deadline, and being watched.
macro_rules! change_options {
    ($intent:ident) => {
        impl $intent {
            /// All phone methods of the user as the caller has read them, so that they are not read again before anything
            /// is sent. Read them shortly before: the decision is made on them.
            pub fn known(mut self, methods: Vec<$crate::graph::PhoneAuthenticationMethod>) -> Self {
                self.options.known = Some(methods);
                self
            }

            /// How long the whole change may take: looking up, sending and reading back. Default: ten minutes, of which at
            /// most one for reading back; then the outcome says that the change is not yet [`seen`]($crate::phones::PhoneOutcome::seen).
            pub fn with_deadline(mut self, deadline: ::std::time::Duration) -> Self {
                self.options.deadline = Some(deadline);
                self
            }

            /// How long to read until the change shows, instead of a deadline for the whole change: a request that was sent is
            /// never given up because of it. For programs that journal each request, as an answer that is given up is a lost
            /// answer.
            pub fn with_wait(mut self, wait: ::std::time::Duration) -> Self {
                self.options.wait = Some(wait);
                self
            }

            /// Calls `watch` with the progress of the change. The callback can stop it: see [`ProgressResult`](crate::ProgressResult).
            pub fn with_progress<H: $crate::ProgressResult>(
                mut self,
                watch: impl Fn(&$crate::phones::PhoneProgress) -> H + Send + Sync + 'static,
            ) -> Self {
                self.options.watcher = $crate::intent::Watcher::new(watch);
                self
            }
        }
    };
}
pub(super) use change_options;
