//! The requests that an intent would send.

use super::decision::{Assignment, Decision, Step, Wanted, decide};
use super::{Assign, Numbers, SetLocation, Unassign, check_known, may_have_extensions};
use crate::generated::teams_administration::{NumberAssignment, NumberType};
use crate::plan::{Plan, placeholder};
use crate::telephone::TelephoneNumber;
use crate::{Result, people};

impl Assign {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a text that is no number; with a state that is
    /// `known`, whatever it is refused for.
    pub fn plan(&self) -> Result<Plan<Decision>> {
        let number = self.numbers.parse_number(&self.number)?;
        let mut assignment = self.assignment.clone();
        let is_known = people::is_object_id(&assignment.to);
        let lookup = (!is_known).then(|| people::request(&self.numbers.client, &assignment.to));
        if !is_known {
            assignment.to = placeholder("object id of the user");
        }
        let known = self.known.as_deref().filter(|_| is_known);
        let mut plan = Plan::new(None);
        if let Some(lookup) = lookup {
            plan.read(lookup.into_operation(), "find the object id of the user");
        }
        let wanted = Wanted::Assigned(assignment);
        self.numbers
            .plan(plan, &number, &wanted, known, self.options.takes_base)
    }
}

impl Unassign {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// As [`Assign::plan`].
    pub fn plan(&self) -> Result<Plan<Decision>> {
        let number = self.numbers.parse_number(&self.number)?;
        self.numbers.plan(
            Plan::new(None),
            &number,
            &Wanted::Unassigned,
            self.known.as_deref(),
            self.options.takes_base,
        )
    }
}

impl SetLocation {
    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// As [`Assign::plan`].
    pub fn plan(&self) -> Result<Plan<Decision>> {
        let number = self.numbers.parse_number(&self.number)?;
        self.check()?;
        let wanted = Wanted::Located(self.location.clone());
        self.numbers
            .plan(Plan::new(None), &number, &wanted, self.known.as_deref(), false)
    }
}

impl Numbers {
    fn plan(
        &self,
        mut plan: Plan<Decision>,
        number: &TelephoneNumber,
        wanted: &Wanted,
        known: Option<&NumberAssignment>,
        takes_base: bool,
    ) -> Result<Plan<Decision>> {
        let read = || self.query().number(number).request().into_operation();
        let steps = match known {
            Some(known) => {
                check_known(number, known)?;
                let decision = decide(known, wanted)?;
                let steps = decision.steps().to_vec();
                plan.decision = Some(decision);
                steps
            }
            None => {
                plan.read(read(), look_up_purpose(wanted));
                possible_steps(wanted)
            }
        };
        let is_taken = steps.iter().any(|step| matches!(step, Step::Unassign { .. }));
        if is_taken && !takes_base && number.extension().is_none() && known.is_none_or(may_have_extensions) {
            let list = self.where_extensions_are(known).request();
            plan.read(
                list.into_operation(),
                "if it is a direct-routing number: stop if there are numbers with an extension of it",
            );
        }
        let is_move = steps.len() > 1;
        for step in &steps {
            let purpose = match step {
                Step::Unassign { .. } if is_move && known.is_some() => "take it from its holder",
                Step::Unassign { .. } if is_move => "if somebody else holds it: take it",
                Step::Unassign { .. } | Step::Assign { .. } => "place the order",
                Step::SetLocation(_) => "change the emergency location",
            };
            plan.send(self.operation(number, step), purpose);
            if !matches!(step, Step::SetLocation(_)) {
                let operations = self
                    .client
                    .graph()
                    .admin()
                    .teams()
                    .telephone_number_management()
                    .operations();
                let state = operations.by_id(placeholder("id of the operation")).get();
                plan.wait(state.into_operation(), "wait for the end of the order");
            }
            plan.read(read(), "read the number back");
        }
        Ok(plan)
    }
}

fn look_up_purpose(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Assigned(_) => "look the number up; stop if the user holds it already, or if it cannot be assigned",
        Wanted::Unassigned => "look the number up; stop if nobody holds it",
        Wanted::Located(_) => "look the number up; stop if the location is already correct, or cannot be changed",
    }
}

/// Every step that may follow, when the state is not known.
fn possible_steps(wanted: &Wanted) -> Vec<Step> {
    let number_type = NumberType::from(placeholder("type of the number").as_str());
    let unassign = Step::Unassign {
        number_type: number_type.clone(),
    };
    match wanted {
        Wanted::Assigned(Assignment {
            to,
            takes,
            category,
            location,
            ..
        }) => {
            let assign = Step::Assign {
                to: to.clone(),
                number_type,
                category: category.clone(),
                location: location.clone(),
            };
            if *takes { vec![unassign, assign] } else { vec![assign] }
        }
        Wanted::Unassigned => vec![unassign],
        Wanted::Located(change) => vec![Step::SetLocation(change.clone())],
    }
}
