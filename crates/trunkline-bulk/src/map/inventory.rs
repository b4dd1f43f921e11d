//! The map of the numbers of the tenant.

use futures_util::TryStreamExt;
use trunkline::numbers::NumberList;
use trunkline::teams_administration::NumberAssignment;

use super::{Arrangement, MapNumber, Marks, NumberMap, NumberUse};
use crate::Bulk;
use crate::apply::owner;
use crate::error::BulkError;
use crate::plan::{NumberState, Plan};

/// The map of an inventory.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct InventoryMap {
    /// The map.
    pub map: NumberMap,
    /// Id of the tenant.
    pub tenant: String,
    /// The cloud's name.
    pub cloud: String,
    /// The reason why numbers may be missing: the service's list did not end as a list should.
    pub doubt: Option<String>,
}

impl Bulk {
    /// Reads a list of numbers to its end and arranges them. With a plan, the map says which of them it changes, and which have
    /// a row that is blocked; numbers of such rows that the inventory does not have are on the map, too. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::OtherTenant`](crate::BulkErrorKind::OtherTenant) when the plan is of another tenant or cloud,
    /// [`BulkErrorKind::Service`](crate::BulkErrorKind::Service) when the inventory cannot be read.
    ///
    /// ```no_run
    /// use trunkline_bulk::{Bulk, map::Arrangement};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), trunkline_bulk::BulkError> {
    /// let found = Bulk::new(&client).map(client.numbers().list(), None, Arrangement::Hundreds).await?;
    /// println!("{}", found.map.counts.sentence());
    /// # Ok(()) }
    /// ```
    pub async fn map(
        &self,
        list: NumberList,
        plan: Option<&Plan>,
        arrangement: Arrangement,
    ) -> Result<InventoryMap, BulkError> {
        let owner = owner(&self.client).await?;
        if let Some(plan) = plan {
            owner.check("plan", &plan.header.tenant, &plan.header.cloud)?;
        }
        let (mut numbers, mut doubt) = (Vec::new(), None);
        let mut pages = list.pages();
        while let Some(page) = pages.try_next().await? {
            if let Some(found) = page.doubt() {
                doubt = Some(found.to_string());
            }
            numbers.extend(page.items.iter().map(number));
        }
        if let Some(plan) = plan {
            numbers = Marks::of_plan(plan).on(numbers);
        }
        Ok(InventoryMap {
            map: NumberMap::of(numbers, arrangement),
            tenant: owner.tenant,
            cloud: owner.cloud,
            doubt,
        })
    }
}

fn number(found: &NumberAssignment) -> MapNumber {
    let text = |value: Option<&String>| value.filter(|text| !text.trim().is_empty()).cloned();
    let state = NumberState::of(found);
    let usage = match state.holder_kind() {
        Some(_) => NumberUse::InUse,
        None => NumberUse::Free,
    };
    MapNumber {
        city: text(found.city.value()),
        location: state.location,
        site: text(found.network_site_id.value()),
        ..MapNumber::new(state.number, usage)
    }
}
