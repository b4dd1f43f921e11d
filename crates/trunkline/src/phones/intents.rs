//! The kinds of intents for phone methods.

use super::outcome::PhoneOutcome;
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::intent::{Intent, IntentKind, NamesNumber};

/// A phone method to be set. Returned by [`Phones::set`](super::Phones::set); await it, or
/// [`send_blocking`](Intent::send_blocking).
pub type SetPhone = Intent<WritePhone>;

/// A phone method to be removed. Returned by [`Phones::remove`](super::Phones::remove); await it, or
/// [`send_blocking`](Intent::send_blocking).
pub type RemovePhone = Intent<DeletePhone>;

/// SMS sign-in to be switched on or off. Returned by [`Phones::enable_sms_sign_in`](super::Phones::enable_sms_sign_in) and
/// [`Phones::disable_sms_sign_in`](super::Phones::disable_sms_sign_in); await it, or
/// [`send_blocking`](Intent::send_blocking).
pub type SmsSignIn = Intent<ChangeSmsSignIn>;

/// The kind of [`SetPhone`].
#[derive(Debug)]
#[non_exhaustive]
pub struct WritePhone;

/// The kind of [`RemovePhone`].
#[derive(Debug)]
#[non_exhaustive]
pub struct DeletePhone;

/// The kind of [`SmsSignIn`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ChangeSmsSignIn;

impl IntentKind for WritePhone {
    type Known = Vec<PhoneAuthenticationMethod>;
    type Outcome = PhoneOutcome;
}

impl IntentKind for DeletePhone {
    type Known = Vec<PhoneAuthenticationMethod>;
    type Outcome = PhoneOutcome;
}

impl IntentKind for ChangeSmsSignIn {
    type Known = Vec<PhoneAuthenticationMethod>;
    type Outcome = PhoneOutcome;
}

impl NamesNumber for WritePhone {}
