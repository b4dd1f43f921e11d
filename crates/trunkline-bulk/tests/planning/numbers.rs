//! Rows about telephone numbers.

use trunkline_bulk::plan::{PlanOptions, State, StepId, Verdict};

use crate::{Fixture, row, summary_of};

#[tokio::test]
async fn each_row_has_its_verdict() {
    let fixture = Fixture::build().await;
    let cases = [
        (
            "assign,+12065550110,ana@contoso.example",
            Verdict::Change,
            "",
            vec!["assign"],
        ),
        (
            "assign,+12065550101,ana@contoso.example",
            Verdict::Change,
            "noLocation",
            vec!["assign"],
        ),
        (
            "assign,+12065550100,ben@contoso.example",
            Verdict::Already,
            "noLocation",
            vec![],
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            Verdict::Refused,
            "held",
            vec![],
        ),
        (
            "move,+12065550100,ana@contoso.example",
            Verdict::Change,
            "noLocation",
            vec!["unassign", "assign"],
        ),
        (
            "assign,+12065550110,carla@contoso.example",
            Verdict::Refused,
            "noPhoneLicence",
            vec![],
        ),
        (
            "assign,+12065550101,dev@contoso.example",
            Verdict::Refused,
            "noUsageLocation",
            vec![],
        ),
        (
            "assign,+12065550110,emil@contoso.example",
            Verdict::Refused,
            "accountDisabled",
            vec![],
        ),
        (
            "assign,+12065550112,ana@contoso.example",
            Verdict::Refused,
            "onPremises",
            vec![],
        ),
        (
            "assign,+12065550104,ana@contoso.example",
            Verdict::Refused,
            "notAssignable",
            vec![],
        ),
        (
            "assign,+12065550110,nobody@contoso.example",
            Verdict::Refused,
            "unknownUser",
            vec![],
        ),
        (
            "assign,+12065559999,ana@contoso.example",
            Verdict::Refused,
            "unknownNumber",
            vec![],
        ),
        (
            "assign,+12065550110,ben@contoso.example",
            Verdict::Refused,
            "targetHoldsOther",
            vec![],
        ),
        ("unassign,+12065550100,", Verdict::Change, "", vec!["unassign"]),
        ("unassign,+12065550110,", Verdict::Already, "", vec![]),
        (
            "unassign,+12065550100,ana@contoso.example",
            Verdict::Refused,
            "heldByOther",
            vec![],
        ),
        (
            "unassign,+12065550100,ben@contoso.example",
            Verdict::Change,
            "",
            vec!["unassign"],
        ),
    ];
    for (line, verdict, code, steps) in cases {
        let plan = fixture.plan(&format!("action,number,user\n{line}\n")).await;
        assert_eq!(
            summary_of(row(&plan, 2)),
            (verdict, code, steps),
            "{line}: {:?}",
            row(&plan, 2).findings
        );
    }
}

#[tokio::test]
async fn a_swap_needs_no_number_in_between() {
    let fixture = Fixture::build().await;
    // ben holds +12065550100, gina +12065550114.
    let file = "action,number,user\nmove,+12065550100,gina@contoso.example\nmove,+12065550114,ben@contoso.example\n";
    let plan = fixture.plan(file).await;
    let (first, second) = (row(&plan, 2), row(&plan, 3));
    assert_eq!(summary_of(first).2, ["unassign", "assign"]);
    assert_eq!(first.steps[0].needs, []);
    assert_eq!(first.steps[1].needs, [StepId(2, 0), StepId(3, 0)]);
    assert_eq!(second.steps[1].needs, [StepId(3, 0), StepId(2, 0)]);
    let Some(State::Number(before)) = &first.before else {
        panic!("no state")
    };
    assert_eq!(before.holder.as_deref(), Some("a0000000-0000-4000-8000-000000000002"));
}

#[tokio::test]
async fn what_needs_a_row_that_cannot_be_cannot_be_either() {
    let fixture = Fixture::build().await;
    // carla has no licence, so ben keeps his number, so ben cannot have gina's, so ana cannot have ben's.
    let file = "action,number,user\nmove,+12065550100,carla@contoso.example\nmove,+12065550114,ben@contoso.example\n\
                assign,+12065550110,gina@contoso.example\n";
    let plan = fixture.plan(file).await;
    assert_eq!(summary_of(row(&plan, 2)).1, "noPhoneLicence");
    assert_eq!(summary_of(row(&plan, 3)).0, Verdict::Refused);
    assert_eq!(summary_of(row(&plan, 4)).0, Verdict::Refused);
    let last = row(&plan, 4).findings.first().expect("a finding");
    assert_eq!(last.code, "neededRow");
    assert!(last.what.contains("row 3"), "{}", last.what);
}

#[tokio::test]
async fn replacing_releases_what_the_user_had() {
    let fixture = Fixture::build().await;
    let options = PlanOptions::default().replace(true);
    let file = "number,user\n+12065550110,ben@contoso.example\n";
    let plan = fixture.try_plan(file, &options).await.expect("a plan");
    let row = row(&plan, 2);
    assert_eq!(summary_of(row).2, ["assign", "unassign"]);
    assert_eq!(
        row.steps[0].needs,
        [StepId(2, 1)],
        "the release comes first, whatever its position"
    );
}

#[tokio::test]
async fn an_id_of_zeros_is_no_location() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let number = |text: &str| {
        serde_json::json!({"telephoneNumber": text, "numberType": "directRouting", "locationId": zeros,
            "civicAddressId": zeros, "numberSource": "online", "supportedCustomerActions": ["locationUpdate"]})
    };
    let numbers = serde_json::json!({"numbers": [number("+12065550110"), number("+12065550111")]});
    let fixture = Fixture::seeded(numbers).await;
    let plan = fixture
        .plan("action,number,location\nsetLocation,+12065550110,none\nsetLocation,+12065550111,10c00000-0000-4000-8000-000000000002\n")
        .await;
    assert_eq!(summary_of(row(&plan, 2)).0, Verdict::Already);
    let state = row(&plan, 3).before.as_ref();
    assert!(
        matches!(state, Some(State::Number(state)) if state.location.is_none()),
        "{state:?}"
    );
}

#[tokio::test]
async fn a_service_that_answers_with_others_is_not_planned_on() {
    let faults = [
        serde_json::json!({"method": "GET", "path": "*/numberAssignments*", "effect":
            {"kind": "set", "pointer": "/value/0/telephoneNumber", "value": "+12065550199"}}),
        serde_json::json!({"method": "GET", "path": "*/users/ana@contoso.example", "effect":
            {"kind": "set", "pointer": "/userPrincipalName", "value": "ben@contoso.example"}}),
    ];
    for fault in faults {
        let fixture = Fixture::build().await;
        fixture.emulator.fault(serde_json::from_value(fault).expect("a fault"));
        let file = "number,user\n+12065550110,ana@contoso.example\n";
        let error = fixture
            .try_plan(file, &PlanOptions::default())
            .await
            .expect_err("another came");
        assert!(error.what().contains("the service answered with"), "{error}");
    }
}

#[tokio::test]
async fn a_number_that_a_list_left_out_is_looked_at_by_itself() {
    let numbers: Vec<_> = (0..70)
        .map(|number| serde_json::json!({"telephoneNumber": format!("+1206556{number:04}"), "numberType": "directRouting"}))
        .collect();
    let fixture = Fixture::seeded(serde_json::json!({ "numbers": numbers })).await;
    let all = fixture.client.numbers().list().all().await.expect("reads");
    let first = all[0].telephone_number.value().expect("has one").clone();
    let mut file = format!("action,number\nunassign,{first}\n");
    let others = all
        .iter()
        .skip(1)
        .filter_map(|number| number.telephone_number.as_deref());
    others
        .filter(|number| number.starts_with("+1206556"))
        .take(65)
        .for_each(|number| file.push_str(&format!("unassign,{number}\n")));
    file.push_str("unassign,+12065559999\n");
    fixture.emulator.fault(
        serde_json::from_value(
            serde_json::json!({"method": "GET", "path": "*/numberAssignments", "nth": 1, "times": 1,
            "effect": {"kind": "remove", "pointer": "/value/0"}}),
        )
        .expect("a fault"),
    );
    let plan = fixture.plan(&file).await;
    let code = |line: u32| summary_of(row(&plan, line)).1.to_owned();
    assert_eq!(code(68), "unknownNumber");
    assert!((2..68).all(|line| code(line) != "unknownNumber"), "{}", code(2));
}
