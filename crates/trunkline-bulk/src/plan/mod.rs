//! What a file would change, decided before anything is sent.

mod row;

pub use row::{
    Action, Finding, NumberState, Person, PhoneState, PlannedRow, Severity, State, Step, StepId, Verdict, Wanted,
};
