//! `trunkline policies`.

use serde_json::json;

use super::harness::{Session, snapshot};

const ANA: &str = "ana@contoso.example";

#[test]
fn list_and_get_show_what_is_in_force() {
    let session = Session::new();
    snapshot("policies", &session.run(&["policies", "list", ANA]));
    snapshot("policies-csv", &session.run(&["policies", "list", ANA, "-o", "csv"]));
    snapshot(
        "policies-none",
        &session.run(&["policies", "list", "carla@contoso.example"]),
    );
    snapshot(
        "policies-unknown-user",
        &session.run(&["policies", "list", "nobody@contoso.example"]),
    );
    snapshot("policy", &session.run(&["policies", "get", ANA, "Meeting"]));
    snapshot("policy-default", &session.run(&["policies", "get", ANA, "dial plan"]));
    assert_eq!(
        session.json(&["policies", "get", ANA, "dial plan"]),
        json!({"policyType": "TenantDialPlan", "policyAssignment": null})
    );
}

#[test]
fn set_and_clear_change_the_direct_policy_once() {
    let session = Session::new();
    let set = |kind: &str, name: &str| session.run(&["policies", "set", ANA, kind, name]);
    let clear = |kind: &str| session.run(&["policies", "clear", ANA, kind]);
    snapshot("policy-set", &set("voice routing", "UnitedStates"));
    snapshot("policy-set-again", &set("OnlineVoiceRoutingPolicy", "Tag:unitedstates"));
    snapshot("policy-clear", &clear("voice-routing"));
    snapshot("policy-clear-again", &clear("voice-routing"));
    snapshot("policy-clear-inherited", &clear("meeting"));
    let by_id = [
        "policies",
        "set",
        "a0000000-0000-4000-8000-000000000001",
        "meeting",
        "AllOff",
    ];
    snapshot("policy-set-by-id", &session.run(&by_id));
    let outcome = session.json(&["policies", "clear", ANA, "meeting"]);
    assert_eq!(
        (
            &outcome["change"],
            &outcome["policyType"],
            &outcome["after"]["policyAssignment"]["assignmentType"]
        ),
        (&json!("cleared"), &json!("TeamsMeetingPolicy"), &json!("group"))
    );
    let csv = [&by_id[..], &["-o", "csv"]].concat();
    snapshot("policy-set-csv", &session.run(&csv));
}

#[test]
fn what_does_not_exist_is_refused_and_named() {
    let session = Session::new();
    let set = |kind: &str, name: &str| session.run(&["policies", "set", ANA, kind, name]);
    snapshot("policy-unknown", &set("calling", "Atlantis"));
    snapshot("policy-global", &set("calling", "Global"));
    snapshot("policy-no-kind", &set(" ", "AllOn"));
    assert!(
        session
            .emulator
            .requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}
