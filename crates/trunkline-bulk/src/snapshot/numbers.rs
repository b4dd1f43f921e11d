//! The numbers that a plan is about.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::numbers::{NumberQuery, base_of_extension, may_have_extensions};
use trunkline::teams_administration::{NumberAssignment, NumberType};
use trunkline::{Client, TelephoneNumber};

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
    /// Main numbers of which there are others with an extension, of all numbers that were read.
    bases: HashSet<String>,
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
            let numbers: Vec<&TelephoneNumber> = questions.numbers.iter().collect();
            inventory.ask(client, &numbers, &holders).await?;
            if questions.extensions {
                inventory.list_extensions(client).await?;
            }
        }
        Ok(inventory)
    }

    /// Lists everything and keeps what matters.
    async fn list(&mut self, client: &Client, questions: &Questions, holders: &[&str]) -> Result<(), BulkError> {
        let holders_by_id: HashSet<String> = holders.iter().map(|id| id.to_lowercase()).collect();
        let named: HashSet<String> = questions.numbers.iter().map(ToString::to_string).collect();
        let mut pages = client.numbers().query().pages();
        let mut is_certain = true;
        while let Some(page) = pages.try_next().await? {
            is_certain &= page.doubt().is_none();
            self.keep_named(page.items, questions, &holders_by_id, &named);
        }
        // That the tenant has no such number is said after a look at that number by itself only.
        let missing = questions
            .numbers
            .iter()
            .filter(|number| !self.numbers.contains_key(&number.to_string()));
        let missing: Vec<&TelephoneNumber> = missing.collect();
        let unsure = if is_certain { &[] } else { holders };
        self.ask(client, &missing, unsure).await
    }

    /// Keeps what matters of a page of the inventory.
    fn keep_named(
        &mut self,
        page: Vec<NumberAssignment>,
        questions: &Questions,
        holders: &HashSet<String>,
        named: &HashSet<String>,
    ) {
        for found in page {
            self.note_base(&found);
            let is_held = found
                .holder()
                .is_some_and(|holder| holders.contains(&holder.to_lowercase()));
            let is_named = found.telephone_number.as_deref().is_some_and(|own| named.contains(own));
            if questions.inventory || is_held || is_named {
                self.keep(found);
            }
        }
    }

    /// Asks for each number and each holder, many in one exchange.
    async fn ask(&mut self, client: &Client, numbers: &[&TelephoneNumber], holders: &[&str]) -> Result<(), BulkError> {
        let query = || client.numbers().query();
        let numbers = numbers.iter().map(|number| query().number(number));
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

    /// Finds the main numbers among those that somebody holds. No documented filter finds numbers with an extension only,
    /// so all are listed among which they are.
    async fn list_extensions(&mut self, client: &Client) -> Result<(), BulkError> {
        let may_be_base = |number: &&NumberAssignment| number.holder().is_some() && may_have_extensions(number);
        if !self.numbers.values().any(|number| may_be_base(&number)) {
            return Ok(());
        }
        let query = client.numbers().query();
        let mut items = query.number_type(&NumberType::DirectRouting).items();
        while let Some(found) = items.try_next().await? {
            self.note_base(&found);
        }
        Ok(())
    }

    fn note_base(&mut self, found: &NumberAssignment) {
        if let Some(base) = base_of_extension(found) {
            self.bases.insert(base.to_string());
        }
    }

    /// Whether there are numbers with an extension of this one.
    pub(crate) fn has_extensions(&self, number: &str) -> bool {
        self.bases.contains(number)
    }

    fn keep(&mut self, found: NumberAssignment) {
        self.note_base(&found);
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
        let rest = page.continuation().map(ToString::to_string);
        let is_one = query.is_one_number();
        let mut numbers = page.items;
        // A number that is looked up exists, or it does not. A holder may have more than came.
        if let Some(rest) = rest.filter(|_| !is_one || numbers.is_empty()) {
            numbers.extend(client.core().resume_pages::<NumberAssignment>(&rest)?.all().await?);
        }
        numbers.iter().try_for_each(|number| query.check(number))?;
        found.extend(numbers);
    }
    Ok(found)
}
