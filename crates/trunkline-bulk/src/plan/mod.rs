//! What a file would change, decided before anything is sent.

mod document;
mod draft;
mod needs;
mod numbers;
mod observation;
mod options;
mod phones;
mod planning;
mod row;

pub use document::{Plan, PlanHeader};
pub use options::PlanOptions;
pub use row::{
    Action, Finding, NumberState, Person, PhoneState, PlannedRow, Severity, State, Step, StepId, Verdict, Wanted,
};
