//! The report of a run as a file of rows.

use trunkline_bulk::ApplyOptions;
use trunkline_bulk::input::{self, InputOptions, NumberStyle};
use trunkline_bulk::plan::PlanOptions;
use trunkline_bulk::report::{Privacy, Report, VerifiedResult, write_csv, write_page, write_xlsx};

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
    let journal = fixture.open("there");
    let whole = Report::of(&journal, Privacy::Full).expect("a report");
    let mut workbook = Vec::new();
    write_xlsx(&whole, Report::rows_of(&journal), &mut workbook).expect("written");
    for file in [
        report(&fixture, Privacy::Full, NumberStyle::Plain),
        report(&fixture, Privacy::Full, NumberStyle::Text),
        workbook,
    ] {
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

/// The page of a journal.
fn page(fixture: &Fixture, privacy: Privacy) -> String {
    let journal = fixture.open("there");
    let report = Report::of(&journal, privacy).expect("a report");
    let mut page = Vec::new();
    write_page(&report, Report::rows_of(&journal), &mut page).expect("written");
    String::from_utf8(page).expect("UTF-8")
}

#[tokio::test]
async fn a_report_says_who_ran_it_and_what_verify_found() {
    let fixture = Fixture::build().await;
    let token = fixture.emulator.issue_token(trunkline_emulator::TokenRequest {
        user: Some("ana@contoso.example".to_owned()),
        expires_in_seconds: Some(100_000),
        ..trunkline_emulator::TokenRequest::default()
    });
    let client = trunkline::Client::builder()
        .endpoint(fixture.emulator.url())
        .credential(trunkline::Credential::token(token))
        .clock(std::sync::Arc::new(crate::time::WorldClock::new(
            fixture.emulator.clock(),
        )))
        .build()
        .expect("builds");
    // One clock for run and verify.
    let bulk = trunkline_bulk::Bulk::new(&client);
    let plan = fixture
        .plan(
            "number,user\n+12065550120,ana@contoso.example\n",
            &PlanOptions::default(),
        )
        .await;
    let run = bulk.apply(plan, fixture.journal("there"), &trunkline_bulk::ApplyOptions::new());
    assert!(run.run(|_| ()).await.expect("runs").is_good());
    let runs = fixture.open("there").runs().expect("reads");
    let runner = runs[0].runner.as_ref().expect("the token names somebody");
    assert_eq!(runner.user.as_deref(), Some("ana@contoso.example"));
    assert_eq!(fixture.open("there").verification().expect("reads"), None);
    let shown = page(&fixture, Privacy::Full);
    assert!(shown.contains("nobody verified this run"), "{shown}");
    assert!(shown.contains("by ana@contoso.example"), "{shown}");
    assert!(!page(&fixture, Privacy::Masked).contains("ana@contoso.example"));

    // In place, then somebody takes the number away.
    let verify = || bulk.verify_and_keep(&fixture.open("there"), std::time::Duration::ZERO);
    let verified = verify().await.expect("verifies");
    assert!(verified.not_kept.is_none() && verified.rows[0].holds, "{verified:?}");
    let kept = fixture
        .open("there")
        .verification()
        .expect("reads")
        .expect("was verified");
    assert_eq!((kept.rows, kept.hold, kept.drifted), (1, 1, 0));
    let results = || -> Vec<_> {
        let journal = fixture.open("there");
        let rows = Report::rows_of(&journal).map(|row| row.expect("reads").verified.map(|verified| verified.result));
        rows.collect()
    };
    assert_eq!(results(), [Some(VerifiedResult::InPlace)]);
    let taken = fixture
        .plan("action,number\nunassign,+12065550120\n", &PlanOptions::default())
        .await;
    fixture.apply(taken, "taken").await;
    let verified = verify().await.expect("verifies");
    assert!(
        verified.not_kept.is_none() && verified.rows[0].has_drifted(),
        "{verified:?}"
    );
    assert_eq!(results(), [Some(VerifiedResult::Drifted)]);
    let shown = page(&fixture, Privacy::Full);
    assert!(shown.contains("0 of 1 rows in place, 1 drifted"), "{shown}");
    assert!(
        shown.contains("drifted: it differs from the row; it was free"),
        "{shown}"
    );

    // A process that holds the journal keeps the result out, and the error says so.
    let lock = std::fs::File::open(fixture.journal("there-lock")).expect("opens");
    lock.lock().expect("locks");
    let verified = verify().await.expect("verifies");
    let why = verified.not_kept.expect("is not kept");
    assert_eq!(why.kind(), trunkline_bulk::BulkErrorKind::Busy);
    assert!(verified.rows[0].has_drifted());
    drop(lock);

    // The journal is whole: a copy of the one file can be read, and a run goes on with it.
    std::fs::copy(fixture.journal("there"), fixture.journal("copy")).expect("copies");
    assert_eq!(
        fixture
            .open("copy")
            .verification()
            .expect("reads")
            .expect("is there")
            .drifted,
        1
    );
}

#[tokio::test]
async fn a_verify_is_of_the_moment_before_it_read() {
    let fixture = Fixture::build().await;
    let rows = "number,user\n+12065550120,ana@contoso.example\n";
    let plan = fixture.plan(rows, &PlanOptions::default()).await;
    fixture.apply(plan, "there").await;
    let taken = "action,number\nunassign,+12065550120\n";
    let taken = fixture.plan(taken, &PlanOptions::default()).await;
    fixture.apply(taken, "taken").await;
    // The row was changed lately and is not in place, so it is read again and again.
    let clock = fixture.client.core().clock();
    let before = clock.now();
    let verifying = fixture
        .bulk
        .verify_and_keep(&fixture.open("there"), trunkline_bulk::Bulk::VERIFY_WITHIN);
    let verified = verifying.await.expect("verifies");
    assert!(verified.not_kept.is_none() && !verified.rows[0].holds, "{verified:?}");
    assert!(clock.now().duration_since(before).unsigned_abs() > std::time::Duration::from_secs(10));
    let kept = fixture.open("there").verification().expect("reads").expect("verified");
    assert!(kept.at <= before, "{} is later than {before}", kept.at);
}

#[tokio::test]
async fn a_row_that_ended_after_the_verify_is_not_covered_by_it() {
    let fixture = Fixture::build().await;
    let rows = "number,user\n+12065550120,ana@contoso.example\n+12065550110,dev@contoso.example\n";
    let plan = fixture.plan(rows, &PlanOptions::default()).await;
    let first = ApplyOptions::new().limit(1);
    let wave = fixture.bulk.apply(plan, fixture.journal("there"), &first);
    assert_eq!(wave.run(|_| ()).await.expect("runs").done, 1);
    let verify = || {
        fixture
            .bulk
            .verify_and_keep(&fixture.open("there"), std::time::Duration::ZERO)
    };
    assert!(verify().await.expect("verifies").not_kept.is_none());
    let results = || -> Vec<_> {
        let journal = fixture.open("there");
        let rows = Report::rows_of(&journal).map(|row| row.expect("reads").verified.map(|verified| verified.result));
        rows.collect()
    };
    let in_place = Some(VerifiedResult::InPlace);
    assert_eq!(results(), [in_place, Some(VerifiedResult::NotInPlace)]);
    let rest = fixture.bulk.resume(fixture.journal("there"), &ApplyOptions::new());
    assert!(rest.run(|_| ()).await.expect("runs").is_good());
    assert_eq!(results(), [in_place, Some(VerifiedResult::ChangedLater)]);
    let shown = page(&fixture, Privacy::Full);
    assert!(shown.contains("changed after the last verify"), "{shown}");
    assert!(verify().await.expect("verifies").not_kept.is_none());
    assert_eq!(results(), [in_place, in_place]);
}
