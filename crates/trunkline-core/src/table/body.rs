//! The properties that a request body may hold and must hold, by type.

use crate::error::{Error, ErrorKind, Result};

/// The properties that requests with a body of one type take.
///
/// A record that was read holds more than can be written: what the service works out itself, and annotations such as
/// `@odata.context`. Whoever changes a property of it and sends it back means the change, so the rest is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyRules {
    /// Properties and navigation properties of the type that no request takes.
    pub left_out: &'static [&'static str],
    /// Properties that every request must have.
    pub required: &'static [&'static str],
}

impl BodyRules {
    /// Whether a member of the body is sent. What the type does not declare is.
    #[must_use]
    pub fn takes(&self, member: &str) -> bool {
        !self.left_out.contains(&member)
    }

    /// The first required property that a body lacks. `has`: whether it has a property.
    pub fn missing(&self, has: impl Fn(&str) -> bool) -> Option<&'static str> {
        self.required.iter().find(|property| !has(property)).copied()
    }

    /// The next step when a property is missing.
    #[must_use]
    pub fn advice(&self) -> String {
        let all = self.required.join(" and ");
        format!("Give {all} in one body; the service refuses a body without them, or works out anew what it lacks")
    }

    /// Checks that nothing is missing. `has`: whether the body has a property.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] that names the property.
    pub fn check(&self, has: impl Fn(&str) -> bool) -> Result<()> {
        let Some(missing) = self.missing(has) else {
            return Ok(());
        };
        let message = format!("{missing} must be given (property {missing})");
        Err(Error::new(ErrorKind::InvalidInput, message).with_next_step(self.advice()))
    }
}

/// Whether an annotation is one that requests have. The others, such as `@odata.context` and `@odata.etag`, describe
/// what was read.
#[must_use]
pub fn is_sent(member: &str) -> bool {
    match member.rsplit_once("@odata.") {
        Some((_, control)) => matches!(control, "type" | "bind" | "id"),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_of_answers_are_not_sent() {
        for sent in [
            "@odata.type",
            "user@odata.bind",
            "@odata.id",
            "phoneNumber",
            "@microsoft.graph.conflictBehavior",
        ] {
            assert!(is_sent(sent), "{sent}");
        }
        for left in [
            "@odata.context",
            "@odata.etag",
            "includeTargets@odata.context",
            "@odata.nextLink",
            "user@odata.navigationLink",
        ] {
            assert!(!is_sent(left), "{left}");
        }
    }
}
