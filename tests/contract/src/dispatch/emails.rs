//! Email methods.

use trunkline::graph::EmailAuthenticationMethod;

use super::Table;
use crate::call::Call;
use crate::plan::{list, nothing, optional, value};

fn email(call: &Call<'_>) -> Result<EmailAuthenticationMethod, String> {
    Ok(EmailAuthenticationMethod {
        email_address: call.property("emailAddress")?,
        ..Default::default()
    })
}

pub(super) const CALLS: Table = &[
    ("emailMethods.list", |call| {
        list!(call, call.authentication()?.email_methods().list())
    }),
    ("emailMethods.get", |call| {
        value!(call, call.authentication()?.email_methods().by_id(call.id()?).get())
    }),
    ("emailMethods.create", |call| {
        value!(call, call.authentication()?.email_methods().create(&email(call)?))
    }),
    ("emailMethods.update", |call| {
        optional!(
            call,
            call.authentication()?
                .email_methods()
                .by_id(call.id()?)
                .update(&email(call)?)
        )
    }),
    ("emailMethods.delete", |call| {
        nothing!(call, call.authentication()?.email_methods().by_id(call.id()?).delete())
    }),
];
