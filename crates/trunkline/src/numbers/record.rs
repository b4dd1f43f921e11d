//! Reads the record of a number, and checks that it is the record of the number that was asked for.

use trunkline_core::mask;

use super::masked;
use crate::generated::teams_administration::{AssignmentStatus, NumberAssignment};
use crate::ids::named;
use crate::telephone::TelephoneNumber;
use crate::{Error, Result};

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
    /// [`ErrorKind::UnexpectedBody`](crate::ErrorKind::UnexpectedBody); see [`Error::is_key_mismatch`].
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
