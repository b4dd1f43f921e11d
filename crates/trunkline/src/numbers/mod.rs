//! Teams telephone numbers, by what an administrator means: get, list, assign, unassign, move, set the location.
//!
//! Every change looks the number up first, refuses what cannot work before anything is sent, takes the provider's type
//! from the inventory, waits for the order, and reads the number back: the end of an order is not yet a working number.
//! Doing the same thing twice is a no-op that says so, and nothing is ordered on top of an order that is under way.
//!
//! [`decide`](crate::decide) says which requests a change needs, and neither reads nor sends. An intent that knows the state from
//! `known` does not read the number first.

pub(crate) mod base;
pub(crate) mod decision;
mod follow;
pub(crate) mod holder;
mod intents;
mod list;
pub(crate) mod order;
mod outcome;
mod read_back;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod run;

pub use base::{base_of_extension, may_have_extensions};
pub use follow::{Follow, OrderOutcome};
pub use holder::HolderKind;
pub use intents::{Assign, AssignNumber, LocateNumber, SetLocation, Unassign, UnassignNumber};
pub use list::NumberList;
pub use order::Order;
pub use outcome::{NumberChange, NumberOutcome};

#[cfg(doc)]
use crate::ErrorKind;
use crate::change::{Change, Person};
use crate::country::{IntoCountry, NumberReader};
use crate::generated::teams_administration::NumberAssignment;
use crate::intent::Intent;
use crate::telephone::TelephoneNumber;
use crate::{Client, Result};

/// The tenant's telephone numbers. Returned by [`Client::numbers`].
#[derive(Debug, Clone)]
pub struct Numbers {
    client: Client,
    reader: NumberReader,
}

impl Client {
    /// The tenant's telephone numbers, by what an administrator means: get, list, assign, unassign, move.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        Numbers::new(self)
    }
}

impl Numbers {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            reader: NumberReader::new(client.country()),
        }
    }

    /// The country of numbers that are written without a plus, for every method called on what this returns. Without one,
    /// and without one of the client's ([`ClientBuilder::country`](crate::ClientBuilder::country)), they are refused.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// let found = client.numbers().country("US").get("(206) 555-0100").await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.reader.set(country);
        self
    }

    /// A text as the number that every method here takes it for. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when it is no telephone number, when it has no plus and no country was given, and when
    /// no country has the letters that were given.
    pub fn parse_number(&self, text: &str) -> Result<TelephoneNumber> {
        self.reader.telephone_number(text)
    }

    /// The number, when the tenant has it. `number` may be written as people write numbers, with a plus and its country
    /// code, or as it is dialled within the [`country`](Self::country) that was given. This holds for every method here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when it is no telephone number; otherwise what reading can fail with.
    pub async fn get(&self, number: &str) -> Result<Option<NumberAssignment>> {
        requests::look_up(&self.client, &self.parse_number(number)?).await
    }

    /// [`get`](Self::get), blocking.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and when called from asynchronous code.
    pub fn get_blocking(&self, number: &str) -> Result<Option<NumberAssignment>> {
        trunkline_core::blocking::block_on(self.get(number))?
    }

    /// A list of the inventory: every number, or those that meet the conditions that its methods add.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// let free = client.numbers().list().unassigned().country("US").city("Seattle").first().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn list(&self) -> NumberList {
        NumberList::new(&self.client, self.reader.clone())
    }

    /// The free number that comes first in order of its digits and can be assigned to a person. Narrow it down with the
    /// methods of [`NumberList`] and finish with [`NumberList::first`]. Nothing is reserved.
    #[must_use]
    pub fn next_free(&self) -> NumberList {
        self.list().unassigned().for_users()
    }

    /// Assigns a number to a user (principal name or object id) or a resource account (object id).
    ///
    /// # Errors
    ///
    /// Before anything is sent: [`ErrorKind::InvalidInput`] for a text that is no number, [`ErrorKind::NotFound`] for a
    /// number the tenant does not have or an unknown user, [`ErrorKind::Conflict`] for a number that someone else holds
    /// (use [`move_to`](Self::move_to)), that has another order under way, or that is administered on premises.
    /// Afterwards: [`ErrorKind::OperationFailed`]
    /// with the service's words, [`ErrorKind::Timeout`] with a token to resume, [`ErrorKind::UnknownOutcome`] when an
    /// answer was lost and reading the number back did not settle it.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// let outcome = client.numbers().assign("+12061234567", "ana@contoso.example").await?;
    /// println!("{outcome}");
    /// # Ok(()) }
    /// ```
    pub fn assign(&self, number: impl Into<String>, to: impl Into<String>) -> Assign {
        self.intent(Change::assign(number, Person::named(to)))
    }

    /// Assigns a number to a user, taking it from whoever holds it.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign). When taking it succeeded and giving it failed, the error says that it is free now.
    pub fn move_to(&self, number: impl Into<String>, to: impl Into<String>) -> Assign {
        self.intent(Change::assign(number, Person::named(to)).taking())
    }

    /// Takes a number from whoever holds it.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign).
    pub fn unassign(&self, number: impl Into<String>) -> Unassign {
        self.intent(Change::unassign(number))
    }

    /// Sets the emergency location of a number by its id; `None` clears it.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign); [`ErrorKind::Conflict`] when the number's provider does not let the tenant do it.
    pub fn set_location(&self, number: impl Into<String>, location: Option<String>) -> SetLocation {
        let number = number.into();
        self.intent(Change::SetLocation { number, location })
    }

    /// Follows an order to its end and reads the number back. `order` is the token that
    /// [`ChangeProgress::Accepted`](crate::ChangeProgress::Accepted) or an error's `resume_token` gave, or the order's id. A token knows
    /// more: with an id alone, whether the order assigns or unassigns is not known, so the number is read until nothing is under
    /// way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a token that is damaged, [`ErrorKind::UntrustedLink`] for the token of another
    /// service, [`ErrorKind::NotFound`] for an id that the service does not know, or no longer; otherwise as
    /// [`assign`](Self::assign).
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client, token: &str) -> trunkline::Result<()> {
    /// let outcome = client.numbers().follow(token).await?;
    /// println!("{outcome}");
    /// # Ok(()) }
    /// ```
    pub fn follow(&self, order: impl Into<String>) -> Follow {
        Follow::new(&self.client, order.into())
    }

    fn intent<K>(&self, change: Change) -> Intent<K> {
        Intent::new(&self.client, change, self.reader.clone())
    }
}
