//! Intents begin by name, and mistakes in their arguments name the argument.

use serde_json::json;
use trunkline::Client;
use trunkline_binding::{ArgumentError, Arguments, generated};

fn start(call: &str, arguments: &serde_json::Value) -> Result<(), ArgumentError> {
    let client = Client::builder().endpoint("http://127.0.0.1:9").build().unwrap();
    generated::start(&client, call, Arguments::parse(&arguments.to_string())?, None).map(drop)
}

#[test]
fn every_intent_takes_its_arguments() {
    let number = json!({ "telephoneNumber": "+12065550100" });
    let wanted = json!({ "kind": "assigned", "to": "a", "takes": true, "category": "primary", "location": "l", "number_type": "callingPlan" });
    let change = json!({ "timeout": 5, "country": "US" });
    let merged = |some: serde_json::Value, more: &serde_json::Value| {
        let mut all = some;
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    for (call, arguments) in [
        ("numbers.get", json!({ "number": "+12065550100", "country": "US" })),
        (
            "numbers.nextFree",
            json!({ "city": "Seattle", "number_type": "callingPlan" }),
        ),
        (
            "numbers.assign",
            merged(
                json!({ "number": "+12065550100", "to": "a", "known": number, "repeat_after_read_back": true }),
                &change,
            ),
        ),
        (
            "numbers.move",
            merged(
                json!({ "number": "+12065550100", "to": "a", "base": true, "category": null }),
                &change,
            ),
        ),
        (
            "numbers.unassign",
            merged(
                json!({ "number": "+12065550100", "base": true, "known": number }),
                &change,
            ),
        ),
        (
            "numbers.setLocation",
            merged(json!({ "number": "+12065550100", "location": null }), &change),
        ),
        ("numbers.decide", json!({ "found": number, "wanted": wanted })),
        (
            "numbers.verify",
            json!({ "number": "+12065550100", "wanted": { "kind": "unassigned", "to": null, "takes": false } }),
        ),
        ("numbers.follow", json!({ "order": "t", "timeout": 1 })),
        ("phones.list", json!({ "user": "ana@contoso.example" })),
        (
            "phones.get",
            json!({ "user": "ana@contoso.example", "role": "alternate_mobile" }),
        ),
        (
            "phones.set",
            merged(
                json!({ "user": "a", "role": "mobile", "number": "+12065550100", "known": [] }),
                &change,
            ),
        ),
        ("phones.remove", json!({ "user": "a", "role": "office", "timeout": 1 })),
        (
            "phones.enableSmsSignIn",
            json!({ "user": "a", "known": [{ "phoneType": "mobile" }] }),
        ),
        ("phones.disableSmsSignIn", json!({ "user": "a" })),
    ] {
        start(call, &arguments).unwrap_or_else(|error| panic!("{call}: {error}"));
    }
}

#[test]
fn a_mistake_names_its_argument() {
    for (call, arguments, message, wrong_type) in [
        ("numbers.get", json!({}), "number must be a string, not nothing", true),
        (
            "numbers.get",
            json!({ "number": 5 }),
            "number must be a string, not a number",
            true,
        ),
        (
            "numbers.get",
            json!({ "number": "1", "wait": 1 }),
            "there is no option wait",
            true,
        ),
        (
            "numbers.unassign",
            json!({ "number": "1", "timeout": -1 }),
            "timeout must be a number of seconds that is not negative",
            false,
        ),
        (
            "numbers.unassign",
            json!({ "number": "1", "known": "x" }),
            "known must be a record of the graph, not a string",
            true,
        ),
        (
            "numbers.decide",
            json!({ "found": null, "wanted": {} }),
            "found must be a record of the graph, not nothing",
            true,
        ),
        (
            "numbers.decide",
            json!({ "found": {}, "wanted": 5 }),
            "wanted must be a Wanted, not a number",
            true,
        ),
        (
            "numbers.decide",
            json!({ "found": {}, "wanted": { "kind": "assigned" } }),
            "wanted.to must be a string, not nothing",
            true,
        ),
        (
            "phones.set",
            json!({ "user": "a", "role": "fax", "number": "1" }),
            "there is no phone method \"fax\"",
            false,
        ),
        (
            "phones.remove",
            json!({ "user": "a", "role": "office", "known": [5] }),
            "known must be a list of records of the graph, not a list",
            true,
        ),
        ("numbers.swap", json!({}), "there is no call numbers.swap", false),
    ] {
        let error = start(call, &arguments).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.is_wrong_type()),
            (message, wrong_type),
            "{call} {arguments}"
        );
    }
}
