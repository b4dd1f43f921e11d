//! `trunkline bulk status`: shows the progress of a run.

use std::path::Path;

use serde_json::json;
use trunkline_bulk::Journal;

use super::{Report, code, counted, sentence};
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::printer::Printer;

const COLUMNS: &[Column] = &[
    Column::shown("rows", "/rows"),
    Column::shown("open", "/open"),
    Column::shown("done", "/summary/done"),
    Column::shown("not seen", "/summary/notSeen"),
    Column::shown("already", "/summary/already"),
    Column::shown("failed", "/summary/failed"),
    Column::shown("skipped", "/summary/skipped"),
    Column::shown("pending", "/summary/pending"),
    Column::shown("unknown", "/summary/unknown"),
    Column::shown("tenant", "/tenant"),
    Column::shown("cloud", "/cloud"),
    Column::shown("planned", "/planned"),
];

pub(super) fn run(path: &Path, printer: Printer) -> Result<Report, Failure> {
    let journal = Journal::open(path)?;
    let header = journal.header()?;
    let summary = journal.summary()?;
    let rows = journal.row_count()?;
    let open = rows.saturating_sub(summary.rows);
    let runs = journal.runs()?;
    let moment = |moment: &trunkline::Timestamp| moment.to_string();
    let document = json!({
        "journal": path.display().to_string(),
        "tenant": header.tenant,
        "cloud": header.cloud,
        "planDigest": header.plan_digest,
        "sourceDigest": header.source_digest,
        "source": header.source,
        "planned": header.planned,
        "created": header.created,
        "rows": rows,
        "open": open,
        "summary": summary,
        "runs": runs.iter().map(|run| json!({
            "id": run.id,
            "startedAt": moment(&run.started_at),
            "endedAt": run.ended_at.as_ref().map(moment),
            "version": run.version,
        })).collect::<Vec<_>>(),
        "reserved": journal.reservations()?.len(),
        "inQuarantine": journal.quarantine()?.len(),
    });
    let mut text = format!("{}\n", sentence(&summary));
    text.push_str(&format!("tenant {} in cloud {}\n", header.tenant, header.cloud));
    text.push_str(&format!(
        "planned {}, {}",
        header.planned,
        counted(runs.len() as u64, "run")
    ));
    if let Some(last) = runs.last() {
        match &last.ended_at {
            Some(ended) => text.push_str(&format!(", the last ended {ended}")),
            None => text.push_str(&format!(
                ", the last started {} and is in progress or was killed",
                last.started_at
            )),
        }
    }
    let is_good = summary.is_good();
    if summary.can_go_on() {
        text.push_str(&format!("\ncontinue with: trunkline bulk resume {}", path.display()));
    }
    let text: Vec<_> = text.lines().map(printable).collect();
    printer.document(&Document::new(document, COLUMNS).with_text(text.join("\n")))?;
    Ok(Report::printed(code(is_good)))
}
