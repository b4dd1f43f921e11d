//! The requests that an intent would send.

use super::decision::{PhoneDecision, PhoneStep, PhoneWanted, decide};
use super::{Phones, RemovePhone, SetPhone, SmsSignIn};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::plan::{Plan, placeholder};
use crate::{Result, people};

impl SetPhone {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a text that is no number; with methods that are
    /// `known`, whatever it is refused for.
    pub fn plan(&self) -> Result<Plan<PhoneDecision>> {
        let wanted = PhoneWanted::Number(self.role, self.phones.reader.phone_method_number(&self.number)?);
        self.phones.plan(&wanted, self.options.known.as_deref())
    }
}

impl RemovePhone {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// As [`SetPhone::plan`].
    pub fn plan(&self) -> Result<Plan<PhoneDecision>> {
        let wanted = PhoneWanted::Absent(self.role);
        self.phones.plan(&wanted, self.options.known.as_deref())
    }
}

impl SmsSignIn {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// As [`SetPhone::plan`].
    pub fn plan(&self) -> Result<Plan<PhoneDecision>> {
        let wanted = PhoneWanted::SmsSignIn(self.on);
        self.phones.plan(&wanted, self.options.known.as_deref())
    }
}

impl Phones {
    fn plan(&self, wanted: &PhoneWanted, known: Option<&[PhoneAuthenticationMethod]>) -> Result<Plan<PhoneDecision>> {
        let mut plan = Plan::new(None);
        let phones = if people::is_object_id(&self.user) {
            self.addressed_by(&self.user)
        } else {
            let lookup = people::request(&self.client, &self.user);
            plan.read(lookup.into_operation(), "find the object id of the user");
            self.addressed_by(&placeholder("object id of the user"))
        };
        let read = || phones.methods.list().into_operation();
        let steps = match known {
            Some(known) => {
                let decision = decide(known, wanted)?;
                let steps = decision.step().cloned().into_iter().collect();
                plan.decision = Some(decision);
                steps
            }
            None => {
                plan.read(read(), look_up_purpose(wanted));
                possible_steps(wanted)
            }
        };
        for step in &steps {
            plan.send(phones.operation(step), purpose(step, known.is_some()));
        }
        if !steps.is_empty() {
            plan.read(read(), "read the phone methods back");
        }
        Ok(plan)
    }
}

fn look_up_purpose(wanted: &PhoneWanted) -> &'static str {
    match wanted {
        PhoneWanted::Number(..) => "read the phone methods; stop if the number is there already",
        PhoneWanted::Absent(_) => "read the phone methods; stop if there is none of that role",
        PhoneWanted::SmsSignIn(_) => "read the phone methods; stop if it is already correct",
    }
}

/// Every step that may follow, when the methods are not known: one of them does.
fn possible_steps(wanted: &PhoneWanted) -> Vec<PhoneStep> {
    match wanted {
        PhoneWanted::Number(role, number) => vec![
            PhoneStep::Create(*role, number.clone()),
            PhoneStep::Update(*role, number.clone()),
        ],
        PhoneWanted::Absent(role) => vec![PhoneStep::Remove(*role)],
        PhoneWanted::SmsSignIn(true) => vec![PhoneStep::EnableSmsSignIn],
        PhoneWanted::SmsSignIn(false) => vec![PhoneStep::DisableSmsSignIn],
    }
}

fn purpose(step: &PhoneStep, is_certain: bool) -> &'static str {
    match step {
        PhoneStep::Create(..) if is_certain => "add it",
        PhoneStep::Create(..) => "if the user has none of that role: add it",
        PhoneStep::Update(..) if is_certain => "change it",
        PhoneStep::Update(..) => "if the user has one of that role: change it",
        PhoneStep::Remove(_) => "remove it",
        PhoneStep::EnableSmsSignIn => "switch it on",
        PhoneStep::DisableSmsSignIn => "switch it off",
    }
}
