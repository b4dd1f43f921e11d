//! The requests that change numbers.

use super::decision::Step;
use super::order::Running;
use super::{LocationChange, Numbers};
use crate::generated::handles::Collection;
use crate::generated::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use crate::telephone::TelephoneNumber;
use crate::{Operation, Request};

impl Numbers {
    /// Where numbers are.
    pub(super) fn inventory(&self) -> Collection<NumberAssignment> {
        let management = self.client.graph().admin().teams().telephone_number_management();
        management.number_assignments()
    }

    /// The request of one step of a [`Decision`](super::Decision), as it would be sent. To look at: intents send it.
    #[must_use]
    pub fn operation(&self, number: &TelephoneNumber, step: &Step) -> Operation {
        match step {
            Step::Unassign { number_type } => self.unassignment(number, number_type).operation().clone(),
            Step::Assign {
                to,
                number_type,
                category,
                location,
            } => {
                let request = self.assignment(number, to, number_type, category.as_ref(), location.as_deref());
                request.operation().clone()
            }
            Step::SetLocation(change) => self.relocation(number, change).operation().clone(),
        }
    }

    pub(super) fn unassignment(&self, number: &TelephoneNumber, number_type: &NumberType) -> Request<Running> {
        let call = self
            .inventory()
            .unassign_number(number.to_string(), number_type.clone());
        call.request()
    }

    pub(super) fn assignment(
        &self,
        number: &TelephoneNumber,
        to: &str,
        number_type: &NumberType,
        category: Option<&AssignmentCategory>,
        location: Option<&str>,
    ) -> Request<Running> {
        let mut call = self
            .inventory()
            .assign_number(number.to_string(), to, number_type.clone());
        if let Some(category) = category {
            call = call.assignment_category(category.clone());
        }
        if let Some(location) = location {
            call = call.location_id(location);
        }
        call.request()
    }

    pub(super) fn relocation(&self, number: &TelephoneNumber, change: &LocationChange) -> Request<()> {
        let call = self.inventory().update_number(number.to_string());
        call.location_id(change.as_sent()).request()
    }
}
