//! The example, carried out twice: the second run has nothing to do.

#[path = "../../examples/bulk_from_csv.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "it is a program, whose `main` signs in for real"
)]
mod bulk_from_csv;

use crate::Fixture;

#[tokio::test]
async fn the_example_applies_a_file() {
    let fixture = Fixture::build().await;
    let file = fixture.journal("rows.csv");
    std::fs::write(&file, "action,number,user\nassign,+12061234567,ana@contoso.example\n").expect("writes");
    let journal = fixture.journal("rows.journal");
    for _ in 0..2 {
        let summary = bulk_from_csv::apply_csv(&fixture.client, &file, &journal).await;
        assert_eq!(summary.expect("applies").done, 1);
    }
    let found = fixture.client.numbers().get("+12061234567").await.expect("reads");
    assert!(found.expect("is there").assignment_target_id.is_value());
}
