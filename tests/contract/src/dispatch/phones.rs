//! Phone methods.

use trunkline::graph::PhoneAuthenticationMethod;

use super::Table;
use crate::call::Call;
use crate::plan::{list, nothing, optional, value};

fn phone(call: &Call<'_>) -> Result<PhoneAuthenticationMethod, String> {
    Ok(PhoneAuthenticationMethod {
        phone_number: call.property("phoneNumber")?,
        phone_type: call.member("phoneType")?,
        ..Default::default()
    })
}

pub(super) const CALLS: Table = &[
    ("phoneMethods.list", |call| {
        list!(call, call.authentication()?.phone_methods().list())
    }),
    ("phoneMethods.get", |call| {
        value!(call, call.authentication()?.phone_methods().by_id(call.id()?).get())
    }),
    ("phoneMethods.create", |call| {
        value!(call, call.authentication()?.phone_methods().create(&phone(call)?))
    }),
    ("phoneMethods.update", |call| {
        let method = call.authentication()?.phone_methods().by_id(call.id()?);
        optional!(call, method.update(&phone(call)?))
    }),
    ("phoneMethods.delete", |call| {
        nothing!(call, call.authentication()?.phone_methods().by_id(call.id()?).delete())
    }),
    ("phoneMethods.enableSmsSignIn", |call| {
        nothing!(
            call,
            call.authentication()?
                .phone_methods()
                .by_id(call.id()?)
                .enable_sms_sign_in()
        )
    }),
    ("phoneMethods.disableSmsSignIn", |call| {
        nothing!(
            call,
            call.authentication()?
                .phone_methods()
                .by_id(call.id()?)
                .disable_sms_sign_in()
        )
    }),
];
