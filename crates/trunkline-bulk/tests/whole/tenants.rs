//! Tenants as they are met: numbers that may not be assigned after their release, holders that are gone or are no people,
//! inventories with texts that are no numbers.

use serde_json::json;
use trunkline_bulk::input::{self, InputOptions, NumberStyle, ProblemKind};
use trunkline_bulk::plan::{PlanOptions, Verdict};
use trunkline_bulk::{Ending, ExportOptions};
use trunkline_emulator::Fault;

use crate::Fixture;

const GONE: &str = "c29b96ec-0000-4000-8000-0000000000ff";

/// The export of the tenant, as CSV.
async fn exported(fixture: &Fixture) -> (trunkline_bulk::Export, String) {
    let export = fixture.bulk.export(&ExportOptions::default()).await.expect("exports");
    let mut file = Vec::new();
    export.write_csv(&mut file, NumberStyle::Plain).expect("written");
    (export, String::from_utf8(file).expect("UTF-8"))
}

#[tokio::test]
async fn what_a_blocked_tenant_refuses_is_said_before_and_after() {
    let fixture = Fixture::build().await;
    fixture
        .emulator
        .seed(&json!({ "telephoneNumberConfiguration": { "assignmentBlockedForever": true } }))
        .expect("a seed");
    let file = "action,number,user\nmove,+12065550100,ana@contoso.example\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    assert!(plan.advice().iter().any(|advice| advice.code == "releasedThenAssigned"));
    let summary = fixture.apply(plan, "there").await;
    assert_eq!(summary.failed, 1, "{summary:?}");
    let row = fixture.open("there").row(2).expect("reads").expect("is there");
    assert_eq!(
        row.losses[0].to_string(),
        "ben@contoso.example lost +12065550100 (primary), which is free"
    );
    assert_eq!(fixture.open("there").loss_count().expect("reads"), 1);

    // The way back goes over an assignment of the same number.
    let back = fixture
        .bulk
        .undo(&fixture.open("there"))
        .await
        .expect("plans the way back");
    let codes: Vec<&str> = back.rows[0]
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert!(codes.contains(&"releasedByRun"), "{codes:?}");
    let advice = back.advice();
    assert_eq!(advice[0].code, "liftBlocks");
    assert!(advice[0].what.contains("+12065550100"), "{}", advice[0].what);
    assert!(advice[0].next_step.contains("Remove-CsPhoneNumberAssignmentBlock"));
    // When it is lifted, it is open.
    let mut numbers = fixture.state().0;
    for one in numbers.as_array_mut().expect("numbers") {
        if let Some(members) = one.as_object_mut() {
            members.remove("@emulator.assignmentBlock");
        }
    }
    fixture.emulator.seed(&json!({ "numbers": numbers })).expect("a seed");
    assert!(fixture.apply(back, "back").await.is_good());
    let ben = "a0000000-0000-4000-8000-000000000002";
    assert_eq!(fixture.number("+12065550100")["assignmentTargetId"], ben);
}

#[tokio::test]
async fn what_was_replaced_is_in_the_journal_with_its_loser() {
    let fixture = Fixture::build().await;
    let file = "number,user\n+12065550110,ben@contoso.example\n";
    let plan = fixture.plan(file, &PlanOptions::default().replace(true)).await;
    assert!(fixture.apply(plan, "there").await.is_good());
    let row = fixture.open("there").row(2).expect("reads").expect("is there");
    assert_eq!(row.losses.len(), 1);
    assert_eq!(row.losses[0].ending, Some(Ending::Done));
    assert_eq!(
        row.losses[0].to_string(),
        "ben@contoso.example lost +12065550100 (primary), which is free"
    );
}

#[tokio::test]
async fn an_export_of_holders_that_are_gone_has_nothing_to_do_and_undo_says_that_the_way_back_is_closed() {
    let fixture = Fixture::build().await;
    fixture
        .emulator
        .seed(&json!({ "numbers": [
            { "telephoneNumber": "+12065550110", "numberType": "directRouting",
              "locationId": "00000000-0000-0000-0000-000000000000", "assignmentTargetId": GONE,
              "assignmentCategory": "primary", "assignmentStatus": "voiceApplicationAssigned" },
            { "telephoneNumber": "+12065550113;ext=42", "numberType": "directRouting",
              "locationId": "10c00000-0000-4000-8000-000000000002",
              "assignmentTargetId": "TeamsSharedCallingRoutingPolicy|Tag:SC1", "assignmentStatus": "policyAssigned" },
            { "telephoneNumber": "+12065550101", "numberType": "callingPlan",
              "locationId": "00000000-0000-0000-0000-000000000000" },
        ] }))
        .expect("a seed");
    let (export, file) = exported(&fixture).await;
    assert!(!file.contains("00000000-0000-0000"), "zeros are no location: {file}");
    assert_eq!(export.left_out.len(), 1);
    assert_eq!(
        (export.left_out[0].what.as_str(), export.left_out[0].why.as_str()),
        ("+12065550113;ext=42", "is held by a policy")
    );
    let plan = fixture.plan(&file, &PlanOptions::default()).await;
    assert_eq!(
        plan.rows.len(),
        2,
        "the account's number, and where the policy's number is"
    );
    for row in &plan.rows {
        assert_eq!(row.verdict, Verdict::Already, "{row:?}");
    }

    let plan = fixture
        .plan(
            "action,number,user\nmove,+12065550110,ana@contoso.example\n",
            &PlanOptions::default(),
        )
        .await;
    assert!(fixture.apply(plan, "there").await.is_good());
    let back = fixture
        .bulk
        .undo(&fixture.open("there"))
        .await
        .expect("plans the way back");
    assert_eq!(back.rows[0].verdict, Verdict::Refused);
    let finding = &back.rows[0].findings[0];
    assert_eq!(finding.code, "holderGone");
    assert!(finding.what.contains("cannot be undone"), "{}", finding.what);
}

#[tokio::test]
async fn locations_of_zeros_are_none_in_plans_too() {
    let fixture = Fixture::build().await;
    fixture
        .emulator
        .seed(&json!({ "numbers": [
            { "telephoneNumber": "+12065550110", "numberType": "directRouting",
              "locationId": "00000000-0000-0000-0000-000000000000" },
            { "telephoneNumber": "+12065550111", "numberType": "directRouting",
              "locationId": "00000000-0000-0000-0000-000000000000",
              "assignmentTargetId": "a0000000-0000-4000-8000-000000000007",
              "assignmentCategory": "primary", "assignmentStatus": "userAssigned" },
        ] }))
        .expect("a seed");
    let (_, file) = exported(&fixture).await;
    assert_eq!(
        file.lines().count(),
        2,
        "one is held, the other is free and nowhere: {file}"
    );
    let plan = fixture
        .plan(
            "action,number,location\nsetLocation,+12065550110,10c00000-0000-4000-8000-000000000002\n",
            &PlanOptions::default(),
        )
        .await;
    let before = plan.rows[0].before.as_ref().expect("it was read");
    assert_eq!(before.words(|id| id), "free");
}

#[tokio::test]
async fn what_is_no_number_in_the_inventory_is_exported_as_it_is() {
    let fixture = Fixture::build().await;
    let fault = json!({"method": "GET", "path": "*/numberAssignments", "effect": {"kind": "all", "effects": [
        {"kind": "set", "pointer": "/value/1/telephoneNumber", "value": "tel:12065558888;ext=1234"},
        {"kind": "set", "pointer": "/value/2/telephoneNumber", "value": "1"},
        {"kind": "set", "pointer": "/value/3/telephoneNumber", "value": null}]}});
    let fault: Fault = serde_json::from_value(fault).expect("a fault");
    fixture.emulator.fault(fault);
    let (export, file) = exported(&fixture).await;
    let texts: Vec<_> = export.unreadable.iter().map(|one| one.number.as_deref()).collect();
    assert_eq!(texts, [Some("tel:12065558888;ext=1234"), Some("1"), None]);
    assert!(!file.contains("+12065558888"), "nothing is repaired: {file}");
    assert!(
        file.contains(",tel:12065558888;ext=1234,") && file.contains(",1,"),
        "{file}"
    );
    // Planning says what they are, each by its row.
    let rows = input::read(file.as_bytes(), &InputOptions::default()).expect("a file");
    let last = u32::try_from(export.row_count()).expect("few") + 1;
    let wrong: Vec<_> = rows
        .problems()
        .iter()
        .filter(|problem| problem.severity == input::Severity::Error)
        .map(|problem| (problem.row, problem.kind))
        .collect();
    let lines: Vec<_> = wrong.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [last - 2, last - 1, last], "{wrong:?}");
    assert_eq!(wrong[2].1, ProblemKind::EmptyCell);
    // Nobody picks them.
    let pool = trunkline_bulk::plan::Pool::default();
    let plan = fixture
        .plan(
            "action,number,user\nassign,,ana@contoso.example\n",
            &PlanOptions::default().pool(pool),
        )
        .await;
    assert!(plan.rows[0].wanted.number().starts_with("+1206"), "{:?}", plan.rows[0]);
}
