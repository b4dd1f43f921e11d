//! There, back, round, and from the pool.

use serde_json::json;
use trunkline::Change;
use trunkline_bulk::input::{self, InputOptions, NumberStyle};
use trunkline_bulk::plan::{Plan, PlanOptions, Pool, Verdict};
use trunkline_bulk::report::{self, Privacy, Report};
use trunkline_bulk::{BulkErrorKind, Ending, ExportOptions};

use crate::Fixture;

/// A swap, a move, an assignment, phones and rows that are already correct.
const FILE: &str = "action,number,user,role,smsSignIn,location\n\
    move,+12065550100,gina@contoso.example,,,\n\
    move,+12065550114,ben@contoso.example,,,\n\
    assign,+12065550110,ana@contoso.example,,,\n\
    unassign,+12065550111,,,,\n\
    setLocation,+12065550120,,,,10c00000-0000-4000-8000-000000000002\n\
    setPhone,+12065550199,carla@contoso.example,mobile,,\n\
    smsSignIn,,carla@contoso.example,,on,\n\
    removePhone,,ben@contoso.example,office,,\n";

#[tokio::test]
async fn a_file_is_applied_verified_and_undone() {
    let fixture = Fixture::build().await;
    let before = fixture.state();
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    let refused: Vec<_> = plan.rows.iter().filter(|row| row.verdict == Verdict::Refused).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let summary = fixture.apply(plan, "there").await;
    let failures: Vec<_> = fixture
        .open("there")
        .rows()
        .filter_map(|row| row.expect("reads").outcome.and_then(|outcome| outcome.failure))
        .collect();
    // Registering a mobile number can let the user sign in with it at once.
    assert!(summary.is_good() && summary.done >= 6, "{summary:?} {failures:?}");

    let verified = fixture.bulk.verify(&fixture.open("there")).await.expect("verifies");
    assert_eq!(verified.len(), 8);
    let not: Vec<_> = verified.iter().filter(|row| !row.holds).collect();
    assert!(not.is_empty(), "{not:?}");

    let back = fixture
        .bulk
        .undo(&fixture.open("there"))
        .await
        .expect("plans the way back");
    assert!(
        back.rows.iter().all(|row| row.verdict != Verdict::Refused),
        "{:?}",
        back.rows
    );
    let summary = fixture.apply(back, "back").await;
    assert!(summary.is_good(), "{summary:?}");
    let after = fixture.state();
    let holders = |state: &(serde_json::Value, serde_json::Value)| -> Vec<_> {
        let numbers = state.0.as_array().expect("numbers");
        let facts = |one: &serde_json::Value| {
            (
                one["telephoneNumber"].clone(),
                one["assignmentTargetId"].clone(),
                one["locationId"].clone(),
            )
        };
        numbers.iter().map(facts).collect()
    };
    assert_eq!(holders(&after), holders(&before));
}

#[tokio::test]
async fn what_a_change_brings_along_is_taken_back_with_it() {
    let fixture = Fixture::build().await;
    let ana = fixture.client.phones("ana@contoso.example");
    ana.disable_sms_sign_in().await.expect("switches it off");
    let before = fixture.state();
    let file = "action,number,user,role,smsSignIn,location\n\
        assign,+12065550110,ana@contoso.example,,,10c00000-0000-4000-8000-000000000002\n\
        setPhone,+12065550199,ana@contoso.example,mobile,,\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    let summary = fixture.apply(plan, "there").await;
    assert_eq!(summary.done, 2, "{summary:?}");
    let journal = fixture.open("there");
    let warnings = journal
        .row(3)
        .expect("reads")
        .expect("the row")
        .outcome
        .expect("ended")
        .warnings;
    assert_eq!(
        warnings,
        ["the service switched SMS sign-in on with the new number; it was off before"]
    );
    let there = fixture.state();
    assert_ne!((&there.0, &there.1), (&before.0, &before.1));

    let back = fixture.bulk.undo(&journal).await.expect("plans the way back");
    let steps: Vec<_> = back.rows.iter().map(|row| row.steps.len()).collect();
    assert_eq!(steps, [2, 2], "{:?}", back.rows);
    let summary = fixture.apply(back, "back").await;
    assert_eq!(summary.done, 2, "{summary:?}");
    let phones = |state: &(serde_json::Value, serde_json::Value)| {
        let people = state.1.as_array().expect("users").iter();
        people
            .map(|person| person["authentication"]["phoneMethods"].clone())
            .collect::<Vec<_>>()
    };
    let after = fixture.state();
    assert_eq!(phones(&after), phones(&before));
    let number = |state: &(serde_json::Value, serde_json::Value)| {
        let numbers = state.0.as_array().expect("numbers").iter();
        let found = numbers.clone().find(|one| one["telephoneNumber"] == "+12065550110");
        found.map(|one| (one["assignmentTargetId"].clone(), one["locationId"].clone()))
    };
    assert_eq!(number(&after), number(&before));
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_in_the_journal_and_in_the_report() {
    let fixture = Fixture::build().await;
    let file = "number,user\n+12065550110,ana@contoso.example\n12065550111,ben@contoso.example\n";
    let rows = input::read(file.as_bytes(), &InputOptions::default()).expect("a file");
    let options = PlanOptions::default().skip_unreadable(true);
    let rows = rows.named("cutover.csv");
    let plan = fixture.bulk.plan(&rows, &options).await.expect("a plan");
    let source = plan.header.source.clone().expect("the file");
    let summary = fixture.apply(plan, "there").await;
    assert_eq!((summary.done, summary.skipped), (1, 1), "{summary:?}");
    let journal = fixture.open("there");
    let header = journal.header().expect("reads");
    assert_eq!(header.source.as_ref(), Some(&source));
    assert_eq!(
        source.to_string(),
        format!("cutover.csv, {} bytes, SHA-256 {}", file.len(), header.source_digest)
    );
    let row = journal.row(3).expect("reads").expect("the row");
    assert_eq!(
        (row.planned.wanted.number(), row.planned.wanted.user()),
        ("12065550111", "ben@contoso.example")
    );
    let outcome = row.outcome.expect("ended");
    assert_eq!(outcome.ending, Ending::Skipped);
    assert_eq!(outcome.failure.map(|failure| failure.kind).as_deref(), Some("noPlus"));

    let report = Report::of(&journal, Privacy::Full).expect("reads");
    let mut csv = Vec::new();
    report::write_csv(&report, Report::rows_of(&journal), NumberStyle::Plain, &mut csv).expect("written");
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert!(
        csv.contains("unreadable,12065550111,ben@contoso.example,,,,,,,,3,ben@contoso.example,skipped,\"number: the number has no plus"),
        "{csv}"
    );
    let mut lines = Vec::new();
    report::write_json_lines(&report, Report::rows_of(&journal), &mut lines).expect("written");
    let first: serde_json::Value =
        serde_json::from_slice(lines.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON");
    assert_eq!(first["source"]["name"], "cutover.csv");
    let mut page = Vec::new();
    report::write_page(&report, Report::rows_of(&journal), &mut page).expect("written");
    let page = String::from_utf8(page).expect("UTF-8");
    for words in ["cutover.csv", &source.digest, "rows that cannot be read: 1", "noPlus"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let masked = Report::of(&journal, Privacy::Masked).expect("reads");
    let mut csv = Vec::new();
    report::write_csv(&masked, Report::rows_of(&journal), NumberStyle::Plain, &mut csv).expect("written");
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert!(!csv.contains("12065550111") && !csv.contains("ben@"), "{csv}");

    let verified = fixture.bulk.verify(&journal).await.expect("verifies");
    assert!(verified[0].holds && !verified[1].holds && !verified[1].has_drifted());
    let back = fixture.bulk.undo(&journal).await.expect("plans the way back");
    assert_eq!(back.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2]);
    assert_eq!(back.header.source, None);
}

#[tokio::test]
async fn what_somebody_changed_since_is_seen_and_not_undone() {
    let fixture = Fixture::build().await;
    let file = "number,user\n+12065550110,ana@contoso.example\n+12065550111,carla@contoso.example\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    fixture.apply(plan, "there").await;
    let mut number = fixture.number("+12065550110");
    number["assignmentTargetId"] = json!("a0000000-0000-4000-8000-000000000004");
    let mut numbers = fixture.state().0;
    for one in numbers.as_array_mut().expect("numbers") {
        if one["telephoneNumber"] == "+12065550110" {
            *one = number.clone();
        }
    }
    fixture.emulator.seed(&json!({ "numbers": numbers })).expect("a seed");

    let verified = fixture.bulk.verify(&fixture.open("there")).await.expect("verifies");
    assert!(verified[0].has_drifted(), "{:?}", verified[0]);
    assert!(
        verified[0].what.as_deref().is_some_and(|what| what.contains("held by")),
        "{:?}",
        verified[0]
    );
    assert_eq!(verified[1].ending, Some(Ending::Skipped), "carla has no licence");
    assert!(!verified[1].holds && !verified[1].has_drifted());

    let back = fixture
        .bulk
        .undo(&fixture.open("there"))
        .await
        .expect("plans the way back");
    assert_eq!(back.rows.len(), 1);
    assert_eq!(back.rows[0].verdict, Verdict::Refused);
    assert_eq!(back.rows[0].findings[0].code, "changedSince");
}

#[tokio::test]
async fn a_location_that_somebody_changed_since_is_not_undone() {
    let fixture = Fixture::build().await;
    let place = |digit: u8| format!("10c00000-0000-4000-8000-00000000000{digit}");
    let file = format!("action,number,location\nsetLocation,+12065550120,{}\n", place(2));
    let plan = fixture.plan(&file, &PlanOptions::default()).await;
    fixture.apply(plan, "there").await;
    let mut numbers = fixture.state().0;
    for one in numbers.as_array_mut().expect("numbers") {
        if one["telephoneNumber"] == "+12065550120" {
            one["locationId"] = json!(place(1));
        }
    }
    fixture.emulator.seed(&json!({ "numbers": numbers })).expect("a seed");
    let back = fixture
        .bulk
        .undo(&fixture.open("there"))
        .await
        .expect("plans the way back");
    assert_eq!(back.rows[0].verdict, Verdict::Refused);
    assert_eq!(back.rows[0].findings[0].code, "changedSince");
}

#[tokio::test]
async fn a_journal_of_another_tenant_is_refused_before_anything_is_read() {
    let fixture = Fixture::build().await;
    let file = "number,user\n+12065550110,ana@contoso.example\n";
    let plan = fixture.plan(file, &PlanOptions::default()).await;
    fixture.apply(plan, "there").await;
    let other = "99999999-9999-9999-9999-999999999999";
    rusqlite::Connection::open(fixture.journal("there"))
        .and_then(|journal| journal.execute("UPDATE journal SET value = ?1 WHERE key = 'tenant'", [other]))
        .expect("is SQLite");
    fixture.emulator.clear_log();
    let verified = fixture
        .bulk
        .verify(&fixture.open("there"))
        .await
        .expect_err("another's");
    let undone = fixture.bulk.undo(&fixture.open("there")).await.expect_err("another's");
    assert_eq!(verified.kind(), BulkErrorKind::OtherTenant);
    assert_eq!(undone.kind(), BulkErrorKind::OtherTenant);
    assert!(fixture.emulator.log().is_empty());
}

#[tokio::test]
async fn what_is_exported_needs_no_change() {
    let fixture = Fixture::build().await;
    let export = fixture
        .bulk
        .export(&ExportOptions::default().with_phones(true))
        .await
        .expect("exports");
    assert!(export.rows.len() > 5);
    assert_eq!(export.left_out.len(), 2, "{:?}", export.left_out);
    assert!(export.unreadable.is_empty(), "{:?}", export.unreadable);
    for format in ["csv", "jsonl", "xlsx"] {
        let mut file = Vec::new();
        match format {
            "xlsx" => export.write_xlsx(&mut file).expect("written"),
            "csv" => export.write_csv(&mut file, NumberStyle::Text).expect("written"),
            _ => export.write_json_lines(&mut file).expect("written"),
        }
        let rows = input::read(file.as_slice(), &InputOptions::default()).expect("a file");
        let plan = fixture.bulk.plan(&rows, &PlanOptions::default()).await.expect("a plan");
        assert_eq!(plan.rows.len(), export.rows.len());
        for row in &plan.rows {
            assert_eq!(row.verdict, Verdict::Already, "{row:?}");
        }
    }
}

fn picked(plan: &Plan) -> Vec<&str> {
    let numbers = plan.rows.iter().map(|row| match row.wanted.change() {
        Some(Change::Assign {
            number, picked: true, ..
        }) => number.as_str(),
        _ => "not picked",
    });
    numbers.collect()
}

#[tokio::test]
async fn numbers_are_picked_reserved_and_left_alone_by_others() {
    let fixture = Fixture::build().await;
    let file = "action,number,user\nassign,,ana@contoso.example\n";
    let pool = Pool {
        prefix: Some("+12065550".to_owned()),
        number_type: Some("directRouting".to_owned()),
        ..Pool::default()
    };
    let plan = fixture.plan(file, &PlanOptions::default().pool(pool.clone())).await;
    assert_eq!(picked(&plan), ["+12065550110"]);
    // The journal exists as soon as applying begins; the run is dropped before anything is sent.
    let mut run = fixture
        .bulk
        .apply(plan, fixture.journal("first"), &trunkline_bulk::ApplyOptions::new());
    let _ = futures_util::StreamExt::next(&mut run).await;
    drop(run);
    let respectful = Pool {
        respects: vec![fixture.journal("first")],
        ..pool.clone()
    };
    let other = "action,number,user\nassign,,ana@contoso.example\n";
    let plan = fixture.plan(other, &PlanOptions::default().pool(respectful)).await;
    assert_eq!(picked(&plan), ["+12065550111"]);
    let nothing = Pool {
        city: Some("Nowhere".to_owned()),
        ..pool
    };
    let plan = fixture.plan(other, &PlanOptions::default().pool(nothing)).await;
    assert_eq!(plan.rows[0].findings[0].code, "poolEmpty");
    let plan = fixture.plan(other, &PlanOptions::default()).await;
    assert_eq!(plan.rows[0].findings[0].code, "noNumber");
}

#[tokio::test]
async fn zeros_of_a_location_are_not_exported() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let fixture = Fixture::build().await;
    let number = json!({"telephoneNumber": "+12065550111", "numberType": "directRouting", "locationId": zeros,
        "assignmentTargetId": "a0000000-0000-4000-8000-000000000007", "assignmentCategory": "primary",
        "assignmentStatus": "userAssigned", "numberSource": "online"});
    fixture.emulator.seed(&json!({ "numbers": [number] })).expect("a seed");
    let export = fixture.bulk.export(&ExportOptions::default()).await.expect("exports");
    let mut file = Vec::new();
    export.write_csv(&mut file, NumberStyle::Text).expect("written");
    let file = String::from_utf8(file).expect("UTF-8");
    assert!(file.contains("+12065550111") && !file.contains(zeros), "{file}");
}
