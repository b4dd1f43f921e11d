//! The things that a row changes. Two rows of one file may not change the same thing in two ways.

use trunkline::Change;
use trunkline::phones::PhoneRole;

use crate::input::problem_kind::ProblemKind;

/// A thing that a row changes. `P` is a person: the name while only the file is known, the object id later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Claim<'c, P> {
    /// The holder of a number.
    Holder(&'c str),
    /// The location of a number.
    Location(&'c str),
    /// A person's primary number.
    Primary(P),
    /// A person's phone method.
    Phone(P, PhoneRole),
    /// Whether a person signs in with a text message.
    SmsSignIn(P),
    /// A person's policy of a type.
    Policy(P, &'c str),
}

impl<'c, P: Clone> Claim<'c, P> {
    /// How many a change makes at most.
    pub(crate) const MOST: usize = 3;

    /// The claims of a change of a person, when it is about one.
    pub(crate) fn all(change: &'c Change, person: Option<P>) -> impl Iterator<Item = Self> {
        let claims = match change {
            Change::Assign {
                number,
                location,
                category,
                ..
            } => {
                let has_number = !number.is_empty();
                let has_location = has_number && location.is_some();
                let is_primary = matches!(category.as_deref(), None | Some("primary"));
                [
                    has_number.then_some(Self::Holder(number)),
                    has_location.then_some(Self::Location(number)),
                    person.filter(|_| is_primary).map(Self::Primary),
                ]
            }
            Change::Unassign { number, .. } => [Some(Self::Holder(number)), None, None],
            Change::SetLocation { number, .. } => [Some(Self::Location(number)), None, None],
            Change::SetPhone { role, .. } | Change::RemovePhone { role, .. } => {
                [person.map(|person| Self::Phone(person, *role)), None, None]
            }
            Change::SmsSignIn { .. } => [person.map(Self::SmsSignIn), None, None],
            Change::SetPolicy { policy_type, .. } | Change::ClearPolicy { policy_type, .. } => {
                [person.map(|person| Self::Policy(person, policy_type)), None, None]
            }
        };
        claims.into_iter().flatten()
    }

    /// Whether it is about a person.
    pub(crate) fn is_of_a_person(&self) -> bool {
        !matches!(self, Self::Holder(_) | Self::Location(_))
    }

    /// Whether two rows with this claim can both be carried out: that a number is assigned in one row and gets its location in
    /// another is fine if the locations are one.
    pub(crate) fn agree(&self, change: &Change, other: &Change) -> bool {
        matches!(self, Self::Location(_)) && location(change) == location(other)
    }

    /// The problem of two rows with this claim that ask for different things.
    pub(crate) fn problem(&self) -> ProblemKind {
        match self {
            Self::Holder(_) => ProblemKind::NumberTwice,
            Self::Location(_) => ProblemKind::LocationTwice,
            Self::Primary(_) => ProblemKind::UserTwice,
            Self::Phone(..) => ProblemKind::PhoneTwice,
            Self::SmsSignIn(_) => ProblemKind::SignInTwice,
            Self::Policy(..) => ProblemKind::PolicyTwice,
        }
    }
}

fn location(change: &Change) -> Option<&String> {
    match change {
        Change::Assign { location, .. } | Change::SetLocation { location, .. } => location.as_ref(),
        _ => None,
    }
}

/// Whether two changes ask for the same, in whatever case they name policies, of persons that are compared elsewhere.
pub(crate) fn ask_for_the_same(change: &Change, other: &Change) -> bool {
    let compared = |change: &Change| {
        let mut change = change.clone();
        if let Some(person) = change.person_mut() {
            *person = trunkline::Person::default();
        }
        if let Change::SetPolicy { policy, .. } = &mut change {
            *policy = policy.to_lowercase();
        }
        change
    };
    compared(change) == compared(other)
}
