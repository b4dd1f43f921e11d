//! The kinds of intents for numbers, and the options that each has.

use super::outcome::NumberOutcome;
use crate::change::Change;
use crate::generated::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use crate::intent::{Intent, IntentKind, NamesNumber, TakesNumber};

/// An assignment to be carried out. Returned by [`Numbers::assign`](super::Numbers::assign) and
/// [`Numbers::move_to`](super::Numbers::move_to); await it, or [`send_blocking`](Intent::send_blocking).
pub type Assign = Intent<AssignNumber>;

/// The release of a number to be carried out. Returned by [`Numbers::unassign`](super::Numbers::unassign); await it, or
/// [`send_blocking`](Intent::send_blocking).
pub type Unassign = Intent<UnassignNumber>;

/// A change of the emergency location to be carried out. Returned by [`Numbers::set_location`](super::Numbers::set_location); await
/// it, or [`send_blocking`](Intent::send_blocking).
pub type SetLocation = Intent<LocateNumber>;

/// The kind of [`Assign`].
#[derive(Debug)]
#[non_exhaustive]
pub struct AssignNumber;

/// The kind of [`Unassign`].
#[derive(Debug)]
#[non_exhaustive]
pub struct UnassignNumber;

/// The kind of [`SetLocation`].
#[derive(Debug)]
#[non_exhaustive]
pub struct LocateNumber;

impl IntentKind for AssignNumber {
    type Known = NumberAssignment;
    type Outcome = NumberOutcome;
}

impl IntentKind for UnassignNumber {
    type Known = NumberAssignment;
    type Outcome = NumberOutcome;
}

impl IntentKind for LocateNumber {
    type Known = NumberAssignment;
    type Outcome = NumberOutcome;
}

impl NamesNumber for AssignNumber {}
impl NamesNumber for UnassignNumber {}
impl NamesNumber for LocateNumber {}
impl TakesNumber for AssignNumber {}
impl TakesNumber for UnassignNumber {}

impl Assign {
    /// The line of the holder that the number becomes. The service's default is the primary one.
    pub fn category(mut self, wanted: impl Into<AssignmentCategory>) -> Self {
        if let Change::Assign { category, .. } = &mut self.change {
            *category = Some(wanted.into().to_string());
        }
        self
    }

    /// Id of the emergency location. Calling-plan numbers need one before they can be used. A number that the target holds
    /// already is given this location when it has another.
    pub fn location(mut self, id: impl Into<String>) -> Self {
        if let Change::Assign { location, .. } = &mut self.change {
            *location = Some(id.into());
        }
        self
    }

    /// The expected type of the number. It is taken from the inventory anyway; this refuses when it is another.
    pub fn number_type(mut self, expected: impl Into<NumberType>) -> Self {
        if let Change::Assign { number_type, .. } = &mut self.change {
            *number_type = Some(expected.into().to_string());
        }
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
}
