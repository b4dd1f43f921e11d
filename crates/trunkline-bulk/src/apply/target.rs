//! The target of a step: reading it, the decision, and the intent that changes it.

use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::numbers::{self, Assignment, LocationChange, RefusalReason};
use trunkline::phones::{self, PhoneAction, PhoneChange, PhoneRole, PhoneWanted};
use trunkline::policies::{self, PolicyAction, PolicyChange, PolicyProgress, PolicyType, PolicyWanted, TeamsPolicy};
use trunkline::teams_administration::{EffectivePolicyAssignment, NumberAssignment};
use trunkline::{Change, Client, Error, ErrorKind, PhoneMethodNumber};

use super::notes::Notes;
use crate::plan::{NumberState, PhoneState, PolicyState, State};

/// The thing, and what is wanted of it.
#[derive(Debug)]
pub(super) enum Target {
    Number {
        number: String,
        wanted: numbers::Wanted,
        /// The new holder.
        holder: Option<Holder>,
    },
    Phone {
        user: String,
        role: PhoneRole,
        wanted: PhoneWanted,
    },
    Policy {
        user: String,
        wanted: PolicyWanted,
    },
}

/// Who is to hold a number, and how.
#[derive(Debug)]
pub(super) struct Holder {
    to: String,
    category: Option<String>,
    location: Option<String>,
}

/// The thing as it was read.
#[derive(Debug, Clone)]
pub(super) enum Live {
    Number(Box<NumberAssignment>),
    Phones(Vec<PhoneAuthenticationMethod>),
    Policies(Vec<EffectivePolicyAssignment>),
}

/// The decision.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is so.
    Already(Vec<String>),
    /// It is being made so.
    Wait,
    /// A request.
    Send,
    /// Something else is under way.
    UnderWay(Error),
    /// It cannot be.
    Refused(Error),
}

/// An intent that went well.
#[derive(Debug)]
pub(super) struct Completed {
    pub(super) is_already: bool,
    pub(super) after: State,
    pub(super) warnings: Vec<String>,
}

impl Target {
    /// The change that a step of a plan asks for.
    pub(super) fn of(change: &Change) -> Result<Self, Error> {
        let number = |number: &str, wanted| Self::Number {
            number: number.to_owned(),
            wanted,
            holder: None,
        };
        Ok(match change {
            Change::Unassign { number: text, .. } => number(text, numbers::Wanted::Unassigned),
            Change::Assign {
                number: text,
                to,
                category,
                location,
                ..
            } => {
                let mut assignment = Assignment::to(to.target());
                if let Some(category) = category {
                    assignment = assignment.category(category.as_str());
                }
                if let Some(location) = location {
                    assignment = assignment.location(location.as_str());
                }
                Self::Number {
                    number: text.clone(),
                    wanted: numbers::Wanted::Assigned(assignment),
                    holder: Some(Holder {
                        to: to.target().to_owned(),
                        category: category.clone(),
                        location: location.clone(),
                    }),
                }
            }
            Change::SetLocation { number: text, location } => {
                let change = location.clone().map_or(LocationChange::Clear, LocationChange::Set);
                number(text, numbers::Wanted::Located(change))
            }
            Change::SetPhone { user, role, number } => {
                let number = PhoneMethodNumber::from_service(number)
                    .map_err(|error| Error::new(ErrorKind::InvalidInput, error.to_string()).with_source(error))?;
                Self::Phone {
                    user: user.target().to_owned(),
                    role: *role,
                    wanted: PhoneWanted::Number(*role, number),
                }
            }
            Change::RemovePhone { user, role } => Self::Phone {
                user: user.target().to_owned(),
                role: *role,
                wanted: PhoneWanted::Absent(*role),
            },
            Change::SmsSignIn { user, enabled } => Self::Phone {
                user: user.target().to_owned(),
                role: PhoneRole::Mobile,
                wanted: PhoneWanted::SmsSignIn(*enabled),
            },
            Change::SetPolicy {
                user,
                policy_type,
                policy,
                policy_id,
            } => Self::Policy {
                user: user.target().to_owned(),
                wanted: PolicyWanted::Assigned(
                    PolicyType::named(policy_type)?,
                    TeamsPolicy {
                        name: policy.clone(),
                        id: policy_id.clone().ok_or_else(|| {
                            Error::new(ErrorKind::InvalidInput, "the plan does not say which policy is meant")
                                .with_next_step("Make the plan again")
                        })?,
                    },
                ),
            },
            Change::ClearPolicy { user, policy_type } => Self::Policy {
                user: user.target().to_owned(),
                wanted: PolicyWanted::Cleared(PolicyType::named(policy_type)?),
            },
        })
    }

    pub(super) async fn read(&self, client: &Client) -> Result<Live, Error> {
        match self {
            Self::Number { number, .. } => match client.numbers().find(number).await? {
                Some(found) => Ok(Live::Number(Box::new(found))),
                None => Err(Error::new(ErrorKind::NotFound, "the tenant no longer has the number")
                    .with_operation("numberAssignments.list")
                    .with_next_step("Check the number, or acquire it first")),
            },
            Self::Phone { user, .. } => client.phones(user.as_str()).list().await.map(Live::Phones),
            Self::Policy { user, .. } => client.policies(user.as_str()).list().await.map(Live::Policies),
        }
    }

    pub(super) fn decide(&self, live: &Live) -> Verdict {
        match (self, live) {
            (Self::Number { wanted, .. }, Live::Number(found)) => match numbers::decide(found, wanted) {
                Ok(decision) => match decision.action {
                    numbers::Action::Already => {
                        Verdict::Already(decision.warnings.iter().map(ToString::to_string).collect())
                    }
                    numbers::Action::Wait => Verdict::Wait,
                    _ => Verdict::Send,
                },
                Err(refusal) => match refusal.reason {
                    RefusalReason::UnderWay { .. } => Verdict::UnderWay(refusal.into()),
                    _ => Verdict::Refused(refusal.into()),
                },
            },
            (Self::Phone { wanted, .. }, Live::Phones(methods)) => match phones::decide(methods, wanted) {
                Ok(decision) => match decision.action {
                    PhoneAction::Already => Verdict::Already(decision.warnings),
                    _ => Verdict::Send,
                },
                Err(refusal) => Verdict::Refused(refusal.into()),
            },
            (Self::Policy { wanted, .. }, Live::Policies(assignments)) => {
                let decision = policies::decide(assignments, wanted);
                match decision.action {
                    PolicyAction::Already => Verdict::Already(decision.warnings),
                    _ => Verdict::Send,
                }
            }
            _ => Verdict::Refused(Error::new(ErrorKind::InvalidInput, "the step is of another thing")),
        }
    }

    pub(super) fn state(&self, live: &Live) -> State {
        match (self, live) {
            (Self::Phone { user, role, .. }, Live::Phones(methods)) => {
                State::Phone(PhoneState::of(user.as_str(), *role, methods))
            }
            (Self::Phone { user, role, .. }, _) => State::Phone(PhoneState::of(user.as_str(), *role, &[])),
            (Self::Policy { user, wanted }, live) => {
                let assignments = match live {
                    Live::Policies(assignments) => assignments.as_slice(),
                    _ => &[],
                };
                State::Policy(PolicyState::of(user.as_str(), wanted.policy_type(), assignments))
            }
            (Self::Number { .. }, Live::Number(found)) => State::Number(NumberState::of(found)),
            (Self::Number { number, .. }, _) => State::Number(NumberState {
                number: number.clone(),
                ..NumberState::default()
            }),
        }
    }

    /// The difference between the state now and the planned one, in words; `None` when it does not matter to this step.
    pub(super) fn drift(&self, expects: &State, now: &State) -> Option<String> {
        let or = |value: &Option<String>, none: &str| value.clone().unwrap_or_else(|| none.to_owned());
        let (thing, planned, found) = match (self, expects, now) {
            (Self::Number { wanted, .. }, State::Number(planned), State::Number(found)) => match wanted {
                numbers::Wanted::Located(_) => (
                    "its location",
                    or(&planned.location, "none"),
                    or(&found.location, "none"),
                ),
                _ => ("its holder", or(&planned.holder, "nobody"), or(&found.holder, "nobody")),
            },
            (Self::Phone { wanted, .. }, State::Phone(planned), State::Phone(found)) => match wanted {
                // The service has many words for off, and one for on.
                PhoneWanted::SmsSignIn(_) => {
                    let on = |state: &PhoneState| {
                        if state.sms_sign_in.as_deref() == Some("ready") {
                            "on"
                        } else {
                            "off"
                        }
                    };
                    ("its SMS sign-in", on(planned).to_owned(), on(found).to_owned())
                }
                _ => ("its number", phone(&planned.number), phone(&found.number)),
            },
            (Self::Policy { .. }, State::Policy(planned), State::Policy(found)) => {
                let own = |state: &PolicyState| {
                    let policy = state.policy.as_ref().filter(|_| state.is_direct);
                    policy.cloned().unwrap_or_else(|| "none of their own".to_owned())
                };
                ("its policy", own(planned), own(found))
            }
            _ => return Some("the plan describes another thing".to_owned()),
        };
        (!planned.eq_ignore_ascii_case(&found))
            .then(|| format!("since it was planned, {thing} changed from {planned} to {found}"))
    }

    /// Carries the change out on what was read. Nothing comes of it when the service accepted the change and it does not show
    /// yet.
    pub(super) async fn execute(
        &self,
        client: &Client,
        live: Live,
        notes: &Notes,
        deadline: std::time::Duration,
    ) -> Result<Option<Completed>, Error> {
        match (self, live) {
            (Self::Number { number, wanted, holder }, Live::Number(found)) => {
                let numbers = client.numbers();
                let notes = notes.clone();
                let watch = move |progress: &numbers::Progress| notes.number_progress(progress);
                let outcome = match (wanted, holder) {
                    (_, Some(holder)) => {
                        let mut intent = numbers.assign(number.as_str(), holder.to.as_str()).known(*found);
                        if let Some(category) = &holder.category {
                            intent = intent.category(category.as_str());
                        }
                        if let Some(location) = &holder.location {
                            intent = intent.location(location.as_str());
                        }
                        intent.with_wait(deadline).with_progress(watch).send().await?
                    }
                    (numbers::Wanted::Located(change), _) => {
                        let intent = numbers.set_location(number.as_str(), change.clone()).known(*found);
                        intent.with_wait(deadline).with_progress(watch).send().await?
                    }
                    _ => {
                        // The plan has judged whether it is a main number.
                        let intent = numbers.unassign(number.as_str()).known(*found).base(true);
                        intent.with_wait(deadline).with_progress(watch).send().await?
                    }
                };
                if !outcome.seen {
                    return Ok(None);
                }
                Ok(Some(Completed {
                    is_already: outcome.change == numbers::Change::Already,
                    after: State::Number(NumberState::of(&outcome.after)),
                    warnings: outcome.warnings,
                }))
            }
            (Self::Phone { user, role, wanted }, Live::Phones(methods)) => {
                let phones = client.phones(user.as_str());
                let notes = notes.clone();
                let watch = move |progress: &phones::PhoneProgress| notes.user_progress(progress);
                let outcome = match wanted {
                    PhoneWanted::Number(role, number) => {
                        let intent = phones.set(*role, number.to_string());
                        intent
                            .known(methods)
                            .with_wait(deadline)
                            .with_progress(watch)
                            .send()
                            .await?
                    }
                    PhoneWanted::Absent(role) => {
                        let intent = phones.remove(*role).known(methods);
                        intent.with_wait(deadline).with_progress(watch).send().await?
                    }
                    PhoneWanted::SmsSignIn(true) => {
                        let intent = phones.enable_sms_sign_in();
                        intent
                            .known(methods)
                            .with_wait(deadline)
                            .with_progress(watch)
                            .send()
                            .await?
                    }
                    _ => {
                        let intent = phones.disable_sms_sign_in();
                        intent
                            .known(methods)
                            .with_wait(deadline)
                            .with_progress(watch)
                            .send()
                            .await?
                    }
                };
                if !outcome.seen {
                    return Ok(None);
                }
                let after: Vec<_> = outcome.after.into_iter().collect();
                Ok(Some(Completed {
                    is_already: outcome.change == PhoneChange::Already,
                    after: State::Phone(PhoneState::of(user.as_str(), *role, &after)),
                    warnings: outcome.warnings,
                }))
            }
            (Self::Policy { user, wanted }, Live::Policies(assignments)) => {
                let policies = client.policies(user.as_str());
                let notes = notes.clone();
                let intent = match wanted {
                    PolicyWanted::Assigned(kind, policy) => policies
                        .set(kind, policy.name.as_str())
                        .with_policy_id(policy.id.as_str()),
                    wanted => policies.clear(wanted.policy_type()),
                };
                let outcome = intent
                    .known(assignments)
                    .with_wait(deadline)
                    .with_progress(move |progress: &PolicyProgress| notes.user_progress(progress))
                    .send()
                    .await?;
                if !outcome.seen {
                    return Ok(None);
                }
                let after: Vec<_> = outcome.after.into_iter().collect();
                Ok(Some(Completed {
                    is_already: outcome.change == PolicyChange::Already,
                    after: State::Policy(PolicyState::of(user.as_str(), wanted.policy_type(), &after)),
                    warnings: outcome.warnings,
                }))
            }
            _ => Err(Error::new(ErrorKind::InvalidInput, "the step is of another thing")),
        }
    }
}

/// However the service spells it.
fn phone(number: &Option<String>) -> String {
    match number {
        None => "absent".to_owned(),
        Some(text) => PhoneMethodNumber::from_service(text).map_or_else(|_| text.clone(), |number| number.to_string()),
    }
}
