//! The users that rows name.

use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::mask::is_guid;
use trunkline::{Client, Error, ErrorKind};

use super::holders::Holder;
use super::{AT_ONCE, Questions, TOGETHER};
use crate::error::BulkError;

const PROPERTIES: &str = "id,userPrincipalName,usageLocation,accountEnabled";

/// The service plans that let an account have a number: a person's, a resource account's.
const PHONE_PLANS: [&str; 2] = ["MCOEV", "MCOEV_VIRTUALUSER"];

/// A user as the directory has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct PersonState {
    pub(crate) id: String,
    pub(crate) principal_name: Option<String>,
    pub(crate) usage_location: Option<String>,
    pub(crate) is_enabled: Option<bool>,
    /// Whether a plan for telephone numbers is in force; absent when it was not asked for or may not be read.
    pub(crate) has_phone_plan: Option<bool>,
}

/// Users by the names that rows have for them.
#[derive(Debug, Default)]
pub(crate) struct People {
    found: HashMap<String, Result<PersonState, Error>>,
}

impl People {
    pub(super) async fn read(client: &Client, questions: &Questions) -> Result<Self, BulkError> {
        let names: Vec<&String> = questions.people.iter().collect();
        // Gathered: as an iterator of closures the future could not go from thread to thread.
        let chunks: Vec<_> = names
            .chunks(TOGETHER / 2)
            .map(|names| read(client, names, questions))
            .collect();
        let mut answers = stream::iter(chunks).buffer_unordered(AT_ONCE);
        let mut people = Self::default();
        while let Some(answered) = answers.try_next().await? {
            people.found.extend(answered);
        }
        Ok(people)
    }

    /// The user, or why they could not be read. `None` when nobody asked.
    pub(crate) fn person(&self, name: &str) -> Option<&Result<PersonState, Error>> {
        self.found.get(name)
    }

    /// The object id.
    pub(crate) fn id(&self, name: &str) -> Option<&str> {
        self.found.get(name)?.as_ref().ok().map(|person| person.id.as_str())
    }

    /// All of them as holders of numbers, by object id: those with a name, and ids that the directory does not have.
    pub(super) fn holders(&self) -> impl Iterator<Item = (String, Holder)> {
        self.found.iter().filter_map(|(name, found)| match found {
            Ok(person) => {
                let name = person.principal_name.clone()?;
                Some((person.id.clone(), Holder::Account(name)))
            }
            Err(error) => {
                let is_gone = error.is_not_found() && is_guid(name);
                is_gone.then(|| (name.clone(), Holder::Gone))
            }
        })
    }
}

type Found = Vec<(String, Result<PersonState, Error>)>;

async fn read(client: &Client, names: &[&String], questions: &Questions) -> Result<Found, BulkError> {
    let users = client.graph().users();
    let mut batch = client.batch();
    let handles: Vec<_> = names
        .iter()
        .map(|name| {
            let user = users.by_id(name.as_str());
            let person = batch.add(user.get().with_query("$select", PROPERTIES));
            let licences = questions
                .licences
                .contains(*name)
                .then(|| batch.add_list(user.license_details().list()));
            (person, licences)
        })
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::with_capacity(names.len());
    for (name, (person, licences)) in names.iter().zip(handles) {
        let licences = licences.map(|handle| answers.take(handle));
        let person = match answers.take(person) {
            Ok(person) => {
                let person = person.into_value();
                person.check_key(name)?;
                let has_phone_plan = match licences {
                    None => None,
                    Some(Ok(page)) => Some(page.into_value().items.iter().any(has_phone_plan)),
                    // Planning goes on without: the service judges.
                    Some(Err(error)) if error.is_permission_denied() => None,
                    Some(Err(error)) => return Err(error.into()),
                };
                Ok(PersonState {
                    id: person.id.into_option().unwrap_or_default(),
                    principal_name: person.user_principal_name.into_option(),
                    usage_location: person.usage_location.into_option(),
                    is_enabled: person.account_enabled.into_option(),
                    has_phone_plan,
                })
            }
            Err(error) if is_about_one(&error) => Err(error),
            Err(error) => return Err(error.into()),
        };
        found.push(((*name).clone(), person));
    }
    Ok(found)
}

/// Whether the error is of this one user or policy, so that other rows can be planned all the same.
pub(super) fn is_about_one(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::Rejected
    )
}

fn has_phone_plan(licence: &trunkline::graph::LicenseDetails) -> bool {
    licence.service_plans.value().into_iter().flatten().any(|plan| {
        let is_phone = plan
            .service_plan_name
            .as_deref()
            .is_some_and(|name| PHONE_PLANS.contains(&name));
        let is_off = plan.provisioning_status.as_deref() == Some("Disabled");
        is_phone && !is_off
    })
}
