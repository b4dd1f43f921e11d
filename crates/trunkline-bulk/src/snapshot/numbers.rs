//! The numbers that a plan is about.

use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::Client;
use trunkline::numbers::NumberQuery;
use trunkline::teams_administration::NumberAssignment;

use super::{AT_ONCE, Questions, TOGETHER};
use crate::error::BulkError;

/// How many numbers and holders are asked for one by one; above that the whole inventory is listed.
const ONE_BY_ONE: usize = 60;

/// Numbers by their text, and who holds which.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    numbers: HashMap<String, NumberAssignment>,
    /// Object id, in lower case, to the numbers held.
    held: HashMap<String, Vec<String>>,
}

impl Inventory {
    pub(super) async fn read(client: &Client, questions: &Questions, holders: Vec<&str>) -> Result<Self, BulkError> {
        let mut inventory = Self::default();
        if questions.numbers.is_empty() && holders.is_empty() && !questions.inventory {
            return Ok(inventory);
        }
        if questions.inventory || questions.numbers.len() + holders.len() > ONE_BY_ONE {
            inventory.list(client, questions, &holders).await?;
        } else {
            inventory.ask(client, questions, &holders).await?;
        }
        Ok(inventory)
    }

    /// Lists everything and keeps what matters.
    async fn list(&mut self, client: &Client, questions: &Questions, holders: &[&str]) -> Result<(), BulkError> {
        let holders: std::collections::HashSet<String> = holders.iter().map(|id| id.to_lowercase()).collect();
        let named: std::collections::HashSet<String> = questions.numbers.iter().map(ToString::to_string).collect();
        let mut items = client.numbers().query().items();
        while let Some(found) = items.try_next().await? {
            let is_held = found
                .holder()
                .is_some_and(|holder| holders.contains(&holder.to_lowercase()));
            let is_named = found.telephone_number.as_deref().is_some_and(|own| named.contains(own));
            if questions.inventory || is_held || is_named {
                self.keep(found);
            }
        }
        Ok(())
    }

    /// Asks for each number and each holder, many in one exchange.
    async fn ask(&mut self, client: &Client, questions: &Questions, holders: &[&str]) -> Result<(), BulkError> {
        let query = || client.numbers().query();
        let numbers = questions.numbers.iter().map(|number| query().number(number));
        let holders = holders.iter().map(|id| query().held_by(id));
        let queries: Vec<NumberQuery> = numbers.chain(holders).collect();
        // Gathered: as an iterator of closures the future could not go from thread to thread.
        let chunks: Vec<_> = queries
            .chunks(TOGETHER)
            .map(|queries| answers(client, queries))
            .collect();
        let mut found = stream::iter(chunks).buffer_unordered(AT_ONCE);
        while let Some(numbers) = found.try_next().await? {
            numbers.into_iter().for_each(|number| self.keep(number));
        }
        Ok(())
    }

    fn keep(&mut self, found: NumberAssignment) {
        let Some(number) = found.telephone_number.value().cloned() else {
            return;
        };
        if self.numbers.contains_key(&number) {
            return;
        }
        if let Some(holder) = found.holder() {
            self.held.entry(holder.to_lowercase()).or_default().push(number.clone());
        }
        self.numbers.insert(number, found);
    }

    /// The number, if the tenant has it.
    pub(crate) fn number(&self, number: &str) -> Option<&NumberAssignment> {
        self.numbers.get(number)
    }

    /// The numbers that somebody holds, of those that were read.
    pub(crate) fn held_by(&self, id: &str) -> impl Iterator<Item = &NumberAssignment> {
        let numbers = self.held.get(&id.to_lowercase());
        numbers
            .into_iter()
            .flatten()
            .filter_map(|number| self.numbers.get(number))
    }

    /// All that was read, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &NumberAssignment> {
        self.numbers.values()
    }
}

async fn answers(client: &Client, queries: &[NumberQuery]) -> Result<Vec<NumberAssignment>, BulkError> {
    let mut batch = client.batch();
    let handles: Vec<_> = queries.iter().map(|query| batch.add_list(query.request())).collect();
    let mut answers = batch.send().await;
    let mut found = Vec::new();
    for (query, handle) in queries.iter().zip(handles) {
        let page = answers.take(handle)?.into_value();
        page.items.iter().try_for_each(|number| query.check(number))?;
        // One number, or the numbers of one holder: they fit on the first page.
        found.extend(page.items);
    }
    Ok(found)
}
