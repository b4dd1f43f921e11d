//! The live state that a plan is decided on, read by lists and batches: what thousands of rows are about, in hundreds of
//! requests.

mod holders;
mod numbers;
mod people;
mod phones;
mod policies;
mod policy;
mod questions;
pub(crate) mod suggestions;

use std::collections::BTreeSet;

use futures_util::try_join;
use trunkline::Client;

pub(crate) use holders::{Holder, Holders};
pub(crate) use numbers::Inventory;
pub(crate) use people::{People, PersonState};
pub(crate) use phones::PhoneMethods;
pub(crate) use policies::TeamsPolicies;
pub(crate) use policy::SmsPolicy;
pub(crate) use questions::Questions;
use questions::{AT_ONCE, TOGETHER};

use crate::apply::owner;
use crate::error::BulkError;
use crate::journal::Owner;

/// The state that was read.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) owner: Owner,
    pub(crate) inventory: Inventory,
    pub(crate) holders: Holders,
    pub(crate) people: People,
    pub(crate) phones: PhoneMethods,
    pub(crate) policies: TeamsPolicies,
    pub(crate) sms: SmsPolicy,
}

impl Snapshot {
    /// Reads what is asked for.
    ///
    /// # Errors
    ///
    /// When the tenant's id, the inventory or a whole batch cannot be read. What cannot be read of one user is kept with them.
    pub(crate) async fn read(client: &Client, questions: &Questions) -> Result<Self, BulkError> {
        let (owner, people) = try_join!(owner(client), People::read(client, questions))?;
        let targets = questions.licences.iter().filter_map(|name| people.id(name));
        let users: Vec<&str> = questions.phones.iter().filter_map(|name| people.id(name)).collect();
        let configured: Vec<&str> = questions.policies.iter().filter_map(|name| people.id(name)).collect();
        let (inventory, phones, policies, sms) = try_join!(
            Inventory::read(client, questions, targets.collect()),
            PhoneMethods::read(client, &users),
            TeamsPolicies::read(client, &configured, &questions.policy_names),
            SmsPolicy::read(client, !questions.phones.is_empty()),
        )?;
        let holders = holders_of_numbers(client, questions, &inventory, &people).await?;
        Ok(Self {
            owner,
            inventory,
            holders,
            people,
            phones,
            policies,
            sms,
        })
    }
}

/// The holders of the numbers that rows name. Users whom rows name are already known.
async fn holders_of_numbers(
    client: &Client,
    questions: &Questions,
    inventory: &Inventory,
    people: &People,
) -> Result<Holders, BulkError> {
    let named = questions
        .numbers
        .iter()
        .filter_map(|number| inventory.number(&number.to_string()));
    let mut ids: BTreeSet<String> = named
        .filter_map(|found| found.assignment_target_id.as_deref())
        .map(str::to_ascii_lowercase)
        .collect();
    let known: Vec<(String, Holder)> = people.holders().collect();
    for (id, _) in &known {
        ids.remove(&id.to_ascii_lowercase());
    }
    let mut holders = Holders::read(client, ids).await?;
    for (id, holder) in known {
        holders.insert(&id, holder);
    }
    Ok(holders)
}
