//! Reads the record of a number, and checks that it is the record of the number that was asked for.

use trunkline_core::mask;

use crate::generated::teams_administration::{AssignmentStatus, NumberAssignment, NumberType};
use crate::ids::named;
use crate::telephone::TelephoneNumber;
use crate::{Error, ErrorKind, Result};

impl NumberAssignment {
    /// Id of the emergency location. `None` when there is none, which the service also writes as an id of zeros.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        named(self.location_id.as_deref())
    }

    /// Id of who or what holds the number. `None` when nobody does, however the service writes that.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        named(self.assignment_target_id.as_deref())
    }

    /// Id of the network site. `None` when there is none, which the service also writes as an id of zeros.
    #[must_use]
    pub fn network_site(&self) -> Option<&str> {
        named(self.network_site_id.as_deref())
    }

    /// The number, when it can be read as one.
    fn own_number(&self) -> Option<TelephoneNumber> {
        TelephoneNumber::from_service(self.telephone_number.as_deref()?).ok()
    }

    /// Whether it is the record of this number, with its extension, however the service spells it.
    #[must_use]
    pub fn is_of(&self, number: &TelephoneNumber) -> bool {
        self.own_number().as_ref() == Some(number)
    }

    /// Refuses the record of another number than the one that was looked up.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedBody`]; see [`Error::is_key_mismatch`].
    pub fn check_key(&self, asked: &TelephoneNumber) -> Result<()> {
        if self.is_of(asked) {
            return Ok(());
        }
        let own = match self.telephone_number.as_deref() {
            Some(own) => mask::number(own),
            None => "a number without a telephoneNumber".to_owned(),
        };
        Err(Error::key_mismatch(masked(asked), own).with_operation("numberAssignments.list"))
    }
}

/// Whether nobody holds the number, as far as the service says.
pub(super) fn is_free(number: &NumberAssignment) -> bool {
    number.assignment_status == Some(AssignmentStatus::Unassigned) && number.holder().is_none()
}

/// Whether `target` holds the number.
pub(super) fn is_held_by(number: &NumberAssignment, target: &str) -> bool {
    number
        .holder()
        .is_some_and(|holder| holder.eq_ignore_ascii_case(target))
}

/// Whether the number has this emergency location, or none.
pub(super) fn is_location(number: &NumberAssignment, location: Option<&str>) -> bool {
    match (location, number.location()) {
        (Some(wanted), Some(own)) => own.eq_ignore_ascii_case(wanted.trim()),
        (wanted, own) => wanted.is_none() && own.is_none(),
    }
}

/// The type of the number as it is sent.
pub(super) fn number_type(number: &NumberAssignment) -> NumberType {
    let own = number.number_type.value().cloned();
    own.unwrap_or(NumberType::UnknownFutureValue)
}

/// The number as messages and logs show it.
pub(super) fn masked(number: &TelephoneNumber) -> String {
    mask::number(&number.to_string())
}

/// Refuses a state that is another number's.
pub(crate) fn check_known(number: &TelephoneNumber, known: &NumberAssignment) -> Result<()> {
    if known.is_of(number) {
        return Ok(());
    }
    let message = format!("the known state is not that of {}", masked(number));
    Err(Error::new(ErrorKind::InvalidInput, message)
        .with_next_step("Pass the number as it was read from the inventory, with its telephoneNumber"))
}
