//! The columns of numbers, of outcomes, and of orders.

use crate::document::Column;

pub(super) const NUMBER: &[Column] = &[
    Column::shown("telephoneNumber", "/telephoneNumber").titled("number"),
    Column::shown("numberType", "/numberType").drops(2),
    Column::shown("assignmentStatus", "/assignmentStatus")
        .titled("status")
        .drops(1),
    Column::shown("assignmentTargetId", "/assignmentTargetId").titled("holder"),
    Column::further("assignmentCategory", "/assignmentCategory"),
    Column::shown("activationState", "/activationState")
        .titled("activation")
        .drops(4),
    Column::shown("city", "/city").drops(3),
    Column::shown("isoCountryCode", "/isoCountryCode")
        .titled("country")
        .drops(5),
    Column::further("capabilities", "/capabilities"),
    Column::further("locationId", "/locationId"),
    Column::further("civicAddressId", "/civicAddressId"),
    Column::further("networkSiteId", "/networkSiteId"),
    Column::further("numberSource", "/numberSource"),
    Column::further("operatorId", "/operatorId"),
    Column::further("portInStatus", "/portInStatus"),
    Column::further("reverseNumberLookupOptions", "/reverseNumberLookupOptions"),
    Column::further("supportedCustomerActions", "/supportedCustomerActions"),
    Column::further("id", "/id"),
];

pub(super) const OUTCOME: &[Column] = &[
    Column::shown("number", "/number"),
    Column::shown("change", "/change"),
    Column::shown("holderBefore", "/before/assignmentTargetId"),
    Column::shown("holderAfter", "/after/assignmentTargetId"),
    Column::shown("locationBefore", "/before/locationId"),
    Column::shown("locationAfter", "/after/locationId"),
    Column::shown("activationState", "/after/activationState"),
    Column::shown("warnings", "/warnings"),
];

pub(super) const ACCEPTED: &[Column] = &[
    Column::shown("number", "/number"),
    Column::shown("change", "/change"),
    Column::shown("operation", "/operation"),
    Column::shown("resumeToken", "/resumeToken"),
];

pub(super) const FOLLOWED: &[Column] = &[
    Column::shown("operation", "/order/id"),
    Column::shown("number", "/after/telephoneNumber"),
    Column::shown("holder", "/after/assignmentTargetId"),
    Column::shown("location", "/after/locationId"),
    Column::shown("activationState", "/after/activationState"),
    Column::shown("warnings", "/warnings"),
];

pub(super) const OPERATION: &[Column] = &[
    Column::shown("id", "/id"),
    Column::shown("status", "/status"),
    Column::shown("createdDateTime", "/createdDateTime"),
    Column::shown("numberStatus", "/numbers/0/status"),
    Column::shown("numberDetail", "/numbers/0/statusDetail"),
];
