//! Assigning and moving.

use std::fmt;
use std::time::Duration;

use super::change::{ChangeOptions, Execution};
use super::decision::{Assignment, Wanted};
use super::progress::Progress;
use super::{NumberOutcome, Numbers};
use crate::country::IntoCountry;
use crate::generated::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use crate::intent::{MaskedNumber, ProgressResult, Watcher};
use crate::read_back::before_sending;
use crate::{Result, people};

/// Assigns a number. Returned by [`Numbers::assign`] and [`Numbers::move_to`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Assign {
    pub(super) numbers: Numbers,
    pub(super) number: String,
    /// As the caller named the holder.
    pub(super) assignment: Assignment,
    /// On the heap: it is large, and intents are moved about before they begin.
    pub(super) known: Option<Box<NumberAssignment>>,
    pub(super) options: ChangeOptions,
}

crate::intent::intent!(Assign => NumberOutcome);

impl fmt::Debug for Assign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Assign")
            .field("number", &MaskedNumber(&self.number))
            .field("assignment", &self.assignment)
            .field("known", &self.known)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Assign {
    pub(super) fn new(numbers: Numbers, number: String, to: String, takes: bool) -> Self {
        Self {
            numbers,
            number,
            assignment: Assignment {
                takes,
                ..Assignment::to(to)
            },
            known: None,
            options: ChangeOptions::default(),
        }
    }

    /// The line of the holder that the number becomes. The service's default is the primary one.
    pub fn category(mut self, category: impl Into<AssignmentCategory>) -> Self {
        self.assignment = self.assignment.category(category);
        self
    }

    /// Id of the emergency location. Calling-plan numbers need one before they can be used. A number that the target holds
    /// already is given this location when it has another.
    pub fn location(mut self, id: impl Into<String>) -> Self {
        self.assignment = self.assignment.location(id);
        self
    }

    /// The expected type of the number. It is taken from the inventory anyway; this refuses when it is another.
    pub fn number_type(mut self, number_type: impl Into<NumberType>) -> Self {
        self.assignment = self.assignment.number_type(number_type);
        self
    }

    /// How long the whole change may take: looking up, ordering, waiting and reading back. Default: ten minutes, twenty for
    /// what may take two orders.
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

    /// Whether an assignment whose answer was lost may be ordered once more. Default: no.
    ///
    /// It is, once, when the number was read for half of the time that was left (a minute at least, otherwise it is not) and was
    /// free, in service and without anything pending all the time. The risk is yours: an order can stay unseen for longer than that, and then
    /// there are two of the same. The order that takes a number from its holder is never repeated.
    pub fn with_repeat_after_read_back(mut self, repeat: bool) -> Self {
        self.options.repeats = repeat;
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
        let mut assignment = self.assignment;
        let orders = 1 + u32::from(assignment.takes) + u32::from(self.options.repeats);
        let (numbers, deadline) = self.options.begin(&self.numbers, orders);
        let holder = people::object_id(&numbers.client, &assignment.to).await;
        assignment.to = holder.map_err(before_sending)?;
        let before = numbers.now(&number, self.known).await;
        let before = before.map_err(before_sending)?;
        let execution = Execution {
            numbers: &numbers,
            deadline,
            number: &number,
            wanted: &Wanted::Assigned(assignment),
            options: &self.options,
        };
        execution.execute(before).await
    }
}
