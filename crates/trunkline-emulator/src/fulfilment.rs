//! Carrying out accepted orders when their time has come.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::settings::Settings;
use crate::state::{BLOCK_MEMBER, Block, Order, OrderKind, SentMail, Stage, World};

/// The reason why an order is impossible, as an answer and as the text of a verdict.
pub(crate) struct Obstacle {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) text: Cow<'static, str>,
}

fn obstacle(status: u16, code: &'static str, text: impl Into<Cow<'static, str>>) -> Result<(), Obstacle> {
    let text = text.into();
    Err(Obstacle { status, code, text })
}

/// Whether an order can be carried out in the world as it is.
pub(crate) fn examine(world: &World, order: &Order, now: Timestamp) -> Result<(), Obstacle> {
    let Some(number) = world.number(&order.number) else {
        return obstacle(
            404,
            "ResourceNotFound",
            "The telephone number was not found in the tenant.",
        );
    };
    if number["numberType"].as_str() != Some(order.number_type.as_str()) {
        return obstacle(
            400,
            "BadRequest",
            "The telephone number is of another type than the request says.",
        );
    }
    let holder = number["assignmentTargetId"].as_str();
    let OrderKind::Assign {
        target,
        category,
        location,
    } = &order.kind
    else {
        // Unassigning a free number is a success without effect.
        return match number["numberSource"].as_str() {
            Some("onPremises") => obstacle(
                409,
                "Conflict",
                "The telephone number is managed on premises and cannot be changed here.",
            ),
            _ => Ok(()),
        };
    };
    if number["numberSource"].as_str() == Some("onPremises") {
        return obstacle(
            409,
            "Conflict",
            "The telephone number is managed on premises and cannot be changed here.",
        );
    }
    if let Some(holder) = holder {
        // The same assignment again is a success without effect.
        return if holder.eq_ignore_ascii_case(target) {
            Ok(())
        } else {
            obstacle(
                409,
                "Conflict",
                "The telephone number is already assigned to another target.",
            )
        };
    }
    // A seed with a block that cannot be read is refused.
    if let Ok(Some(block)) = Block::of(number)
        && let Some(words) = block.words(now)
    {
        return obstacle(400, "BadRequest", words);
    }
    let Some(user) = world.user(target) else {
        return obstacle(
            404,
            "ResourceNotFound",
            "The assignment target was not found in the tenant.",
        );
    };
    if let Some(location) = location
        && !world
            .locations
            .iter()
            .any(|known| known["id"].as_str() == Some(location))
    {
        return obstacle(400, "BadRequest", "The emergency location was not found in the tenant.");
    }
    if location.is_none() && number["@emulator.requiresLocation"] == json!(true) && number["locationId"].is_null() {
        return obstacle(400, "BadRequest", "This telephone number needs an emergency location.");
    }
    examine_target(world, number, user, target, category)
}

fn examine_target(world: &World, number: &Value, user: &Value, target: &str, category: &str) -> Result<(), Obstacle> {
    let account = world.account(target);
    let account_type = account
        .and_then(|account| account.teams.get("accountType"))
        .and_then(Value::as_str);
    let resource = account_type == Some("resourceAccount");
    let plan = if resource { "MCOEV_VIRTUALUSER" } else { "MCOEV" };
    if !account.is_some_and(|account| account.has_plan(plan)) {
        return obstacle(403, "Forbidden", "The assignment target has no Teams Phone license.");
    }
    if user["accountEnabled"] == json!(false) {
        return obstacle(400, "BadRequest", "The account of the assignment target is disabled.");
    }
    if number["numberType"] == json!("callingPlan") && user["usageLocation"].is_null() {
        return obstacle(400, "BadRequest", "The assignment target has no usage location.");
    }
    let capability = if resource {
        "voiceApplicationAssignment"
    } else {
        "userAssignment"
    };
    if !number["capabilities"]
        .as_array()
        .is_some_and(|all| all.contains(&json!(capability)))
    {
        return obstacle(
            400,
            "BadRequest",
            "The telephone number cannot be assigned to a target of this kind.",
        );
    }
    let taken = world
        .numbers_of(target)
        .any(|other| other["assignmentCategory"].as_str() == Some(category));
    if taken {
        return obstacle(
            409,
            "Conflict",
            "The assignment target already has a telephone number of this category.",
        );
    }
    Ok(())
}

/// Carries out whatever is due, and says whether something was.
pub(crate) fn settle(world: &mut World, settings: &Settings, now: Timestamp) -> bool {
    let mut has_changed = false;
    for at in world.settled..world.orders.len() {
        let stage = settings.stage_of(at);
        let due = world.orders[at].due(now, stage, settings.advance_per_poll);
        if due > world.orders[at].stage {
            world.orders[at].stage = due;
            has_changed = true;
            match due {
                Stage::NotStarted => {}
                Stage::Running => begin(world, at, now),
                Stage::Done => finish(world, at, settings, now),
            }
        }
    }
    while world
        .orders
        .get(world.settled)
        .is_some_and(|order| order.verdict.is_some())
    {
        world.settled += 1;
    }
    activate(world, settings, now) || has_changed
}

/// A number whose order runs shows that it is being worked on.
fn begin(world: &mut World, at: usize, now: Timestamp) {
    if examine(world, &world.orders[at], now).is_err() || !matches!(world.orders[at].kind, OrderKind::Assign { .. }) {
        return;
    }
    let number = world.orders[at].number.clone();
    if let Some(entity) = world
        .number_mut(&number)
        .filter(|entity| entity["assignmentTargetId"].is_null())
    {
        entity["activationState"] = json!("assignmentPending");
    }
}

fn finish(world: &mut World, at: usize, settings: &Settings, now: Timestamp) {
    let order = world.orders[at].clone();
    let scripted = world
        .number(&order.number)
        .and_then(|entity| entity.get("@emulator.outcome"))
        .cloned();
    let verdict = match &scripted {
        Some(outcome) if outcome["status"] == json!("failed") => Err(outcome["statusDetail"]
            .as_str()
            .unwrap_or("The operation failed.")
            .to_owned()),
        _ => examine(world, &order, now).map_err(|obstacle| obstacle.text.into_owned()),
    };
    if verdict.is_ok() {
        apply(world, &order, now);
        let state = scripted
            .as_ref()
            .and_then(|outcome| outcome["activationState"].as_str())
            .map(str::to_owned);
        let delayed = matches!(order.kind, OrderKind::Assign { .. }) && !settings.activation_delay.is_zero();
        if let Some(entity) = world.number_mut(&order.number) {
            if let Some(state) = state {
                entity["activationState"] = json!(state);
            } else if delayed {
                let at = now.saturating_add(settings.activation_delay).unwrap_or(now);
                entity["activationState"] = json!("assignmentPending");
                entity["@emulator.activatesAt"] = json!(at.to_string());
            } else {
                entity["activationState"] = json!("activated");
            }
        }
    } else if let Some(entity) = world
        .number_mut(&order.number)
        .filter(|entity| entity["activationState"] == json!("assignmentPending"))
    {
        let failed = scripted.is_some();
        entity["activationState"] = json!(if failed { "assignmentFailed" } else { "activated" });
    }
    world.orders[at].verdict = Some(verdict);
}

fn apply(world: &mut World, order: &Order, now: Timestamp) {
    let free = world
        .number(&order.number)
        .is_some_and(|entity| entity["assignmentTargetId"].is_null());
    let (holder, category, status) = match &order.kind {
        OrderKind::Assign { target, category, .. } => {
            let account_type = world
                .account(target)
                .and_then(|account| account.teams.get("accountType"));
            let resource = account_type == Some(&json!("resourceAccount"));
            let status = if resource {
                "voiceApplicationAssigned"
            } else {
                "userAssigned"
            };
            (Some(target.as_str()), json!(category), status)
        }
        OrderKind::Unassign => (None, Value::Null, "unassigned"),
    };
    if !free
        && holder.is_none()
        && let Some(setting) = world.released_numbers
        && let Some(entity) = world.number_mut(&order.number)
    {
        entity[BLOCK_MEMBER] = setting.begin(now).json();
    }
    // A number that is assigned already keeps the assignment it has; only a free one is given away.
    if free || holder.is_none() {
        send_mail(world, order, holder, now);
        world.set_holder(&order.number, holder);
        if let Some(entity) = world.number_mut(&order.number) {
            entity["assignmentCategory"] = category;
            entity["assignmentStatus"] = json!(status);
        }
    }
    if let OrderKind::Assign {
        location: Some(location),
        ..
    } = &order.kind
        && let Some(entity) = world.number_mut(&order.number)
    {
        entity["locationId"] = json!(location);
    }
}

/// Tells the person who gets the number, or who had it, where the tenant wants that.
fn send_mail(world: &mut World, order: &Order, holder: Option<&str>, now: Timestamp) {
    let former = world
        .number(&order.number)
        .and_then(|entity| entity["assignmentTargetId"].as_str());
    let (is_wanted, person, about) = match holder {
        Some(holder) => (world.mail_setting.on_assignment, Some(holder), "assignment"),
        None => (world.mail_setting.on_unassignment, former, "unassignment"),
    };
    let person = person.filter(|_| is_wanted).and_then(|id| world.user(id));
    let Some(to) = person.and_then(|user| user["userPrincipalName"].as_str()) else {
        return;
    };
    let mail = SentMail {
        to: to.to_owned(),
        number: order.number.clone(),
        about: about.to_owned(),
        at: now.to_string(),
    };
    world.mails.push(mail);
}

/// Numbers whose activation was delayed become active in their time.
fn activate(world: &mut World, settings: &Settings, now: Timestamp) -> bool {
    let mut has_changed = false;
    if settings.activation_delay.is_zero() {
        return has_changed;
    }
    for entity in &mut world.numbers {
        let due = entity
            .get("@emulator.activatesAt")
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<Timestamp>().ok())
            .is_some_and(|at| at <= now);
        if due && let Some(members) = entity.as_object_mut() {
            members.remove("@emulator.activatesAt");
            members.insert("activationState".to_owned(), json!("activated"));
            has_changed = true;
        }
    }
    has_changed
}
