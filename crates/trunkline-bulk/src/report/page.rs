//! The report as one HTML page: totals, events over time, problems by cause, every row. Its templates are in `templates/report`.
//!
//! It loads nothing and sends nothing: a content security policy forbids both, and its one script is named by its digest.

use std::io::Write;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::cause::{Cause, Causes};
use super::timeline::{Span, spans};
use super::{Privacy, Report, ReportHeader, ReportRow};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::outcome::Ending;

const STYLE: &str = include_str!("../../templates/report/page.css");
const SCRIPT: &str = include_str!("../../templates/report/page.js");

/// Maximum number of bars in the timeline.
const BARS: usize = 160;

/// The page above its rows.
#[derive(Template)]
#[template(path = "report/head.html")]
struct Head<'r> {
    header: &'r ReportHeader,
    plan: &'r str,
    is_masked: bool,
    totals: Vec<Total>,
    timeline: Option<Timeline>,
    style: &'static str,
    script_digest: String,
}

/// The page below its rows.
#[derive(Template)]
#[template(path = "report/end.html")]
struct End {
    causes: Vec<Cause>,
    script: &'static str,
}

/// Number of rows with a result.
struct Total {
    name: &'static str,
    count: u64,
    meaning: &'static str,
}

/// Rows per second as bars, and marks where the service said to wait. Figures are texts, as the page shows them.
struct Timeline {
    highest: String,
    seconds: String,
    throttled: u64,
    bars: Vec<Bar>,
    waits: Vec<Bar>,
}

/// A bar of the timeline.
struct Bar {
    x: String,
    top: String,
    width: String,
    height: String,
    from: String,
    rows: String,
    sent: String,
    throttled: u64,
}

/// Writes the page. The rows go to the page as they come; nothing of them is kept but the causes of failures.
///
/// # Errors
///
/// When a row cannot be read or the text cannot be written.
pub fn write_page(
    report: &Report,
    rows: impl IntoIterator<Item = Result<ReportRow, BulkError>>,
    mut to: impl Write,
) -> Result<(), BulkError> {
    Head::of(report).write_into(&mut to).map_err(unwritten)?;
    let mut causes = Causes::default();
    for (index, row) in rows.into_iter().enumerate() {
        let row = row?.shown(report.privacy);
        causes.count(&row);
        let comma = if index == 0 { "\n" } else { ",\n" };
        to.write_all(comma.as_bytes()).map_err(unwritten)?;
        to.write_all(data(&row).as_bytes()).map_err(unwritten)?;
    }
    let end = End {
        causes: causes.into_sorted(),
        script: SCRIPT,
    };
    end.write_into(&mut to).and_then(|()| to.flush()).map_err(unwritten)
}

impl<'r> Head<'r> {
    fn of(report: &'r Report) -> Self {
        let header = &report.header;
        let totals = Ending::ALL.map(|ending| Total {
            name: ending.name(),
            count: header.summary.of(ending),
            meaning: meaning(ending),
        });
        Self {
            header,
            plan: header.plan_digest.get(..12).unwrap_or(&header.plan_digest),
            is_masked: report.privacy == Privacy::Masked,
            totals: totals.into(),
            timeline: Timeline::of(&spans(&report.intervals, BARS)),
            style: STYLE,
            script_digest: STANDARD.encode(Sha256::digest(SCRIPT)),
        }
    }
}

const fn meaning(ending: Ending) -> &'static str {
    match ending {
        Ending::Done => "Done: changed and read back",
        Ending::NotSeen => "Accepted, not seen yet: run it again",
        Ending::Already => "Unchanged: already correct",
        Ending::Failed => "Failed",
        Ending::Skipped => "Skipped: nothing sent",
        Ending::Pending => "Pending: in progress",
        Ending::Unknown => "Unknown: check by hand",
    }
}

impl Timeline {
    /// `None`: no row ended in any of the spans.
    fn of(spans: &[Span]) -> Option<Self> {
        const WIDTH: f64 = 1000.0;
        const BASE: f64 = 140.0;
        let highest = spans.iter().map(|span| span.rows).fold(0.0, f64::max);
        if highest <= 0.0 {
            return None;
        }
        let step = WIDTH / spans.len() as f64;
        let bar = |(place, span): (usize, &Span)| {
            let height = span.rows / highest * (BASE - 20.0);
            Bar {
                x: format!("{:.1}", place as f64 * step),
                top: format!("{:.1}", BASE - height),
                width: format!("{:.1}", (step * 0.9).max(0.5)),
                height: format!("{height:.1}"),
                from: format!("{:.0}", span.from),
                rows: format!("{:.1}", span.rows),
                sent: format!("{:.1}", span.sent),
                throttled: span.throttled,
            }
        };
        let placed = || spans.iter().enumerate();
        Some(Self {
            highest: format!("{highest:.1}"),
            seconds: format!("{:.0}", spans.last().map_or(0.0, |span| span.from + span.seconds)),
            throttled: spans.iter().map(|span| span.throttled).sum(),
            bars: placed().filter(|(_, span)| span.rows > 0.0).map(bar).collect(),
            waits: placed().filter(|(_, span)| span.throttled > 0).map(bar).collect(),
        })
    }
}

/// A row for the page's script: an array of texts, as JSON in which no `<` ends the script.
fn data(row: &ReportRow) -> String {
    let outcome = row.outcome.shown();
    let (mut what, step) = match &outcome.failure {
        Some(failure) => (
            match &failure.service_message {
                Some(words) => format!("{} (the service says: {words})", failure.what),
                None => failure.what.clone(),
            },
            failure.next_step.as_str(),
        ),
        None => (outcome.warnings.join("; "), ""),
    };
    for loss in &row.losses {
        if !what.is_empty() {
            what.push_str("; ");
        }
        what.push_str(&loss.to_string());
    }
    let values = serde_json::json!([
        outcome.row,
        row.wanted.label(),
        row.wanted.user_label(),
        row.wanted.number(),
        row.outcome.word(),
        what,
        step,
        outcome.request_ids.join(" "),
    ]);
    values
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
