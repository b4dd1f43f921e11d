//! Rows whose changes the service would refuse, because the token may not make them.

use trunkline::{Cloud, TokenView};

use super::draft::Draft;
use crate::access::{self, Grant};
use crate::action::{operation, sent_by};

/// Refuses rows with a step that the token says it may not send. A token that says nothing is left to the service.
pub(super) fn settle(drafts: &mut [Draft], token: Option<&TokenView>, cloud: Cloud) {
    let Some(token) = token else { return };
    // A handful of operations, thousands of rows: each is judged once.
    let mut judged: Vec<(&'static str, Grant)> = Vec::new();
    for draft in drafts {
        let operations: Vec<_> = draft.steps.iter().map(|step| sent_by(&step.change)).collect();
        for id in operations {
            if !judged.iter().any(|(known, _)| *known == id) {
                let grant = operation(id).map_or(Grant::Untold, |operation| access::grant(operation, token, cloud));
                judged.push((id, grant));
            }
            let grant = judged.iter().find(|(known, _)| *known == id).map(|(_, grant)| grant);
            let (what, step) = match grant {
                Some(Grant::Missing(names)) => (
                    format!("the token has no permission for {id}; it needs {}", names.join(" or ")),
                    if token.fixed_application().is_some() {
                        "Sign in with an application of your own that has the permission, and plan again: Microsoft fixes those of \
                         the application that this token was issued to"
                    } else {
                        "Have an administrator grant it and consent to it, then sign in and plan again"
                    },
                ),
                Some(Grant::NotInCloud) => (
                    format!("the cloud {} does not have {id}", cloud.name()),
                    "Use the administration pages of that cloud",
                ),
                Some(Grant::NotOffered) => (
                    format!("{id} is not offered to tokens of this kind"),
                    "Sign in as the other kind: an application, or a user",
                ),
                Some(Grant::Granted(_) | Grant::Untold) | None => continue,
            };
            draft.refuse("missingPermission", what, step);
            break;
        }
    }
}
