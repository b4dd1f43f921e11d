//! Examples that compile: the first documented path, walked with the generated methods.

use trunkline_spec::model::Operation;

use super::scope::Scope;
use crate::plan::CallPlan;

/// The example of a call; nothing where its path cannot be walked.
pub(super) fn of_call(_scope: &Scope<'_, '_>, _call: &CallPlan<'_>, _operation: &Operation) -> Option<Vec<String>> {
    None
}
