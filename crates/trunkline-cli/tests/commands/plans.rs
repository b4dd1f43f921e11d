//! `--dry-run`: sends nothing, and prints the requests that the change would send.

use serde_json::Value;

use super::harness::{Session, snapshot};

const SITE: &str = "51e00000-0000-4000-8000-000000000001";

/// Every command that changes something, in an order in which all of them succeed and change something.
fn changes() -> Vec<Vec<&'static str>> {
    vec![
        vec![
            "numbers",
            "assign",
            "+12065550101",
            "ana@contoso.example",
            "--category",
            "primary",
        ],
        vec![
            "numbers",
            "assign",
            "+12065550100",
            "gina@contoso.example",
            "--move",
            "--category",
            "private",
        ],
        vec![
            "numbers",
            "assign",
            "+12065550110",
            "a0000000-0000-4000-8000-000000000004",
            "--no-wait",
        ],
        vec!["numbers", "unassign", "+12065550123"],
        vec!["numbers", "unassign", "+12065550106", "--no-wait"],
        vec!["numbers", "set-location", "+12065550103", "--clear"],
        vec![
            "numbers",
            "update",
            "+12065550102",
            "--network-site",
            SITE,
            "--reverse-lookup",
            "skipInternalVoip",
        ],
        vec!["phones", "set", "ben@contoso.example", "office", "+12065550188"],
        vec!["phones", "set", "dev@contoso.example", "mobile", "+12065550189"],
        vec!["phones", "remove", "ben@contoso.example", "alternateMobile"],
        vec!["phones", "sms-sign-in", "ana@contoso.example", "off"],
        vec!["phones", "sms-sign-in", "ana@contoso.example", "on"],
        vec!["policies", "set", "ana@contoso.example", "calling", "AllOn"],
        vec!["policies", "clear", "ana@contoso.example", "TeamsCallingPolicy"],
    ]
}

#[test]
fn nothing_is_sent_and_no_credential_is_needed() {
    let session = Session::new();
    for change in changes() {
        for form in ["table", "json", "csv"] {
            let arguments = [&change[..], &["--dry-run", "--output", form]].concat();
            let outcome = super::harness::run(session.command(&arguments).env_remove("TRUNKLINE_TOKEN"));
            assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome}");
            assert!(!outcome.stdout.is_empty());
        }
    }
    assert_eq!(session.emulator.requests(), []);
}

#[test]
fn the_plan_is_what_happens() {
    let session = Session::new();
    for change in changes() {
        let plan = session.json(&[&change[..], &["--dry-run"]].concat());
        session.emulator.clear_log();
        // For people, names of holders are read besides.
        let real = session.run(&[&change[..], &["-o", "json"]].concat());
        assert_eq!(real.code, Some(0), "{change:?}: {real}");
        let mut happened: Vec<(String, Option<Vec<String>>)> = Vec::new();
        for request in session.emulator.requests() {
            // Which tenant a domain is was asked of the authority.
            if request.path.ends_with("/openid-configuration") {
                continue;
            }
            let path = format!("{}?{}", request.path.trim_start_matches("/v1.0"), request.query);
            let step = (
                format!("{} {}", request.method, without_ids(&path)),
                request.body.as_ref().map(members),
            );
            // The state of an order is looked at until it ends.
            if happened.last() != Some(&step) {
                happened.push(step);
            }
        }
        let planned: Vec<_> = plan
            .as_array()
            .expect("steps")
            .iter()
            .filter(|step| !is_other_branch(&change, step))
            .map(|step| {
                let operation = &step["operation"];
                let url = decoded(operation["url"].as_str().expect("an address"));
                let path = if url.contains('?') { url } else { url + "?" };
                let body = Some(&operation["body"]).filter(|body| !body.is_null()).map(members);
                (
                    format!(
                        "{} {}",
                        operation["method"].as_str().expect("a method"),
                        without_ids(&path)
                    ),
                    body,
                )
            })
            .collect();
        assert_eq!(planned, happened, "{change:?}");
    }
}

/// `phones set` plans both adding and changing; which of the two happens, reading tells.
fn is_other_branch(change: &[&str], step: &Value) -> bool {
    // Only numbers of direct routing have extensions, and none of these changes is of one.
    if step["purpose"]
        .as_str()
        .is_some_and(|purpose| purpose.starts_with("if it is a direct-routing number"))
    {
        return true;
    }
    let unwanted = match change {
        ["phones", "set", "ben@contoso.example", ..] => "POST",
        ["phones", "set", ..] => "PATCH",
        _ => return false,
    };
    step["operation"]["method"] == unwanted
}

/// A text without percent-encoding, of which plans hold plain ASCII only.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        decoded.push(u8::from_str_radix(digits, 16).expect("two digits").into());
        decoded.push_str(rest);
    }
    decoded
}

fn members(body: &Value) -> Vec<String> {
    body.as_object()
        .map(|members| members.keys().cloned().collect())
        .unwrap_or_default()
}

/// Ids that only the service knows, as well as what stands for them.
fn without_ids(address: &str) -> String {
    let (path, query) = address.split_once('?').expect("a query, if an empty one");
    let mut before = "";
    let mut shown = Vec::new();
    // The service names an order by its key in parentheses.
    for segment in path.split('/').flat_map(|segment| segment.split("('")) {
        shown.push(if matches!(before, "users" | "userConfigurations" | "operations") {
            "{id}"
        } else {
            segment
        });
        before = segment;
    }
    format!("{}?{query}", shown.join("/"))
}

#[test]
fn plans_can_be_read() {
    let session = Session::new();
    let plan = |arguments: &[&str]| session.run(&[arguments, &["--dry-run"]].concat());
    snapshot(
        "plan-move",
        &plan(&["numbers", "assign", "+12065550100", "ana@contoso.example", "--move"]),
    );
    snapshot(
        "plan-set",
        &plan(&["phones", "set", "ana@contoso.example", "mobile", "+1 206-555-0188"]),
    );
    snapshot(
        "plan-policy",
        &plan(&[
            "policies",
            "set",
            "ana@contoso.example",
            "voice routing",
            "UnitedStates",
        ]),
    );
    snapshot(
        "plan-json",
        &plan(&["numbers", "unassign", "+12065550100", "--no-wait", "-o", "json"]),
    );
    snapshot("plan-bad-number", &plan(&["numbers", "unassign", "+1 206 KLONDIKE"]));
}
