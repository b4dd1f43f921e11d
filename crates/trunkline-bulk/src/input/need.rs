//! The columns that each action needs.

use trunkline::Action;

use super::Column;

/// Whether an action looks at a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
    Unused,
}

/// The columns that an action needs.
pub(super) fn need(action: Action, column: Column, pick: bool) -> Need {
    use Need::{Optional, Required, Unused};
    match (action, column) {
        (_, Column::Action) => Optional,
        (Action::Assign, Column::Number) if pick => Optional,
        (Action::Assign | Action::Move, Column::Number | Column::User) => Required,
        (Action::Assign | Action::Move, Column::Category | Column::Location | Column::NumberType) => Optional,
        (Action::Unassign, Column::Number) => Required,
        (Action::Unassign, Column::User) => Optional,
        (Action::SetLocation, Column::Number | Column::Location) => Required,
        (Action::SetPhone, Column::Number | Column::User | Column::Role) => Required,
        (
            Action::Assign | Action::Move | Action::Unassign | Action::SetLocation | Action::SetPhone,
            Column::Extension,
        ) => Optional,
        (Action::RemovePhone, Column::User | Column::Role) => Required,
        (Action::SmsSignIn, Column::User | Column::SmsSignIn) => Required,
        (Action::SetPolicy, Column::User | Column::PolicyType | Column::Policy) => Required,
        (Action::ClearPolicy, Column::User | Column::PolicyType) => Required,
        _ => Unused,
    }
}
