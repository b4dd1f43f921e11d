//! The emergency location.

use std::fmt;
use std::time::Duration;

use super::change::{ChangeOptions, Execution};
use super::decision::Wanted;
use super::progress::Progress;
use super::refusal::{Refusal, RefusalReason, UPDATE};
use super::{NumberOutcome, Numbers};
use crate::Result;
use crate::country::IntoCountry;
use crate::generated::teams_administration::NumberAssignment;
use crate::ids::named;
use crate::intent::{Masked, MaskedNumber, ProgressResult, Watcher};
use crate::read_back::before_sending;

/// The change of the emergency location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationChange {
    /// This location, by its id.
    Set(String),
    /// None.
    Clear,
}

impl LocationChange {
    /// As the service reads it: a text sets, an empty text clears.
    pub(super) fn as_sent(&self) -> &str {
        match self {
            Self::Set(id) => id,
            Self::Clear => "",
        }
    }

    /// Whether the number has this location.
    pub(super) fn is_shown_by(&self, number: &NumberAssignment) -> bool {
        match (self, number.location()) {
            (Self::Set(wanted), Some(own)) => own.eq_ignore_ascii_case(wanted.trim()),
            (Self::Set(_), None) | (Self::Clear, Some(_)) => false,
            (Self::Clear, None) => true,
        }
    }

    /// Whether it sets a location that its id does not name.
    pub(super) fn is_nameless(&self) -> bool {
        matches!(self, Self::Set(id) if named(Some(id)).is_none())
    }
}

/// Changes the emergency location of a number. Returned by [`Numbers::set_location`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetLocation {
    pub(super) numbers: Numbers,
    pub(super) number: String,
    pub(super) location: LocationChange,
    /// On the heap: it is large, and intents are moved about before they begin.
    pub(super) known: Option<Box<NumberAssignment>>,
    pub(super) options: ChangeOptions,
}

crate::intent::intent!(SetLocation => NumberOutcome);

impl fmt::Debug for SetLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SetLocation")
            .field("number", &MaskedNumber(&self.number))
            .field("location", &Masked(self.location.as_sent()))
            .field("known", &self.known)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl SetLocation {
    pub(super) fn new(numbers: Numbers, number: String, location: LocationChange) -> Self {
        Self {
            numbers,
            number,
            location,
            known: None,
            options: ChangeOptions::default(),
        }
    }

    /// How long the whole change may take, until the number shows the location. Default: ten minutes.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// How long to wait for the order and to read the number back, instead of a deadline for the whole change: a request that
    /// was sent is never given up because of it. For programs that journal each request, as an answer that is given up is a
    /// lost answer.
    pub fn with_wait(mut self, wait: Duration) -> Self {
        self.options.wait = Some(wait);
        self
    }

    /// The country of the number, when it is written without a plus.
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.numbers.reader.set(country);
        self
    }

    /// Calls `watch` with the progress of the change. The callback can stop it: see [`ProgressResult`].
    pub fn with_progress<H: ProgressResult>(mut self, watch: impl Fn(&Progress) -> H + Send + Sync + 'static) -> Self {
        self.options.watcher = Watcher::new(watch);
        self
    }

    /// The number as the caller has read it, so that it is not read again before anything is sent. Read it shortly before:
    /// the decision is made on it.
    pub fn known(mut self, number: NumberAssignment) -> Self {
        self.known = Some(Box::new(number));
        self
    }

    /// Refuses what is wrong whatever the number's state is.
    pub(super) fn check(&self) -> Result<()> {
        if self.location.is_nameless() {
            return Err(Refusal::new(&self.number, UPDATE, RefusalReason::LocationEmpty).into());
        }
        Ok(())
    }

    async fn execute(self) -> Result<NumberOutcome> {
        let number = self.numbers.parse_number(&self.number)?;
        self.check()?;
        let (numbers, deadline) = self.options.begin(&self.numbers, 1);
        let before = numbers.now(&number, self.known).await;
        let before = before.map_err(before_sending)?;
        let execution = Execution {
            numbers: &numbers,
            deadline,
            number: &number,
            wanted: &Wanted::Located(self.location),
            options: &self.options,
        };
        execution.execute(before).await
    }
}
