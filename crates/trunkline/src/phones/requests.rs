//! The requests that read and change the phone methods of a user, who is named by object id.

use futures_util::TryStreamExt;

use super::role::PhoneRole;
use crate::change::Change;
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::generated::handles::Collection;
use crate::{Client, Error, ErrorKind, ListRequest, Request, Result};

fn methods_of(client: &Client, user: &str) -> Collection<PhoneAuthenticationMethod> {
    client.graph().users().by_id(user).authentication().phone_methods()
}

/// The list of a user's methods.
pub(crate) fn list(client: &Client, user: &str) -> ListRequest<PhoneAuthenticationMethod> {
    methods_of(client, user).list()
}

/// The methods that a user has.
pub(crate) async fn read(client: &Client, user: &str) -> Result<Vec<PhoneAuthenticationMethod>> {
    let methods: Vec<_> = list(client, user).keeping_repeated().items().try_collect().await?;
    check_roles(&methods)?;
    Ok(methods)
}

/// The request that carries out one step of a decision on these methods.
pub(crate) fn change(client: &Client, step: &Change, present: &[PhoneAuthenticationMethod]) -> Request<()> {
    let methods = methods_of(client, step.user());
    let of = |role: PhoneRole| methods.by_id(role.id());
    match step {
        Change::SetPhone { role, number, .. } => {
            let body = method(*role, number);
            if present.iter().any(|method| role.is_of(method)) {
                of(*role).update(&body).reading()
            } else {
                methods.create(&body).reading()
            }
        }
        Change::SmsSignIn { enabled: true, .. } => of(PhoneRole::Mobile).enable_sms_sign_in().reading(),
        Change::SmsSignIn { enabled: false, .. } => of(PhoneRole::Mobile).disable_sms_sign_in().reading(),
        _ => of(step.role().unwrap_or(PhoneRole::Mobile)).delete().reading(),
    }
}

/// A method with both properties, as they are always sent: the service works out anew what a PATCH leaves out (T2).
pub(crate) fn method(role: PhoneRole, number: &str) -> PhoneAuthenticationMethod {
    PhoneAuthenticationMethod::new(number.to_owned(), role.phone_type())
}

/// Refuses methods of which one says that it is two things, or two say that they are the same.
fn check_roles(methods: &[PhoneAuthenticationMethod]) -> Result<()> {
    let refused = |error: Error| Err(error.with_operation("phoneMethods.list"));
    for (index, method) in methods.iter().enumerate() {
        let Some(role) = PhoneRole::of(method) else { continue };
        let is_named_otherwise = |other: &PhoneRole| *other != role && method.phone_type == Some(other.phone_type());
        if let Some(other) = PhoneRole::ALL.iter().find(|other| is_named_otherwise(other)) {
            return refused(Error::key_mismatch(
                format!("the phone method with the id of {role}"),
                format!("one of type {other}"),
            ));
        }
        if methods[..index]
            .iter()
            .any(|earlier| role.is_of(earlier) && earlier != method)
        {
            let message = format!("the service answered with two different {role} phone methods of one user");
            return refused(
                Error::new(ErrorKind::UnexpectedBody, message)
                    .with_next_step("Read the phone methods again; if it stays so, ask Microsoft's support"),
            );
        }
    }
    Ok(())
}
