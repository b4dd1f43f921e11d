//! Telephone numbers: lists, the three actions, and the orders they start.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::body::{self, Shape, optional, required};
use crate::call::Call;
use crate::error::Failure;
use crate::fulfilment;
use crate::message::Reply;
use crate::odata::filter::Filter;
use crate::odata::{check_select, present, project};
use crate::schema::{ASSIGNMENT_CATEGORIES, LOOKUP_OPTIONS, NUMBER_TYPES_ACCEPTED, NUMBERS, ORDER};
use crate::state::{Order, OrderKind, Stage, World};

const ROOT: &str = "admin/teams/telephoneNumberManagement";
/// The largest `$top`.
const MAXIMUM_PAGE: usize = 1000;

/// `GET numberAssignments`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let strict = !call.settings.lenient;
    call.options.only(
        strict,
        &[
            "$filter",
            "$top",
            "$skip",
            "$select",
            "$orderby",
            "$count",
            "$skiptoken",
        ],
    )?;
    let page = match call.options.top {
        Some(top) if top > MAXIMUM_PAGE && strict => {
            return Err(Failure::invalid(format!(
                "The value of '$top' must not be above {MAXIMUM_PAGE}."
            )));
        }
        Some(top) => top.min(MAXIMUM_PAGE),
        None => call.settings.page_size,
    };
    let from = call.start()?;
    let world = &*call.world;
    let listing = NUMBERS.list(|filter| candidates(world, filter), &call.options, from, page, strict)?;
    let next = listing
        .next
        .filter(|_| call.settings.next_links && page > 0)
        .map(|next| call.next_link(&format!("{ROOT}/numberAssignments"), next));
    let count = call.options.count.then_some(listing.total);
    let context = call.list_context(&format!("{ROOT}/numberAssignments"));
    Ok(Reply::json(200, present(context, listing.items, count, next)))
}

/// Count of numbers that satisfy the filter.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, Failure> {
    let world = &*call.world;
    let found = |filter: Option<&Filter>| candidates(world, filter);
    let listing = NUMBERS.list(found, &call.options, 0, 0, !call.settings.lenient)?;
    Ok(listing.total)
}

/// The numbers among which a filter finds its own: bulk work asks for single ones thousands of times.
fn candidates<'w>(world: &'w World, filter: Option<&Filter>) -> Box<dyn Iterator<Item = &'w Value> + 'w> {
    let demanded = |property| filter.and_then(|filter| filter.demanded(property));
    match (demanded("telephoneNumber"), demanded("assignmentTargetId")) {
        (Some(number), _) => Box::new(world.number(&number.to_lowercase()).into_iter()),
        (None, Some(target)) => Box::new(world.numbers_of(target)),
        (None, None) => Box::new(world.numbers.iter()),
    }
}

/// `GET numberAssignments/{id}`.
pub(crate) fn get(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select"])?;
    NUMBERS.check_select(&call.options, !call.settings.lenient)?;
    let number = call
        .world
        .number_by_id(id)
        .ok_or_else(|| Failure::not_found("No such number assignment exists."))?;
    let mut body = project(number, call.options.select.as_deref());
    body["@odata.context"] = json!(call.entity_context(&format!("{ROOT}/numberAssignments")));
    Ok(Reply::json(200, body))
}

/// `GET operations/{id}`.
pub(crate) fn order(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select"])?;
    check_select(ORDER, &call.options, !call.settings.lenient)?;
    let missing = || Failure::not_found("No such operation exists.");
    let at = *call.world.order_index.get(id).ok_or_else(missing)?;
    if call.settings.advance_per_poll {
        call.world.orders[at].polls += 1;
        fulfilment::settle(call.world, call.settings, call.now);
    }
    let entity = call.world.orders[at].entity(call.root);
    let mut body = project(&entity, call.options.select.as_deref());
    body["@odata.context"] = json!(call.entity_context(&format!("{ROOT}/operations")));
    Ok(Reply::json(200, body))
}

/// `POST assignNumber`.
pub(crate) fn assign(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check_parameters(
        &members,
        &[
            required("telephoneNumber", Shape::Text),
            required("assignmentTargetId", Shape::Text),
            required("numberType", Shape::Member(NUMBER_TYPES_ACCEPTED)),
            optional("assignmentCategory", Shape::Member(ASSIGNMENT_CATEGORIES)),
            optional("locationId", Shape::Text),
        ],
    )?;
    let target = body::text(&members, "assignmentTargetId").unwrap_or_default();
    if !is_guid(target) {
        return Err(Failure::invalid_property(
            "assignmentTargetId",
            "The assignment target is not an object id.",
        ));
    }
    let kind = OrderKind::Assign {
        target: target.to_ascii_lowercase(),
        category: body::text(&members, "assignmentCategory")
            .unwrap_or("primary")
            .to_owned(),
        location: body::text(&members, "locationId")
            .filter(|id| !id.is_empty())
            .map(str::to_owned),
    };
    accept(call, &members, kind)
}

/// `POST unassignNumber`.
pub(crate) fn unassign(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check_parameters(
        &members,
        &[
            required("telephoneNumber", Shape::Text),
            required("numberType", Shape::Member(NUMBER_TYPES_ACCEPTED)),
        ],
    )?;
    accept(call, &members, OrderKind::Unassign)
}

fn accept(call: &mut Call<'_>, members: &Map<String, Value>, kind: OrderKind) -> Result<Reply, Failure> {
    let number = normal_number(body::text(members, "telephoneNumber").unwrap_or_default())?;
    let word = if kind == OrderKind::Unassign {
        "Unassignment"
    } else {
        "Assignment"
    };
    let order = Order {
        id: URL_SAFE_NO_PAD.encode(format!("{word}|{}", uuid::Uuid::new_v4())),
        created: call.now,
        kind,
        resource_id: call
            .world
            .number(&number)
            .and_then(|entity| entity["id"].as_str())
            .map(str::to_owned),
        number,
        number_type: body::text(members, "numberType").unwrap_or_default().to_owned(),
        polls: 0,
        stage: Stage::NotStarted,
        verdict: None,
    };
    if call.settings.immediate_checks {
        fulfilment::examine(call.world, &order, call.now)
            .map_err(|obstacle| Failure::new(obstacle.status, obstacle.code, obstacle.text))?;
    }
    let location = format!("{}/v1.0/{ROOT}/operations('{}')", call.root, order.id);
    call.world.order_index.insert(order.id.clone(), call.world.orders.len());
    call.world.orders.push(order);
    fulfilment::settle(call.world, call.settings, call.now);
    Ok(Reply::empty(202).with_header("Location", location))
}

/// `POST updateNumber`: at once, and nothing in the answer.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check_parameters(
        &members,
        &[
            required("telephoneNumber", Shape::Text),
            optional("locationId", Shape::Text),
            optional("networkSiteId", Shape::Text),
            optional("reverseNumberLookupOptions", Shape::TextList),
        ],
    )?;
    let number = normal_number(body::text(&members, "telephoneNumber").unwrap_or_default())?;
    let unknown = |name: &str, known: &[Value]| match body::text(&members, name) {
        None | Some("") => false,
        Some(id) => !known.iter().any(|entry| entry["id"].as_str() == Some(id)),
    };
    let entity = call
        .world
        .number(&number)
        .ok_or_else(|| Failure::not_found("The tenant has no such telephone number."))?;
    if unknown("locationId", &call.world.locations) {
        return Err(Failure::invalid_property(
            "locationId",
            "The location does not exist in the tenant.",
        ));
    }
    let moves = entity["supportedCustomerActions"]
        .as_array()
        .is_some_and(|all| all.contains(&json!("locationUpdate")));
    if body::text(&members, "locationId").is_some() && !moves {
        return Err(Failure::invalid_property(
            "locationId",
            "The location of this number is not the customer's to set.",
        ));
    }
    let options = members.get("reverseNumberLookupOptions").and_then(Value::as_array);
    if let Some(wrong) = options
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .find(|o| !LOOKUP_OPTIONS.contains(o))
    {
        let name = "reverseNumberLookupOptions";
        return Err(Failure::invalid_property(
            name,
            format!("'{wrong}' is not a value of '{name}'."),
        ));
    }
    let Some(entity) = call.world.number_mut(&number) else {
        return Ok(Reply::empty(200));
    };
    for name in ["locationId", "networkSiteId"] {
        // Text sets, empty text clears, null and absence keep.
        match body::text(&members, name) {
            None => {}
            Some("") => entity[name] = Value::Null,
            Some(id) => entity[name] = json!(id),
        }
    }
    if let Some(options) = members
        .get("reverseNumberLookupOptions")
        .filter(|value| value.is_array())
    {
        entity["reverseNumberLookupOptions"] = options.clone();
    }
    Ok(Reply::empty(200))
}

/// A number in the form the service stores, from either form it accepts.
fn normal_number(text: &str) -> Result<String, Failure> {
    let wrong = || {
        Failure::invalid_property(
            "telephoneNumber",
            "The telephone number is not in E.164 form, with or without a plus.",
        )
    };
    let bare = text.strip_prefix('+').unwrap_or(text);
    let (digits, extension) = match bare.split_once(";ext=") {
        Some((digits, extension)) => (digits, Some(extension)),
        None => (bare, None),
    };
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits_fit = numeric(digits) && (3..=15).contains(&digits.len()) && !digits.starts_with('0');
    let extension_fits = extension.is_none_or(|extension| numeric(extension) && extension.len() <= 8);
    if digits_fit && extension_fits {
        Ok(format!("+{bare}"))
    } else {
        Err(wrong())
    }
}

pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
