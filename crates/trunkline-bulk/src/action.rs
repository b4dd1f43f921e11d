//! The actions of rows: how else files write them, the columns they read, the operations they need.

use trunkline::descriptor::OperationDescriptor;
use trunkline::{Action, Change, OPERATIONS};

use crate::input::column::Column;

/// An action, as files and tokens are judged by it.
pub(crate) struct Described {
    /// How else it may be written.
    pub(crate) synonyms: &'static [&'static str],
    /// Columns that a row must fill.
    pub(crate) required: &'static [Column],
    /// Columns that it may fill.
    pub(crate) optional: &'static [Column],
    /// Ids of the operations that a row needs, and whether the work is possible without them.
    pub(crate) operations: &'static [(&'static str, bool)],
}

/// Whether a row of an action must fill a column; `None` when the action does not look at it. With `pick`, the number of an
/// assignment may be left open.
pub(crate) fn needs(action: Action, column: Column, pick: bool) -> Option<bool> {
    let described = described(action);
    if described.required.contains(&column) {
        let is_open = pick && (action, column) == (Action::Assign, Column::Number);
        return Some(!is_open);
    }
    described.optional.contains(&column).then_some(false)
}

/// The id of the operation that a step sends. Adding and changing a phone method ask for the same.
pub(crate) fn sent_by(step: &Change) -> &'static str {
    match step {
        Change::Unassign { .. } => "numberAssignments.unassignNumber",
        Change::Assign { .. } => "numberAssignments.assignNumber",
        Change::SetLocation { .. } => "numberAssignments.updateNumber",
        Change::SetPhone { .. } => "phoneMethods.update",
        Change::RemovePhone { .. } => "phoneMethods.delete",
        Change::SmsSignIn { enabled: true, .. } => "phoneMethods.enableSmsSignIn",
        Change::SmsSignIn { enabled: false, .. } => "phoneMethods.disableSmsSignIn",
        Change::SetPolicy { .. } => "policyAssignments.assign",
        Change::ClearPolicy { .. } => "policyAssignments.unassign",
    }
}

/// The operation of an id.
pub(crate) fn operation(id: &str) -> Option<&'static OperationDescriptor> {
    OPERATIONS.0.iter().find(|operation| operation.id == id)
}

/// The description of an action.
pub(crate) fn described(action: Action) -> Described {
    match action {
        Action::Assign => Described {
            synonyms: &["set", "setNumber"],
            required: &[Column::Number, Column::User],
            optional: OF_ASSIGNMENTS,
            operations: &[
                ("numberAssignments.list", false),
                ("users.get", false),
                ("users.list", true),
                ("users.listLicenseDetails", true),
                ("numberAssignments.assignNumber", false),
                ("telephoneNumberOperations.get", false),
            ],
        },
        Action::Move => Described {
            synonyms: &["reassign"],
            required: &[Column::Number, Column::User],
            optional: OF_ASSIGNMENTS,
            operations: &[
                ("numberAssignments.list", false),
                ("users.get", false),
                ("users.list", true),
                ("users.listLicenseDetails", true),
                ("numberAssignments.unassignNumber", false),
                ("numberAssignments.assignNumber", false),
                ("telephoneNumberOperations.get", false),
            ],
        },
        Action::Unassign => Described {
            synonyms: &["release", "removeNumber"],
            required: &[Column::Number],
            optional: &[Column::Extension, Column::User],
            operations: &[
                ("numberAssignments.list", false),
                ("users.list", true),
                ("numberAssignments.unassignNumber", false),
                ("telephoneNumberOperations.get", false),
            ],
        },
        Action::SetLocation => Described {
            synonyms: &["location"],
            required: &[Column::Number, Column::Location],
            optional: &[Column::Extension],
            operations: &[
                ("numberAssignments.list", false),
                ("users.list", true),
                ("numberAssignments.updateNumber", false),
            ],
        },
        Action::SetPhone => Described {
            synonyms: &["setPhoneMethod"],
            required: &[Column::Number, Column::User, Column::Role],
            optional: &[Column::Extension],
            operations: &[
                ("users.get", false),
                ("phoneMethods.list", false),
                ("methodConfigurations.get", true),
                ("phoneMethods.create", false),
                ("phoneMethods.update", false),
            ],
        },
        Action::RemovePhone => Described {
            synonyms: &["removePhoneMethod"],
            required: &[Column::User, Column::Role],
            optional: &[],
            operations: &[
                ("users.get", false),
                ("phoneMethods.list", false),
                ("phoneMethods.delete", false),
            ],
        },
        Action::SmsSignIn => Described {
            synonyms: &["setSmsSignIn"],
            required: &[Column::User, Column::SmsSignIn],
            optional: &[],
            operations: &[
                ("users.get", false),
                ("phoneMethods.list", false),
                ("methodConfigurations.get", true),
                ("phoneMethods.enableSmsSignIn", false),
                ("phoneMethods.disableSmsSignIn", false),
            ],
        },
        Action::SetPolicy => Described {
            synonyms: &["grantPolicy", "assignPolicy"],
            required: &[Column::User, Column::PolicyType, Column::Policy],
            optional: &[],
            operations: &[
                ("users.get", false),
                ("userConfigurations.get", false),
                ("teamsPolicies.getPolicyId", false),
                ("policyAssignments.assign", false),
            ],
        },
        Action::ClearPolicy => Described {
            synonyms: &["removePolicy", "unassignPolicy"],
            required: &[Column::User, Column::PolicyType],
            optional: &[],
            operations: &[
                ("users.get", false),
                ("userConfigurations.get", false),
                ("policyAssignments.unassign", false),
            ],
        },
    }
}

const OF_ASSIGNMENTS: &[Column] = &[
    Column::Extension,
    Column::Category,
    Column::Location,
    Column::NumberType,
];
