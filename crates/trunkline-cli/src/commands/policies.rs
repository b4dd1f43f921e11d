//! `trunkline policies`.

use serde_json::{Value, json};
use trunkline::Client;
use trunkline::policies::{ChangePolicy, PolicyType};

use super::Report;
use super::change::{Changed, in_time, planned};
use crate::arguments::{ChangeWaiting, Policies, PolicyOf};
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

const ASSIGNMENT: &[Column] = &[
    Column::shown("policyType", "/policyType"),
    Column::shown("displayName", "/policyAssignment/displayName"),
    Column::shown("assignmentType", "/policyAssignment/assignmentType").drops(1),
    Column::shown("groupId", "/policyAssignment/groupId").drops(2),
    Column::further("policyId", "/policyAssignment/policyId"),
];

const OUTCOME: &[Column] = &[
    Column::shown("user", "/user"),
    Column::shown("policyType", "/policyType"),
    Column::shown("change", "/change"),
    Column::further("seen", "/seen"),
    Column::shown("policyBefore", "/before/policyAssignment/displayName"),
    Column::shown("policyAfter", "/after/policyAssignment/displayName"),
    Column::shown("assignmentType", "/after/policyAssignment/assignmentType"),
    Column::shown("warnings", "/warnings"),
];

pub(super) async fn run(command: &Policies, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Policies::List { user } => {
            let assignments = connection.client()?.policies(user).list().await?;
            if assignments.is_empty() {
                printer.note("the user has no policies but the defaults of the tenant");
            }
            let records: Vec<Value> = assignments.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
            Ok(Document::new(Value::Array(records), ASSIGNMENT).into())
        }
        Policies::Get { of } => get(of, &connection.client()?).await,
        Policies::Set(set) if set.dry_run => planned(assignment(&connection.offline()?, &set.of, &set.name).plan()?),
        Policies::Set(set) => {
            let client = connection.client()?;
            change(assignment(&client, &set.of, &set.name), &set.waiting, &client, printer).await
        }
        Policies::Clear(clear) if clear.dry_run => planned(clearance(&connection.offline()?, &clear.of).plan()?),
        Policies::Clear(clear) => {
            let client = connection.client()?;
            change(clearance(&client, &clear.of), &clear.waiting, &client, printer).await
        }
    }
}

fn assignment(client: &Client, of: &PolicyOf, name: &str) -> ChangePolicy {
    client.policies(&of.user).set(&of.policy_type, name)
}

fn clearance(client: &Client, of: &PolicyOf) -> ChangePolicy {
    client.policies(&of.user).clear(&of.policy_type)
}

async fn get(of: &PolicyOf, client: &Client) -> Result<Report, Failure> {
    let found = client.policies(&of.user).get(&of.policy_type).await?;
    if let Some(found) = found {
        return Ok(Document::new(serde_json::to_value(&found)?, ASSIGNMENT).into());
    }
    let policy_type = PolicyType::named(&of.policy_type)
        .map_err(trunkline::Error::from)?
        .to_string();
    let text = format!("{policy_type} of {} is the default of the tenant", of.user);
    let json = json!({"policyType": policy_type, "policyAssignment": null});
    Ok(Document::new(json, ASSIGNMENT).with_text(printable(&text)).into())
}

async fn change(
    intent: ChangePolicy,
    waiting: &ChangeWaiting,
    client: &Client,
    printer: Printer,
) -> Result<Report, Failure> {
    let intent = in_time!(intent, waiting);
    let outcome = unless_interrupted(&Reporter::silent(printer), intent.send()).await?;
    let changed = Changed {
        outcome: serde_json::to_value(&outcome)?,
        user: &outcome.user,
        warnings: &outcome.warnings,
        sentence: outcome.to_string(),
    };
    changed.report(OUTCOME, client, printer).await
}
