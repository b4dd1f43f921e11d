//! Assignment blocks: what keeps a number from being assigned, a setting of the tenant or of the number. Graph shows neither.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

/// The member of a seeded number that holds its block: `"forever"`, or the moment when it ends.
pub(crate) const MEMBER: &str = "@emulator.assignmentBlock";

const FOREVER: &str = "assignmentBlockedForever";
const DAYS: &str = "assignmentBlockedDays";

/// The time that a number is blocked from assignment, as the tenant's administrators set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockSetting {
    /// Until an administrator lifts the block.
    Forever,
    /// For so many days, 1 to 365.
    Days(i64),
}

impl BlockSetting {
    /// Reads `{"assignmentBlockedForever": true}` or `{"assignmentBlockedDays": 30}`; neither of them is no block.
    /// `further` are members that the caller reads.
    pub(crate) fn read(value: &Value, further: &[&str]) -> Result<Option<Self>, String> {
        let members = value.as_object().ok_or("an object is expected")?;
        if let Some(name) = members
            .keys()
            .find(|name| ![FOREVER, DAYS].contains(&name.as_str()) && !further.contains(&name.as_str()))
        {
            return Err(format!(
                "there is no setting '{name}'; there are '{FOREVER}' and '{DAYS}'"
            ));
        }
        match (forever(members)?, days(members)?) {
            (true, Some(_)) => Err(format!("'{FOREVER}' and '{DAYS}' exclude each other")),
            (true, None) => Ok(Some(Self::Forever)),
            (false, days) => Ok(days.map(Self::Days)),
        }
    }

    /// The block of a number that is released, or blocked by hand, at this moment.
    pub(crate) fn begin(self, now: Timestamp) -> Block {
        match self {
            Self::Forever => Block::Forever,
            Self::Days(days) => Block::Until(now.saturating_add(SignedDuration::from_hours(days * 24)).unwrap_or(now)),
        }
    }

    /// As it is read.
    pub(crate) fn json(setting: Option<Self>) -> Value {
        match setting {
            None => json!({}),
            Some(Self::Forever) => json!({ FOREVER: true }),
            Some(Self::Days(days)) => json!({ DAYS: days }),
        }
    }
}

fn forever(members: &Map<String, Value>) -> Result<bool, String> {
    match members.get(FOREVER) {
        None | Some(Value::Null) => Ok(false),
        Some(value) => value.as_bool().ok_or(format!("'{FOREVER}' is true or false")),
    }
}

fn days(members: &Map<String, Value>) -> Result<Option<i64>, String> {
    match members.get(DAYS) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64() {
            Some(days @ 1..=365) => Ok(Some(days)),
            _ => Err(format!("'{DAYS}' is a whole number from 1 to 365")),
        },
    }
}

/// The block of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Forever,
    Until(Timestamp),
}

impl Block {
    /// The block that a number has, whether or not it has ended.
    pub(crate) fn of(number: &Value) -> Result<Option<Self>, String> {
        match number.get(MEMBER) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text == "forever" => Ok(Some(Self::Forever)),
            Some(value) => match value.as_str().map(str::parse) {
                Some(Ok(moment)) => Ok(Some(Self::Until(moment))),
                _ => Err(format!(
                    "'{MEMBER}' is \"forever\" or a moment such as 2027-01-01T00:00:00Z"
                )),
            },
        }
    }

    /// The reason why the number cannot be assigned now; `None` when the block has ended.
    pub(crate) fn words(self, now: Timestamp) -> Option<String> {
        match self {
            Self::Forever => Some("The telephone number is blocked from assignment.".to_owned()),
            Self::Until(moment) => (moment > now).then(|| {
                format!(
                    "The telephone number is blocked from assignment until {}.",
                    moment.strftime("%Y-%m-%d")
                )
            }),
        }
    }

    /// As the number's member has it.
    pub(crate) fn json(self) -> Value {
        match self {
            Self::Forever => json!("forever"),
            Self::Until(moment) => json!(moment.to_string()),
        }
    }
}
