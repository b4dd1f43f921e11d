//! Decisions about numbers, as values of Python.

use pyo3::prelude::*;
use trunkline::numbers::{Action, Assignment, Decision, LocationChange, Numbers, Verified, Wanted, decide};
use trunkline::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use trunkline::{Error, TelephoneNumber};

use crate::intents::record;
use crate::work::Finish;
use crate::{errors, values};

/// The wanted state, as `trunkline.Wanted` describes it: kind, holder, whether it is taken, category, location, type.
#[derive(FromPyObject)]
pub(crate) struct WantedArgument(
    String,
    Option<String>,
    bool,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl WantedArgument {
    pub(crate) fn wanted(self) -> PyResult<Wanted> {
        let Self(kind, to, takes, category, location, number_type) = self;
        match (kind.as_str(), to) {
            ("assigned", Some(to)) => {
                let mut assignment = Assignment::to(to);
                if takes {
                    assignment = assignment.taking();
                }
                if let Some(category) = category {
                    assignment = assignment.category(AssignmentCategory::from(category.as_str()));
                }
                if let Some(location) = location {
                    assignment = assignment.location(location);
                }
                if let Some(number_type) = number_type {
                    assignment = assignment.number_type(NumberType::from(number_type.as_str()));
                }
                Ok(Wanted::Assigned(assignment))
            }
            ("unassigned", None) => Ok(Wanted::Unassigned),
            ("located", None) => Ok(Wanted::Located(
                location.map_or(LocationChange::Clear, LocationChange::Set),
            )),
            _ => Err(errors::system("nothing can be wanted so")),
        }
    }
}

/// Decides how to bring a number from this state to the wanted one.
pub(crate) fn decided(
    py: Python<'_>,
    numbers: &Numbers,
    found: &NumberAssignment,
    wanted: &Wanted,
) -> PyResult<Py<PyAny>> {
    let decision = decide(found, wanted).map_err(|refusal| errors::raised(py, &Error::from(refusal)))?;
    decision_parts(py, numbers, found, &decision)
}

/// `(action, [(operation, request)], warnings)`.
fn decision_parts(
    py: Python<'_>,
    numbers: &Numbers,
    found: &NumberAssignment,
    decision: &Decision,
) -> PyResult<Py<PyAny>> {
    let action = match decision.action {
        Action::Already => "already",
        Action::Wait => "wait",
        Action::Send(_) => "send",
        _ => "other",
    };
    let number = found.telephone_number.value().map_or("", String::as_str);
    let steps = decision.steps().iter().map(|step| {
        let number = TelephoneNumber::from_service(number).map_err(errors::system)?;
        let request = numbers.operation(&number, step).to_json().to_string();
        Ok((step.operation(), values::loads(py, &request)?))
    });
    let steps = steps.collect::<PyResult<Vec<_>>>()?;
    let warnings: Vec<String> = decision.warnings.iter().map(ToString::to_string).collect();
    let parts = (action, steps, warnings);
    Ok(parts.into_pyobject(py)?.into_any().unbind())
}

/// `(found, decision, refusal, holds)`.
pub(crate) fn verified(numbers: Numbers, verified: Verified) -> Finish {
    Box::new(move |py| {
        let holds = verified.holds();
        let found = record(py, &verified.found)?;
        let (decision, refusal) = match verified.decision {
            Ok(decision) => (Some(decision_parts(py, &numbers, &verified.found, &decision)?), None),
            Err(refusal) => (None, Some(errors::raised(py, &Error::from(refusal)).into_value(py))),
        };
        Ok((found, decision, refusal, holds).into_pyobject(py)?.into_any().unbind())
    })
}
