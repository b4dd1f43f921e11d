//! Plans against the emulator, from a file and the live state; no change is sent.

mod bases;
mod holders;
mod losses;
mod numbers;
mod phones;
mod suggestions;
mod twice;

use std::sync::Arc;

use serde_json::Value;
use trunkline::{Change, Client, Credential, TestClock};
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions, PlannedRow, Verdict};
use trunkline_bulk::{Bulk, BulkError};
use trunkline_emulator::{ClockMode, Emulator, bulk_numbers};

struct Fixture {
    emulator: Emulator,
    client: Client,
}

impl Fixture {
    async fn build() -> Self {
        let emulator = Emulator::builder()
            .clock(ClockMode::Manual)
            .start()
            .await
            .expect("a port is free");
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(emulator.token()))
            .clock(Arc::new(TestClock::new(emulator.now())))
            .build()
            .expect("builds");
        Self { emulator, client }
    }

    async fn seeded(seed: Value) -> Self {
        let fixture = Self::build().await;
        fixture.emulator.seed(&seed).expect("a seed");
        fixture
    }

    async fn try_plan(&self, file: &str, options: &PlanOptions) -> Result<Plan, BulkError> {
        let rows = input::read(file.as_bytes(), &InputOptions::default()).expect("a file");
        let before = self.emulator.state();
        let plan = Bulk::new(&self.client).plan(&rows, options).await;
        // The states are too long to be shown.
        assert!(self.emulator.state() == before, "planning changed something");
        plan
    }

    async fn plan(&self, file: &str) -> Plan {
        self.try_plan(file, &PlanOptions::default()).await.expect("a plan")
    }
}

fn row(plan: &Plan, line: u32) -> &PlannedRow {
    plan.rows
        .iter()
        .find(|row| row.row == line)
        .expect("the row is planned")
}

/// Verdict, code of the first finding, and steps in a word each.
fn summary_of(row: &PlannedRow) -> (Verdict, &str, Vec<&'static str>) {
    let steps = row.steps.iter().map(|step| match step.change {
        Change::Unassign { .. } => "unassign",
        Change::Assign { .. } => "assign",
        Change::SetLocation { .. } => "locate",
        Change::SetPhone { .. } => "set",
        Change::RemovePhone { .. } => "remove",
        Change::SmsSignIn { enabled: true, .. } => "on",
        Change::SmsSignIn { enabled: false, .. } => "off",
        Change::SetPolicy { .. } | Change::ClearPolicy { .. } => "policy",
    });
    let code = row.findings.first().map_or("", |finding| finding.code.as_str());
    (row.verdict, code, steps.collect())
}

#[tokio::test]
async fn a_plan_is_bound_to_tenant_cloud_and_file_and_survives_its_file() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan("number,user\n+12065550110,ana@contoso.example\n").await;
    assert_eq!(plan.header.tenant, "11111111-1111-1111-1111-111111111111");
    assert_eq!(plan.header.cloud, "global");
    assert_eq!(plan.header.source_digest.len(), 64);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("numbers.plan");
    plan.write(&path).expect("written");
    let read = Plan::read(&path).expect("read");
    assert_eq!(read, plan);
    assert_eq!(read.digest(), plan.digest());
}

#[tokio::test]
async fn a_plan_that_was_cut_between_two_lines_is_damaged() {
    let fixture = Fixture::build().await;
    let file = "number,user\n+12065550110,ana@contoso.example\n+12065550111,dev@contoso.example\n";
    let plan = fixture.plan(file).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("numbers.plan");
    plan.write(&path).expect("written");
    let text = std::fs::read_to_string(&path).expect("read");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    std::fs::write(&path, format!("{}\n{}\n", lines[0], lines[1])).expect("written");
    let damaged = Plan::read(&path).expect_err("a row is missing");
    assert_eq!(damaged.kind(), trunkline_bulk::BulkErrorKind::Plan);
    assert!(damaged.what().contains("1 rows of 2"), "{damaged}");
}

#[tokio::test]
async fn a_plan_that_was_changed_is_refused_and_one_of_a_first_version_is_read() {
    let fixture = Fixture::build().await;
    let plan = fixture.plan("number,user\n+12065550110,ana@contoso.example\n").await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("numbers.plan");
    plan.write(&path).expect("written");
    let text = std::fs::read_to_string(&path).expect("read");
    let last = text.rfind("+12065550110").expect("the number of the step");
    let step = format!("{}+12065550111{}", &text[..last], &text[last + 12..]);
    for changed in [
        step,
        text.replace("11111111-1111", "22222222-1111"),
        text.replace("ana@", "dev@"),
    ] {
        assert_ne!(changed, text);
        std::fs::write(&path, changed).expect("written");
        let refused = Plan::read(&path).expect_err("it was changed");
        assert_eq!(refused.kind(), trunkline_bulk::BulkErrorKind::Plan);
        assert_eq!(refused.what(), "the plan was changed after it was written");
    }
    let without = text.replace(&format!(",\"digest\":\"{}\"", plan.digest()), "");
    assert_ne!(without, text);
    std::fs::write(&path, without).expect("written");
    assert_eq!(Plan::read(&path).expect("read"), plan);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_whole_is_planned_only_when_asked() {
    let fixture = Fixture::build().await;
    let file = "number,user\n1.20656E+10,ana@contoso.example\n+12065550110,ana@contoso.example\n";
    let refused = fixture
        .try_plan(file, &PlanOptions::default())
        .await
        .expect_err("a row cannot be read");
    assert_eq!(refused.kind(), trunkline_bulk::BulkErrorKind::Input);
    let options = PlanOptions::default().skip_unreadable(true);
    let plan = fixture
        .try_plan(file, &options)
        .await
        .expect("the other row is planned");
    assert_eq!(plan.rows.len(), 2, "the row that cannot be read is a row");
    assert_eq!(
        summary_of(row(&plan, 2)),
        (Verdict::Refused, "scientificNumber", vec![])
    );
    assert_eq!(summary_of(row(&plan, 3)), (Verdict::Change, "", vec!["assign"]));
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_rows_of_the_plan() {
    let fixture = Fixture::build().await;
    let file = "number,user,note\n\
                +12065550110,ana@contoso.example,\n\
                1.20656E+10,ben@contoso.example,\n\
                +12065550111,,\n\
                +12065550110,dev@contoso.example,\n\
                +12065550110,ana@contoso.example,\n\
                +12065550112,carla@contoso.example,x,y\n\
                ,\"gina\n@contoso.example\",\n";
    let options = PlanOptions::default().skip_unreadable(true);
    let plan = fixture
        .try_plan(file, &options)
        .await
        .expect("the other row is planned");
    let found: Vec<_> = plan
        .rows
        .iter()
        .map(|row| {
            let (verdict, code, _) = summary_of(row);
            (row.row, verdict, code, row.wanted.number(), row.wanted.user())
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, Verdict::Change, "", "+12065550110", "ana@contoso.example"),
            (
                3,
                Verdict::Refused,
                "scientificNumber",
                "1.20656E+10",
                "ben@contoso.example"
            ),
            (4, Verdict::Refused, "emptyCell", "+12065550111", ""),
            (
                5,
                Verdict::Refused,
                "numberTwice",
                "+12065550110",
                "dev@contoso.example"
            ),
            (
                7,
                Verdict::Refused,
                "extraCells",
                "+12065550112",
                "carla@contoso.example"
            ),
            (8, Verdict::Refused, "emptyCell", "", "gina\u{fffd}@contoso.example"),
        ]
    );
    let what = &row(&plan, 3).findings[0].what;
    assert!(what.starts_with("number: "), "{what}");
    assert_eq!(row(&plan, 8).findings.len(), 2, "all errors of a row are its findings");
    let source = plan.header.source.as_ref().expect("the file");
    assert_eq!(
        (source.name.as_deref(), source.bytes, &source.digest),
        (None, file.len() as u64, &plan.header.source_digest)
    );
    assert_eq!((source.rows, source.unreadable, source.repeated), (7, 5, 1));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("numbers.plan");
    plan.write(&path).expect("written");
    assert_eq!(Plan::read(&path).expect("read"), plan);
    // Some editors put a byte order mark before a text.
    let marked = format!("\u{feff}{}", std::fs::read_to_string(&path).expect("read"));
    std::fs::write(&path, marked).expect("written");
    assert_eq!(Plan::read(&path).expect("read"), plan);
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_all_planned_though_only_some_problems_are_kept() {
    let fixture = Fixture::build().await;
    let mut file = String::from("number,user\n");
    for index in 0..40 {
        file.push_str(&format!("1206555{index:04},ana@contoso.example\n"));
    }
    let mut reading = InputOptions::default();
    reading.limits.problems = 10;
    let rows = input::read(file.as_bytes(), &reading).expect("a file");
    let options = PlanOptions::default().skip_unreadable(true);
    let plan = Bulk::new(&fixture.client).plan(&rows, &options).await.expect("a plan");
    assert_eq!(plan.rows.len(), 40);
    assert!(plan.rows.iter().all(|row| summary_of(row).1 == "noPlus"));
}

#[tokio::test]
async fn thousands_of_rows_cost_few_requests() {
    let fixture = Fixture::seeded(bulk_numbers(3000)).await;
    let numbers = fixture.emulator.state()["numbers"].as_array().expect("numbers").len();
    assert!(numbers >= 3000);
    let mut file = String::from("action,number\n");
    for number in fixture.emulator.state()["numbers"].as_array().expect("numbers") {
        let number = number["telephoneNumber"].as_str().expect("a number");
        file.push_str(&format!("unassign,{number}\n"));
    }
    fixture.emulator.clear_log();
    let plan = fixture.plan(&file).await;
    assert_eq!(plan.rows.len(), numbers);
    assert!(
        fixture.emulator.log().len() < 20,
        "{} requests",
        fixture.emulator.log().len()
    );
}
