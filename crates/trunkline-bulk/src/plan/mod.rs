//! Plans the changes of a file before anything is sent.

mod causes;
mod document;
mod draft;
mod effect;
pub(crate) mod first_version;
mod loss;
mod needs;
mod numbers;
mod observation;
mod options;
mod permission;
mod phones;
mod pick;
mod planning;
mod policies;
mod row;
mod source;
mod suggestions;
mod summary;
mod twice;
mod wanted;

pub use causes::Cause;
pub use document::{Plan, PlanHeader};
pub use effect::Effect;
pub use loss::Loss;
pub use options::{PlanOptions, Pool};
pub(crate) use pick::is_canonical;
pub(crate) use planning::plan_wanted;
pub use row::{
    Finding, NumberState, PhoneState, PlannedRow, PolicyState, Severity, State, Step, StepId, Verdict, Wanted,
};
pub use source::SourceFile;
pub use summary::PlanSummary;
pub(crate) use summary::RELEASED_BY_RUN;
