//! `trunkline bulk verify`: checks which changes of a run are still in place.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline::Pace;
use trunkline_bulk::{Bulk, Ending, Journal, VerifiedRow};

use super::people::People;
use super::{Report, code, counted};
use crate::arguments::Format;
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

const COLUMNS: &[Column] = &[
    Column::shown("row", "/line"),
    Column::shown("holds", "/holds"),
    Column::shown("drifted", "/drifted"),
    Column::shown("ending", "/ending"),
    Column::shown("action", "/words"),
    Column::shown("number", "/number"),
    Column::shown("user", "/user"),
    Column::shown("now", "/nowInWords"),
    Column::shown("then", "/then"),
    Column::shown("what", "/what"),
];

pub(super) async fn run(
    path: &Path,
    wait: Duration,
    connection: &Connection<'_>,
    printer: Printer,
) -> Result<Report, Failure> {
    let journal = Journal::open(path)?;
    let bulk = Bulk::new(&connection.client_for_jobs(Pace::documented())?);
    let verified = unless_interrupted(&Reporter::silent(printer), bulk.verify_and_keep(&journal, wait)).await?;
    if let Some(why) = &verified.not_kept {
        printer.warning(&format!(
            "the result is not kept in the journal, so its report will not show it: {why}"
        ));
    }
    let rows = verified.rows;
    let holds = rows.iter().filter(|row| row.holds).count() as u64;
    let drifted = rows.iter().filter(|row| row.has_drifted()).count() as u64;
    let never = rows.len() as u64 - holds - drifted;
    match printer.format() {
        Format::Json => {
            let summary = json!({"rows": rows.len(), "hold": holds, "drifted": drifted, "neverHeld": never});
            let document = json!({"summary": summary, "rows": rows});
            printer.result(&format!("{document:#}\n"))?;
        }
        Format::Jsonl => {
            for row in &rows {
                printer.result(&format!("{}\n", serde_json::to_string(row)?))?;
            }
        }
        Format::Csv => {
            let records = rows.iter().map(flat).collect();
            printer.document(&Document::new(Value::Array(records), COLUMNS))?;
        }
        Format::Table => {
            let ids = printer.view().ids;
            let mut text: String = rows.iter().filter(|row| !row.holds).map(|row| line(row, ids)).collect();
            text.push_str(&format!(
                "{}: {holds} hold, {drifted} drifted, {never} not in place\n",
                counted(rows.len() as u64, "row")
            ));
            printer.prose(&text)?;
        }
    }
    Ok(Report::printed(code(holds == rows.len() as u64)))
}

fn now(row: &VerifiedRow, ids: bool) -> String {
    match &row.now {
        Some(state) => People::of_row(&row.wanted, &row.now, ids).words(state),
        None => "not found".to_owned(),
    }
}

fn flat(row: &VerifiedRow) -> Value {
    json!({
        "row": row.row,
        "holds": row.holds,
        "drifted": row.has_drifted(),
        "ending": row.ending.map(Ending::name),
        "words": row.wanted.words(),
        "number": row.wanted.number(),
        "user": row.wanted.user_label(),
        "nowInWords": now(row, false),
        "then": row.wanted.end(),
        "what": row.what,
    })
}

fn line(row: &VerifiedRow, ids: bool) -> String {
    let how = match row.ending {
        _ if row.has_drifted() => "drifted",
        Some(Ending::NotSeen) => "is not seen yet",
        _ => "not in place",
    };
    let ending = row.ending.map_or("open", Ending::name);
    let line = format!(
        "row {} {how} (was {ending}): {}: {}; it should be: {}",
        row.row,
        People::of_row(&row.wanted, &row.now, ids).about(&row.wanted),
        now(row, ids),
        row.wanted.end()
    );
    format!("{}\n", printable(&line))
}
