//! An intent: a change that is described first, then awaited or sent blocking.
//!
//! It reads the state, [decides](crate::decide), and carries the decision out: numbers in `numbers/run.rs`, phone methods and
//! policies in `user_change.rs`.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use trunkline_core::blocking::block_on;
use trunkline_core::clock::BoxFuture;
use trunkline_core::mask::is_guid;

use crate::change::{Change, Subject};
use crate::country::NumberReader;
use crate::decision::{Current, Decision, Verified};
use crate::numbers::base::may_have_extensions;
use crate::numbers::requests::possible_extensions;
use crate::numbers::run::Run;
use crate::options::ChangeOptions;
use crate::outcome::ChangeOutcome;
use crate::plan::{Plan, PlanAction, placeholder};
use crate::progress::{ChangeProgress, ProgressResult, Watcher};
use crate::read_back::before_sending;
use crate::subject::{self, PossibleStep, check_known, decide, normalize, number_of, possible_steps, resolve};
use crate::user_change;
use crate::{Client, IntoCountry, Result, people};

/// The kind of an [`Intent`]: what a caller may know of the state, and what is returned.
pub trait IntentKind {
    /// The state, as a caller has read it.
    type Known: Into<Current>;
    /// The end of the change.
    type Outcome: From<ChangeOutcome> + 'static;
}

/// Kinds whose change names a number, which may be written as within a country.
pub trait NamesNumber: IntentKind {}

/// Kinds that may take a number from its holder.
pub trait TakesNumber: IntentKind {}

/// Any change, by value.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnyChange;

impl IntentKind for AnyChange {
    type Known = Current;
    type Outcome = ChangeOutcome;
}

impl NamesNumber for AnyChange {}
impl TakesNumber for AnyChange {}

/// Any change to be carried out. Returned by [`Client::apply`]; await it, or [`send_blocking`](Intent::send_blocking).
pub type ApplyChange = Intent<AnyChange>;

/// A change to be carried out; await it, or [`send_blocking`](Self::send_blocking). `K` says which, and the aliases of this
/// type name them: [`Assign`](crate::numbers::Assign), [`SetPhone`](crate::phones::SetPhone), [`ApplyChange`] and so on.
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Intent<K> {
    client: Client,
    /// As the caller wrote it.
    pub(crate) change: Change,
    pub(crate) reader: NumberReader,
    known: Option<Current>,
    /// The decision on the known state.
    decision: Option<Decision>,
    pub(crate) options: ChangeOptions,
    kind: PhantomData<fn() -> K>,
}

impl Client {
    /// Any change, as a value: what [`numbers`](Self::numbers), [`phones`](Self::phones) and [`policies`](Self::policies) offer
    /// with methods of their own. Numbers may be written as people write them; people and policies may be named without ids.
    ///
    /// # Errors
    ///
    /// See the method for the kind of change, such as [`Numbers::assign`](crate::numbers::Numbers::assign).
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// use trunkline::{Change, Person};
    ///
    /// let change = Change::assign("+12065550101", Person::named("ana@contoso.example"));
    /// let outcome = client.apply(change).await?;
    /// println!("{}", outcome.is_already);
    /// # Ok(()) }
    /// ```
    pub fn apply(&self, change: Change) -> ApplyChange {
        Intent::new(self, change, NumberReader::new(self.country()))
    }
}

impl<K> Intent<K> {
    pub(crate) fn new(client: &Client, change: Change, reader: NumberReader) -> Self {
        Self {
            client: client.clone(),
            change,
            reader,
            known: None,
            decision: None,
            options: ChangeOptions::default(),
            kind: PhantomData,
        }
    }
}

impl<K: IntentKind> Intent<K> {
    /// How long the whole change may take: looking up, sending, waiting and reading back. Default: ten minutes, twenty for
    /// what may take two orders. Of a change that is no order, at most one minute of the default is for reading back; then the
    /// outcome says that the change is not yet `seen`.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How long to wait for an order and to read back, instead of a deadline for the whole change: a request that was sent is
    /// never given up because of it. For programs that journal each request, as an answer that is given up is a lost answer.
    pub fn with_wait(mut self, wait: Duration) -> Self {
        self.options.wait = Some(wait);
        self
    }

    /// Calls `watch` with the progress of the change. The callback can stop it: see [`ProgressResult`].
    pub fn with_progress<H: ProgressResult>(
        mut self,
        watch: impl Fn(&ChangeProgress) -> H + Send + Sync + 'static,
    ) -> Self {
        self.options.watcher = Watcher::new(watch);
        self
    }

    /// The state as the caller has read it, so that it is not read again before anything is sent: the number, all phone
    /// methods of the user, or all their effective policy assignments. Read it shortly before: the decision is made on it.
    pub fn known(mut self, state: K::Known) -> Self {
        (self.known, self.decision) = (Some(state.into()), None);
        self
    }

    /// Carries it out.
    ///
    /// # Errors
    ///
    /// See the method that made it.
    pub async fn send(self) -> Result<K::Outcome> {
        self.execute().await.map(K::Outcome::from)
    }

    /// Carries it out and blocks until it is done.
    ///
    /// # Errors
    ///
    /// See the method that made it; also when called from asynchronous code.
    pub fn send_blocking(self) -> Result<K::Outcome> {
        block_on(self.execute())?.map(K::Outcome::from)
    }

    /// Reads the state, unless it is [`known`](Self::known), and compares it with the change. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan), [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) for a number, a user or a policy that is
    /// not there; otherwise what reading can fail with. That the state is otherwise is no error: see [`Verified`].
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// let verified = client.numbers().unassign("+12065550101").verify().await?;
    /// println!("{}", verified.holds());
    /// # Ok(()) }
    /// ```
    pub async fn verify(self) -> Result<Verified> {
        let mut change = self.change;
        normalize(&mut change, &self.reader)?;
        let current = find(&self.client, &mut change, self.known).await?;
        Ok(Verified {
            decision: decide(&change, &current),
            change,
            current,
        })
    }

    /// [`verify`](Self::verify), blocking.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and when called from asynchronous code.
    pub fn verify_blocking(self) -> Result<Verified> {
        block_on(self.verify())?
    }

    async fn execute(self) -> Result<ChangeOutcome> {
        let (mut change, options) = (self.change, self.options);
        normalize(&mut change, &self.reader)?;
        let takes = matches!(change, Change::Assign { takes: true, .. });
        let (client, deadline) = options.start(&self.client, 1 + u32::from(takes) + u32::from(options.repeats));
        let found = find(&client, &mut change, self.known).await;
        let current = found.map_err(before_sending)?;
        options.watcher.tell(&ChangeProgress::Found(current.clone())).await?;
        let decision = match self.decision {
            Some(decision) => decision,
            None => decide(&change, &current)?,
        };
        match current {
            Current::Number(found) => {
                let run = Run {
                    number: number_of(&change)?,
                    client: &client,
                    deadline,
                    change,
                    options: &options,
                };
                run.execute(*found, decision).await
            }
            current => user_change::run(&client, deadline, change, current, decision, &options).await,
        }
    }

    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a text that is no number, and for a kind or a name of a
    /// policy that is blank; with a state that is [`known`](Self::known), whatever the change is refused for.
    pub fn plan(&self) -> Result<Plan> {
        let (client, mut change, mut plan) = (&self.client, self.change.clone(), Plan::default());
        normalize(&mut change, &self.reader)?;
        let is_found = plan_look_ups(client, &mut change, &mut plan);
        let is_about_number = change.subject() == Subject::Number;
        let thing = match change.subject() {
            Subject::Number => "the number",
            Subject::Phones => "the phone methods of the user",
            Subject::Policies => "the policies of the user",
        };
        let read = subject::reading(client, &change)?;
        // Phone methods are compared with no id.
        let is_decidable = is_found || change.subject() == Subject::Phones;
        let known = self.known.as_ref().filter(|_| is_decidable);
        let steps = match known {
            Some(current) => {
                check_known(&change, current)?;
                let decision = decide(&change, current)?;
                let possible = |step: &Change| PossibleStep {
                    condition: None,
                    step: step.clone(),
                    current: current.clone(),
                };
                let steps = decision.steps().iter().map(possible).collect();
                plan.decision = Some(decision);
                steps
            }
            None => {
                if self.known.is_none() {
                    let purpose = format!("read {thing}; stop if it is already correct, or cannot be changed");
                    plan.push(PlanAction::Read, read.clone(), purpose);
                }
                possible_steps(&change)
            }
        };
        let takes = steps.iter().any(|step| matches!(step.step, Change::Unassign { .. }));
        if takes && !self.options.takes_base && number_of(&change)?.extension().is_none() {
            let base = known.and_then(Current::number);
            if base.is_none_or(may_have_extensions) {
                plan.push(
                    PlanAction::Read,
                    possible_extensions(client, base).request().into_operation(),
                    "if it is a direct-routing number: stop if there are numbers with an extension of it",
                );
            }
        }
        let read_back = format!("read {thing} back");
        let has_steps = !steps.is_empty();
        for PossibleStep {
            condition,
            step,
            current,
        } in steps
        {
            let purpose = format!("{}{}", condition.unwrap_or_default(), step.words());
            plan.push(PlanAction::Send, client.operation_of(&step, &current), purpose);
            if !is_about_number {
                continue;
            }
            if !matches!(step, Change::SetLocation { .. }) {
                let management = client.graph().admin().teams().telephone_number_management();
                let order = management.operations().by_id(placeholder("id of the operation"));
                plan.push(
                    PlanAction::Wait,
                    order.get().into_operation(),
                    "wait for the end of the order",
                );
            }
            plan.push(PlanAction::Read, read.clone(), read_back.clone());
        }
        if has_steps && !is_about_number {
            plan.push(PlanAction::Read, read, read_back);
        }
        Ok(plan)
    }
}

impl ApplyChange {
    /// The state as the caller has read it, and the decision that [`decide`] made on it, which is not made again. For programs
    /// that compare it with something before they send.
    pub fn with_decision(mut self, current: Current, decision: Decision) -> Self {
        (self.known, self.decision) = (Some(current), Some(decision));
        self
    }
}

impl<K: TakesNumber> Intent<K> {
    /// Whether a main number may be taken from its holder although there are numbers with an extension of it, such as
    /// `+12065550113x42`. Default: no.
    pub fn base(mut self, base: bool) -> Self {
        self.options.takes_base = base;
        self
    }
}

impl<K: NamesNumber> Intent<K> {
    /// The country of the number, when it is written without a plus.
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.reader.set(country);
        self
    }
}

/// Looks up whom and which policy a change names, and reads the state unless it is known.
async fn find(client: &Client, change: &mut Change, known: Option<Current>) -> Result<Current> {
    resolve(client, change).await?;
    match known {
        Some(known) => {
            check_known(change, &known)?;
            Ok(known)
        }
        None => Current::read(client, change).await,
    }
}

/// Adds the look-ups of ids to a plan, and puts placeholders where they will stand. Returns whether nothing has to be looked up.
fn plan_look_ups(client: &Client, change: &mut Change, plan: &mut Plan) -> bool {
    let mut is_found = true;
    if let Some(person) = change.person_mut().filter(|person| !is_guid(person.target())) {
        is_found = false;
        let request = people::request(client, person.target());
        plan.push(
            PlanAction::Read,
            request.into_operation(),
            "find the object id of the user",
        );
        person.id = Some(placeholder("object id of the user"));
    }
    if let Change::SetPolicy {
        policy_type,
        policy,
        policy_id: policy_id @ None,
        ..
    } = change
    {
        is_found = false;
        let policies = client.graph().admin().teams().policy();
        let request = policies.get_policy_id(policy_type.as_str(), policy.as_str());
        plan.push(PlanAction::Read, request.into_operation(), "find the id of the policy");
        *policy_id = Some(placeholder("id of the policy"));
    }
    is_found
}

impl<K> Clone for Intent<K> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            change: self.change.clone(),
            reader: self.reader.clone(),
            known: self.known.clone(),
            decision: self.decision.clone(),
            options: self.options.clone(),
            kind: PhantomData,
        }
    }
}

impl<K> fmt::Debug for Intent<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Intent")
            .field("change", &self.change)
            .field("known", &self.known)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<K: IntentKind + 'static> IntoFuture for Intent<K> {
    type Output = Result<K::Outcome>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
