//! The example `from_csv`, carried out.

#[path = "../../examples/from_csv.rs"]
#[allow(dead_code, reason = "its `main` is for people")]
mod from_csv;

use super::Fixture;

#[tokio::test]
async fn a_csv_is_applied_and_applied_again_without_a_change() {
    let fixture = Fixture::build().await;
    let file = fixture.folder.path().join("people.csv");
    std::fs::write(&file, "number,user\n+12065550101,ana@contoso.example\n").expect("room for it");
    for _ in 0..2 {
        let journal = fixture.journal("people.journal");
        let summary = from_csv::apply_csv(&fixture.client, &file, &journal)
            .await
            .expect("runs");
        assert!(summary.is_good(), "{summary:?}");
        assert_eq!(summary.done, 1);
    }
}
