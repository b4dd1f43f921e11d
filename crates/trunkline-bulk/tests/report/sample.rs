//! A run with every ending, and with texts that a page or a spreadsheet could take for something else.

use trunkline::phones::PhoneRole;
use trunkline::{Change, Person};
use trunkline_bulk::plan::{Loss, NumberState, PhoneState, State};
use trunkline_bulk::report::{
    Interval, Privacy, Report, ReportHeader, ReportRow, ReportRun, ReportVerification, RowEnd, RowVerified,
    VerifiedResult,
};
use trunkline_bulk::{BulkError, Ending, Failure, RowOutcome, Summary};

/// A text that breaks out of whatever quotes it badly.
pub(crate) const HOSTILE: &str =
    "</script><script>document.title='broken'</script>\"'><img src=x onerror=\"document.title='broken'\">";

pub(crate) fn rows(count: u32) -> Vec<Result<ReportRow, BulkError>> {
    (0..count).map(|index| Ok(row(index))).collect()
}

fn person(index: u32) -> Person {
    Person {
        id: Some(format!("a0000000-0000-4000-8000-{index:012}")),
        name: if index == 2 {
            HOSTILE.to_owned()
        } else {
            format!("ana{index}@contoso.example")
        },
        ..Person::default()
    }
}

/// The first row of six takes its user's other number away, and the second number of somebody whom the row does not name.
fn losses(index: u32) -> Vec<Loss> {
    if !index.is_multiple_of(6) {
        return Vec::new();
    }
    let loss = |number: String, name: &str| Loss {
        number,
        loser: "a0000000-0000-4000-8000-000000000099".to_owned(),
        loser_name: Some(name.to_owned()),
        category: Some("primary".to_owned()),
        to: None,
        is_replaced: true,
        ending: Some(Ending::Done),
    };
    vec![
        loss(
            format!("+1206555{:04}", 5000 + index),
            &format!("ana{index}@contoso.example"),
        ),
        loss(format!("+1206555{:04}", 6000 + index), "ana1@contoso.example"),
    ]
}

fn row(index: u32) -> ReportRow {
    let number = format!("+1206555{index:04}");
    let endings = [
        Ending::Done,
        Ending::Already,
        Ending::Failed,
        Ending::Skipped,
        Ending::Pending,
        Ending::Unknown,
    ];
    let ending = endings[index as usize % endings.len()];
    let wanted = if index % 5 == 4 {
        Change::SetPhone {
            user: person(index),
            role: PhoneRole::Mobile,
            number: format!("+1 206555{index:04}"),
        }
    } else {
        Change::Assign {
            number: number.clone(),
            to: person(index),
            category: None,
            location: None,
            number_type: None,
            takes: false,
            picked: false,
        }
    };
    let failure = (!ending.is_good()).then(|| Failure {
        kind: "operationFailed".to_owned(),
        status: Some(403),
        code: Some("Forbidden".to_owned()),
        service_message: Some(if index == 2 {
            HOSTILE.to_owned()
        } else {
            "=cmd|' /C calc'!A0".to_owned()
        }),
        what: format!("{number} was not assigned to ana{index}@contoso.example"),
        next_step: "Give the holder a Teams Phone licence".to_owned(),
    });
    ReportRow {
        wanted: wanted.into(),
        findings: Vec::new(),
        losses: losses(index),
        verified: Some(RowVerified {
            result: if index % 7 == 3 {
                VerifiedResult::Drifted
            } else {
                VerifiedResult::InPlace
            },
            now: None,
            what: (index % 7 == 3).then(|| format!("ana{index}@contoso.example has another number")),
        }),
        outcome: RowEnd::Ended(RowOutcome {
            row: index + 2,
            ending,
            before: Some(State::Number(NumberState {
                number,
                number_type: Some("callingPlan".to_owned()),
                number_source: Some("online".to_owned()),
                status: Some("unassigned".to_owned()),
                activation: Some("activated".to_owned()),
                ..NumberState::default()
            })),
            after: (index % 5 == 4).then(|| {
                State::Phone(PhoneState {
                    user: "a0000000-0000-4000-8000-000000000001".to_owned(),
                    role: "mobile".to_owned(),
                    number: Some(format!("+1 206555{index:04}")),
                    sms_sign_in: Some("ready".to_owned()),
                })
            }),
            request_ids: vec![format!("c0000000-0000-4000-8000-{index:012}")],
            operations: Vec::new(),
            failure,
            warnings: Vec::new(),
        }),
    }
}

pub(crate) fn report(rows: &[Result<ReportRow, BulkError>], privacy: Privacy) -> Report {
    let mut summary = Summary::default();
    for row in rows.iter().flatten() {
        if let RowEnd::Ended(outcome) = &row.outcome {
            summary.count(outcome.ending);
        }
    }
    Report {
        header: ReportHeader {
            tenant: "11111111-1111-1111-1111-111111111111".to_owned(),
            cloud: "global".to_owned(),
            plan_digest: "ab".repeat(32),
            source: serde_json::from_value(serde_json::json!({
                "name": "ana1.csv", "bytes": 1234, "digest": "cd".repeat(32), "rows": rows.len(), "unreadable": 0, "repeated": 0,
            }))
            .expect("a file"),
            started: Some("2026-01-15T09:00:00Z".to_owned()),
            ended: Some("2026-01-15T09:05:00Z".to_owned()),
            summary,
            runs: vec![ReportRun {
                started: "2026-01-15T09:00:00Z".to_owned(),
                ended: Some("2026-01-15T09:05:00Z".to_owned()),
                version: "0.1.0".to_owned(),
                runner: serde_json::from_value(serde_json::json!({"user": "ana1@contoso.example"})).expect("a runner"),
            }],
            verification: Some(ReportVerification {
                at: "2026-01-15T10:00:00Z".to_owned(),
                rows: rows.len() as u64,
                hold: 1,
                drifted: 2,
            }),
            open: 3,
            losses: 2,
        },
        intervals: (0..300)
            .map(|second| Interval {
                at: 1_768_467_600_000 + second * 1000,
                sent: 30,
                throttled: u64::from(second % 60 == 0),
                ended: 6,
                in_flight: 16,
                allowed_rate: Some(30.0),
                paused_for: None,
            })
            .collect(),
        privacy,
    }
}
