//! Work the service has accepted and carries out later.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::graph_text;

/// The parts of a state that hold the orders and the password resets.
pub(super) const ORDERS: &str = "@emulator.orders";
pub(super) const RESETS: &str = "@emulator.passwordResets";

/// The stage of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stage {
    NotStarted,
    Running,
    Done,
}

/// The effect of an order when it is carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OrderKind {
    Assign {
        target: String,
        category: String,
        location: Option<String>,
    },
    Unassign,
}

/// An accepted assignment or unassignment of one number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) kind: OrderKind,
    pub(crate) number: String,
    pub(crate) number_type: String,
    pub(crate) polls: u32,
    pub(crate) stage: Stage,
    /// Set at the end: the number's verdict.
    pub(crate) verdict: Option<Result<(), String>>,
    pub(crate) resource_id: Option<String>,
}

impl Order {
    /// The stage the clock, or the count of polls, has brought an order to.
    pub(crate) fn due(&self, now: Timestamp, stage: Duration, per_poll: bool) -> Stage {
        stage_at(self.created, now, stage, per_poll.then_some(self.polls))
    }

    /// The status as the service spells it.
    pub(crate) fn status(&self) -> &'static str {
        match (self.stage, &self.verdict) {
            (Stage::NotStarted, _) => "notStarted",
            (_, Some(Ok(()))) => "succeeded",
            (_, Some(Err(_))) => "failed",
            _ => "running",
        }
    }

    /// The entity a poll shows.
    pub(crate) fn entity(&self, root: &str) -> Value {
        let location = self
            .resource_id
            .as_ref()
            .map(|id| format!("{root}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments/{id}"));
        let detail = match &self.verdict {
            Some(Err(text)) => json!(text),
            _ => Value::Null,
        };
        json!({
            "@odata.type": "#microsoft.graph.teamsAdministration.telephoneNumberLongRunningOperation",
            "id": self.id,
            "createdDateTime": graph_text(self.created),
            "status": self.status(),
            "numbers": [{ "resourceLocation": location, "status": self.status(), "statusDetail": detail }],
        })
    }
}

/// An assignment or unassignment that the service accepted, even if its answer was lost on the way.
///
/// A list of them proves what was ordered how often: a request that was dropped after it was carried out is in it, one
/// that was refused is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedOrder {
    /// The id of its operation.
    pub id: String,
    /// Time of its acceptance, by the emulator's clock.
    pub at: String,
    /// The telephone number.
    pub number: String,
    /// The user to assign the number to; `None` to unassign it.
    pub target: Option<String>,
    /// `notStarted`, `running`, `succeeded` or `failed`.
    pub status: String,
}

impl AcceptedOrder {
    pub(crate) fn of(order: &Order) -> Self {
        Self {
            id: order.id.clone(),
            at: order.created.to_string(),
            number: order.number.clone(),
            target: match &order.kind {
                OrderKind::Assign { target, .. } => Some(target.clone()),
                OrderKind::Unassign => None,
            },
            status: order.status().to_owned(),
        }
    }
}

/// An accepted password reset.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reset {
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) created: Timestamp,
    pub(crate) polls: u32,
}

impl Reset {
    /// The entity a poll shows.
    pub(crate) fn entity(&self, now: Timestamp, stage: Duration, per_poll: bool, root: &str) -> Value {
        let status = match stage_at(self.created, now, stage, per_poll.then_some(self.polls)) {
            Stage::NotStarted => "notStarted",
            Stage::Running => "running",
            Stage::Done => "succeeded",
        };
        json!({
            "id": self.id,
            "status": status,
            "statusDetail": null,
            "resourceLocation": format!(
                "{root}/v1.0/users/{}/authentication/methods/28c10230-6103-485e-b985-444c60001490",
                self.user
            ),
            "createdDateTime": graph_text(self.created),
            "lastActionDateTime": graph_text(now),
        })
    }
}

fn stage_at(created: Timestamp, now: Timestamp, stage: Duration, polls: Option<u32>) -> Stage {
    // The first poll sees an order as it was accepted; every later one finds it a stage further.
    let steps = polls.map_or_else(
        || {
            if stage.is_zero() {
                return 2;
            }
            let elapsed: SignedDuration = now.duration_since(created);
            let elapsed = Duration::try_from(elapsed).unwrap_or_default();
            u32::try_from(elapsed.as_nanos() / stage.as_nanos()).unwrap_or(u32::MAX)
        },
        |polls| polls.saturating_sub(1),
    );
    match steps {
        0 => Stage::NotStarted,
        1 => Stage::Running,
        _ => Stage::Done,
    }
}
