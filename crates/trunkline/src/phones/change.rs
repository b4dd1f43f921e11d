//! What the changes of phone methods have in common: begin from what is there, tell, send once.

use super::decision::PhoneStep;
use super::progress::PhoneProgress;
use super::{PhoneRole, Phones, ResolvedPhones};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::intent::Watcher;
use crate::telephone::PhoneMethodNumber;
use crate::{Answer, Operation, Request, Result};

/// How a change is to be carried out.
#[derive(Debug, Clone, Default)]
pub(super) struct Manner {
    pub(super) watcher: Watcher<PhoneProgress>,
    /// All of the user's methods, as the caller read them.
    pub(super) known: Option<Vec<PhoneAuthenticationMethod>>,
}

impl Manner {
    /// The user's methods before the change.
    pub(super) async fn present(&self, phones: &ResolvedPhones) -> Result<Vec<PhoneAuthenticationMethod>> {
        let present = match &self.known {
            Some(known) => known.clone(),
            None => phones.list().await?,
        };
        self.watcher.tell(&PhoneProgress::Found(present.clone())).await?;
        Ok(present)
    }

    /// Sends one step. The outer error is the watcher's, the inner one the service's.
    pub(super) async fn send(&self, phones: &ResolvedPhones, step: &PhoneStep) -> Result<Result<()>> {
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

/// Gives an intent what all of them offer: a state that is known, and being watched.
macro_rules! manners {
    ($intent:ident) => {
        impl $intent {
            /// All phone methods of the user as the caller has read them, so that they are not read again before anything
            /// is sent. Read them shortly before: the decision is made on them.
            pub fn known(mut self, methods: Vec<$crate::graph::PhoneAuthenticationMethod>) -> Self {
                self.manner.known = Some(methods);
                self
            }

            /// Is told how far it has come, and may stop it: see [`Heard`](crate::Heard).
            pub fn with_progress<H: $crate::Heard>(
                mut self,
                watch: impl Fn(&$crate::phones::PhoneProgress) -> H + Send + Sync + 'static,
            ) -> Self {
                self.manner.watcher = $crate::intent::Watcher::new(watch);
                self
            }
        }
    };
}
pub(super) use manners;
