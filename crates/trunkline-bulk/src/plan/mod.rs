//! What a file would change, decided before anything is sent.

mod document;
mod row;

pub use document::{Plan, PlanHeader};
pub use row::{
    Action, Finding, NumberState, Person, PhoneState, PlannedRow, Severity, State, Step, StepId, Verdict, Wanted,
};
