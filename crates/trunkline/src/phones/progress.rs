//! What an intent tells while it runs.

use std::fmt;

use crate::generated::graph::PhoneAuthenticationMethod;
use crate::{Operation, ResponseMeta};

/// How far a change of a phone method has come, told while it runs.
///
/// A watcher that answers with an error stops the change: see [`Heard`](crate::Heard).
#[derive(Clone)]
#[non_exhaustive]
pub enum PhoneProgress {
    /// These are the user's phone methods, as they were read, or as the caller said.
    Found(Vec<PhoneAuthenticationMethod>),
    /// This request is about to be sent, and changes something. The time to write down that it was meant to be sent.
    ///
    /// What the client sends again below this, because it provably did not happen (throttled, connection refused) or does
    /// no harm, is not told again.
    Sending(Box<Operation>),
    /// The service accepted the request. What became of it is read back now.
    Answered(Box<ResponseMeta>),
    /// The answer was lost, or says less than what happened: the methods are read to see.
    InDoubt,
    /// The methods were read back but do not show the change yet.
    Settling,
}

impl fmt::Debug for PhoneProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(methods) => formatter.debug_tuple("Found").field(methods).finish(),
            Self::Sending(operation) => formatter.debug_tuple("Sending").field(operation).finish(),
            Self::Answered(meta) => formatter.debug_tuple("Answered").field(meta).finish(),
            Self::InDoubt => formatter.write_str("InDoubt"),
            Self::Settling => formatter.write_str("Settling"),
        }
    }
}
