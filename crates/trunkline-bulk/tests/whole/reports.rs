//! The report of a run as a file of rows.

use trunkline_bulk::input::{self, InputOptions, NumberStyle};
use trunkline_bulk::plan::PlanOptions;
use trunkline_bulk::report::{Privacy, Report, write_csv};

use crate::Fixture;

/// Every action, with everything that a row can say; one of the rows fails.
const FILE: &str = "action,number,user,category,location,numberType,role,smsSignIn\n\
    assign,+12065550120,ana@contoso.example,,10c00000-0000-4000-8000-000000000002,,,\n\
    setPhone,+1 2065550198,carla@contoso.example,,,,mobile,\n\
    smsSignIn,,ben@contoso.example,,,,,off\n\
    setLocation,+12065550121,,,10c00000-0000-4000-8000-0000000000ff,,,\n\
    move,+12065550114,a0000000-0000-4000-8000-000000000001,private,,,,\n\
    unassign,+12065550106,,,,,,\n\
    setLocation,+12065550111,,,none,,,\n\
    removePhone,,ben@contoso.example,,,,office,\n\
    assign,+12065550110,dev@contoso.example,,,directRouting,,\n";

fn report(fixture: &Fixture, privacy: Privacy, style: NumberStyle) -> Vec<u8> {
    let journal = fixture.open("there");
    let report = Report::of(&journal, privacy).expect("a report");
    let mut file = Vec::new();
    write_csv(&report, Report::rows_of(&journal), style, &mut file).expect("written");
    file
}

#[tokio::test]
async fn a_report_is_planned_again_whole() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    let wanted: Vec<_> = plan.rows.iter().map(|row| row.wanted.clone()).collect();
    fixture.apply(plan, "there").await;
    for style in [NumberStyle::Plain, NumberStyle::Text] {
        let file = report(&fixture, Privacy::Full, style);
        let rows = input::read(file.as_slice(), &InputOptions::default()).expect("a file");
        assert!(rows.problems().is_free_of_errors(), "{:?}", rows.problems());
        let again = fixture.bulk.plan(&rows, &PlanOptions::default()).await.expect("a plan");
        let again: Vec<_> = again.rows.iter().map(|row| row.wanted.clone()).collect();
        assert_eq!(again, wanted);
    }
}

#[tokio::test]
async fn rows_that_have_not_ended_are_in_the_report_as_open() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    let wanted: Vec<_> = plan.rows.iter().map(|row| row.wanted.clone()).collect();
    // The journal exists as soon as applying begins; the run is dropped before anything is sent.
    let mut run = fixture
        .bulk
        .apply(plan, fixture.journal("there"), &trunkline_bulk::ApplyOptions::new());
    let _ = futures_util::StreamExt::next(&mut run).await;
    drop(run);
    let file = report(&fixture, Privacy::Full, NumberStyle::Plain);
    let text = String::from_utf8(file.clone()).expect("UTF-8");
    let journal = fixture.open("there");
    let open = usize::try_from(Report::of(&journal, Privacy::Full).expect("a report").header.open).expect("few");
    assert!(open > 3, "{open}");
    assert_eq!(text.matches(",open,").count(), open, "{text}");
    let rows = input::read(file.as_slice(), &InputOptions::default()).expect("a file");
    let again = fixture.bulk.plan(&rows, &PlanOptions::default()).await.expect("a plan");
    let again: Vec<_> = again.rows.iter().map(|row| row.wanted.clone()).collect();
    assert_eq!(again, wanted);
    let summary = Report::of(&journal, Privacy::Masked).expect("a report");
    let mut lines = Vec::new();
    trunkline_bulk::report::write_json_lines(&summary, Report::rows_of(&journal), &mut lines).expect("written");
    let lines = String::from_utf8(lines).expect("UTF-8");
    assert_eq!(lines.matches(r#""ending":"open""#).count(), open, "{lines}");
    assert!(!lines.contains("206555") && !lines.contains("ben@"), "{lines}");
}

#[tokio::test]
async fn a_masked_report_is_refused_as_a_file() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    let count = plan.rows.len() as u64;
    fixture.apply(plan, "there").await;
    let file = report(&fixture, Privacy::Masked, NumberStyle::Plain);
    let rows = input::read(file.as_slice(), &InputOptions::default()).expect("a file");
    assert_eq!(rows.len(), 0, "nothing of it is anybody's number or name");
    assert!(rows.problems().count(input::Severity::Error) >= count);
}

#[tokio::test]
async fn numbers_stand_in_full_in_every_cell_or_in_none() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan(FILE, &PlanOptions::default()).await;
    fixture.apply(plan, "there").await;
    let text = String::from_utf8(report(&fixture, Privacy::Full, NumberStyle::Plain)).expect("UTF-8");
    assert!(!text.contains("***"), "{text}");
    let text = String::from_utf8(report(&fixture, Privacy::Masked, NumberStyle::Plain)).expect("UTF-8");
    for name in ["206555", "2065550", "ana@", "ben@", "gina@", "carla@"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
}
