//! Unassigning.

use std::fmt;
use std::time::Duration;

use super::change::{ChangeOptions, Execution};
use super::decision::Wanted;
use super::progress::Progress;
use super::{NumberOutcome, Numbers};
use crate::Result;
use crate::country::IntoCountry;
use crate::generated::teams_administration::NumberAssignment;
use crate::intent::{MaskedNumber, ProgressResult, Watcher};
use crate::read_back::before_sending;

/// Takes a number from its holder. Returned by [`Numbers::unassign`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Unassign {
    pub(super) numbers: Numbers,
    pub(super) number: String,
    /// On the heap: it is large, and intents are moved about before they begin.
    pub(super) known: Option<Box<NumberAssignment>>,
    pub(super) options: ChangeOptions,
}

crate::intent::intent!(Unassign => NumberOutcome);

impl fmt::Debug for Unassign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unassign")
            .field("number", &MaskedNumber(&self.number))
            .field("known", &self.known)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Unassign {
    pub(super) fn new(numbers: Numbers, number: String) -> Self {
        Self {
            numbers,
            number,
            known: None,
            options: ChangeOptions::default(),
        }
    }

    /// How long the whole change may take: looking up, ordering, waiting and reading back. Default: ten minutes.
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

    /// Whether a main number may be taken from its holder although there are numbers with an extension of it, such as
    /// `+12065550113x42`. Default: no.
    pub fn base(mut self, base: bool) -> Self {
        self.options.takes_base = base;
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

    async fn execute(self) -> Result<NumberOutcome> {
        let number = self.numbers.parse_number(&self.number)?;
        let (numbers, deadline) = self.options.begin(&self.numbers, 1);
        let before = numbers.now(&number, self.known).await;
        let before = before.map_err(before_sending)?;
        let execution = Execution {
            numbers: &numbers,
            deadline,
            number: &number,
            wanted: &Wanted::Unassigned,
            options: &self.options,
        };
        execution.execute(before).await
    }
}
