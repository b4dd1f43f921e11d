//! Teams telephone numbers.

use serde_json::Value;
use trunkline::OpenEnum;
use trunkline::teams_administration::NumberType;

use super::Table;
use crate::plan::{list, nothing, started, value};

pub(super) const CALLS: Table = &[
    ("numberAssignments.list", |call| list!(call, call.numbers()?.list())),
    ("numberAssignments.get", |call| {
        value!(call, call.numbers()?.by_id(call.id()?).get())
    }),
    ("numberAssignments.assignNumber", |call| {
        let kind = NumberType::from_wire(call.text("numberType")?);
        let assign =
            call.numbers()?
                .assign_number(call.text("telephoneNumber")?, call.text("assignmentTargetId")?, kind);
        let assign = assign.assignment_category(call.member("assignmentCategory")?);
        started!(call, assign.location_id(call.property("locationId")?).request(), Value)
    }),
    ("numberAssignments.unassignNumber", |call| {
        let kind = NumberType::from_wire(call.text("numberType")?);
        started!(
            call,
            call.numbers()?
                .unassign_number(call.text("telephoneNumber")?, kind)
                .request(),
            Value
        )
    }),
    ("numberAssignments.updateNumber", |call| {
        let update = call.numbers()?.update_number(call.text("telephoneNumber")?);
        let update = update.location_id(call.property("locationId")?);
        let update = update.network_site_id(call.property("networkSiteId")?);
        let update = update.reverse_number_lookup_options(call.property("reverseNumberLookupOptions")?);
        nothing!(call, update.request())
    }),
    ("telephoneNumberOperations.get", |call| {
        value!(call, call.number_management()?.operations().by_id(call.id()?).get())
    }),
];
