//! `trunkline bulk plan`: what a file would change.

use std::collections::HashMap;
use std::path::Path;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use trunkline::ErrorKind;
use trunkline_bulk::Bulk;
use trunkline_bulk::input::{Input, Severity};
use trunkline_bulk::plan::{Person, Plan, PlanOptions, PlannedRow, Pool, Severity as FindingSeverity, Verdict, Wanted};

use super::{Report, code, counted, problems, read};
use crate::arguments::{Format, Picking, PlanFile};
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

const COLUMNS: &[Column] = &[
    Column::shown("row", "/row"),
    Column::shown("verdict", "/verdict"),
    Column::shown("action", "/action"),
    Column::shown("number", "/number"),
    Column::shown("user", "/user"),
    Column::shown("role", "/role"),
    Column::shown("now", "/now"),
    Column::shown("then", "/then"),
    Column::shown("code", "/code"),
    Column::shown("what", "/what"),
    Column::shown("nextStep", "/nextStep"),
];

pub(super) async fn run(plan: &PlanFile, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let input = read(&plan.file, &plan.reading, plan.picking.pick)?;
    let mut options = PlanOptions::default()
        .replacing(plan.replace)
        .skipping_unreadable(plan.skip_unreadable);
    if plan.picking.pick {
        options = options.picking(pool(&plan.picking));
    }
    let errors = input.problems().count(Severity::Error);
    if errors > 0 && !plan.skip_unreadable {
        // What is wrong is the result; that there is no plan is the error.
        printer.result(&unplanned(&input, printer.format())?)?;
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("{} in the file; nothing was planned", counted(errors, "error")),
            "Correct the file, or give --skip-unreadable to plan the other rows",
        ));
    }
    let client = connection.client_for_jobs(trunkline::Pace::documented())?;
    let bulk = Bulk::new(&client);
    let made = unless_interrupted(&Reporter::silent(printer), bulk.plan(&input, &options)).await?;
    if let Some(path) = &plan.save {
        made.write(path)?;
    }
    printer.result(&shown(Some(&input), &made, plan.save.as_deref(), printer.format())?)?;
    Ok(Report::printed(code(
        input.problems().is_free_of_errors() && made.rows.iter().all(|row| row.verdict != Verdict::Refused),
    )))
}

/// The plan of something else than a file.
pub(super) fn show(made: &Plan, save: Option<&Path>, printer: Printer) -> Result<Report, Failure> {
    if let Some(path) = save {
        made.write(path)?;
    }
    printer.result(&shown(None, made, save, printer.format())?)?;
    Ok(Report::printed(code(
        made.rows.iter().all(|row| row.verdict != Verdict::Refused),
    )))
}

fn pool(picking: &Picking) -> Pool {
    Pool {
        country: picking.pick_country.as_deref().map(str::to_uppercase),
        city: picking.pick_city.clone(),
        prefix: picking.pick_prefix.clone(),
        from: picking.pick_from.clone(),
        to: picking.pick_to.clone(),
        number_type: picking.pick_type.clone(),
        capability: picking.pick_capability.clone(),
        respects: picking.pick_respecting.clone(),
    }
}

/// What is said of a file that is not planned.
fn unplanned(input: &Input, format: Format) -> Result<String, Failure> {
    let found = problems::json(input)?;
    Ok(match format {
        Format::Table | Format::Csv => printed(&problems::text(input)),
        Format::Json => format!(
            "{:#}\n",
            json!({"problems": found, "leftOut": input.problems().left_out()})
        ),
        Format::Jsonl => lines(found.into_iter().map(|problem| json!({"problem": problem}))),
    })
}

fn shown(input: Option<&Input>, plan: &Plan, saved: Option<&Path>, format: Format) -> Result<String, Failure> {
    let summary = Counts::of(input, plan);
    match format {
        Format::Table => Ok(text(input, plan, &summary, saved)),
        Format::Csv => {
            let names = names(plan);
            let rows = plan.rows.iter().map(|row| flat(row, &names)).collect();
            Ok(Document::new(Value::Array(rows), COLUMNS).write(Format::Csv)?)
        }
        Format::Json => {
            let header = &plan.header;
            let document = json!({
                "tenant": header.tenant,
                "cloud": header.cloud,
                "sourceDigest": header.source_digest,
                "source": header.source,
                "planDigest": plan.digest(),
                "created": header.created,
                "options": header.options,
                "summary": summary.json(),
                "problems": input.map_or_else(|| Ok(Vec::new()), problems::json)?,
                "rows": plan.rows,
            });
            Ok(format!("{document:#}\n"))
        }
        Format::Jsonl => {
            let rows = plan.rows.iter().map(|row| json!({"row": row}));
            let problems = input
                .map_or_else(|| Ok(Vec::new()), problems::json)?
                .into_iter()
                .map(|problem| json!({"problem": problem}));
            Ok(lines(problems.chain(rows).chain([json!({"summary": summary.json()})])))
        }
    }
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    values.map(|value| format!("{value}\n")).collect()
}

/// How many rows will what.
struct Counts {
    change: u64,
    steps: u64,
    already: u64,
    refused: u64,
    /// Of them, those that cannot be read.
    unreadable: u64,
    errors: u64,
    warnings: u64,
}

impl Counts {
    fn of(input: Option<&Input>, plan: &Plan) -> Self {
        let problems = |severity| input.map_or(0, |input| input.problems().count(severity));
        let count = |verdict| plan.rows.iter().filter(|row| row.verdict == verdict).count() as u64;
        Self {
            change: count(Verdict::Change),
            steps: plan.rows.iter().map(|row| row.steps.len() as u64).sum(),
            already: count(Verdict::Already),
            refused: count(Verdict::Refused),
            unreadable: input.map_or(0, |input| input.unreadable().len() as u64),
            errors: problems(Severity::Error),
            warnings: problems(Severity::Warning),
        }
    }

    fn json(&self) -> Value {
        json!({
            "rows": self.change + self.already + self.refused,
            "change": self.change,
            "steps": self.steps,
            "already": self.already,
            "refused": self.refused,
            "unreadable": self.unreadable,
            "problems": {"errors": self.errors, "warnings": self.warnings},
        })
    }

    fn sentence(&self) -> String {
        let mut text = counted(self.change + self.already + self.refused, "row");
        text.push_str(&format!(
            ": {} change in {}, {} so already, {} cannot be",
            self.change,
            counted(self.steps, "step"),
            self.already,
            self.refused
        ));
        if self.unreadable > 0 {
            text.push_str(&format!(" ({} of them cannot be read)", self.unreadable));
        }
        text
    }
}

/// Object ids, and what the file calls their people.
fn names(plan: &Plan) -> HashMap<&str, &str> {
    let people = plan.rows.iter().filter_map(|row| person(&row.wanted));
    people
        .filter_map(|person| Some((person.id.as_deref()?, person.name.as_str())))
        .collect()
}

fn person(wanted: &Wanted) -> Option<&Person> {
    match wanted {
        Wanted::Assign { to: person, .. }
        | Wanted::SetPhone { user: person, .. }
        | Wanted::RemovePhone { user: person, .. }
        | Wanted::SmsSignIn { user: person, .. } => Some(person),
        Wanted::Unassign { holder, .. } => holder.as_ref(),
        Wanted::SetLocation { .. } | Wanted::Unreadable { .. } => None,
    }
}

fn now(row: &PlannedRow, names: &HashMap<&str, &str>) -> String {
    let before = row.before.as_ref();
    before.map_or_else(String::new, |state| {
        state.words(|id| names.get(id).copied().unwrap_or(id))
    })
}

/// A row as one flat record.
fn flat(row: &PlannedRow, names: &HashMap<&str, &str>) -> Value {
    let finding = |severity| row.findings.iter().find(|finding| finding.severity == severity);
    let finding = finding(FindingSeverity::Error).or_else(|| finding(FindingSeverity::Warning));
    json!({
        "row": row.line,
        "verdict": row.verdict.name(),
        "action": row.wanted.words(),
        "number": row.wanted.number(),
        "user": row.wanted.user(),
        "role": row.wanted.role(),
        "now": now(row, names),
        "then": row.wanted.end(),
        "code": finding.map(|finding| &finding.code),
        "what": finding.map(|finding| &finding.what),
        "nextStep": finding.map(|finding| &finding.next_step),
    })
}

/// The plan for people: what is wrong with the file, what changes, what cannot be, what is so already, all in one line.
fn text(input: Option<&Input>, plan: &Plan, summary: &Counts, saved: Option<&Path>) -> String {
    let names = names(plan);
    let mut text = input.map(problems::text).unwrap_or_default();
    let of = |verdict| plan.rows.iter().filter(move |row| row.verdict == verdict);
    if summary.change > 0 {
        let rows = of(Verdict::Change).map(|row| {
            let warnings: Vec<_> = row.findings.iter().map(|finding| finding.what.as_str()).collect();
            let mut cells = about(row);
            cells.extend([now(row, &names), row.wanted.end(), warnings.join("; ")]);
            cells
        });
        section(
            &mut text,
            "changes",
            &["ROW", "ACTION", "NUMBER", "USER", "NOW", "THEN", ""],
            rows,
        );
    }
    if summary.refused > 0 {
        let rows = of(Verdict::Refused).map(|row| {
            let stops = |finding: &&trunkline_bulk::plan::Finding| finding.severity == FindingSeverity::Error;
            let findings: Vec<_> = row.findings.iter().filter(stops).collect();
            let whats: Vec<_> = findings.iter().map(|finding| finding.what.as_str()).collect();
            let steps: Vec<_> = findings.iter().map(|finding| finding.next_step.as_str()).collect();
            let mut cells = about(row);
            cells.extend([whats.join("; "), steps.join("; ")]);
            cells
        });
        section(
            &mut text,
            "cannot be",
            &["ROW", "ACTION", "NUMBER", "USER", "WHY", "NEXT STEP"],
            rows,
        );
    }
    if summary.already > 0 {
        let rows = ranges(of(Verdict::Already).map(|row| row.line));
        text.push_str(&format!("\nso already: rows {rows}\n"));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!("{}.\n", summary.sentence()));
    if let Some(source) = &plan.header.source {
        text.push_str(&format!("The file: {source}\n"));
    }
    match saved {
        Some(path) => text.push_str(&format!(
            "The plan is in {0}. Carry it out: trunkline bulk apply {0}\n",
            path.display()
        )),
        None => text.push_str("Nothing was written; --save PLAN writes the plan for `trunkline bulk apply`.\n"),
    }
    printed(&text)
}

fn about(row: &PlannedRow) -> Vec<String> {
    let action = match row.wanted.role() {
        "" => row.wanted.words().to_owned(),
        role => format!("{} ({role})", row.wanted.words()),
    };
    vec![
        row.line.to_string(),
        action,
        row.wanted.number().to_owned(),
        row.wanted.user().to_owned(),
    ]
}

fn section(text: &mut String, title: &str, headings: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(headings);
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell).into_owned()));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(title);
    text.push('\n');
    for line in table.lines() {
        text.push_str("  ");
        text.push_str(line.trim_end().trim_start_matches(' '));
        text.push('\n');
    }
}

/// Text whose lines cannot turn into something else on a terminal.
fn printed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", printable(line))).collect()
}

/// Lines as `2 to 5, 9`.
fn ranges(lines: impl Iterator<Item = u32>) -> String {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => found.push((line, line)),
        }
    }
    let shown = found.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_a_row_are_a_range() {
        for (lines, expected) in [
            (vec![], ""),
            (vec![2], "2"),
            (vec![2, 3], "2, 3"),
            (vec![2, 3, 4, 7, 9, 10, 11], "2 to 4, 7, 9 to 11"),
        ] {
            assert_eq!(ranges(lines.into_iter()), expected);
        }
    }
}
