//! Teams telephone numbers, by what an administrator means: find, assign, unassign, move, set the location.
//!
//! Every change looks the number up first, refuses what cannot work before anything is sent, takes the provider's type
//! from the inventory, waits for the order, and reads the number back: the end of an order is not yet a working number.
//! Doing the same thing twice is a no-op that says so, and nothing is ordered on top of an order that is under way.
//!
//! The steps of a change are decided by [`decide`], which reads and sends nothing: give it the state of a number and what is
//! [`Wanted`]. An intent that knows the state from `known` does not read the number first.

mod assign;
mod base;
mod change;
mod decision;
mod follow;
mod holder;
mod location;
mod order;
mod outcome;
mod plan;
mod progress;
mod query;
mod read_back;
mod record;
mod refusal;
mod requests;
mod unassign;

pub use assign::Assign;
pub use base::{base_of_extension, may_have_extensions};
pub use decision::{Action, Assignment, Decision, Step, Verified, Wanted, Warning, decide};
pub use follow::{Follow, OrderOutcome};
pub use holder::HolderKind;
pub use location::{LocationChange, SetLocation};
pub use order::Order;
pub use outcome::{Change, NumberOutcome};
pub use progress::Progress;
pub use query::NumberQuery;
pub use refusal::{Refusal, RefusalReason};
pub use unassign::Unassign;

use crate::country::{IntoCountry, NumberReader};
use crate::generated::teams_administration::NumberAssignment;
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Result};
use record::{is_free, is_held_by};

/// The tenant's telephone numbers. Returned by [`Client::numbers`].
#[derive(Debug, Clone)]
pub struct Numbers {
    client: Client,
    reader: NumberReader,
}

impl Client {
    /// The tenant's telephone numbers, by what an administrator means: find, assign, unassign, move.
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
    /// let found = client.numbers().country("US").find("(206) 555-0100").await?;
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
    pub async fn find(&self, number: &str) -> Result<Option<NumberAssignment>> {
        self.look_up(&self.parse_number(number)?).await
    }

    /// [`find`](Self::find), blocking.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find), and when called from asynchronous code.
    pub fn find_blocking(&self, number: &str) -> Result<Option<NumberAssignment>> {
        trunkline_core::blocking::block_on(self.find(number))?
    }

    /// A query over the inventory. Without conditions: every number.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// let free = client.numbers().query().unassigned().country("US").city("Seattle").first().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn query(&self) -> NumberQuery {
        NumberQuery::new(&self.client, self.reader.clone())
    }

    /// The free number that comes first in order of its digits and can be assigned to a person. Narrow it down with the
    /// methods of [`NumberQuery`] and finish with [`NumberQuery::first`]. Nothing is reserved.
    #[must_use]
    pub fn next_free(&self) -> NumberQuery {
        self.query().unassigned().for_users()
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
        Assign::new(self.clone(), number.into(), to.into(), false)
    }

    /// Assigns a number to a user, taking it from whoever holds it.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign). When taking it succeeded and giving it failed, the error says that it is free now.
    pub fn move_to(&self, number: impl Into<String>, to: impl Into<String>) -> Assign {
        Assign::new(self.clone(), number.into(), to.into(), true)
    }

    /// Takes a number from whoever holds it.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign).
    pub fn unassign(&self, number: impl Into<String>) -> Unassign {
        Unassign::new(self.clone(), number.into())
    }

    /// Sets or clears the emergency location of a number.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign); [`ErrorKind::Conflict`] when the number's provider does not let the tenant do it.
    pub fn set_location(&self, number: impl Into<String>, location: LocationChange) -> SetLocation {
        SetLocation::new(self.clone(), number.into(), location)
    }

    /// Takes an order up again from the token that [`Progress::Accepted`] or an error's `resume_token` gave: waits for its
    /// end and reads the number back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a text that is no token, [`ErrorKind::UntrustedLink`] for the token of another
    /// service; otherwise as [`assign`](Self::assign).
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client, token: &str) -> trunkline::Result<()> {
    /// let outcome = client.numbers().follow(token).await?;
    /// println!("{outcome}");
    /// # Ok(()) }
    /// ```
    pub fn follow(&self, token: impl Into<String>) -> Follow {
        Follow::new(&self.client, follow::Known::Token(token.into()))
    }

    /// Takes an order up again of which only the id is known, the one that [`Progress::Accepted`] and the service name.
    /// A token knows more: with an id alone, whether the order assigns or unassigns is not known, so the number is read
    /// until nothing is under way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for an id that the service does not know, or no longer; otherwise as
    /// [`follow`](Self::follow).
    pub fn follow_operation(&self, id: impl Into<String>) -> Follow {
        Follow::new(&self.client, follow::Known::Id(id.into()))
    }

    /// Reads a number and compares it with what is wanted of it. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a text that is no number, [`ErrorKind::NotFound`] for a number the tenant does not
    /// have; otherwise what reading can fail with. That the number is otherwise is no error: see [`Verified`].
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// use trunkline::numbers::Wanted;
    /// let verified = client.numbers().verify("+12065550101", &Wanted::Unassigned).await?;
    /// println!("{}", verified.holds());
    /// # Ok(()) }
    /// ```
    pub async fn verify(&self, number: &str, wanted: &Wanted) -> Result<Verified> {
        let found = self.need(&self.parse_number(number)?).await?;
        let decision = decide(&found, wanted);
        Ok(Verified { found, decision })
    }

    /// [`verify`](Self::verify), blocking.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and when called from asynchronous code.
    pub fn verify_blocking(&self, number: &str, wanted: &Wanted) -> Result<Verified> {
        trunkline_core::blocking::block_on(self.verify(number, wanted))?
    }

    pub(crate) async fn look_up(&self, number: &TelephoneNumber) -> Result<Option<NumberAssignment>> {
        // On the heap: whoever waits for an order need not keep the room of a reading.
        Box::pin(self.query().number(number).only()).await
    }

    /// The number as it is now, for an intent: as the caller says that it was found, or read.
    async fn now(&self, number: &TelephoneNumber, known: Option<Box<NumberAssignment>>) -> Result<NumberAssignment> {
        let Some(known) = known else {
            return self.need(number).await;
        };
        check_known(number, &known)?;
        Ok(*known)
    }

    async fn need(&self, number: &TelephoneNumber) -> Result<NumberAssignment> {
        self.look_up(number).await?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("the tenant has no number {}", masked(number)),
            )
            .with_operation("numberAssignments.list")
            .with_next_step("Check the number, or acquire it first")
        })
    }
}

/// Refuses a state that is another number's.
fn check_known(number: &TelephoneNumber, known: &NumberAssignment) -> Result<()> {
    if known.is_of(number) {
        return Ok(());
    }
    let message = format!("the known state is not that of {}", masked(number));
    Err(Error::new(ErrorKind::InvalidInput, message)
        .with_next_step("Pass the number as it was read from the inventory, with its telephoneNumber"))
}

fn masked(number: &TelephoneNumber) -> String {
    trunkline_core::mask::number(&number.to_string())
}
