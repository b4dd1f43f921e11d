//! Which authentication methods may be used, and by whom.

use serde_json::Value;
use trunkline::graph::{
    AuthenticationMethodsPolicy, Fido2AuthenticationMethodConfiguration, Fido2KeyRestrictions, RegistrationEnforcement,
    SmsAuthenticationMethodConfiguration, TemporaryAccessPassAuthenticationMethodConfiguration,
    VoiceAuthenticationMethodConfiguration,
};

use super::Table;
use crate::plan::{nothing, optional, value};

pub(super) const CALLS: Table = &[
    ("authenticationMethodsPolicy.get", |call| {
        value!(
            call,
            call.graph_at("policies")?
                .policies()
                .authentication_methods_policy()
                .get()
        )
    }),
    ("authenticationMethodsPolicy.update", |call| {
        let policy = AuthenticationMethodsPolicy {
            registration_enforcement: call.nested::<RegistrationEnforcement, _>("registrationEnforcement")?,
            reconfirmation_in_days: call.property("reconfirmationInDays")?,
            policy_migration_state: call.member("policyMigrationState")?,
            ..Default::default()
        };
        optional!(
            call,
            call.graph_at("policies")?
                .policies()
                .authentication_methods_policy()
                .update(&policy)
        )
    }),
    ("smsConfiguration.get", |call| {
        value!(call, call.configurations()?.by_id("sms").get())
    }),
    ("smsConfiguration.update", |call| {
        let configuration = SmsAuthenticationMethodConfiguration {
            state: call.member("state")?,
            exclude_targets: call.property("excludeTargets")?,
            include_targets: call.property("includeTargets")?,
            ..Default::default()
        };
        optional!(call, call.configurations()?.by_id("sms").update(&configuration))
    }),
    ("smsConfiguration.delete", |call| {
        nothing!(call, call.configurations()?.by_id("sms").delete())
    }),
    ("voiceConfiguration.get", |call| {
        value!(call, call.configurations()?.by_id("voice").get())
    }),
    ("voiceConfiguration.update", |call| {
        let configuration = VoiceAuthenticationMethodConfiguration {
            state: call.member("state")?,
            is_office_phone_allowed: call.property("isOfficePhoneAllowed")?,
            include_targets: call.property("includeTargets")?,
            ..Default::default()
        };
        optional!(call, call.configurations()?.by_id("voice").update(&configuration))
    }),
    ("voiceConfiguration.delete", |call| {
        nothing!(call, call.configurations()?.by_id("voice").delete())
    }),
    ("methodConfigurations.get", |call| {
        value!(call, call.configurations()?.by_id(call.id()?).get())
    }),
    ("methodConfigurations.update", |call| {
        let configuration = call.configurations()?.by_id(call.id()?);
        match call.argument("@odata.type").and_then(Value::as_str) {
            Some("#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration") => {
                let body = TemporaryAccessPassAuthenticationMethodConfiguration {
                    state: call.member("state")?,
                    default_lifetime_in_minutes: call.property("defaultLifetimeInMinutes")?,
                    is_usable_once: call.property("isUsableOnce")?,
                    ..Default::default()
                };
                optional!(call, configuration.update(&body))
            }
            Some("#microsoft.graph.fido2AuthenticationMethodConfiguration") => {
                let body = Fido2AuthenticationMethodConfiguration {
                    key_restrictions: call.nested::<Fido2KeyRestrictions, _>("keyRestrictions")?,
                    ..Default::default()
                };
                optional!(call, configuration.update(&body))
            }
            other => Err(format!(
                "nobody wrote down how to change a configuration of the type {other:?}"
            )),
        }
    }),
    ("methodConfigurations.delete", |call| {
        nothing!(call, call.configurations()?.by_id(call.id()?).delete())
    }),
];
