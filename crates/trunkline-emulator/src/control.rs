//! The control endpoints below `/__emulator`, for tests in other languages.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fault::{Fault, documented_shapes};
use crate::json;
use crate::message::{Reply, Request};
use crate::service::Service;
use crate::state::seed_schema;
use crate::token::TokenRequest;

/// The header with the secret, where one is needed.
const SECRET: &str = "Emulator-Secret";

/// Answers a control request.
pub(crate) fn answer(service: &Service, path: &str, request: &Request) -> Reply {
    if !is_entitled(service, request) {
        let error = format!("control endpoints need the secret of this emulator in a header '{SECRET}'");
        return Reply::json(401, json!({ "error": error }));
    }
    let body = || json::read(&request.body);
    match (request.method.as_str(), path.trim_matches('/')) {
        ("GET", "health") => Reply::json(200, json!({ "status": "ready", "version": env!("CARGO_PKG_VERSION") })),
        ("GET", "state") => Reply::json(200, service.state()),
        ("GET", "seed-schema") => Reply::json(200, seed_schema()),
        ("PUT", "state") => match body() {
            Ok(seed) => match service.seed(&seed) {
                Ok(()) => Reply::empty(204),
                Err(error) => refused(&error.to_string()),
            },
            Err(error) => refused(&error.to_string()),
        },
        ("POST", "state") => match body() {
            Ok(additions) => match service.add(&additions) {
                Ok(added) => Reply::json(201, added),
                Err(error) => refused(&error.to_string()),
            },
            Err(error) => refused(&error.to_string()),
        },
        ("PUT", "service-plans") => match body() {
            Ok(body) => match (body["user"].as_str(), body["servicePlan"].as_str()) {
                (Some(user), Some(service_plan)) => {
                    match service.set_plan(user, service_plan, body["enabled"] != json!(false)) {
                        Ok(()) => Reply::empty(204),
                        Err(error) => refused(&error.to_string()),
                    }
                }
                _ => refused("'user' and 'servicePlan' must be texts"),
            },
            Err(error) => refused(&error.to_string()),
        },
        ("POST", "reset") => {
            service.reset();
            Reply::empty(204)
        }
        ("GET", "clock") => clock(service),
        ("POST", "clock/advance") => match body().ok().and_then(|body| body["seconds"].as_f64()) {
            Some(seconds) if seconds.is_finite() && (0.0..1e9).contains(&seconds) => {
                service.clock.advance(Duration::from_secs_f64(seconds));
                clock(service)
            }
            _ => refused("'seconds' must be a number that is not negative"),
        },
        ("GET", "faults") => Reply::json(200, json!(service.faults())),
        ("POST", "faults") => match body().map_err(|error| error.to_string()).and_then(read_faults) {
            Ok(faults) => {
                faults.into_iter().for_each(|fault| service.add_fault(fault));
                Reply::empty(204)
            }
            Err(error) => refused(&error),
        },
        ("DELETE", "faults") => {
            service.clear_faults();
            Reply::empty(204)
        }
        ("PUT", "assignment-blocks") => match body()
            .map_err(|error| error.to_string())
            .and_then(|body| service.block(&body))
        {
            Ok(()) => Reply::empty(204),
            Err(error) => refused(&error),
        },
        ("POST", "policy-in-force") => match body() {
            Ok(body) => match (body["userId"].as_str(), body["policyType"].as_str()) {
                (Some(user), Some(policy_type)) => Reply::json(200, service.policy_in_force(user, policy_type)),
                _ => refused("'userId' and 'policyType' must be texts"),
            },
            Err(error) => refused(&error.to_string()),
        },
        ("GET", "orders") => Reply::json(200, json!(service.orders())),
        ("GET", "mails") => Reply::json(200, json!(service.mails())),
        ("GET", "log") => Reply::json(200, json!(service.log())),
        ("DELETE", "log") => {
            service.clear_log();
            Reply::empty(204)
        }
        ("POST", "tokens") => {
            let wish = if request.body.is_empty() {
                Ok(TokenRequest::default())
            } else {
                json::read(&request.body).and_then(serde_json::from_value)
            };
            match wish {
                Ok(wish) => Reply::json(200, json!({ "token": service.issue(&wish) })),
                Err(error) => refused(&error.to_string()),
            }
        }
        // The server sees the path as well and stops once this answer is on its way.
        ("POST", "shutdown") => Reply::empty(202),
        _ => Reply::json(404, json!({ "error": "no such control endpoint" })),
    }
}

fn is_entitled(service: &Service, request: &Request) -> bool {
    let secret = service.settings.control_secret.as_deref();
    secret.is_none_or(|secret| request.header(SECRET) == Some(secret))
}

/// Whether a request asks the server to stop, and may.
pub(crate) fn is_shutdown(service: &Service, request: &Request) -> bool {
    request.method == "POST"
        && request.path.trim_end_matches('/') == "/__emulator/shutdown"
        && is_entitled(service, request)
        && service.stranger(request).is_none()
}

fn clock(service: &Service) -> Reply {
    Reply::json(200, json!({ "now": service.clock.now().to_string() }))
}

fn read_faults(body: Value) -> Result<Vec<Fault>, String> {
    if let Some(preset) = body["preset"].as_str() {
        return match preset {
            "documentedShapes" => Ok(documented_shapes()),
            _ => Err(format!("no preset is called '{preset}'")),
        };
    }
    let list = match body {
        Value::Array(list) => list,
        one => vec![one],
    };
    list.into_iter()
        .map(|fault| serde_json::from_value(fault).map_err(|error| error.to_string()))
        .collect()
}

fn refused(reason: &str) -> Reply {
    Reply::json(400, json!({ "error": reason }))
}
