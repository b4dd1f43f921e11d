//! Numbers that people lose, and the warnings before the run.

use trunkline_bulk::plan::{Plan, PlanOptions, Severity};

use crate::{Fixture, row, summary_of};

const BEN: &str = "a0000000-0000-4000-8000-000000000002";

fn advice(plan: &Plan) -> Vec<(String, String)> {
    let advice = plan.advice().into_iter();
    advice.map(|advice| (advice.code, advice.what)).collect()
}

#[tokio::test]
async fn a_number_that_is_replaced_is_named_with_its_loser() {
    let fixture = Fixture::build().await;
    let options = PlanOptions::default().replace(true);
    let file = "number,user\n+12065550110,ben@contoso.example\n";
    let plan = fixture.try_plan(file, &options).await.expect("a plan");
    let row = row(&plan, 2);
    let losses = row.losses();
    assert_eq!(losses.len(), 1, "{losses:?}");
    let loss = &losses[0];
    assert_eq!(
        (
            loss.number.as_str(),
            loss.loser.as_str(),
            loss.loser(),
            loss.is_replaced
        ),
        ("+12065550100", BEN, "ben@contoso.example", true)
    );
    assert_eq!(
        (loss.before(), loss.after()),
        ("held by ben@contoso.example".to_owned(), "free".to_owned())
    );
    assert_eq!(
        loss.to_string(),
        "ben@contoso.example loses +12065550100 (primary), which is free then"
    );
    let finding = row.findings.iter().find(|finding| finding.code == "replaces");
    let finding = finding.expect("the row says so");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.what.contains("+12065550100"), "{}", finding.what);
    let summary = plan.summary();
    assert_eq!((summary.losses, summary.replaced, summary.reassigned), (1, 1, 0));
    assert_eq!(summary.mails, 2, "one for what is released, one for what is assigned");
}

#[tokio::test]
async fn a_number_that_cannot_be_released_is_not_replaced() {
    let fixture = Fixture::build().await;
    let mut numbers = fixture.emulator.state()["numbers"].clone();
    for one in numbers.as_array_mut().expect("numbers") {
        if one["telephoneNumber"] == "+12065550100" {
            one["activationState"] = "assignmentPending".into();
        }
    }
    fixture
        .emulator
        .seed(&serde_json::json!({ "numbers": numbers }))
        .expect("a seed");
    let options = PlanOptions::default().replace(true);
    let file = "number,user\n+12065550110,ben@contoso.example\n";
    let plan = fixture.try_plan(file, &options).await.expect("a plan");
    assert_eq!(summary_of(row(&plan, 2)).1, "targetHoldsOther");
    let what = &row(&plan, 2).findings[0].what;
    assert!(
        what.contains("+12065550100") && what.contains("another order is in progress"),
        "{what}"
    );
}

#[tokio::test]
async fn moves_and_releases_are_losses_and_say_who_has_the_number_then() {
    let fixture = Fixture::build().await;
    let file = "action,number,user\nmove,+12065550100,ana@contoso.example\nunassign,+12065550114,\n\
                assign,+12065550110,dev@contoso.example\nunassign,+12065550111,\n";
    let plan = fixture.plan(file).await;
    let said: Vec<String> = plan
        .rows
        .iter()
        .flat_map(|row| row.losses())
        .map(|loss| loss.to_string())
        .collect();
    assert_eq!(
        said,
        [
            "ben@contoso.example loses +12065550100 (primary) to ana@contoso.example",
            "gina@contoso.example loses +12065550114 (primary), which is free then"
        ]
    );
    let summary = plan.summary();
    assert_eq!(
        (summary.losses, summary.replaced, summary.reassigned, summary.mails),
        (2, 0, 1, 4)
    );
}

#[tokio::test]
async fn a_job_that_releases_and_assigns_is_warned_of_blocks_and_of_mails() {
    let fixture = Fixture::build().await;
    let plan = fixture
        .plan("action,number,user\nmove,+12065550100,ana@contoso.example\n")
        .await;
    let said = advice(&plan);
    assert_eq!(said[0].0, "releasedThenAssigned");
    assert!(said[0].1.contains("AssignmentBlockedForever"), "{said:?}");
    assert_eq!(said[1].0, "mails");
    assert!(said[1].1.contains("2 mails"), "{said:?}");
    // A release alone is a way with no way back.
    let plan = fixture.plan("action,number\nunassign,+12065550100\n").await;
    let codes: Vec<_> = advice(&plan).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["undoMayBeBlocked", "mails"]);
    // An assignment releases nothing, a phone sends no mail.
    let plan = fixture.plan("number,user\n+12065550110,ana@contoso.example\n").await;
    let codes: Vec<_> = advice(&plan).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["mails"]);
    let plan = fixture
        .plan("action,user,role,number\nsetPhone,carla@contoso.example,mobile,+12065550150\n")
        .await;
    assert!(advice(&plan).is_empty());
}

#[tokio::test]
async fn no_release_is_planned_where_one_request_does() {
    let fixture = Fixture::build().await;
    let place = "10c00000-0000-4000-8000-000000000002";
    let file = format!(
        "action,number,user,location\n\
         move,+12065550110,ana@contoso.example,\n\
         move,+12065550100,ben@contoso.example,{place}\n\
         assign,+12065550114,gina@contoso.example,\n"
    );
    let options = PlanOptions::default().replace(true);
    let plan = fixture.try_plan(&file, &options).await.expect("a plan");
    assert_eq!(summary_of(row(&plan, 2)).2, ["assign"], "nobody has it");
    assert_eq!(summary_of(row(&plan, 3)).2, ["locate"], "its holder keeps it");
    assert!(summary_of(row(&plan, 4)).2.is_empty());
    assert_eq!(plan.summary().losses, 0);
}
