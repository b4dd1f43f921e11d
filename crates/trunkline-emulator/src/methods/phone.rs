//! Phones: their grammar, their order, and signing in by text message.

use serde_json::{Value, json};

use super::Kind;
use super::members::{find_mut, has_id, items_mut, missing, prepare, shown, with_context};
use crate::body::{self, Shape, optional, required};
use crate::call::Call;
use crate::error::Failure;
use crate::message::Reply;
use crate::place::Owner;
use crate::policy;
use crate::schema::PHONE_TYPES;

const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const ALTERNATE_MOBILE: &str = "b6332ec1-7057-4abe-9331-3d72feddfe41";
const OFFICE: &str = "e37fc753-ff3b-4958-9484-eaa9425c82bc";

/// The id of a phone type, which is the same for every user.
pub(crate) fn id_of_type(phone_type: &str) -> &'static str {
    match phone_type {
        "alternateMobile" => ALTERNATE_MOBILE,
        "office" => OFFICE,
        _ => MOBILE,
    }
}

/// The grammar of a phone number here: a plus, a country code, one space, digits, and optionally `x` and an extension.
fn check_number(text: &str) -> Result<(), Failure> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = text
        .strip_prefix('+')
        .and_then(|rest| rest.split_once(' '))
        .is_some_and(|(country, rest)| {
            let (number, extension) = rest
                .split_once('x')
                .map_or((rest, None), |(number, ext)| (number, Some(ext)));
            digits(country)
                && country.len() <= 4
                && digits(number)
                && (4..=15).contains(&number.len())
                && extension.is_none_or(digits)
        });
    if fits {
        Ok(())
    } else {
        Err(Failure::new(
            400,
            "invalidPhoneNumber",
            "The phone number is not of the form +{country} {number}x{extension}.",
        ))
    }
}

/// `POST phoneMethods`.
pub(super) fn create(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            required("phoneNumber", Shape::Text),
            required("phoneType", Shape::Member(PHONE_TYPES)),
        ],
    )?;
    body::check_type(&members, Kind::Phone.type_name())?;
    let number = body::text(&members, "phoneNumber").unwrap_or_default().to_owned();
    let phone_type = body::text(&members, "phoneType").unwrap_or_default().to_owned();
    check_number(&number)?;
    let items = items_mut(call, id, Kind::Phone);
    let has = |wanted: &str| items.iter().any(|item| item["phoneType"].as_str() == Some(wanted));
    if has(&phone_type) {
        return Err(Failure::invalid("The user already has a phone of this type."));
    }
    if phone_type == "alternateMobile" && !has("mobile") {
        return Err(Failure::invalid(
            "An alternate mobile phone needs a mobile phone first.",
        ));
    }
    let state = sign_in_state(call, id, &number, &phone_type);
    let entity = json!({
        "@odata.type": Kind::Phone.type_name(),
        "id": id_of_type(&phone_type),
        "phoneNumber": number,
        "phoneType": phone_type,
        "smsSignInState": state,
        "createdDateTime": null,
    });
    items_mut(call, id, Kind::Phone).push(entity.clone());
    if state == "phoneNumberNotUnique" && call.settings.realistic {
        return Err(not_unique());
    }
    Ok(Reply::json(
        201,
        with_context(call, id, Kind::Phone, shown(entity, Kind::Phone)),
    ))
}

/// `PATCH phoneMethods/{id}`. What is left out would be worked out anew, not kept; so both properties are required.
pub(super) fn update(call: &mut Call<'_>, id: &str, key: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            required("phoneNumber", Shape::Text),
            required("phoneType", Shape::Member(PHONE_TYPES)),
        ],
    )?;
    body::check_type(&members, Kind::Phone.type_name())?;
    let current = find_mut(call, id, Kind::Phone, key).ok_or_else(|| missing(key))?;
    let phone_type = current["phoneType"].as_str().unwrap_or_default().to_owned();
    if body::text(&members, "phoneType").is_some_and(|wanted| wanted != phone_type) {
        return Err(Failure::invalid_property(
            "phoneType",
            "The type of a phone cannot be changed.",
        ));
    }
    let number = body::text(&members, "phoneNumber").unwrap_or_default().to_owned();
    check_number(&number)?;
    let state = sign_in_state(call, id, &number, &phone_type);
    if let Some(current) = find_mut(call, id, Kind::Phone, key) {
        current["phoneNumber"] = json!(number);
        current["smsSignInState"] = json!(state);
    }
    if state == "phoneNumberNotUnique" && call.settings.realistic {
        return Err(not_unique());
    }
    Ok(Reply::empty(204))
}

/// A mobile phone cannot go while an alternate one leans on it.
pub(super) fn check_deletion(items: &[Value], at: usize) -> Result<(), Failure> {
    let alternate = items.iter().any(|item| item["phoneType"] == json!("alternateMobile"));
    if items[at]["phoneType"] == json!("mobile") && alternate {
        return Err(Failure::invalid(
            "The mobile phone cannot be deleted while there is an alternate mobile phone.",
        ));
    }
    Ok(())
}

/// `POST enableSmsSignIn` and `POST disableSmsSignIn`.
pub(crate) fn sms_sign_in(call: &mut Call<'_>, owner: &Owner, key: &str, enable: bool) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    // Nothing is expected in the body; inside a batch an empty object has to be there.
    if !body::object(call.request, true)?.is_empty() {
        return Err(Failure::invalid("The action takes no parameters."));
    }
    let item = find_mut(call, &id, Kind::Phone, key).ok_or_else(|| missing(key))?;
    if !has_id(item, MOBILE) {
        return Err(Failure::invalid(
            "Only a mobile phone can be used to sign in by text message.",
        ));
    }
    if !enable {
        item["smsSignInState"] = json!("notEnabled");
        return Ok(Reply::empty(204));
    }
    let number = item["phoneNumber"].as_str().unwrap_or_default().to_owned();
    match sign_in_state(call, &id, &number, "mobile") {
        "notAllowedByPolicy" => Err(Failure::new(
            400,
            "notAllowedByPolicy",
            "The policy does not let this user sign in by text message.",
        )),
        "phoneNumberNotUnique" => Err(not_unique()),
        state => {
            if let Some(item) = find_mut(call, &id, Kind::Phone, key) {
                item["smsSignInState"] = json!(state);
            }
            Ok(Reply::empty(204))
        }
    }
}

fn not_unique() -> Failure {
    Failure::conflict(
        "phoneNumberNotUnique",
        "The phone number is already used by someone else to sign in.",
    )
}

/// The state signing in by text message gets when a number is set: the service tries to register it at once.
fn sign_in_state(call: &Call<'_>, id: &str, number: &str, phone_type: &str) -> &'static str {
    if phone_type != "mobile" {
        return "notSupported";
    }
    if !policy::allows_sms_sign_in(&call.world.methods_policy, id) {
        return "notAllowedByPolicy";
    }
    let taken = call
        .world
        .accounts
        .iter()
        .filter(|(other, _)| other.as_str() != id)
        .any(|(_, account)| {
            account
                .methods
                .get(Kind::Phone.segment())
                .into_iter()
                .flatten()
                .any(|item| {
                    item["phoneType"] == json!("mobile")
                        && item["phoneNumber"].as_str() == Some(number)
                        && item["smsSignInState"] == json!("ready")
                })
        });
    if taken { "phoneNumberNotUnique" } else { "ready" }
}
