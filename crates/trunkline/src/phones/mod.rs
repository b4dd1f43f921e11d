//! The phone methods of one user, by what an administrator means: list, set, remove, SMS sign-in.
//!
//! Principal names are resolved to object ids first (addressing by name has been seen to answer 204 and do nothing), the
//! present state is read before anything is sent, and read back until it shows the change. Doing the same thing twice is a no-op.
//!
//! [`decide`](crate::decide) says which request a change needs, and neither reads nor sends. An intent that knows the methods from
//! `known` does not read them first.

pub(crate) mod decision;
mod intents;
mod outcome;
pub(crate) mod requests;
pub(crate) mod role;
pub(crate) mod seeing;

pub use intents::{ChangeSmsSignIn, DeletePhone, RemovePhone, SetPhone, SmsSignIn, WritePhone};
pub use outcome::{PhoneChange, PhoneOutcome};
pub use role::PhoneRole;

#[cfg(doc)]
use crate::ErrorKind;
use crate::change::{Change, Person};
use crate::country::{IntoCountry, NumberReader};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::intent::Intent;
use crate::masked::Masked;
use crate::{Client, Result, people};

/// The phone methods of one user. Returned by [`Client::phones`].
#[derive(Clone)]
pub struct Phones {
    client: Client,
    user: String,
    reader: NumberReader,
}

impl std::fmt::Debug for Phones {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Phones")
            .field("user", &Masked(&self.user))
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The phone methods of a user, given by principal name or object id.
    #[must_use]
    pub fn phones(&self, user: impl Into<String>) -> Phones {
        Phones::new(self, user.into())
    }
}

impl Phones {
    pub(crate) fn new(client: &Client, user: String) -> Self {
        Self {
            client: client.clone(),
            user,
            reader: NumberReader::new(client.country()),
        }
    }

    /// The country of numbers that are written without a plus, for what is called on what this returns. Without one, and
    /// without one of the client's ([`ClientBuilder::country`](crate::ClientBuilder::country)), they are refused.
    #[must_use]
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.reader.set(country);
        self
    }

    /// The methods the user has, at most one per role.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for an unknown user; otherwise what reading can fail with.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// for method in client.phones("ana@contoso.example").list().await? {
    ///     println!("{:?} {:?}", method.phone_type, method.sms_sign_in_state);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn list(&self) -> Result<Vec<PhoneAuthenticationMethod>> {
        requests::read(&self.client, &people::object_id(&self.client, &self.user).await?).await
    }

    /// [`list`](Self::list), blocking.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list), and when called from asynchronous code.
    pub fn list_blocking(&self) -> Result<Vec<PhoneAuthenticationMethod>> {
        trunkline_core::blocking::block_on(self.list())?
    }

    /// The method of a role, when the user has it.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn get(&self, role: PhoneRole) -> Result<Option<PhoneAuthenticationMethod>> {
        Ok(self.list().await?.into_iter().find(|method| role.is_of(method)))
    }

    /// Makes the number of a role this one: adds the method or changes it.
    ///
    /// `number` may be written as people write numbers, with a plus and its country code, or as it is dialled within the
    /// [`country`](Self::country) that was given. It is sent as the service wants it, `+1 2065550100`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a text that is no number, or an alternate mobile
    /// number for a user without a mobile one; [`ErrorKind::NotFound`] for an unknown user;
    /// [`ErrorKind::UnknownOutcome`] when an answer was lost and reading back did not
    /// settle it. That the number could not be registered for SMS sign-in is a warning: the method exists all the same.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// use trunkline::phones::PhoneRole;
    /// client.phones("ana@contoso.example").set(PhoneRole::Mobile, "+1 206-555-0100").await?;
    /// # Ok(()) }
    /// ```
    pub fn set(&self, role: PhoneRole, number: impl Into<String>) -> SetPhone {
        let number = number.into();
        self.intent(|user| Change::SetPhone { user, role, number })
    }

    /// Removes the method of a role.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] for the mobile number of a user who also has an alternate
    /// one; [`ErrorKind::Rejected`] for the user's default method.
    pub fn remove(&self, role: PhoneRole) -> RemovePhone {
        self.intent(|user| Change::RemovePhone { user, role })
    }

    /// Lets the user sign in with the mobile number and a text message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a user without a mobile method;
    /// [`ErrorKind::OperationFailed`] when the state read back is another, naming it:
    /// policy, or a number that someone else signs in with.
    pub fn enable_sms_sign_in(&self) -> SmsSignIn {
        self.intent(|user| Change::SmsSignIn { user, enabled: true })
    }

    /// No longer lets the user sign in with a text message.
    ///
    /// # Errors
    ///
    /// As [`enable_sms_sign_in`](Self::enable_sms_sign_in).
    pub fn disable_sms_sign_in(&self) -> SmsSignIn {
        self.intent(|user| Change::SmsSignIn { user, enabled: false })
    }

    fn intent<K>(&self, change: impl FnOnce(Person) -> Change) -> Intent<K> {
        let change = change(Person::named(self.user.as_str()));
        Intent::new(&self.client, change, self.reader.clone())
    }
}
