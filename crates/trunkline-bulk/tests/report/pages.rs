//! Pages for a real browser: `cargo xtask test browser` runs this, and then `tests/browser` on what it wrote.

use std::path::PathBuf;

use trunkline::phones::PhoneRole;
use trunkline::{Change, Person};
use trunkline_bulk::map::{Arrangement, MapNumber, NumberMap, NumberUse};
use trunkline_bulk::pages::{write_map, write_plan};
use trunkline_bulk::plan::{
    Finding, NumberState, Plan, PlanHeader, PlannedRow, Severity, State, Step, Verdict, Wanted,
};
use trunkline_bulk::report::{OpenRow, Privacy, ReportRow, RowEnd, StillOpen, write_page};
use trunkline_bulk::{BulkError, Ending, Failure, RowOutcome, write_whole};

use crate::sample::{HOSTILE, report, rows};

fn write(name: &str, write: impl FnOnce(&mut dyn std::io::Write) -> Result<(), BulkError>) {
    let folder = PathBuf::from(std::env::var_os("TRUNKLINE_PAGES").expect("TRUNKLINE_PAGES names a folder"));
    write_whole(&folder.join(name), write).expect("written");
}

/// Rows that were left out: some cannot be read, some were not reached.
fn left_out(first: u32) -> Vec<Result<ReportRow, BulkError>> {
    let unreadable = |row| RowOutcome {
        row,
        ending: Ending::Skipped,
        before: None,
        after: None,
        request_ids: Vec::new(),
        operations: Vec::new(),
        failure: Some(Failure {
            kind: "noPlus".to_owned(),
            status: None,
            code: None,
            service_message: None,
            what: "the number has no plus".to_owned(),
            next_step: "Write it with its country code".to_owned(),
        }),
        warnings: Vec::new(),
    };
    let row = |wanted, outcome| {
        Ok(ReportRow {
            wanted,
            findings: Vec::new(),
            losses: Vec::new(),
            verified: None,
            outcome,
        })
    };
    let mut rows: Vec<_> = (first..first + 2)
        .map(|line| {
            let wanted = Wanted::Unreadable {
                number: Some("12065550100".to_owned()),
                user: None,
            };
            row(wanted, RowEnd::Ended(unreadable(line)))
        })
        .collect();
    rows.extend((first + 2..first + 5).map(|line| {
        let open = OpenRow {
            row: line,
            ending: StillOpen::Open,
            before: None,
        };
        row(assign(line).into(), RowEnd::Open(open))
    }));
    rows
}

fn assign(index: u32) -> Change {
    Change::Assign {
        number: format!("+1206555{:04}", index % 10_000),
        to: Person::named(format!("ana{index}@contoso.example")),
        category: None,
        location: None,
        number_type: None,
        takes: false,
        picked: false,
    }
}

/// A row of each verdict in turn. The first of three takes its number from somebody.
fn planned(index: u32) -> PlannedRow {
    let verdict = [Verdict::Change, Verdict::Already, Verdict::Refused][index as usize % 3];
    let change = assign(index);
    let before = State::Number(NumberState {
        number: format!("+1206555{index:04}"),
        status: Some("userAssigned".to_owned()),
        holder: Some("a0000000-0000-4000-8000-000000000099".to_owned()),
        holder_name: Some("ben@contoso.example".to_owned()),
        category: Some("primary".to_owned()),
        ..NumberState::default()
    });
    let unassign = Change::Unassign {
        number: format!("+1206555{index:04}"),
        holder: None,
    };
    let steps = [unassign, change.clone()].map(|change| Step {
        change,
        needs: Vec::new(),
        expects: before.clone(),
    });
    let finding = Finding {
        severity: Severity::Error,
        code: "noPhoneLicence".to_owned(),
        what: if index == 5 {
            HOSTILE.to_owned()
        } else {
            "the user has no Teams Phone licence".to_owned()
        },
        next_step: "Give the user a Teams Phone licence".to_owned(),
    };
    PlannedRow {
        row: index + 2,
        wanted: match index % 10 {
            9 => Change::RemovePhone {
                user: Person::named("ana@contoso.example"),
                role: PhoneRole::Mobile,
            }
            .into(),
            _ => change.into(),
        },
        verdict,
        before: Some(before),
        steps: if verdict == Verdict::Change {
            steps.into()
        } else {
            Vec::new()
        },
        findings: if verdict == Verdict::Refused {
            vec![finding]
        } else {
            Vec::new()
        },
    }
}

/// Three hundreds with every use, two places and none, and numbers that have no place in a block.
fn map() -> NumberMap {
    let numbers = (0..260_u32).map(|index| {
        let usage = NumberUse::ALL[[0, 1, 1, 1, 2, 1, 3, 0][index as usize % 8]];
        let mut number = MapNumber::new(format!("+1206555{:04}", 100 + index), usage);
        number.city = (index % 5 > 0).then(|| if index < 100 { "Seattle" } else { "Bellevue" }.to_owned());
        number.location = (index % 2 == 0).then(|| "c0000000-0000-4000-8000-000000000001".to_owned());
        number.detail = (usage == NumberUse::WillChange).then(|| format!("row {index}: {HOSTILE}"));
        number
    });
    let others = ["+12065550113;ext=42", "2065550100"].map(|number| MapNumber::new(number, NumberUse::InUse));
    NumberMap::of(numbers.chain(others), Arrangement::Hundreds)
}

#[test]
#[ignore = "writes pages for a browser; run: cargo xtask test browser"]
fn pages_are_written() {
    let mut all = rows(600);
    all.extend(left_out(602));
    let whole = report(&all, Privacy::Full);
    write("report.html", |to| write_page(&whole, all, to));

    let some = rows(30);
    let masked = report(&some, Privacy::Masked);
    write("masked.html", |to| write_page(&masked, some, to));

    let none = report(&[], Privacy::Full);
    write("empty.html", |to| write_page(&none, Vec::new(), to));

    let mut plan = Plan {
        header: PlanHeader::new("11111111-1111-1111-1111-111111111111", "global", "of a file"),
        rows: (0..300).map(planned).collect(),
    };
    plan.header.source = serde_json::from_value(serde_json::json!({
        "name": "people.xlsx", "bytes": 12_345, "digest": "ab".repeat(32), "rows": 301, "unreadable": 0, "repeated": 1,
    }))
    .expect("a file");
    write("plan.html", |to| write_plan(&plan, to));
    write("map.html", |to| {
        write_map(&map(), vec![("Tenant", "contoso".to_owned())], to)
    });

    // As many rows as a large tenant has, of which a browser must show some at once.
    let sample = rows(600);
    let many = (0..1_000_000).map(|index| sample[index % 600].clone());
    let large = report(&[], Privacy::Full);
    write("large.html", |to| write_page(&large, many, to));
}
