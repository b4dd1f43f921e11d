//! Queries the inventory of numbers.

use std::fmt;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use trunkline_core::path::literal;
use trunkline_core::{codec, mask};

use super::record::{is_free, is_held_by};
use crate::country::NumberReader;
use crate::generated::teams_administration::{NumberAssignment, NumberCapability, NumberType};
use crate::masked::Masked;
use crate::telephone::{Country, TelephoneNumber};
use crate::{Client, Error, ErrorKind, ListRequest, Page, Result};

/// How many numbers a page has, at most.
const PAGE: u32 = 1000;

/// Conditions on the inventory. What the service can filter goes into `$filter`; city and prefix, which it cannot, are
/// compared here while pages arrive.
#[derive(Clone)]
pub struct NumberList {
    client: Client,
    filters: Vec<String>,
    filtered: Filtered,
    city: Option<String>,
    prefix: Option<String>,
    reader: NumberReader,
}

/// Conditions of `$filter` that every row of an answer must fulfil: a service that drops the filter answers with others.
#[derive(Clone, Default)]
struct Filtered {
    number: Option<TelephoneNumber>,
    is_free: bool,
    holder: Option<String>,
    number_type: Option<NumberType>,
    country: Option<String>,
}

impl fmt::Debug for NumberList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NumberList")
            .field(
                "filters",
                &self.filters.iter().map(|filter| Masked(filter)).collect::<Vec<_>>(),
            )
            .field("city", &self.city.as_deref().map(Masked))
            .field("prefix", &self.prefix.as_deref().map(Masked))
            .finish_non_exhaustive()
    }
}

impl NumberList {
    pub(super) fn new(client: &Client, reader: NumberReader) -> Self {
        Self {
            reader,
            client: client.clone(),
            filters: Vec::new(),
            filtered: Filtered::default(),
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
    pub fn number(mut self, number: &TelephoneNumber) -> Self {
        self.filtered.number = Some(number.clone());
        self.and(format!("telephoneNumber eq {}", literal(&number.to_string())))
    }

    /// This number only, as people write it: read in the country of [`country`](Self::country), when that was called before,
    /// and else in the one of [`Numbers::country`](super::Numbers::country) or of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when it is no number.
    pub fn number_as_written(self, text: &str) -> Result<Self> {
        let number = self.reader.telephone_number(text)?;
        Ok(self.number(&number))
    }

    /// Free numbers only.
    #[must_use]
    pub fn unassigned(mut self) -> Self {
        self.filtered.is_free = true;
        self.and("assignmentStatus eq 'unassigned'".to_owned())
    }

    /// Numbers held by this account or policy instance (object id).
    #[must_use]
    pub fn held_by(mut self, target: &str) -> Self {
        self.filtered.holder = Some(target.to_owned());
        self.and(format!("assignmentTargetId eq {}", literal(target)))
    }

    /// Numbers of one kind of provider.
    #[must_use]
    pub fn number_type(mut self, number_type: &NumberType) -> Self {
        self.filtered.number_type = Some(number_type.clone());
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
    pub fn country(mut self, code: &str) -> Self {
        if let Some(country) = Country::from_letters(code) {
            self.reader.set(country);
        }
        self.filtered.country = Some(code.to_owned());
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

    /// Whether one number is looked up.
    #[must_use]
    pub fn is_one_number(&self) -> bool {
        self.filtered.number.is_some()
    }

    /// Refuses a number that the service was asked to leave out: one that does not fulfil the conditions of `$filter`. For
    /// programs that send the [`request`](Self::request) themselves.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedBody`]; see [`Error::is_key_mismatch`].
    pub fn check(&self, number: &NumberAssignment) -> Result<()> {
        self.filtered.check(number)
    }

    /// Whether the number is wanted, of what the service cannot filter.
    fn accept(&self, number: &NumberAssignment) -> Result<bool> {
        self.check(number)?;
        Ok(self.matches(number))
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

    /// The list that is read, to be put into a batch for instance. City and prefix are not in it.
    pub fn request(&self) -> ListRequest<NumberAssignment> {
        let management = self.client.graph().admin().teams().telephone_number_management();
        let mut list = management.number_assignments().list();
        if !self.filters.is_empty() {
            list = list.filter(self.filters.join(" and "));
        }
        // One number needs no size. Otherwise it is given, so that everybody counts alike which page is full.
        match self.filtered.number {
            Some(_) => list,
            None => list.top(PAGE),
        }
    }

    /// The pages that were read, without what does not match. The last says whether numbers may be missing:
    /// [`Page::doubt`].
    pub fn pages(self) -> BoxStream<'static, Result<Page<NumberAssignment>>> {
        let list = self.request();
        let query = self;
        list.pages()
            .map(move |page| {
                let mut page = page?;
                page.items.iter().try_for_each(|number| query.check(number))?;
                page.items.retain(|number| query.matches(number));
                Ok(page)
            })
            .boxed()
    }

    /// The numbers, page by page behind the scenes, in the service's order.
    pub fn items(self) -> BoxStream<'static, Result<NumberAssignment>> {
        let list = self.request();
        let query = self;
        list.items()
            .try_filter_map(move |number| {
                let is_wanted = query.accept(&number);
                std::future::ready(is_wanted.map(|is_wanted| is_wanted.then_some(number)))
            })
            .boxed()
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// The errors of reading a page.
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
    /// The errors of reading a page.
    pub async fn first(self) -> Result<Option<NumberAssignment>> {
        let mut pages = self.request().cursor::<codec::Page<NumberAssignment>>();
        let mut first: Option<NumberAssignment> = None;
        while let Some(page) = pages.next_page().await? {
            for number in page.items {
                let is_earlier = || first.as_ref().is_none_or(|first| order_key(&number) < order_key(first));
                if self.accept(&number)? && is_earlier() {
                    first = Some(number);
                }
            }
        }
        Ok(first)
    }

    /// The one that matches, when there is one.
    ///
    /// # Errors
    ///
    /// As [`first`](Self::first), and when the service has two different records of it.
    pub(super) async fn only(self) -> Result<Option<NumberAssignment>> {
        let mut pages = self
            .request()
            .keeping_repeated()
            .cursor::<codec::Page<NumberAssignment>>();
        let mut only: Option<NumberAssignment> = None;
        while let Some(page) = pages.next_page().await? {
            for number in page.items {
                if !self.accept(&number)? {
                    continue;
                }
                match &only {
                    Some(known) if *known != number => return Err(two_records(&number)),
                    _ => only = Some(number),
                }
            }
            // It is there; what a look behind a short page would find is others.
            if only.is_some() && pages.is_looking_behind() {
                break;
            }
        }
        Ok(only)
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

impl Filtered {
    /// Refuses what the service was asked to leave out. Nothing is said against what it does not tell, apart from the number
    /// and the holder, by which things are looked up.
    fn check(&self, found: &NumberAssignment) -> Result<()> {
        if let Some(number) = &self.number {
            found.check_key(number)?;
        }
        let own = || mask::number(found.telephone_number.as_deref().unwrap_or_default());
        let mismatch = |asked: String, answered: String| {
            Err(Error::key_mismatch(asked, answered).with_operation("numberAssignments.list"))
        };
        if let Some(holder) = &self.holder
            && !is_held_by(found, holder)
        {
            return mismatch(
                format!("numbers held by {}", mask::text(holder)),
                format!("{}, which is not", own()),
            );
        }
        if self.is_free && found.assignment_status.value().is_some() && !is_free(found) {
            return mismatch("free numbers".to_owned(), format!("{}, which is held", own()));
        }
        if let (Some(wanted), Some(own_type)) = (&self.number_type, found.number_type.value())
            && own_type != wanted
            && *own_type != NumberType::UnknownFutureValue
        {
            return mismatch(
                format!("numbers of type {wanted}"),
                format!("{}, which is of type {own_type}", own()),
            );
        }
        if let (Some(wanted), Some(country)) = (&self.country, found.iso_country_code.as_deref())
            && !country.is_empty()
            && !country.eq_ignore_ascii_case(wanted)
        {
            return mismatch(
                format!("numbers of {}", mask::text(wanted)),
                format!("{}, which is of {}", own(), mask::text(country)),
            );
        }
        Ok(())
    }
}

/// The error for one number with two records.
fn two_records(number: &NumberAssignment) -> Error {
    let shown = mask::number(number.telephone_number.as_deref().unwrap_or_default());
    Error::new(
        ErrorKind::UnexpectedBody,
        format!("the service answered with two different records of {shown}"),
    )
    .with_operation("numberAssignments.list")
    .with_next_step("Look the number up again; if it stays so, ask Microsoft's support")
}

/// Digits compare as numbers do when the shorter comes first.
fn order_key(number: &NumberAssignment) -> (usize, &str) {
    let text = number.telephone_number.as_deref().unwrap_or_default();
    (text.len(), text)
}
