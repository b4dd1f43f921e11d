//! Finding numbers in the inventory.

use std::fmt;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use trunkline_core::codec;
use trunkline_core::path::literal;

use crate::generated::teams_administration::{NumberAssignment, NumberCapability, NumberType};
use crate::intent::Masked;
use crate::telephone::TelephoneNumber;
use crate::{Client, ListRequest, Result};

/// Conditions on the inventory. What the service can filter goes into `$filter`; city and prefix, which it cannot, are
/// compared here while pages arrive.
#[derive(Clone)]
pub struct NumberQuery {
    client: Client,
    filters: Vec<String>,
    city: Option<String>,
    prefix: Option<String>,
}

impl fmt::Debug for NumberQuery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NumberQuery")
            .field(
                "filters",
                &self.filters.iter().map(|filter| Masked(filter)).collect::<Vec<_>>(),
            )
            .field("city", &self.city.as_deref().map(Masked))
            .field("prefix", &self.prefix.as_deref().map(Masked))
            .finish_non_exhaustive()
    }
}

impl NumberQuery {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            filters: Vec::new(),
            city: None,
            prefix: None,
        }
    }

    fn and(mut self, filter: String) -> Self {
        self.filters.push(filter);
        self
    }

    /// This number only.
    #[must_use]
    pub fn number(self, number: &TelephoneNumber) -> Self {
        self.and(format!("telephoneNumber eq {}", literal(&number.to_string())))
    }

    /// Free numbers only.
    #[must_use]
    pub fn unassigned(self) -> Self {
        self.and("assignmentStatus eq 'unassigned'".to_owned())
    }

    /// Numbers held by this account or policy instance (object id).
    #[must_use]
    pub fn held_by(self, target: &str) -> Self {
        self.and(format!("assignmentTargetId eq {}", literal(target)))
    }

    /// Numbers of one kind of provider.
    #[must_use]
    pub fn number_type(self, number_type: &NumberType) -> Self {
        self.and(format!("numberType eq {}", literal(&number_type.to_string())))
    }

    /// Numbers with a capability.
    #[must_use]
    pub fn capability(self, capability: &NumberCapability) -> Self {
        self.and(format!("capabilities/any(c:c eq {})", literal(&capability.to_string())))
    }

    /// Numbers that can be assigned to a person.
    #[must_use]
    pub fn for_users(self) -> Self {
        self.capability(&NumberCapability::UserAssignment)
    }

    /// Numbers of a country, by its two letters (ISO 3166-1).
    #[must_use]
    pub fn country(self, code: &str) -> Self {
        self.and(format!("isoCountryCode eq {}", literal(&code.to_uppercase())))
    }

    /// Numbers of a city, in any case.
    #[must_use]
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.city = Some(city.into());
        self
    }

    /// Numbers that begin so, for instance `+1206`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// A condition in OData's own words, joined to the others with `and`.
    #[must_use]
    pub fn filter(self, expression: impl Into<String>) -> Self {
        let expression = expression.into();
        self.and(format!("({expression})"))
    }

    fn matches(&self, number: &NumberAssignment) -> bool {
        let city = self.city.as_deref().is_none_or(|city| {
            number
                .city
                .as_deref()
                .is_some_and(|own| own.to_lowercase() == city.to_lowercase())
        });
        let prefix = self.prefix.as_deref().is_none_or(|prefix| {
            number
                .telephone_number
                .as_deref()
                .is_some_and(|own| own.starts_with(prefix))
        });
        city && prefix
    }

    /// The list that is read.
    pub(super) fn list(&self) -> ListRequest<NumberAssignment> {
        let management = self.client.graph().admin().teams().telephone_number_management();
        let list = management.number_assignments().list();
        if self.filters.is_empty() {
            return list;
        }
        list.filter(self.filters.join(" and "))
    }

    /// The numbers, page by page behind the scenes, in the service's order.
    pub fn items(self) -> BoxStream<'static, Result<NumberAssignment>> {
        let list = self.list();
        let query = self;
        list.items()
            .try_filter(move |number| std::future::ready(query.matches(number)))
            .boxed()
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// What reading a page can fail with.
    pub async fn all(self) -> Result<Vec<NumberAssignment>> {
        self.items().try_collect().await
    }

    /// [`all`](Self::all), blocking.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all), and when called from asynchronous code.
    pub fn all_blocking(self) -> Result<Vec<NumberAssignment>> {
        trunkline_core::blocking::block_on(self.all())?
    }

    /// The one that comes first in order of its digits. Reads all that match: the service documents no order.
    ///
    /// # Errors
    ///
    /// What reading a page can fail with.
    pub async fn first(self) -> Result<Option<NumberAssignment>> {
        let mut pages = self.list().cursor::<codec::Page<NumberAssignment>>();
        let mut first: Option<NumberAssignment> = None;
        while let Some(page) = pages.next_page().await? {
            for number in page.items {
                let is_earlier = || first.as_ref().is_none_or(|first| order_key(&number) < order_key(first));
                if self.matches(&number) && is_earlier() {
                    first = Some(number);
                }
            }
        }
        Ok(first)
    }

    /// [`first`](Self::first), blocking.
    ///
    /// # Errors
    ///
    /// As [`first`](Self::first), and when called from asynchronous code.
    pub fn first_blocking(self) -> Result<Option<NumberAssignment>> {
        trunkline_core::blocking::block_on(self.first())?
    }
}

/// Digits compare as numbers do when the shorter comes first.
fn order_key(number: &NumberAssignment) -> (usize, &str) {
    let text = number.telephone_number.as_deref().unwrap_or_default();
    (text.len(), text)
}
