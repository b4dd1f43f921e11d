//! Intents by name: what the generated function [`start`](crate::generated::start) is made of.

use std::future::Future;
use std::sync::Arc;

use serde_json::{Value, json};
use trunkline::numbers::Numbers;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::NumberAssignment;
use trunkline::{
    Change, ChangeProgress, Client, Current, Decision, DecisionAction, Error, Person, Result, TelephoneNumber, decide,
};
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

/// The wanted state of a number, as a change of a number that is still to be named.
pub(crate) fn wanted(mut fields: Arguments) -> Result<Change, ArgumentError> {
    let number = String::new();
    let wanted = match fields.required("kind")?.as_str() {
        "assigned" => Change::Assign {
            number,
            to: Person::named(fields.required("to")?),
            takes: fields.boolean("takes")? == Some(true),
            category: fields.text("category")?,
            location: fields.text("location")?,
            number_type: fields.text("number_type")?,
            picked: false,
        },
        "located" => Change::SetLocation {
            number,
            location: fields.text("location")?,
        },
        _ => Change::unassign(number),
    };
    // Python always says it, also where it has no meaning.
    fields.value("takes");
    fields.finish()?;
    Ok(wanted)
}

/// A callback for the progress of a change.
pub(crate) fn watcher(
    watch: Watch,
) -> impl Fn(&ChangeProgress) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static {
    move |progress| watch(ProgressRecord::from(progress))
}

/// Compares the state of numbers with what is wanted of them.
pub(crate) struct Judge {
    client: Client,
    country: Option<String>,
}

impl Judge {
    pub(crate) fn new(client: &Client, arguments: &mut Arguments) -> Result<Self, ArgumentError> {
        let country = arguments.text("country")?;
        let client = client.clone();
        Ok(Self { client, country })
    }

    pub(crate) fn decide(self, found: NumberAssignment, wanted: Change) -> impl Future<Output = Result<Value>> {
        let text = found.telephone_number.as_deref().unwrap_or_default();
        let number = TelephoneNumber::from_service(text).map_or_else(|_| text.to_owned(), |number| number.to_string());
        let change = with_number(wanted, number);
        let current = Current::from(found);
        let decided = decide(&change, &current).map_err(Error::from);
        std::future::ready(decided.map(|decision| self.decision(&current, &decision)))
    }

    pub(crate) async fn verify(self, number: &str, wanted: Change) -> Result<Value> {
        let mut intent = self.client.apply(with_number(wanted, number.to_owned()));
        if let Some(country) = &self.country {
            intent = intent.country(country);
        }
        let verified = intent.verify().await?;
        let (decision, refusal) = match &verified.decision {
            Ok(decision) => (Some(self.decision(&verified.current, decision)), None),
            Err(refusal) => (None, Some(error_json(&Error::from(refusal.clone())))),
        };
        let found = verified.current.number().map(value);
        Ok(json!({ "found": found, "decision": decision, "refusal": refusal, "holds": verified.holds() }))
    }

    fn decision(&self, current: &Current, decision: &Decision) -> Value {
        let action = match decision.action {
            DecisionAction::Already => "already",
            DecisionAction::Wait => "wait",
            DecisionAction::Send(_) => "send",
        };
        let steps = decision.steps().iter().map(|step| {
            let operation = self.client.operation_of(step, current);
            json!({ "operation": operation.id(), "request": operation.to_json() })
        });
        let warnings: Vec<String> = decision.warnings.iter().map(ToString::to_string).collect();
        json!({ "action": action, "steps": steps.collect::<Vec<_>>(), "warnings": warnings })
    }
}

fn with_number(mut change: Change, text: String) -> Change {
    if let Some(number) = change.number_mut() {
        *number = text;
    }
    change
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
