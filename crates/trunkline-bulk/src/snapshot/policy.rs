//! The tenant's policy on text messages.

use trunkline::graph::{AuthenticationMethodState, SmsAuthenticationMethodConfiguration};
use trunkline::{Client, ErrorKind};

use crate::error::BulkError;

/// The tenant's policy on text messages. A part that could not be read is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SmsPolicy {
    /// Whether text messages may be used at all.
    pub(crate) is_enabled: Option<bool>,
    /// Whether anybody may sign in with one.
    pub(crate) is_for_sign_in: Option<bool>,
}

impl SmsPolicy {
    pub(super) async fn read(client: &Client, wanted: bool) -> Result<Self, BulkError> {
        if !wanted {
            return Ok(Self::default());
        }
        let configurations = client
            .graph()
            .policies()
            .authentication_methods_policy()
            .authentication_method_configurations();
        let found = match configurations.by_id("Sms").get().await {
            Ok(found) => found.into_value(),
            // It only helps planning: without it the service judges.
            Err(error) if error.is_permission_denied() || error.kind() == ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(error.into()),
        };
        let Some(sms) = found.downcast::<SmsAuthenticationMethodConfiguration>() else {
            return Ok(Self::default());
        };
        let is_enabled = sms
            .state
            .value()
            .map(|state| *state == AuthenticationMethodState::Enabled);
        let targets = sms.include_targets.value();
        let is_for_sign_in = targets.map(|targets| {
            let usable =
                |target: &trunkline::graph::SmsAuthenticationMethodTarget| target.is_usable_for_sign_in == Some(true);
            targets.iter().any(usable)
        });
        Ok(Self {
            is_enabled,
            is_for_sign_in,
        })
    }
}
