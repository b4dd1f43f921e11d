//! The phone methods of one user, by what an administrator means: list, set, remove, SMS sign-in.
//!
//! Principal names are resolved to object ids first (addressing by name has been seen to answer 204 and do nothing), the
//! present state is read before anything is sent, and read back until it shows the change. Doing the same thing twice is a no-op.
//!
//! The steps of a change are decided by [`decide`], which reads and sends nothing: give it the methods of a user and what is
//! [`PhoneWanted`]. An intent that knows the methods from `known` does not read them first.

mod change;
mod decision;
mod outcome;
mod plan;
mod remove;
mod seeing;
mod set;
mod sign_in;

pub use decision::{PhoneAction, PhoneDecision, PhoneRefusal, PhoneStep, PhoneWanted, decide};
pub use outcome::{PhoneChange, PhoneOutcome};
pub use remove::RemovePhone;
pub use set::SetPhone;
pub use sign_in::SmsSignIn;

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::country::{IntoCountry, NumberReader};
use crate::generated::graph::{AuthenticationPhoneType, PhoneAuthenticationMethod};
use crate::generated::handles::{Collection, Entity};
use crate::intent::Masked;
use crate::user_change::ChangeProgress;
use crate::{Client, Error, ErrorKind, Result, people};

/// Progress of a change to a phone method. The state is all phone methods of the user.
pub type PhoneProgress = ChangeProgress<Vec<PhoneAuthenticationMethod>>;

/// The role of a phone method. Each has one well-known id, the same for every user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PhoneRole {
    /// The main number: text messages, calls, SMS sign-in.
    Mobile,
    /// A second number, calls only. Requires a mobile one.
    AlternateMobile,
    /// A desk phone, calls only.
    Office,
}

impl PhoneRole {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Mobile, Self::AlternateMobile, Self::Office];

    /// The id of the method.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Mobile => "3179e48a-750b-4051-897c-87b9720928f7",
            Self::AlternateMobile => "b6332ec1-7057-4abe-9331-3d72feddfe41",
            Self::Office => "e37fc753-ff3b-4958-9484-eaa9425c82bc",
        }
    }

    /// The service's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::AlternateMobile => "alternateMobile",
            Self::Office => "office",
        }
    }

    /// The role of that name, or of that well-known id, in any case.
    #[must_use]
    pub fn from_name(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| role.name().eq_ignore_ascii_case(text) || role.id().eq_ignore_ascii_case(text))
    }

    fn phone_type(self) -> AuthenticationPhoneType {
        match self {
            Self::Mobile => AuthenticationPhoneType::Mobile,
            Self::AlternateMobile => AuthenticationPhoneType::AlternateMobile,
            Self::Office => AuthenticationPhoneType::Office,
        }
    }

    /// The role of a method: that of its well-known id; of its type, when its id is none of these.
    #[must_use]
    pub fn of(method: &PhoneAuthenticationMethod) -> Option<Self> {
        let by_id = |role: &Self| {
            method
                .id
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(role.id()))
        };
        let by_type = |role: &Self| method.phone_type == Some(role.phone_type());
        Self::ALL
            .into_iter()
            .find(by_id)
            .or_else(|| Self::ALL.into_iter().find(by_type))
    }

    /// Whether a method is the one of this role: see [`of`](Self::of).
    #[must_use]
    pub fn is_of(self, method: &PhoneAuthenticationMethod) -> bool {
        Self::of(method) == Some(self)
    }
}

impl std::fmt::Display for PhoneRole {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::str::FromStr for PhoneRole {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_name(text).ok_or_else(|| {
            crate::Error::new(
                crate::ErrorKind::InvalidInput,
                format!("there is no phone method {text:?}"),
            )
            .with_next_step("Use mobile, alternateMobile or office")
        })
    }
}

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
        self.resolved().await?.list().await
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
    pub async fn find(&self, role: PhoneRole) -> Result<Option<PhoneAuthenticationMethod>> {
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
        SetPhone::new(self.clone(), role, number.into())
    }

    /// Removes the method of a role.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] for the mobile number of a user who also has an alternate
    /// one; [`ErrorKind::Rejected`] for the user's default method.
    pub fn remove(&self, role: PhoneRole) -> RemovePhone {
        RemovePhone::new(self.clone(), role)
    }

    /// Lets the user sign in with the mobile number and a text message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a user without a mobile method;
    /// [`ErrorKind::OperationFailed`] when the state read back is another, naming it:
    /// policy, or a number that someone else signs in with.
    pub fn enable_sms_sign_in(&self) -> SmsSignIn {
        SmsSignIn::new(self.clone(), true)
    }

    /// No longer lets the user sign in with a text message.
    ///
    /// # Errors
    ///
    /// As [`enable_sms_sign_in`](Self::enable_sms_sign_in).
    pub fn disable_sms_sign_in(&self) -> SmsSignIn {
        SmsSignIn::new(self.clone(), false)
    }

    /// The user by object id.
    async fn resolved(&self) -> Result<ResolvedPhones> {
        let user = people::object_id(&self.client, &self.user).await?;
        Ok(self.addressed_by(&user))
    }

    /// The user by an id that is known, or by what stands for it.
    fn addressed_by(&self, user: &str) -> ResolvedPhones {
        let authentication = self.client.graph().users().by_id(user).authentication();
        ResolvedPhones {
            client: self.client.clone(),
            user: user.to_owned(),
            name: self.user.clone(),
            methods: authentication.phone_methods(),
        }
    }
}

/// Refuses methods of which one says that it is two things, or two say that they are the same.
fn check_roles(methods: &[PhoneAuthenticationMethod]) -> Result<()> {
    let refused = |error: Error| Err(error.with_operation("phoneMethods.list"));
    for (index, method) in methods.iter().enumerate() {
        let Some(role) = PhoneRole::of(method) else { continue };
        let is_named_otherwise = |other: &PhoneRole| *other != role && method.phone_type == Some(other.phone_type());
        if let Some(other) = PhoneRole::ALL.iter().find(|other| is_named_otherwise(other)) {
            return refused(Error::key_mismatch(
                format!("the phone method with the id of {role}"),
                format!("one of type {other}"),
            ));
        }
        if methods[..index]
            .iter()
            .any(|earlier| role.is_of(earlier) && earlier != method)
        {
            let message = format!("the service answered with two different {role} phone methods of one user");
            return refused(
                Error::new(ErrorKind::UnexpectedBody, message)
                    .with_next_step("Read the phone methods again; if it stays so, ask Microsoft's support"),
            );
        }
    }
    Ok(())
}

/// The phone methods of a user whose object id is known.
struct ResolvedPhones {
    client: Client,
    user: String,
    /// As the caller named the user.
    name: String,
    methods: Collection<PhoneAuthenticationMethod>,
}

impl ResolvedPhones {
    async fn list(&self) -> Result<Vec<PhoneAuthenticationMethod>> {
        let methods: Vec<_> = self.methods.list().keeping_repeated().items().try_collect().await?;
        check_roles(&methods)?;
        Ok(methods)
    }

    fn method(&self, role: PhoneRole) -> Entity<PhoneAuthenticationMethod> {
        self.methods.by_id(role.id())
    }
}
