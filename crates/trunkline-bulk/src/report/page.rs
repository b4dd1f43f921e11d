//! The report as one HTML page: facts, totals, events over time, problems by cause, rows left out, a map, every row. Its templates
//! are in `templates/report` and `templates/page`.

use std::io::Write;

use askama::Template;
use serde_json::json;

use super::picture::{self, mark};
use super::timeline::{Span, spans};
use super::{Privacy, Report, ReportHeader, ReportRow, RowEnd, RowVerified};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::map::{Arrangement, Marks, NumberMap};
use crate::outcome::Ending;
use crate::pages::{Cause, Causes, Controls, Fact, SCRIPT, Shell, Subject, Total, data, map_html, write_rows};
use crate::plan::Wanted;

/// Maximum number of bars in the timeline.
const BARS: usize = 160;

/// Maximum number of open rows that are named.
const NAMED: usize = 40;

/// The page above its rows.
#[derive(Template)]
#[template(path = "report/head.html")]
struct Head<'r> {
    shell: Shell,
    facts: Vec<Fact>,
    header: &'r ReportHeader,
    is_masked: bool,
    totals: Vec<Total>,
    timeline: Option<Timeline>,
    controls: String,
    heads: [(&'static str, &'static str); 8],
}

/// The page below its rows.
#[derive(Template)]
#[template(path = "report/end.html")]
struct End {
    causes: Vec<Cause>,
    left_out: Vec<Cause>,
    open: Option<Open>,
    repeated: u64,
    map: Option<String>,
    /// The reason why there is no map.
    no_map: Option<&'static str>,
    script: &'static str,
}

/// The rows that have not ended.
#[derive(Default)]
struct Open {
    count: u64,
    rows: String,
    names_some: bool,
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

/// The parts of the page that are known behind its rows.
struct Gathered {
    causes: Causes,
    left_out: Causes,
    open: Vec<u32>,
    open_rows: u64,
    /// `None`: a masked report, which has no map.
    marks: Option<Marks>,
}

/// Writes the page. The rows go to the page as they come; nothing of them is kept but causes, open rows, and numbers for the map.
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
    let mut gathered = Gathered::of(report.privacy);
    write_rows(rows, &mut to, |row| {
        let row = row?.shown(report.privacy);
        gathered.add(&row);
        Ok(row_data(&row))
    })?;
    let end = gathered.into_end(report);
    end.write_into(&mut to).and_then(|()| to.flush()).map_err(unwritten)
}

impl Gathered {
    fn of(privacy: Privacy) -> Self {
        Self {
            causes: Causes::default(),
            left_out: Causes::default(),
            open: Vec::new(),
            open_rows: 0,
            marks: (privacy == Privacy::Full).then(Marks::default),
        }
    }

    fn add(&mut self, row: &ReportRow) {
        if let Some(marks) = self.marks.as_mut().filter(|marks| marks.len() <= picture::MOST) {
            mark(marks, row);
        }
        let outcome = match &row.outcome {
            RowEnd::Ended(outcome) => outcome,
            RowEnd::Open(open) => {
                self.open_rows += 1;
                if self.open.len() < NAMED {
                    self.open.push(open.row);
                }
                return;
            }
        };
        if outcome.ending.is_good() {
            return;
        }
        let state = outcome.ending.name();
        let (kind, code) = match &outcome.failure {
            Some(failure) => (failure.kind.as_str(), failure.code.as_deref()),
            None => (state, None),
        };
        let causes = match row.wanted {
            Wanted::Unreadable { .. } => &mut self.left_out,
            Wanted::Change(_) => &mut self.causes,
        };
        causes.count(outcome.row, state, kind, code, || {
            let failure = outcome.failure.as_ref();
            failure.map_or_else(Default::default, |failure| {
                (failure.what.clone(), failure.next_step.clone())
            })
        });
    }

    fn into_end(self, report: &Report) -> End {
        let (map, no_map) = match self.marks {
            None => (None, Some("A masked report has no map: its numbers are not shown.")),
            Some(marks) if marks.len() > picture::MOST => (
                None,
                Some(
                    "The run has too many numbers for a map in its report. See them with: trunkline numbers map --html FILE",
                ),
            ),
            Some(marks) if marks.is_empty() => (None, None),
            Some(marks) => {
                let map = NumberMap::of(marks.into_numbers(), Arrangement::Hundreds);
                (Some(map_html(&map, Subject::Run)), None)
            }
        };
        let rows: Vec<String> = self.open.iter().map(u32::to_string).collect();
        End {
            causes: self.causes.into_sorted(),
            left_out: self.left_out.into_sorted(),
            open: (self.open_rows > 0).then(|| Open {
                count: self.open_rows,
                rows: rows.join(", "),
                names_some: self.open_rows > rows.len() as u64,
            }),
            repeated: report.header.source.as_ref().map_or(0, |source| source.repeated),
            map,
            no_map,
            script: SCRIPT,
        }
    }
}

impl<'r> Head<'r> {
    fn of(report: &'r Report) -> Self {
        let header = &report.header;
        let totals = Ending::ALL.map(|ending| Total {
            name: ending.name(),
            count: header.summary.of(ending),
            meaning: meaning(ending),
        });
        let endings = Ending::ALL.map(Ending::name).into_iter().chain(["open"]);
        let controls = Controls {
            prefix: "rows-",
            search: "Search: number, user, reason, request id",
            choice: "Ending",
            options: endings.map(|ending| (ending.to_owned(), ending.to_owned())).collect(),
        };
        Self {
            shell: Shell::new("bulk run"),
            facts: report.facts(),
            header,
            is_masked: report.privacy == Privacy::Masked,
            totals: totals.into(),
            timeline: Timeline::of(&spans(&report.intervals, BARS)),
            controls: controls.html(),
            heads: [
                ("Row", "figure"),
                ("Action", ""),
                ("User", ""),
                ("Number", "figure"),
                ("Ending", "state"),
                ("What, and what to do", "long"),
                ("Verified", ""),
                ("Request ids", ""),
            ],
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

/// A row for the page's script.
fn row_data(row: &ReportRow) -> String {
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
    data(&json!([
        outcome.row,
        row.wanted.label(),
        row.wanted.user_label(),
        row.wanted.number(),
        row.outcome.word(),
        [what, step],
        row.verified.as_ref().map(RowVerified::words).unwrap_or_default(),
        outcome.request_ids.join(" "),
    ]))
}
