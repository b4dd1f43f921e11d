//! Intents by name: what the generated function [`start`](crate::generated::start) is made of.

use std::future::Future;
use std::sync::Arc;

use serde_json::{Value, json};
use trunkline::numbers::{Action, Assignment, Decision, LocationChange, Numbers, Wanted, decide};
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::NumberAssignment;
use trunkline::{Client, Error, Result, TelephoneNumber};
use trunkline_core::clock::BoxFuture;
use trunkline_core::codec::{Encode, Writer};

use crate::errors::error_json;
use crate::outcomes::ProgressRecord;
use crate::{ArgumentError, Arguments};

/// Is called with the progress of a change; an error stops it.
pub type Watch = Arc<dyn Fn(ProgressRecord) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// The answer of an intent, as JSON.
pub type Answer = BoxFuture<'static, Result<String>>;

/// The methods for numbers, which read those without a plus in the country of the call.
pub(crate) fn numbers(client: &Client, arguments: &mut Arguments) -> Result<Numbers, ArgumentError> {
    let numbers = client.numbers();
    Ok(match arguments.text("country")? {
        Some(country) => numbers.country(country.as_str()),
        None => numbers,
    })
}

/// The role of a name; Python also writes it in snake case.
pub(crate) fn role(name: String) -> Result<PhoneRole, ArgumentError> {
    let spelled: String = name.chars().filter(|character| *character != '_').collect();
    Ok(spelled.parse::<PhoneRole>()?)
}

pub(crate) fn location(id: Option<String>) -> LocationChange {
    id.map_or(LocationChange::Clear, LocationChange::Set)
}

/// The wanted state of a number.
pub(crate) fn wanted(mut fields: Arguments) -> Result<Wanted, ArgumentError> {
    let kind = fields.required("kind")?;
    let wanted = match kind.as_str() {
        "assigned" => {
            let mut assignment = Assignment::to(fields.required("to")?);
            if fields.boolean("takes")? == Some(true) {
                assignment = assignment.taking();
            }
            if let Some(category) = fields.text("category")? {
                assignment = assignment.category(category.as_str());
            }
            if let Some(location) = fields.text("location")? {
                assignment = assignment.location(location);
            }
            if let Some(number_type) = fields.text("number_type")? {
                assignment = assignment.number_type(number_type.as_str());
            }
            Wanted::Assigned(assignment)
        }
        "located" => Wanted::Located(location(fields.text("location")?)),
        _ => Wanted::Unassigned,
    };
    // Python always says it, also where it has no meaning.
    fields.value("takes");
    fields.finish()?;
    Ok(wanted)
}

/// A callback for the progress of a change.
pub(crate) fn watcher<P>(watch: Watch) -> impl Fn(&P) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static
where
    for<'p> ProgressRecord: From<&'p P>,
{
    move |progress| watch(ProgressRecord::from(progress))
}

/// Compares the state of numbers with what is wanted of them.
pub(crate) struct Judge(pub(crate) Numbers);

impl Judge {
    pub(crate) fn decide(self, found: &NumberAssignment, wanted: Wanted) -> impl Future<Output = Result<Value>> {
        let decided = decide(found, &wanted).map_err(Error::from);
        let decided = decided.and_then(|decision| self.decision(found, &decision));
        std::future::ready(decided)
    }

    pub(crate) async fn verify(self, number: &str, wanted: Wanted) -> Result<Value> {
        let verified = self.0.verify(number, &wanted).await?;
        let holds = verified.holds();
        let (decision, refusal) = match &verified.decision {
            Ok(decision) => (Some(self.decision(&verified.found, decision)?), None),
            Err(refusal) => (None, Some(error_json(&Error::from(refusal.clone())))),
        };
        Ok(json!({ "found": value(&verified.found), "decision": decision, "refusal": refusal, "holds": holds }))
    }

    fn decision(&self, found: &NumberAssignment, decision: &Decision) -> Result<Value> {
        let action = match decision.action {
            Action::Already => "already",
            Action::Wait => "wait",
            Action::Send(_) => "send",
            _ => "other",
        };
        let number = found.telephone_number.value().map_or("", String::as_str);
        let mut steps = Vec::new();
        for step in decision.steps() {
            let number = TelephoneNumber::from_service(number)
                .map_err(|error| Error::new(trunkline::ErrorKind::InvalidInput, error.to_string()))?;
            let request = self.0.operation(&number, step).to_json();
            steps.push(json!({ "operation": step.operation(), "request": request }));
        }
        let warnings: Vec<String> = decision.warnings.iter().map(ToString::to_string).collect();
        Ok(json!({ "action": action, "steps": steps, "warnings": warnings }))
    }
}

fn value(record: &impl Encode) -> Value {
    serde_json::from_slice(&record.encode()).unwrap_or_default()
}

/// The answer of a read, as JSON.
pub trait ToJson {
    /// The JSON text.
    fn to_json(&self) -> String;
}

impl<T: Encode> ToJson for Option<T> {
    fn to_json(&self) -> String {
        let text = self
            .as_ref()
            .map(|record| String::from_utf8_lossy(&record.encode()).into_owned());
        text.unwrap_or_else(|| "null".to_owned())
    }
}

impl<T: Encode> ToJson for Vec<T> {
    fn to_json(&self) -> String {
        let mut writer = Writer::new();
        writer.begin_array();
        for record in self {
            writer.separate();
            writer.raw(&String::from_utf8_lossy(&record.encode()));
        }
        writer.end_array();
        String::from_utf8_lossy(&writer.into_bytes()).into_owned()
    }
}

impl ToJson for Value {
    fn to_json(&self) -> String {
        self.to_string()
    }
}
