//! Which of the two grammars a text is written in.

/// The grammar of a text in a body. Texts are checked and put into the form the service wants when the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// A Teams telephone number, see [`TelephoneNumber`](super::TelephoneNumber).
    E164,
    /// The number of an authentication method, see [`PhoneMethodNumber`](super::PhoneMethodNumber).
    PhoneMethod,
}

impl Grammar {
    /// The grammar of a name in a description.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "e164" => Some(Self::E164),
            "phoneMethod" => Some(Self::PhoneMethod),
            _ => None,
        }
    }
}
