//! Main numbers, of which there are others with an extension: rows do not take them from their holders by mistake.

use serde_json::{Value, json};
use trunkline_bulk::plan::{PlanOptions, Pool, Verdict};

use super::{Fixture, row, summary_of};

const DESK: &str = "a0000000-0000-4000-8000-000000000008";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";

fn seed() -> Value {
    json!({"numbers": [
        {"telephoneNumber": "+12065550113", "numberType": "directRouting", "assignmentTargetId": DESK,
            "assignmentCategory": "primary", "assignmentStatus": "voiceApplicationAssigned"},
        {"telephoneNumber": "+12065550113;ext=42", "numberType": "directRouting", "assignmentTargetId": BEN,
            "assignmentCategory": "primary", "assignmentStatus": "userAssigned"},
    ]})
}

#[tokio::test]
async fn a_main_number_is_neither_moved_nor_released_unless_the_plan_says_so() {
    let fixture = Fixture::seeded(seed()).await;
    for file in [
        "action,number,user\nmove,+12065550113,ana@contoso.example\n",
        "action,number,user\nunassign,+12065550113,\n",
    ] {
        let plan = fixture.plan(file).await;
        assert_eq!(
            summary_of(row(&plan, 2)),
            (Verdict::Refused, "hasExtensions", vec![]),
            "{file}"
        );
        let finding = &row(&plan, 2).findings[0];
        assert!(finding.next_step.contains("+12065550113x42"), "{}", finding.next_step);
        assert!(finding.next_step.contains(".base(true)"), "{}", finding.next_step);
        let meant = PlanOptions::default().base(true);
        let plan = fixture.try_plan(file, &meant).await.expect("a plan");
        assert_eq!(row(&plan, 2).verdict, Verdict::Change, "{file}");
    }
    let plan = fixture
        .plan("action,number,ext,user\nunassign,+12065550113,42,\n")
        .await;
    assert_eq!(summary_of(row(&plan, 2)), (Verdict::Change, "", vec!["unassign"]));
}

#[tokio::test]
async fn a_main_number_is_not_released_to_make_room_for_another() {
    let mut seed = seed();
    seed["numbers"][0]["assignmentTargetId"] = "a0000000-0000-4000-8000-000000000001".into();
    seed["numbers"][0]["assignmentStatus"] = "userAssigned".into();
    seed["numbers"]
        .as_array_mut()
        .expect("a list")
        .push(json!({"telephoneNumber": "+12065550110", "numberType": "directRouting"}));
    let fixture = Fixture::seeded(seed).await;
    let file = "number,user\n+12065550110,ana@contoso.example\n";
    let replacing = || PlanOptions::default().replace(true);
    let plan = fixture.try_plan(file, &replacing()).await.expect("a plan");
    assert_eq!(summary_of(row(&plan, 2)).1, "hasExtensions");
    let plan = fixture.try_plan(file, &replacing().base(true)).await.expect("a plan");
    assert_eq!(row(&plan, 2).verdict, Verdict::Change);
}

#[tokio::test]
async fn the_inventory_is_listed_only_where_a_main_number_could_be_released() {
    let fixture = Fixture::seeded(seed()).await;
    let lists = |fixture: &Fixture| {
        let requests = fixture.emulator.requests();
        // Single numbers and holders are asked for by other filters.
        let all = requests
            .iter()
            .filter(|request| request.query.contains("numberType eq"));
        all.count()
    };
    fixture
        .plan("action,number,user\nassign,+12065550113;ext=42,ben@contoso.example\n")
        .await;
    assert_eq!(lists(&fixture), 0);
    fixture
        .plan("action,number,user\nunassign,+12065550113;ext=42,\n")
        .await;
    assert_eq!(lists(&fixture), 0, "it has an extension");
    fixture.plan("action,number,user\nunassign,+12065550113,\n").await;
    assert!(lists(&fixture) > 0);
}

#[tokio::test]
async fn the_ends_of_a_range_are_numbers_like_others() {
    let fixture = Fixture::build().await;
    let rows = || {
        let options = trunkline_bulk::input::InputOptions {
            pick: true,
            ..Default::default()
        };
        trunkline_bulk::input::read("number,user\n,ana@contoso.example\n".as_bytes(), &options).expect("a file")
    };
    let bulk = trunkline_bulk::Bulk::new(&fixture.client);
    for (from, is_read) in [("+1 (206) 555-0102", true), ("(206) 555-0102", false)] {
        let pool = Pool {
            from: Some(from.to_owned()),
            ..Pool::default()
        };
        let plan = bulk.plan(&rows(), &PlanOptions::default().pool(pool)).await;
        assert_eq!(plan.is_ok(), is_read, "{from}");
        if let Err(error) = plan {
            assert!(error.next_step().contains("a plus"), "{error}");
        }
    }
}
