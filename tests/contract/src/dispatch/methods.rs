//! Authentication methods of every kind but phone, email and passkey.

use trunkline::graph::{ExternalAuthenticationMethod, PasswordResetResponse, TemporaryAccessPassAuthenticationMethod};

use super::Table;
use crate::plan::{list, nothing, started, value};

pub(super) const CALLS: Table = &[
    ("authenticationMethods.list", |call| {
        list!(call, call.authentication()?.methods().list())
    }),
    ("authenticationMethods.get", |call| {
        value!(call, call.authentication()?.methods().by_id(call.id()?).get())
    }),
    ("authenticationMethods.resetPassword", |call| {
        let reset = call.authentication()?.methods().by_id(call.id()?).reset_password();
        started!(
            call,
            reset.new_password(call.property("newPassword")?).request(),
            PasswordResetResponse
        )
    }),
    ("authenticationOperations.get", |call| {
        value!(call, call.authentication()?.operations().by_id(call.id()?).get())
    }),
    ("externalAuthenticationMethods.list", |call| {
        list!(call, call.authentication()?.external_authentication_methods().list())
    }),
    ("externalAuthenticationMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .external_authentication_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("externalAuthenticationMethods.create", |call| {
        let method = ExternalAuthenticationMethod {
            configuration_id: call.property("configurationId")?,
            display_name: call.property("displayName")?,
            ..Default::default()
        };
        value!(
            call,
            call.authentication()?.external_authentication_methods().create(&method)
        )
    }),
    ("externalAuthenticationMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .external_authentication_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
    ("microsoftAuthenticatorMethods.list", |call| {
        list!(call, call.authentication()?.microsoft_authenticator_methods().list())
    }),
    ("microsoftAuthenticatorMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .microsoft_authenticator_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("microsoftAuthenticatorMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .microsoft_authenticator_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
    ("passwordMethods.list", |call| {
        list!(call, call.authentication()?.password_methods().list())
    }),
    ("passwordMethods.get", |call| {
        value!(call, call.authentication()?.password_methods().by_id(call.id()?).get())
    }),
    ("softwareOathMethods.list", |call| {
        list!(call, call.authentication()?.software_oath_methods().list())
    }),
    ("softwareOathMethods.get", |call| {
        value!(
            call,
            call.authentication()?.software_oath_methods().by_id(call.id()?).get()
        )
    }),
    ("softwareOathMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .software_oath_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
    ("temporaryAccessPassMethods.list", |call| {
        list!(call, call.authentication()?.temporary_access_pass_methods().list())
    }),
    ("temporaryAccessPassMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .temporary_access_pass_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("temporaryAccessPassMethods.create", |call| {
        // The start is a moment, which is read as the record reads it: through its text.
        let pass = call.record::<TemporaryAccessPassAuthenticationMethod>()?;
        value!(
            call,
            call.authentication()?.temporary_access_pass_methods().create(&pass)
        )
    }),
    ("temporaryAccessPassMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .temporary_access_pass_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
];
