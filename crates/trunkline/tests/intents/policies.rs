//! The Teams policies of a user: set, cleared, inherited from a group, unknown, lost and late.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use trunkline::policies::{PolicyChange, PolicyType, find_policy};
use trunkline::{Change, ChangeProgress, Current, ErrorKind, PlanAction};

use super::{ANA, BEN, Fixture};

const MEETING: PolicyType = PolicyType::TeamsMeetingPolicy;
const ROUTING: PolicyType = PolicyType::OnlineVoiceRoutingPolicy;
const NAME: &str = "ana@contoso.example";

impl Fixture {
    fn in_force(&self, policy_type: &PolicyType) -> String {
        let found = self.emulator.policy_in_force(ANA, &policy_type.to_string());
        format!(
            "{} {}",
            found["level"].as_str().expect("a level"),
            found["name"].as_str().expect("a name")
        )
    }

    fn changes(&self) -> usize {
        self.sent("POST", "assign")
    }
}

#[tokio::test]
async fn a_policy_is_set_once_replaced_and_cleared() {
    let fixture = Fixture::build().await;
    let policies = fixture.client.policies(NAME);
    let set = policies.set("voice routing", "UnitedStates").await.expect("assigns");
    assert_eq!(
        (set.change, set.seen, set.user.as_str()),
        (PolicyChange::Assigned, true, ANA)
    );
    assert!(set.before.is_none() && set.after.as_ref().is_some_and(|after| after.is_direct()));
    assert_eq!(
        set.to_string(),
        "OnlineVoiceRoutingPolicy of ana@contoso.example is UnitedStates"
    );
    let again = policies.set(ROUTING, " tag:unitedstates ").await.expect("is so");
    assert_eq!(again.change, PolicyChange::Already);
    assert_eq!(
        again.to_string(),
        "OnlineVoiceRoutingPolicy of ana@contoso.example is UnitedStates already; nothing was sent"
    );
    let replaced = policies.set(ROUTING, "International").await.expect("replaces");
    assert_eq!(
        replaced.before.as_ref().and_then(|before| before.policy_name()),
        Some("UnitedStates")
    );
    assert_eq!(fixture.in_force(&ROUTING), "direct International");
    assert_eq!(fixture.sent("POST", "/assign"), 2);
    let cleared = policies.clear("OnlineVoiceRoutingPolicy").await.expect("clears");
    assert_eq!((cleared.change, cleared.after.is_none()), (PolicyChange::Cleared, true));
    assert_eq!(
        cleared.to_string(),
        "OnlineVoiceRoutingPolicy of ana@contoso.example is cleared; the default of the tenant is in force"
    );
    assert_eq!(fixture.in_force(&ROUTING), "tenant Global");
    let none = policies.clear(ROUTING).await.expect("is clear");
    assert_eq!((none.change, none.warnings.len()), (PolicyChange::Already, 0));
    assert_eq!(
        none.to_string(),
        "ana@contoso.example has no OnlineVoiceRoutingPolicy of their own; nothing to clear"
    );
    assert_eq!(fixture.sent("POST", "/unassign"), 1);
}

#[tokio::test]
async fn the_policy_of_a_group_is_covered_and_comes_back() {
    let fixture = Fixture::build().await;
    let policies = fixture.client.policies(ANA);
    let listed = policies.list().await.expect("reads");
    assert_eq!(listed.len(), 1);
    let inherited = policies.get("meeting").await.expect("reads").expect("is inherited");
    assert_eq!((&inherited, inherited.is_direct()), (&listed[0], false));
    assert_eq!(policies.get("dial plan").await.expect("reads"), None);
    let clear = policies.clear(&MEETING).await.expect("is clear");
    assert_eq!(clear.change, PolicyChange::Already);
    assert_eq!(
        clear.warnings,
        ["AllOn of group 60000000-0000-4000-8000-000000000001 stays in force; it is not assigned to the user directly"]
    );
    // The same policy, but of their own.
    let set = policies.set(&MEETING, "AllOn").await.expect("assigns");
    assert_eq!((set.change, set.warnings.len()), (PolicyChange::Assigned, 1));
    assert!(set.warnings[0].contains("gives the user this policy too"), "{set:?}");
    assert_eq!(fixture.in_force(&MEETING), "direct AllOn");
    policies.set(&MEETING, "AllOff").await.expect("replaces");
    let cleared = policies.clear(&MEETING).await.expect("clears");
    assert_eq!(
        cleared.after.as_ref().and_then(|after| after.group()),
        inherited.group()
    );
    assert_eq!(
        cleared.to_string(),
        format!(
            "TeamsMeetingPolicy of {ANA} is cleared; AllOn of group 60000000-0000-4000-8000-000000000001 is in force"
        )
    );
    let json = serde_json::to_value(&cleared).expect("is JSON");
    assert_eq!(
        (
            &json["change"],
            &json["policyType"],
            &json["before"]["policyAssignment"]["displayName"]
        ),
        (&json!("cleared"), &json!("TeamsMeetingPolicy"), &json!("AllOff"))
    );
}

#[tokio::test]
async fn what_does_not_exist_is_named() {
    let fixture = Fixture::build().await;
    let policies = fixture.client.policies(NAME);
    let unknown = policies.set("dial plan", "Tag:Atlantis").await.expect_err("is unknown");
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
    assert_eq!(unknown.message(), "the tenant has no TenantDialPlan named \"Atlantis\"");
    assert!(
        unknown.next_step().contains("Get-CsTenantDialPlan"),
        "{}",
        unknown.next_step()
    );
    assert!(!unknown.may_have_reached_service());
    let newer = policies.set("TeamsNewerPolicy", "AllOn").await.expect_err("is unknown");
    assert!(newer.message().contains("TeamsNewerPolicy"), "{newer}");
    for error in [
        policies.set(" ", "AllOn").await.expect_err("has no kind"),
        policies.set("calling", " Tag: ").await.expect_err("has no name"),
        policies.clear("").plan().expect_err("has no kind"),
        policies.get("").await.expect_err("has no kind"),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    for user in ["nobody@contoso.example", "a0000000-0000-4000-8000-000000000099"] {
        let error = fixture
            .client
            .policies(user)
            .clear("calling")
            .await
            .expect_err("is nobody");
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    assert_eq!(fixture.changes(), 0);
    let found = find_policy(&fixture.client, &MEETING, "ALLOFF").await.expect("reads");
    assert_eq!(found.map(|policy| policy.name).as_deref(), Some("AllOff"));
}

#[tokio::test]
async fn a_change_that_a_replica_hides_is_read_until_it_shows() {
    let fixture = Fixture::build().await;
    let stale = json!({"method": "GET", "path": "userConfigurations", "effect": {"kind": "stale", "seconds": 20}});
    fixture.fault(stale);
    let policies = fixture.client.policies(ANA);
    let set = policies.set("calling", "AllOn").await.expect("assigns");
    assert!(
        set.seen && fixture.waited() >= Duration::from_secs(20),
        "{:?}",
        fixture.waited()
    );
    let clear = policies
        .clear("calling")
        .with_wait(Duration::from_secs(5))
        .await
        .expect("clears");
    assert_eq!((clear.change, clear.seen), (PolicyChange::Cleared, false));
    assert_eq!(
        clear.to_string(),
        "done, not yet seen: TeamsCallingPolicy of a0000000-0000-4000-8000-000000000001 is cleared"
    );
    assert!(
        clear.warnings[0].contains("still showed AllOn; read it again later"),
        "{clear:?}"
    );
    assert_eq!(fixture.in_force(&PolicyType::TeamsCallingPolicy), "tenant Global");
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading_and_nothing_is_sent_twice() {
    let fixture = Fixture::build().await;
    let lose = |commit: bool, path: &str| json!({"method": "POST", "path": path, "nth": 1, "commit": commit, "effect": {"kind": "drop"}});
    fixture.fault(lose(true, "/assign"));
    let policies = fixture.client.policies(ANA);
    let set = policies.set("calling", "AllOn").await.expect("happened");
    assert!(
        set.seen && set.warnings[0].contains("answer to the request was lost"),
        "{set:?}"
    );
    fixture.fault(lose(false, "/unassign"));
    let error = policies
        .clear("calling")
        .with_timeout(Duration::from_secs(30))
        .await
        .expect_err("is unknown");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
    assert!(
        error.next_step().contains("userConfigurations.get"),
        "{}",
        error.next_step()
    );
    assert_eq!(fixture.changes(), 2);
    // A refusal is one.
    fixture.fault(json!({"method": "POST", "path": "/assign", "nth": 1,
        "effect": {"kind": "status", "status": 403, "code": "accessDenied"}}));
    let refused = policies.set("meeting", "AllOff").await.expect_err("is refused");
    assert!(
        refused.is_permission_denied() && !refused.may_have_reached_service(),
        "{refused}"
    );
}

#[tokio::test]
async fn the_answer_must_be_about_the_user_and_have_policies() {
    let fixture = Fixture::build().await;
    for (effect, is_mismatch) in [
        (json!({"kind": "set", "pointer": "/id", "value": BEN}), true),
        (json!({"kind": "remove", "pointer": "/id"}), true),
        (
            json!({"kind": "remove", "pointer": "/effectivePolicyAssignments"}),
            false,
        ),
    ] {
        fixture.fault(json!({"method": "GET", "path": "userConfigurations", "nth": 1, "effect": effect}));
        let error = fixture
            .client
            .policies(ANA)
            .clear(&MEETING)
            .await
            .expect_err("is of another");
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
        assert_eq!(error.is_key_mismatch(), is_mismatch, "{error}");
        fixture.emulator.clear_faults();
    }
    let nothing = json!({"kind": "set", "pointer": "/effectivePolicyAssignments", "value": Value::Null});
    fixture.fault(json!({"method": "GET", "path": "userConfigurations", "effect": nothing}));
    assert_eq!(fixture.client.policies(ANA).list().await.expect("has none"), []);
}

#[tokio::test]
async fn progress_is_reported_and_can_stop_before_anything_is_sent() {
    let fixture = Fixture::build().await;
    let policies = fixture.client.policies(NAME);
    let words = Arc::new(Mutex::new(Vec::new()));
    let recorder = Arc::clone(&words);
    let record = move |progress: &ChangeProgress| {
        let word = match progress {
            ChangeProgress::Found(Current::Policies(assignments)) => format!("found {}", assignments.len()),
            ChangeProgress::Sending(operation) => operation.id().unwrap_or_default().to_owned(),
            ChangeProgress::Answered(_) => "answered".to_owned(),
            other => panic!("unexpected progress: {other:?}"),
        };
        recorder.lock().expect("nobody panicked").push(word);
    };
    let set = policies.set("dial plan", "Germany").with_progress(record);
    set.await.expect("assigns");
    let words = words.lock().expect("nobody panicked").clone();
    assert_eq!(words, ["found 1", "policyAssignments.assign", "answered"]);
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Sending(_) => Err(trunkline::Error::new(ErrorKind::Cancelled, "stop")),
        _ => Ok(()),
    };
    let stopped = policies
        .clear("dial plan")
        .with_progress(stop)
        .await
        .expect_err("is stopped");
    assert!(stopped.kind() == ErrorKind::Cancelled && !stopped.may_have_reached_service());
    assert_eq!(fixture.sent("POST", "/unassign"), 0);
}

#[tokio::test]
async fn plans_are_what_happens() {
    let fixture = Fixture::build().await;
    let by_name = fixture.client.policies(NAME);
    let plan = by_name.set("calling", "Sales' own").plan().expect("can be planned");
    let words: Vec<String> = plan
        .steps
        .iter()
        .map(|step| format!("{} {}", step.action.as_str(), step.operation.id().unwrap_or_default()))
        .collect();
    let read = "read userConfigurations.get";
    assert_eq!(
        words,
        [
            "read users.get",
            "read teamsPolicies.getPolicyId",
            read,
            "send policyAssignments.assign",
            read
        ]
    );
    assert!(plan.decision.is_none());
    let body = &plan.steps[3].operation.to_json()["body"]["value"][0];
    let expected = json!({"userId": "<object id of the user>", "policyType": "TeamsCallingPolicy",
        "policyId": "<id of the policy>"});
    assert_eq!(*body, expected);
    assert!(fixture.emulator.requests().is_empty(), "nothing is read or sent");

    let policies = fixture.client.policies(ANA);
    let known = policies.list().await.expect("reads");
    let policy = find_policy(&fixture.client, &MEETING, "AllOff")
        .await
        .expect("reads")
        .expect("is there");
    let set = policies
        .set(&MEETING, &policy.name)
        .with_policy_id(&policy.id)
        .known(known.clone());
    let plan = set.plan().expect("can be planned");
    let decision = plan.decision.as_ref().expect("is decided");
    let [Change::SetPolicy { policy_id, .. }] = decision.steps() else {
        panic!("{decision:?}");
    };
    assert_eq!(policy_id.as_ref(), Some(&policy.id));
    fixture.emulator.clear_log();
    set.await.expect("assigns");
    let planned: Vec<_> = plan
        .steps
        .iter()
        .map(|step| format!("/v1.0{}", step.operation.path()))
        .collect();
    let sent: Vec<_> = fixture
        .emulator
        .requests()
        .iter()
        .map(|request| request.path.clone())
        .collect();
    assert_eq!(sent, planned);
    let send = plan
        .steps
        .iter()
        .find(|step| step.action == PlanAction::Send)
        .expect("sends");
    assert_eq!(
        fixture.emulator.requests()[0].body,
        Some(send.operation.to_json()["body"].clone())
    );
    let nothing = policies.clear(&MEETING).known(known).plan().expect("can be planned");
    assert!(nothing.steps.is_empty());
    assert_eq!(nothing.decision.expect("is decided").warnings.len(), 1);
}
