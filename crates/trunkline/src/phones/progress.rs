//! Progress of an intent.

use std::fmt;

use crate::generated::graph::PhoneAuthenticationMethod;
use crate::{Operation, ResponseMeta};

/// One event in the course of a change to a phone method.
///
/// A watcher that answers with an error stops the change: see [`ProgressResult`](crate::ProgressResult).
#[derive(Clone)]
#[non_exhaustive]
pub enum PhoneProgress {
    /// These are the user's phone methods, as they were read, or as the caller said.
    Found(Vec<PhoneAuthenticationMethod>),
    /// This request is about to be sent, and changes something. The time to write down that it was meant to be sent.
    ///
    /// A repetition by the client below this, because the request provably did not happen (throttled, connection refused) or does
    /// no harm, is not reported again.
    Sending(Box<Operation>),
    /// The service accepted the request. Its result is read back now.
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
