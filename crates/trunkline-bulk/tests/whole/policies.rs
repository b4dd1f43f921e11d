//! Teams policies of users: planned, applied, verified, undone, exported.

use serde_json::json;
use trunkline_bulk::ExportOptions;
use trunkline_bulk::input::NumberStyle;
use trunkline_bulk::plan::{Plan, PlanOptions, State, Verdict};

use crate::Fixture;

const FILE: &str = "action,user,policyType,policy\n\
    setPolicy,ana@contoso.example,calling,Tag:AllOn\n\
    setPolicy,ana@contoso.example,dial plan,Germany\n\
    setPolicy,ben@contoso.example,TeamsCallingPolicy,AllOn\n\
    clearPolicy,carla@contoso.example,voice routing,\n";

const OTHERS: &str = "action,user,policyType,policy\n\
    setPolicy,ana@contoso.example,calling,DisallowCalling\n\
    clearPolicy,ana@contoso.example,dial plan,\n\
    setPolicy,ben@contoso.example,calling,allon\n\
    setPolicy,carla@contoso.example,voice routing,UnitedStates\n";

/// Users, kinds and names of all policies that are assigned directly.
async fn direct(fixture: &Fixture) -> Vec<(String, String, String)> {
    let export = fixture.bulk.export(&ExportOptions::default().with_policies(true)).await;
    let rows = export.expect("reads").rows.into_iter().map(|row| row.change);
    let policies = rows.filter_map(|change| {
        let kind = change.policy_type()?.to_owned();
        Some((change.person()?.name.clone(), kind, change.end()))
    });
    policies.collect()
}

fn verdicts(plan: &Plan) -> Vec<Verdict> {
    plan.rows.iter().map(|row| row.verdict).collect()
}

#[tokio::test]
async fn policies_are_set_cleared_verified_and_brought_back() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    assert!(fixture.apply(plan, "first").await.is_good());
    let before = direct(&fixture).await;

    let plan = fixture.plan(OTHERS, &PlanOptions::default()).await;
    assert_eq!(
        verdicts(&plan),
        [Verdict::Change, Verdict::Change, Verdict::Already, Verdict::Change]
    );
    let Some(State::Policy(state)) = &plan.rows[0].before else {
        panic!("{:?}", plan.rows[0].before)
    };
    assert_eq!((state.policy.as_deref(), state.is_direct), (Some("AllOn"), true));
    let path = fixture.journal("second.plan");
    plan.write(&path).expect("is written");
    let plan = Plan::read(&path).expect("reads");
    let summary = fixture.apply(plan, "second").await;
    assert_eq!((summary.done, summary.already), (3, 1), "{summary:?}");
    let changed = direct(&fixture).await;
    assert!(
        changed
            .iter()
            .any(|(_, kind, end)| kind == "TeamsCallingPolicy" && end == "policy DisallowCalling")
    );
    assert!(
        !changed.iter().any(|(_, kind, _)| kind == "TenantDialPlan"),
        "{changed:?}"
    );
    let verified = fixture.bulk.verify(&fixture.open("second")).await.expect("verifies");
    assert!(verified.iter().all(|row| row.holds), "{verified:?}");

    let back = fixture.bulk.undo(&fixture.open("second")).await.expect("plans");
    assert!(fixture.apply(back, "back").await.is_good());
    assert_eq!(direct(&fixture).await, before);
}

#[tokio::test]
async fn a_policy_that_somebody_changed_since_is_not_brought_back() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    assert!(fixture.apply(plan, "there").await.is_good());
    let policies = fixture.client.policies("ana@contoso.example");
    policies.set("calling", "DisallowCalling").await.expect("is set");
    let back = fixture.bulk.undo(&fixture.open("there")).await.expect("plans");
    let code = |row: usize| back.rows[row].findings.first().map(|finding| finding.code.as_str());
    assert_eq!(
        (back.rows[0].verdict, code(0)),
        (Verdict::Refused, Some("changedSince"))
    );
    assert_eq!(back.rows[1].verdict, Verdict::Change);
}

#[tokio::test]
async fn a_policy_that_somebody_cleared_since_is_not_set_again() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    assert!(fixture.apply(plan, "first").await.is_good());
    let plan = fixture.plan(OTHERS, &PlanOptions::default()).await;
    assert!(fixture.apply(plan, "second").await.is_good());
    let policies = fixture.client.policies("ana@contoso.example");
    policies.clear("calling").await.expect("is cleared");
    let back = fixture.bulk.undo(&fixture.open("second")).await.expect("plans");
    assert_eq!(back.rows[0].verdict, Verdict::Refused, "{:?}", back.rows[0]);
    assert_eq!(back.rows[0].findings[0].code, "changedSince");
}

#[tokio::test]
async fn a_policy_that_cannot_be_looked_up_blocks_its_own_rows_alone() {
    for status in [400, 403] {
        let fixture = Fixture::build().await;
        let fault =
            json!({"method": "GET", "path": "*getPolicyId*", "nth": 1, "effect": {"kind": "status", "status": status}});
        fixture
            .emulator
            .fault(serde_json::from_value(fault).expect("is a fault"));
        let file = "action,user,policyType,policy,number\n\
            setPolicy,ana@contoso.example,calling,AllOn,\n\
            unassign,,,,+12065550100\n";
        let plan = fixture.plan(file, &PlanOptions::default()).await;
        assert_eq!(verdicts(&plan), [Verdict::Refused, Verdict::Change], "{status}");
        assert_eq!(plan.rows[0].findings[0].code, "unreadablePolicies", "{status}");
    }
}

#[tokio::test]
async fn policies_that_are_not_there_are_refused_before_anything_is_sent() {
    let fixture = Fixture::build().await;
    let file = "action,user,policyType,policy\n\
        setPolicy,ana@contoso.example,calling,Nonsense\n\
        setPolicy,nobody@contoso.example,calling,AllOn\n\
        setPolicy,ben@contoso.example,TeamsCallingPolicy,AllOn\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    let codes: Vec<_> = plan
        .rows
        .iter()
        .map(|row| row.findings.first().map(|finding| finding.code.as_str()))
        .collect();
    assert_eq!(codes, [Some("unknownPolicy"), Some("unknownUser"), None]);
    assert!(
        plan.rows[0].findings[0].what.contains("\"Nonsense\""),
        "{:?}",
        plan.rows[0].findings
    );
    // One person under two names, and two policies of one kind.
    let file = "action,user,policyType,policy\n\
        setPolicy,ana@contoso.example,calling,AllOn\n\
        setPolicy,a0000000-0000-4000-8000-000000000001,calling,DisallowCalling\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    assert_eq!(plan.rows[1].findings[0].code, "policyTwice");
    // The same policy in another case is no contradiction.
    let file = file.replace("DisallowCalling", "ALLON");
    let plan = fixture.plan(&file, &PlanOptions::default()).await;
    assert_eq!(verdicts(&plan), [Verdict::Change, Verdict::Change]);
}

#[tokio::test]
async fn what_is_exported_is_already_correct() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    assert!(fixture.apply(plan, "there").await.is_good());
    let export = fixture
        .bulk
        .export(&ExportOptions::default().with_policies(true))
        .await
        .expect("reads");
    let mut file = Vec::new();
    export.write_csv(&mut file, NumberStyle::Plain).expect("is written");
    let plan = fixture
        .plan(std::str::from_utf8(&file).expect("is text"), &PlanOptions::default())
        .await;
    let policies = plan.rows.iter().filter(|row| !row.wanted.policy_type().is_empty());
    assert!(policies.clone().count() >= 3);
    assert!(
        policies.clone().all(|row| row.verdict == Verdict::Already),
        "{:?}",
        plan.rows
    );
}

#[tokio::test]
async fn an_assignment_whose_answer_was_lost_is_read_back() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    let lost = json!({"method": "POST", "path": "userAssignments/assign", "nth": 1, "commit": true, "effect": {"kind": "drop"}});
    fixture
        .emulator
        .fault(serde_json::from_value(lost).expect("is a fault"));
    let summary = fixture.apply(plan, "there").await;
    assert!(summary.is_good(), "{summary:?}");
    let journal = fixture.open("there");
    let warnings: Vec<_> = journal
        .rows()
        .filter_map(|row| row.expect("reads").outcome)
        .flat_map(|row| row.warnings)
        .collect();
    assert!(
        warnings.iter().any(|warning| warning.contains("answer")),
        "{warnings:?}"
    );
}
