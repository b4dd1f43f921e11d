//! Teams policies of users, of groups and of the tenant.

use serde_json::{Value, json};
use trunkline_emulator::{Emulator, default_seed};

use crate::client::Client;

const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";
const EVERYONE: &str = "60000000-0000-4000-8000-000000000001";
const SALES: &str = "60000000-0000-4000-8000-000000000002";
const MEETING: &str = "TeamsMeetingPolicy";

async fn change(client: &Client, verb: &str, item: Value) -> u16 {
    let path = format!("/admin/teams/policy/userAssignments/{verb}");
    client.post(&path, &json!({ "value": [item] })).await.status
}

/// The assignment of a kind as Graph shows it.
async fn shown(client: &Client, user: &str, policy_type: &str) -> Value {
    let body = client
        .get(&format!("/admin/teams/userConfigurations/{user}"))
        .await
        .body;
    let all = body["effectivePolicyAssignments"].as_array().expect("a list").clone();
    let mut of_kind = all.into_iter().filter(|entry| entry["policyType"] == policy_type);
    let found = of_kind.next().unwrap_or_default()["policyAssignment"].take();
    assert_eq!(of_kind.next(), None, "one of a kind");
    found
}

async fn id(client: &Client, policy_type: &str, name: &str) -> String {
    let path = format!("/admin/teams/policy/getPolicyId(type='{policy_type}',name='{name}')");
    let found = client.get(&path).await;
    found.items()[0]["policyId"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn the_policy_of_a_group_shows_again_when_the_direct_one_is_gone() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let inherited = shown(&client, ANA, MEETING).await;
    assert_eq!(
        (&inherited["assignmentType"], &inherited["groupId"]),
        (&json!("group"), &json!(EVERYONE))
    );
    let off = id(&client, MEETING, "Tag:AllOff").await;
    let item = json!({ "userId": ANA, "policyType": MEETING, "policyId": off });
    assert_eq!(change(&client, "assign", item).await, 204);
    // As the documented sample: a direct one has no group.
    let direct = json!({ "displayName": "AllOff", "assignmentType": "direct", "policyId": off });
    assert_eq!(shown(&client, ANA, MEETING).await, direct);
    let kiosk = id(&client, "teamsmeetingpolicy", "kiosk").await;
    let item = json!({ "userId": ANA, "policyType": "teamsMeetingPolicy", "policyId": kiosk });
    assert_eq!(change(&client, "assign", item).await, 204);
    assert_eq!(shown(&client, ANA, MEETING).await["displayName"], "Kiosk");
    let item = json!({ "userId": ANA, "policyType": MEETING });
    for _ in 0..2 {
        assert_eq!(change(&client, "unassign", item.clone()).await, 204);
        assert_eq!(shown(&client, ANA, MEETING).await, inherited);
    }
}

#[tokio::test]
async fn a_user_comes_before_groups_in_their_rank_and_the_tenant_is_not_shown() {
    let routing = "OnlineVoiceRoutingPolicy";
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let (us, abroad) = (
        id(&client, routing, "UnitedStates").await,
        id(&client, routing, "International").await,
    );
    let seed = json!({ "policyAssignments": [
        { "policyType": routing, "policyId": us },
        { "policyType": routing, "policyId": abroad, "groupId": SALES, "members": [ANA] },
        { "policyType": routing, "policyId": us, "groupId": EVERYONE, "members": [ANA, BEN] },
    ] });
    emulator.seed(&seed).unwrap();
    let level = |user: &str| {
        let found = emulator.policy_in_force(user, routing);
        format!(
            "{} {}",
            found["level"].as_str().unwrap(),
            found["name"].as_str().unwrap()
        )
    };
    assert_eq!(shown(&client, ANA, routing).await["groupId"], SALES);
    assert_eq!(
        (level(ANA), level(BEN)),
        ("group International".to_owned(), "group UnitedStates".to_owned())
    );
    let dev = "a0000000-0000-4000-8000-000000000004";
    assert_eq!(shown(&client, dev, routing).await, Value::Null);
    assert_eq!(level(dev), "tenant UnitedStates");
    assert_eq!(emulator.policy_in_force(dev, "TenantDialPlan")["name"], "Global");
    // The seed names all assignments, so those of the default tenant are gone.
    assert_eq!(shown(&client, ANA, MEETING).await, Value::Null);
    let item = json!({ "userId": BEN, "policyType": routing, "policyId": abroad });
    assert_eq!(change(&client, "assign", item).await, 204);
    assert_eq!(level(BEN), "direct International");
    // A state that is put back has all levels.
    let state = emulator.state();
    emulator.reset();
    assert_eq!(level(BEN), "tenant Global");
    emulator.seed(&state).unwrap();
    assert_eq!(
        (level(ANA), level(BEN)),
        ("group International".to_owned(), "direct International".to_owned())
    );
    assert_eq!(level(dev), "tenant UnitedStates");
    assert_eq!(emulator.state()["policyAssignments"], state["policyAssignments"]);
}

#[tokio::test]
async fn wrong_assignments_of_a_seed_are_refused() {
    let emulator = Emulator::start().await.unwrap();
    let us = id(&Client::new(&emulator), "OnlineVoiceRoutingPolicy", "UnitedStates").await;
    let routing = |more: Value| {
        let mut entry = json!({ "policyType": "OnlineVoiceRoutingPolicy", "policyId": us });
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    for (entry, reason) in [
        (json!("Tag:UnitedStates"), "an assignment is an object"),
        (json!({ "policyId": us }), "needs 'policyType'"),
        (routing(json!({ "policyId": "unknown" })), "the tenant has no"),
        (routing(json!({ "user": ANA })), "no member 'user'"),
        (routing(json!({ "groupId": SALES })), "'members'"),
        (
            routing(json!({ "groupId": SALES, "members": [], "userId": ANA })),
            "exclude each other",
        ),
    ] {
        let error = emulator.seed(&json!({ "policyAssignments": [entry] })).unwrap_err();
        assert!(error.place.starts_with("/policyAssignments"), "{error}");
        assert!(error.reason.contains(reason), "{error}");
    }
}

#[tokio::test]
async fn policies_of_a_seed_replace_those_of_the_tenant_and_answers_of_graph_are_taken() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let own = json!([{ "policyType": "TenantDialPlan", "name": "Tag:Own", "policyId": "own" }]);
    emulator.seed(&json!({ "teamsPolicies": own })).unwrap();
    assert_eq!(id(&client, "TenantDialPlan", "own").await, "own");
    assert_eq!(shown(&client, ANA, MEETING).await, Value::Null);
    let mut users = default_seed()["users"].clone();
    users[1]["teams"]["effectivePolicyAssignments"] = json!([
        { "policyType": "TeamsCallingPolicy", "policyAssignment":
            { "displayName": "Own", "assignmentType": "direct", "policyId": "calling" } },
    ]);
    emulator.seed(&json!({ "users": users })).unwrap();
    assert_eq!(shown(&client, BEN, "TeamsCallingPolicy").await["displayName"], "Own");
    assert_eq!(shown(&client, ANA, MEETING).await["groupId"], EVERYONE);
    assert_eq!(id(&client, "TeamsCallingPolicy", "Own").await, "calling");
}

#[tokio::test]
async fn every_policy_of_the_default_tenant_can_be_found_by_its_name() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let known = emulator.state()["teamsPolicies"].as_array().unwrap().clone();
    let mut ids: Vec<String> = Vec::new();
    for policy in &known {
        let text = |name: &str| policy[name].as_str().unwrap();
        let name = text("name").strip_prefix("Tag:").unwrap();
        assert_eq!(id(&client, text("policyType"), name).await, text("policyId"));
        assert_eq!(text("policyId").len(), 43, "{policy}");
        ids.push(text("policyId").to_owned());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), known.len());
}
