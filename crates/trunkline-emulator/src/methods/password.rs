//! Resetting a password, which takes its time.

use serde_json::{Value, json};

use super::members::{missing, prepare};
use crate::body::{self, Shape, optional};
use crate::call::Call;
use crate::error::Failure;
use crate::message::Reply;
use crate::place::Owner;
use crate::state::Reset;

const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";

/// `POST methods/{id}/resetPassword`.
pub(crate) fn reset(call: &mut Call<'_>, owner: &Owner, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let members = body::object(call.request, true)?;
    body::check_parameters(&members, &[optional("newPassword", Shape::Text)])?;
    if call.is_self(&id) {
        return Err(Failure::forbidden());
    }
    let exists = call.world.account(&id).is_some_and(|account| {
        account
            .methods
            .get("passwordMethods")
            .is_some_and(|items| !items.is_empty())
    });
    if !exists || !key.eq_ignore_ascii_case(PASSWORD) {
        return Err(missing(key));
    }
    let given = body::text(&members, "newPassword");
    if given.is_some_and(|password| password.chars().count() < 8) {
        return Err(Failure::invalid_property(
            "newPassword",
            "The password does not satisfy the tenant's rules.",
        ));
    }
    let synced = call
        .world
        .user(&id)
        .is_some_and(|user| user["onPremisesSyncEnabled"] == json!(true));
    if given.is_none() && synced {
        return Err(Failure::invalid_property(
            "newPassword",
            "A password cannot be generated for a synchronised user.",
        ));
    }
    let mut body = json!({ "@odata.context": call.context("microsoft.graph.passwordResetResponse") });
    if given.is_none() {
        let generated = uuid::Uuid::new_v4().simple().to_string();
        body["newPassword"] = json!(format!("Emu-{}!", &generated[..10]));
    }
    let order = uuid::Uuid::new_v4().to_string();
    // The query routes later polls to the data centre that works on the reset, so clients must keep it.
    let location = format!(
        "{}/v1.0/users/{id}/authentication/operations/{order}?aadgdc=EMU01P&aadgsu=ssprprod-e",
        call.root
    );
    call.world.resets.push(Reset {
        id: order,
        user: id,
        created: call.now,
        polls: 0,
    });
    let wait = call.stage().as_secs().max(1);
    Ok(Reply::json(202, body)
        .with_header("Location", location)
        .with_header("Retry-After", wait.to_string()))
}

/// `GET operations/{id}`.
pub(crate) fn order(call: &mut Call<'_>, owner: &Owner, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    if call.settings.realistic && !call.request.query.contains("aadgdc=") {
        return Err(Failure::not_found("The operation is not known in this data centre."));
    }
    let (now, stage, per_poll, root) = (call.now, call.stage(), call.settings.advance_per_poll, call.root);
    let reset = call
        .world
        .resets
        .iter_mut()
        .find(|reset| reset.user == id && reset.id.eq_ignore_ascii_case(key));
    let reset = reset.ok_or_else(|| Failure::not_found("The operation does not exist."))?;
    reset.polls += 1;
    let mut entity: Value = reset.entity(now, stage, per_poll, root);
    entity["@odata.context"] = json!(call.context(&format!("users('{id}')/authentication/operations/$entity")));
    Ok(Reply::json(200, entity))
}
