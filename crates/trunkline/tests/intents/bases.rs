//! Main numbers, of which there are others with an extension: they are not taken from their holder by mistake.

use trunkline::ErrorKind;
use trunkline::numbers::NumberChange;

use super::{ANA, BEN, Fixture};

const BASE: &str = "+12065550113";
const EXTENSION: &str = "+12065550113;ext=42";
const DESK: &str = "a0000000-0000-4000-8000-000000000008";

async fn fixture() -> Fixture {
    Fixture::with(|emulator| {
        emulator.seed(serde_json::json!({"numbers": [
            {"telephoneNumber": BASE, "numberType": "directRouting", "assignmentTargetId": DESK,
                "assignmentCategory": "primary", "assignmentStatus": "voiceApplicationAssigned"},
            {"telephoneNumber": super::FREE, "numberType": "callingPlan"},
            {"telephoneNumber": EXTENSION, "numberType": "directRouting", "assignmentTargetId": BEN,
                "assignmentCategory": "primary", "assignmentStatus": "userAssigned"},
        ]}))
    })
    .await
}

#[tokio::test]
async fn a_main_number_stays_with_its_holder_unless_it_is_meant() {
    let fixture = fixture().await;
    let numbers = fixture.client.numbers();
    for error in [
        numbers.unassign(BASE).await.expect_err("is a main number"),
        numbers.move_to(BASE, ANA).await.expect_err("is a main number"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(!error.may_have_reached_service());
        assert!(error.next_step().contains("+12065550113x42"), "{error}");
        assert!(error.next_step().contains(".base(true)"), "{error}");
    }
    assert_eq!(
        (fixture.sent("POST", "unassignNumber"), fixture.holder(BASE).as_deref()),
        (0, Some(DESK))
    );
    let known = numbers.get(BASE).await.expect("reads").expect("is there");
    let error = numbers.unassign(BASE).known(known).await.expect_err("is a main number");
    assert_eq!(error.kind(), ErrorKind::Conflict);

    let moved = numbers.move_to(BASE, ANA).base(true).await.expect("is meant");
    assert_eq!(moved.change, NumberChange::Done);
    let released = numbers.unassign(BASE).base(true).await.expect("is meant");
    assert_eq!(released.change, NumberChange::Done);
    assert_eq!(fixture.holder(BASE), None);
    assert_eq!(fixture.holder(EXTENSION).as_deref(), Some(BEN));
}

#[tokio::test]
async fn a_number_with_an_extension_and_one_without_are_taken_as_before() {
    let fixture = fixture().await;
    let numbers = fixture.client.numbers();
    let released = numbers.unassign("+12065550113x42").await.expect("is not a main number");
    assert_eq!(released.number.to_string(), EXTENSION);
    assert_eq!(fixture.holder(BASE).as_deref(), Some(DESK));
    // A number of a calling plan has no extensions: nothing more is read for it.
    numbers.assign(super::FREE, ANA).await.expect("assigns");
    let lists = || fixture.sent("GET", "numberAssignments");
    let before = lists();
    numbers.unassign(super::FREE).await.expect("unassigns");
    assert_eq!(lists() - before, 2, "before and after");
}

#[tokio::test]
async fn the_plan_says_what_is_read_for_it() {
    let fixture = fixture().await;
    let numbers = fixture.client.numbers();
    let reads = |plan: trunkline::Plan| {
        let of_it = plan
            .steps
            .iter()
            .filter(|step| step.purpose.contains("with an extension of it"));
        of_it.count()
    };
    assert_eq!(reads(numbers.unassign(BASE).plan().expect("can be planned")), 1);
    assert_eq!(
        reads(numbers.unassign(BASE).base(true).plan().expect("can be planned")),
        0
    );
    assert_eq!(
        reads(numbers.unassign("+12065550113x42").plan().expect("can be planned")),
        0
    );
    assert_eq!(reads(numbers.assign(BASE, ANA).plan().expect("can be planned")), 0);
    assert!(fixture.emulator.requests().is_empty());
}
