//! Holders of numbers: users by name, deleted accounts, and holders that are not accounts.

use serde_json::json;
use trunkline_bulk::plan::{State, Verdict};

use crate::{Fixture, row, summary_of};

const GONE: &str = "c29b96ec-0000-4000-8000-0000000000ff";

/// A number of an account that is gone, one of a policy, one that is free. The service writes the zero GUID for no location.
async fn fixture() -> Fixture {
    Fixture::seeded(json!({ "numbers": [
        { "telephoneNumber": "+12065550110", "numberType": "directRouting",
          "locationId": "00000000-0000-0000-0000-000000000000", "assignmentTargetId": GONE,
          "assignmentCategory": "primary", "assignmentStatus": "voiceApplicationAssigned" },
        { "telephoneNumber": "+12065550113;ext=42", "numberType": "directRouting",
          "assignmentTargetId": "TeamsSharedCallingRoutingPolicy|Tag:SC1", "assignmentStatus": "policyAssigned" },
        { "telephoneNumber": "+12065550100", "numberType": "callingPlan", "assignmentStatus": "userAssigned",
          "assignmentTargetId": "a0000000-0000-4000-8000-000000000002", "assignmentCategory": "primary" },
        { "telephoneNumber": "+12065550101", "numberType": "callingPlan" },
    ] }))
    .await
}

#[tokio::test]
async fn a_holder_who_is_gone_is_called_so() {
    let fixture = fixture().await;
    let plan = fixture.plan("number,user\n+12065550110,ana@contoso.example\n").await;
    let refused = row(&plan, 2);
    assert_eq!(summary_of(refused), (Verdict::Refused, "held", vec![]));
    let words = format!("held by an account that is not in the directory ({GONE})");
    assert_eq!(refused.findings[0].what, format!("+12065550110 is {words}"));
    let Some(state) = &refused.before else {
        panic!("it was read")
    };
    assert_eq!(state.words(|id| id), words, "and no location, whatever the zeros say");
}

#[tokio::test]
async fn what_is_taken_from_an_account_that_is_gone_cannot_be_given_back() {
    let fixture = fixture().await;
    for file in [
        "action,number,user\nunassign,+12065550110,\n".to_owned(),
        format!("action,number,user\nunassign,+12065550110,{GONE}\n"),
        "action,number,user\nmove,+12065550110,ana@contoso.example\n".to_owned(),
    ] {
        let plan = fixture.plan(&file).await;
        assert_eq!(summary_of(row(&plan, 2)).0, Verdict::Change, "{file}");
        let warned = row(&plan, 2).findings.iter().any(|finding| finding.code == "noWayBack");
        assert!(warned, "{file}: {:?}", row(&plan, 2).findings);
    }
}

#[tokio::test]
async fn an_account_that_is_gone_keeps_what_it_has_and_gets_nothing() {
    let fixture = fixture().await;
    let plan = fixture.plan(&format!("number,user\n+12065550110,{GONE}\n")).await;
    assert_eq!(summary_of(row(&plan, 2)), (Verdict::Already, "holderGone", vec![]));
    let plan = fixture.plan(&format!("number,user\n+12065550101,{GONE}\n")).await;
    assert_eq!(summary_of(row(&plan, 2)), (Verdict::Refused, "unknownUser", vec![]));
    let plan = fixture
        .plan(&format!(
            "action,user,role,number\nsetPhone,{GONE},mobile,+12065550150\n"
        ))
        .await;
    assert_eq!(summary_of(row(&plan, 2)).1, "unknownUser");
}

#[tokio::test]
async fn a_policy_keeps_its_number() {
    let fixture = fixture().await;
    for file in [
        "action,number,user\nunassign,+12065550113;ext=42,\n",
        "action,number,user\nmove,+12065550113;ext=42,ana@contoso.example\n",
        "action,number,user\nassign,+12065550113;ext=42,ana@contoso.example\n",
    ] {
        let plan = fixture.plan(file).await;
        assert_eq!(
            summary_of(row(&plan, 2)),
            (Verdict::Refused, "heldByPolicy", vec![]),
            "{file}"
        );
        let what = &row(&plan, 2).findings[0].what;
        assert_eq!(
            what,
            "+12065550113;ext=42 is held by a policy (TeamsSharedCallingRoutingPolicy|Tag:SC1)"
        );
    }
}

#[tokio::test]
async fn people_are_named_whoever_names_them() {
    let fixture = fixture().await;
    let plan = fixture
        .plan("number,user\n+12065550100,a0000000-0000-4000-8000-000000000001\n")
        .await;
    let refused = row(&plan, 2);
    assert_eq!(refused.findings[0].what, "+12065550100 is held by ben@contoso.example");
    assert_eq!(refused.wanted.user_label(), "ana@contoso.example");
    assert_eq!(refused.wanted.user(), "a0000000-0000-4000-8000-000000000001");
    assert_eq!(refused.wanted.end(), "held by ana@contoso.example");
    let Some(State::Number(state)) = &refused.before else {
        panic!("it was read")
    };
    assert_eq!(state.holder_name.as_deref(), Some("ben@contoso.example"));
    let plan = fixture
        .plan("action,number,user\nunassign,+12065550100,ana@contoso.example\n")
        .await;
    assert_eq!(
        row(&plan, 2).findings[0].what,
        "+12065550100 is held by ben@contoso.example, not by ana@contoso.example"
    );
}

#[tokio::test]
async fn numbers_stand_in_full_in_a_plan() {
    let fixture = fixture().await;
    for (line, number) in [
        ("+12065559999,ana@contoso.example", "+12065559999"),
        ("+12065550101,ben@contoso.example", "+12065550100"),
    ] {
        let plan = fixture.plan(&format!("number,user\n{line}\n")).await;
        let what = &row(&plan, 2).findings[0].what;
        assert!(what.contains(number), "{what}");
    }
    let plan = fixture.plan("number,user\n+12065550101,nobody@contoso.example\n").await;
    assert_eq!(
        row(&plan, 2).findings[0].what,
        "there is no user nobody@contoso.example"
    );
}

#[tokio::test]
async fn names_of_many_holders_cost_few_requests_and_none_are_needed() {
    let people = 100;
    let mut seed = trunkline_emulator::bulk_users(people);
    seed["numbers"] = (0..people)
        .map(|index| {
            json!({ "telephoneNumber": format!("+1206555{index:04}"), "assignmentStatus": "userAssigned",
                "assignmentTargetId": format!("b0000000-0000-4000-8000-{index:012}"), "assignmentCategory": "primary" })
        })
        .collect();
    let fixture = Fixture::seeded(seed).await;
    let mut file = String::from("action,number\n");
    for index in 0..people {
        file.push_str(&format!("unassign,+1206555{index:04}\n"));
    }
    fixture.emulator.clear_log();
    let plan = fixture.plan(&file).await;
    assert!(
        plan.rows.iter().all(|row| row.losses()[0].loser_name.is_some()),
        "everybody has a name"
    );
    let exchanges = fixture
        .emulator
        .log()
        .iter()
        .filter(|entry| entry.batch_item.is_none())
        .count();
    assert!(exchanges < 20, "{exchanges}");
}
