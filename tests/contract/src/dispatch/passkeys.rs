//! Passkeys, and what is bound to a device.

use trunkline::graph::{Fido2AuthenticationMethod, WebauthnPublicKeyCredential};

use super::Table;
use crate::plan::{list, nothing, value};

pub(super) const CALLS: Table = &[
    ("fido2Methods.list", |call| {
        list!(call, call.authentication()?.fido2_methods().list())
    }),
    ("fido2Methods.get", |call| {
        value!(call, call.authentication()?.fido2_methods().by_id(call.id()?).get())
    }),
    ("fido2Methods.creationOptions", |call| {
        value!(call, call.authentication()?.fido2_methods().creation_options())
    }),
    ("fido2Methods.create", |call| {
        let credential = call.value::<WebauthnPublicKeyCredential>("publicKeyCredential")?;
        let method = Fido2AuthenticationMethod::new(credential).set_display_name(call.property("displayName")?);
        value!(call, call.authentication()?.fido2_methods().create(&method))
    }),
    ("fido2Methods.delete", |call| {
        nothing!(call, call.authentication()?.fido2_methods().by_id(call.id()?).delete())
    }),
    ("platformCredentialMethods.list", |call| {
        list!(call, call.authentication()?.platform_credential_methods().list())
    }),
    ("platformCredentialMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .platform_credential_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("platformCredentialMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .platform_credential_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
    ("resourceAccountKeyMethods.list", |call| {
        list!(
            call,
            call.authentication()?
                .resource_account_key_authentication_methods()
                .list()
        )
    }),
    ("resourceAccountKeyMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .resource_account_key_authentication_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("resourceAccountKeyMethods.device", |call| {
        value!(
            call,
            call.authentication()?
                .resource_account_key_authentication_methods()
                .by_id(call.id()?)
                .device()
                .get()
        )
    }),
    ("resourceAccountKeyMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .resource_account_key_authentication_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
    ("windowsHelloForBusinessMethods.list", |call| {
        list!(call, call.authentication()?.windows_hello_for_business_methods().list())
    }),
    ("windowsHelloForBusinessMethods.get", |call| {
        value!(
            call,
            call.authentication()?
                .windows_hello_for_business_methods()
                .by_id(call.id()?)
                .get()
        )
    }),
    ("windowsHelloForBusinessMethods.delete", |call| {
        nothing!(
            call,
            call.authentication()?
                .windows_hello_for_business_methods()
                .by_id(call.id()?)
                .delete()
        )
    }),
];
