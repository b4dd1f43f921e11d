//! Carrying out a fault's effect on an answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::Effect;
use crate::clock::header_text;
use crate::error::Identity;
use crate::message::{Content, Reply};
use crate::token::RECENT_SIGN_IN;

/// The delivery of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    #[default]
    Whole,
    Drop,
    Cut(Option<usize>),
    Slow {
        chunk: usize,
        milliseconds: u64,
    },
}

/// An answer, how it leaves and after how long.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) reply: Reply,
    pub(crate) delivery: Delivery,
    pub(crate) delay_milliseconds: u64,
}

impl Outcome {
    /// An answer that leaves whole and at once.
    pub(crate) fn whole(reply: Reply) -> Self {
        Self {
            reply,
            delivery: Delivery::Whole,
            delay_milliseconds: 0,
        }
    }
}

/// Values that effects may refer to.
pub(crate) struct Context<'a> {
    pub(crate) root: &'a str,
    /// The address of the request itself.
    pub(crate) address: &'a str,
    pub(crate) identity: &'a Identity,
}

/// Applies one effect.
pub(crate) fn apply(effect: &Effect, outcome: &mut Outcome, root: &str, address: &str, identity: &Identity) {
    apply_in(
        effect,
        outcome,
        &Context {
            root,
            address,
            identity,
        },
    );
}

fn apply_in(effect: &Effect, outcome: &mut Outcome, context: &Context<'_>) {
    match effect {
        Effect::Drop {} => outcome.delivery = Delivery::Drop,
        // Nothing comes of a connection that is closed: what another fault does to the answer is not seen.
        Effect::Cut { .. } | Effect::Slow { .. } if outcome.delivery == Delivery::Drop => {}
        Effect::Cut { after } => outcome.delivery = Delivery::Cut(*after),
        Effect::Slow { chunk, milliseconds } => {
            outcome.delivery = Delivery::Slow {
                chunk: (*chunk).max(1),
                milliseconds: *milliseconds,
            };
        }
        Effect::Delay { milliseconds } => outcome.delay_milliseconds += milliseconds,
        Effect::All { effects } => effects.iter().for_each(|effect| apply_in(effect, outcome, context)),
        Effect::Status { .. }
        | Effect::Claims { .. }
        | Effect::StaleSignIn { .. }
        | Effect::SignInError { .. }
        | Effect::Html { .. }
        | Effect::Redirect { .. } => {
            outcome.reply = replacement(effect, context);
        }
        _ => alter(effect, &mut outcome.reply, context),
    }
}

fn replacement(effect: &Effect, context: &Context<'_>) -> Reply {
    match effect {
        Effect::Status {
            status,
            code,
            message,
            retry_after,
            retry_after_date,
            headers,
            body,
        } => {
            let code = code.as_deref().unwrap_or_else(|| usual_code(*status));
            let message = message.as_deref().unwrap_or("A fault was asked for.");
            let body = body.clone().unwrap_or_else(|| {
                json!({ "error": { "code": code, "message": message, "innerError": context.identity.inner_error() } })
            });
            let mut reply = Reply::json(*status, body);
            if let Some(text) = retry_after {
                reply = reply.with_header("Retry-After", text);
            }
            if let Some(seconds) = retry_after_date {
                let now = context.identity.at;
                let at = now.saturating_add(SignedDuration::from_secs(*seconds)).unwrap_or(now);
                reply = reply.with_header("Retry-After", header_text(at));
            }
            for (name, value) in headers {
                reply = reply.with_header(name, value);
            }
            reply
        }
        Effect::Claims { claims, raw } => {
            let sample = json!({ "access_token": { "acrs": { "essential": true, "value": "cp1" } } });
            let wanted = claims.clone().unwrap_or(sample).to_string();
            let text = raw.clone().unwrap_or_else(|| STANDARD.encode(wanted));
            let challenge = challenge(&text, context.root);
            let error = json!({ "error": {
                "code": "InvalidAuthenticationToken",
                "message": "Continuous access evaluation asks for more claims.",
                "innerError": context.identity.inner_error(),
            } });
            Reply::json(401, error).with_header("WWW-Authenticate", challenge)
        }
        Effect::StaleSignIn {
            challenge: is_challenged,
        } => {
            let error = json!({ "error": {
                "code": "accessDenied",
                "message": "Request Authorization failed",
                "innerError": context.identity.inner_error(),
            } });
            let reply = Reply::json(403, error);
            let method = json!({ "essential": true, "values": [RECENT_SIGN_IN] });
            let wanted = json!({ "access_token": { "amr": method } }).to_string();
            match is_challenged {
                true => reply.with_header("WWW-Authenticate", challenge(&STANDARD.encode(wanted), context.root)),
                false => reply,
            }
        }
        Effect::SignInError { error } => error.refusal().into_reply(context.root, context.identity),
        Effect::Html { status } => {
            let page = "<!DOCTYPE html><html><head><title>Gateway</title></head><body>No answer.</body></html>";
            Reply {
                content: Content::Raw {
                    content_type: "text/html".to_owned(),
                    bytes: page.as_bytes().to_vec(),
                },
                ..Reply::empty(*status)
            }
        }
        Effect::Redirect { status, location } => Reply::empty(*status).with_header("Location", location),
        _ => Reply::empty(500),
    }
}

/// A claims challenge, with the claims as base64.
fn challenge(claims: &str, root: &str) -> String {
    format!(
        "Bearer realm=\"\", authorization_uri=\"{root}/common/oauth2/authorize\", error=\"insufficient_claims\", \
         claims=\"{claims}\""
    )
}

fn usual_code(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "InvalidAuthenticationToken",
        403 => "Authorization_RequestDenied",
        404 => "ResourceNotFound",
        409 => "Conflict",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => "UnknownError",
    }
}

fn alter(effect: &Effect, reply: &mut Reply, context: &Context<'_>) {
    match effect {
        Effect::ReplaceLocation { value } => {
            let former = reply.header("Location").unwrap_or_default().to_owned();
            let value = value.as_ref().map(|value| filled(value, &former, context.root));
            reply.set_header("Location", value);
            return;
        }
        Effect::Header { name, value } => {
            reply.set_header(name, value.clone());
            return;
        }
        Effect::NotJson {} => {
            let content_type = "application/json".to_owned();
            reply.content = Content::Raw {
                content_type,
                bytes: b"{\"value\":[,}".to_vec(),
            };
            return;
        }
        Effect::Empty {} => {
            reply.content = Content::Empty;
            return;
        }
        _ => {}
    }
    let Content::Json(body) = &mut reply.content else {
        return;
    };
    match effect {
        Effect::ReplaceNextLink { value } => {
            let former = body["@odata.nextLink"].as_str().unwrap_or_default().to_owned();
            let value = value.as_ref().map(|value| json!(filled(value, &former, context.root)));
            put(body, "@odata.nextLink", value);
        }
        Effect::RepeatNextLink {} => put(body, "@odata.nextLink", Some(json!(context.address))),
        Effect::EmptyPage {} => {
            put(body, "@odata.nextLink", Some(json!(context.address)));
            put(body, "value", Some(json!([])));
        }
        Effect::ShortPage { items } => {
            if let Some(all) = body["value"].as_array_mut()
                && all.len() > *items
            {
                all.truncate(*items);
                put(body, "@odata.nextLink", None);
            }
        }
        Effect::RepeatItem {} => {
            if let Some(all) = body["value"].as_array_mut()
                && let Some(first) = all.first().cloned()
            {
                all.push(first);
            }
        }
        Effect::Set { pointer, value } => at_pointer(body, &steps(pointer), &mut |holder, name| {
            place(holder, name, Some(value.clone()));
        }),
        Effect::Remove { pointer } => {
            at_pointer(body, &steps(pointer), &mut |holder, name| place(holder, name, None));
        }
        Effect::WrapValue {} => *body = json!({ "value": body.take() }),
        Effect::ObjectValue {} => {
            if let Some(first) = body["value"].as_array().and_then(|items| items.first()).cloned() {
                put(body, "value", Some(first));
            }
        }
        Effect::StringBooleans {} => every(body, &mut |value| {
            if let Value::Bool(truth) = value {
                *value = json!(truth.to_string());
            }
        }),
        Effect::WithoutType {} => every(body, &mut |value| {
            if let Value::Object(members) = value {
                members.remove("@odata.type");
            }
        }),
        _ => {}
    }
}

/// Fills the placeholders of a replaced link.
fn filled(template: &str, former: &str, root: &str) -> String {
    let path = former.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let id = last.split('\'').nth(1).unwrap_or(last);
    template
        .replace("{url}", root)
        .replace("{location}", former)
        .replace("{id}", id)
}

fn put(body: &mut Value, name: &str, value: Option<Value>) {
    place(body, name, value);
}

fn place(holder: &mut Value, name: &str, value: Option<Value>) {
    match holder {
        Value::Object(members) => {
            match value {
                Some(value) => members.insert(name.to_owned(), value),
                None => members.remove(name),
            };
        }
        Value::Array(items) => match (name.parse::<usize>(), value) {
            (Ok(at), Some(value)) if at < items.len() => items[at] = value,
            (Ok(at), None) if at < items.len() => {
                items.remove(at);
            }
            (_, Some(value)) if name == "-" => items.push(value),
            _ => {}
        },
        _ => {}
    }
}

fn steps(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Walks to the holder of what a pointer names; missing objects are made on the way.
fn at_pointer(value: &mut Value, steps: &[String], act: &mut dyn FnMut(&mut Value, &str)) {
    match steps {
        [] => {}
        [last] if last == "*" => {
            if let Value::Array(items) = value {
                for at in 0..items.len() {
                    act(value, &at.to_string());
                }
            }
        }
        [last] => act(value, last),
        [first, rest @ ..] => match value {
            Value::Array(items) if first == "*" => items.iter_mut().for_each(|item| at_pointer(item, rest, act)),
            Value::Array(items) => {
                if let Some(item) = first.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
                    at_pointer(item, rest, act);
                }
            }
            Value::Object(members) => {
                at_pointer(
                    members
                        .entry(first.as_str())
                        .or_insert_with(|| Value::Object(Map::new())),
                    rest,
                    act,
                );
            }
            _ => {}
        },
    }
}

fn every(value: &mut Value, act: &mut dyn FnMut(&mut Value)) {
    act(value);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| every(item, act)),
        Value::Object(members) => members.values_mut().for_each(|member| every(member, act)),
        _ => {}
    }
}
