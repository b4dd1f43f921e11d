//! Reads the numbers that a plan needs.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::numbers::{NumberList, base_of_extension, may_have_extensions};
use trunkline::teams_administration::{NumberAssignment, NumberType};
use trunkline::{Client, TelephoneNumber};

use super::{AT_ONCE, Questions, TOGETHER};
use crate::error::BulkError;

/// Maximum of numbers and holders that are looked up one by one; for more, the whole inventory is listed.
const ONE_BY_ONE: usize = 60;

/// The assignments that were read, by number and by holder.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    numbers: HashMap<String, NumberAssignment>,
    /// Numbers by the object id of their holder, in lower case.
    held: HashMap<String, Vec<String>>,
    /// Main numbers that also occur with an extension, among all numbers that were read.
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
            inventory.look_up(client, &numbers, &holders).await?;
            if questions.extensions {
                inventory.list_extensions(client).await?;
            }
        }
        Ok(inventory)
    }

    /// Lists the inventory and keeps the numbers that rows or their holders name.
    async fn list(&mut self, client: &Client, questions: &Questions, holders: &[&str]) -> Result<(), BulkError> {
        let holders_by_id: HashSet<String> = holders.iter().map(|id| id.to_lowercase()).collect();
        let named: HashSet<String> = questions.numbers.iter().map(ToString::to_string).collect();
        let mut pages = client.numbers().list().pages();
        let mut is_certain = true;
        while let Some(page) = pages.try_next().await? {
            is_certain &= page.doubt().is_none();
            self.keep_named(page.items, questions, &holders_by_id, &named);
        }
        // A number counts as missing only after it was looked up by itself.
        let missing = questions
            .numbers
            .iter()
            .filter(|number| !self.numbers.contains_key(&number.to_string()));
        let missing: Vec<&TelephoneNumber> = missing.collect();
        let unsure = if is_certain { &[] } else { holders };
        self.look_up(client, &missing, unsure).await
    }

    /// Keeps the numbers of a page that rows or their holders name.
    fn keep_named(
        &mut self,
        page: Vec<NumberAssignment>,
        questions: &Questions,
        holders: &HashSet<String>,
        named: &HashSet<String>,
    ) {
        for found in page {
            self.add_base(&found);
            let is_held = found
                .holder()
                .is_some_and(|holder| holders.contains(&holder.to_lowercase()));
            let is_named = found.telephone_number.as_deref().is_some_and(|own| named.contains(own));
            if questions.inventory || is_held || is_named {
                self.keep(found);
            }
        }
    }

    /// Looks up each number and each holder, in batches.
    async fn look_up(
        &mut self,
        client: &Client,
        numbers: &[&TelephoneNumber],
        holders: &[&str],
    ) -> Result<(), BulkError> {
        let query = || client.numbers().list();
        let numbers = numbers.iter().map(|number| query().number(number));
        let holders = holders.iter().map(|id| query().held_by(id));
        let queries: Vec<NumberList> = numbers.chain(holders).collect();
        // Collected first: with a lazy iterator of closures, the future would not be `Send`.
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

    /// Finds the main numbers among assigned numbers. No documented filter selects numbers with an extension, so all numbers of
    /// Direct Routing are listed.
    async fn list_extensions(&mut self, client: &Client) -> Result<(), BulkError> {
        let may_be_base = |number: &&NumberAssignment| number.holder().is_some() && may_have_extensions(number);
        if !self.numbers.values().any(|number| may_be_base(&number)) {
            return Ok(());
        }
        let query = client.numbers().list();
        let mut items = query.number_type(&NumberType::DirectRouting).items();
        while let Some(found) = items.try_next().await? {
            self.add_base(&found);
        }
        Ok(())
    }

    fn add_base(&mut self, found: &NumberAssignment) {
        if let Some(base) = base_of_extension(found) {
            self.bases.insert(base.to_string());
        }
    }

    /// Whether the number also occurs with an extension.
    pub(crate) fn has_extensions(&self, number: &str) -> bool {
        self.bases.contains(number)
    }

    fn keep(&mut self, found: NumberAssignment) {
        self.add_base(&found);
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

    /// The numbers of a holder, among those that were read.
    pub(crate) fn held_by(&self, id: &str) -> impl Iterator<Item = &NumberAssignment> {
        let numbers = self.held.get(&id.to_lowercase());
        numbers
            .into_iter()
            .flatten()
            .filter_map(|number| self.numbers.get(number))
    }

    /// All numbers that were read, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &NumberAssignment> {
        self.numbers.values()
    }
}

async fn answers(client: &Client, queries: &[NumberList]) -> Result<Vec<NumberAssignment>, BulkError> {
    let mut batch = client.batch();
    let handles: Vec<_> = queries.iter().map(|query| batch.add_list(query.request())).collect();
    let mut answers = batch.send().await;
    let mut found = Vec::new();
    for (query, handle) in queries.iter().zip(handles) {
        let page = answers.take(handle)?.into_value();
        let rest = page.continuation().map(ToString::to_string);
        let is_one = query.is_one_number();
        let mut numbers = page.items;
        // A number is complete on its first page; the numbers of a holder may go on.
        if let Some(rest) = rest.filter(|_| !is_one || numbers.is_empty()) {
            numbers.extend(client.core().resume_list::<NumberAssignment>(&rest)?.all().await?);
        }
        numbers.iter().try_for_each(|number| query.check(number))?;
        found.extend(numbers);
    }
    Ok(found)
}
