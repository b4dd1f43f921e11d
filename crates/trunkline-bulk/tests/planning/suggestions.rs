//! Numbers without a plus, and the inventory.

use serde_json::json;
use trunkline_bulk::Bulk;
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::{PlanOptions, Severity, Verdict};

use super::{Fixture, row};

fn accepting() -> PlanOptions {
    PlanOptions::default().accept_suggestions(true)
}

/// Free numbers of a tenant.
async fn fixture(numbers: &[&str]) -> Fixture {
    let numbers: Vec<_> = numbers
        .iter()
        .map(|number| {
            json!({
                "telephoneNumber": number,
                "numberType": "directRouting",
                "activationState": "activated",
                "capabilities": ["userAssignment"],
                "assignmentStatus": "unassigned",
            })
        })
        .collect();
    Fixture::seeded(json!({ "numbers": numbers })).await
}

const FILE: &str = "number,user\n12065550120,ana@contoso.example\n+12065550121,ben@contoso.example\n";

#[tokio::test]
async fn digits_of_one_number_of_the_tenant_are_a_suggestion() {
    let fixture = fixture(&["+12065550120", "+12065550121"]).await;
    let rows = input::read(FILE.as_bytes(), &InputOptions::default()).expect("a file");
    let found = Bulk::new(&fixture.client)
        .suggestions(&rows)
        .await
        .expect("the inventory");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].row, found[0].text.as_str(), found[0].number.as_str()),
        (2, "12065550120", "+12065550120")
    );
    let refused = fixture
        .try_plan(FILE, &PlanOptions::default())
        .await
        .expect_err("it is not accepted");
    assert!(refused.what().contains("nothing was planned"), "{refused}");
    let plan = fixture.try_plan(FILE, &accepting()).await.expect("a plan");
    let planned = row(&plan, 2);
    assert_eq!(
        (planned.verdict, planned.wanted.number()),
        (Verdict::Change, "+12065550120")
    );
    let warning = &planned.findings[0];
    assert_eq!(
        (warning.code.as_str(), warning.severity),
        ("suggestedNumber", Severity::Warning)
    );
    assert!(warning.what.contains("\"12065550120\""), "{}", warning.what);
    assert!(row(&plan, 3).findings.is_empty());
    let advice = plan.advice();
    assert_eq!(advice[0].code, "suggestionsAccepted");
    assert!(
        advice[0].what.starts_with("1 number is suggested"),
        "{}",
        advice[0].what
    );
}

#[tokio::test]
async fn digits_of_no_number_or_of_several_are_none() {
    for (numbers, why) in [
        (&["+12065550121"][..], "the tenant does not have it"),
        (
            &["+12065550120", "+12065550121", "+155512065550120"],
            "another one ends with the digits",
        ),
        (
            &["+1206555;ext=0120", "+12065550121"],
            "the digits are those of an extension, too",
        ),
    ] {
        let fixture = fixture(numbers).await;
        let rows = input::read(FILE.as_bytes(), &InputOptions::default()).expect("a file");
        let found = Bulk::new(&fixture.client)
            .suggestions(&rows)
            .await
            .expect("the inventory");
        assert!(found.is_empty(), "{why}");
        assert!(fixture.try_plan(FILE, &accepting()).await.is_err(), "{why}");
        let plan = fixture
            .try_plan(FILE, &accepting().skip_unreadable(true))
            .await
            .expect("a plan");
        assert_eq!(row(&plan, 2).verdict, Verdict::Refused, "{why}");
        assert_eq!(row(&plan, 2).findings[0].code, "noPlus");
    }
}

#[tokio::test]
async fn the_inventory_is_read_only_for_what_it_can_decide() {
    let fixture = Fixture::build().await;
    let rows = input::read(
        &b"number,user\n+12065550121,ben@contoso.example\n"[..],
        &InputOptions::default(),
    )
    .expect("a file");
    let before = fixture.emulator.requests().len();
    assert!(
        Bulk::new(&fixture.client)
            .suggestions(&rows)
            .await
            .expect("nothing")
            .is_empty()
    );
    assert_eq!(fixture.emulator.requests().len(), before);
}
