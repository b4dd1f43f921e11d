//! `trunkline bulk plan`: shows the changes of a file, and writes the plan.

use std::collections::HashMap;
use std::path::Path;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use trunkline::telephone::NumberError;
use trunkline::{Country, ErrorKind, TelephoneNumber};
use trunkline_bulk::dynamic::planned_row;
use trunkline_bulk::input::{Input, Severity};
use trunkline_bulk::plan::{
    Loss, Plan, PlanOptions, PlanSummary, PlannedRow, Pool, Severity as FindingSeverity, Verdict,
};
use trunkline_bulk::{Bulk, check_ending};

use super::{Report, code, counted, pages, problems, read};
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
    Column::shown("losses", "/losses"),
];

pub(super) async fn run(plan: &PlanFile, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    pages::check(plan)?;
    let input = read(&plan.file, &plan.reading, plan.picking.pick, plan.unreadable.is_some())?;
    let mut options = PlanOptions::default()
        .replace(plan.replace)
        .base(plan.base)
        .skip_unreadable(plan.skip_unreadable);
    if plan.picking.pick {
        options = options.pool(pool(&plan.picking, plan.reading.country)?);
    }
    pages::unreadable(plan, &input, printer)?;
    let errors = input.problems().count(Severity::Error);
    if errors > 0 && !plan.skip_unreadable {
        // The problems are the result; the missing plan is the error.
        printer.result(&unplanned(&input, printer.format())?)?;
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("{} in the file; nothing was planned", counted(errors, "error")),
            "Correct the file, or add --skip-unreadable to plan the other rows",
        ));
    }
    fits(plan.save.as_deref())?;
    let client = connection.client_for_jobs(trunkline::Pace::documented())?;
    let bulk = Bulk::new(&client);
    let made = unless_interrupted(&Reporter::silent(printer), bulk.plan(&input, &options)).await?;
    if let Some(path) = &plan.save {
        made.write(path)?;
    }
    pages::page(plan, &made, printer)?;
    printer.result(&shown(Some(&input), &made, plan.save.as_deref(), printer.format())?)?;
    Ok(Report::printed(code(
        input.problems().is_free_of_errors() && made.rows.iter().all(|row| row.verdict != Verdict::Refused),
    )))
}

/// Refuses to write a plan over a table or a page.
pub(super) fn fits(save: Option<&Path>) -> Result<(), Failure> {
    save.map_or(Ok(()), |path| Ok(check_ending(path, "a plan", &["plan"])?))
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

fn pool(picking: &Picking, country: Option<Country>) -> Result<Pool, Failure> {
    let end = |end: &Option<String>| {
        let read = |text: &String| TelephoneNumber::read(text, country).map(|number| number.to_string());
        let refused = |error: NumberError| {
            let what = format!("the first or last number of the range to pick from cannot be read: {error}");
            Failure::refused(ErrorKind::InvalidInput, what, error.advice())
        };
        end.as_ref().map(read).transpose().map_err(refused)
    };
    Ok(Pool {
        country: picking.pick_country.as_deref().map(str::to_uppercase),
        city: picking.pick_city.clone(),
        prefix: picking.pick_prefix.clone(),
        from: end(&picking.pick_from)?,
        to: end(&picking.pick_to)?,
        number_type: picking.pick_number_type.clone(),
        capability: picking.pick_capability.clone(),
        respects: picking.pick_respects.clone(),
    })
}

/// The error for a file that is not planned.
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
                "advice": plan.advice(),
                "problems": input.map_or_else(|| Ok(Vec::new()), problems::json)?,
                "rows": plan.rows.iter().map(planned_row).collect::<Vec<_>>(),
            });
            Ok(format!("{document:#}\n"))
        }
        Format::Jsonl => {
            let rows = plan.rows.iter().map(|row| json!({"row": planned_row(row)}));
            let problems = input
                .map_or_else(|| Ok(Vec::new()), problems::json)?
                .into_iter()
                .map(|problem| json!({"problem": problem}));
            Ok(lines(
                problems
                    .chain(rows)
                    .chain(plan.advice().into_iter().map(|advice| json!({"advice": advice})))
                    .chain([json!({"summary": summary.json()})]),
            ))
        }
    }
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    values.map(|value| format!("{value}\n")).collect()
}

/// How many rows will what, and what is wrong with the file.
struct Counts {
    plan: PlanSummary,
    /// Of the refused rows, those that cannot be read.
    unreadable: u64,
    errors: u64,
    warnings: u64,
}

impl Counts {
    fn of(input: Option<&Input>, plan: &Plan) -> Self {
        let problems = |severity| input.map_or(0, |input| input.problems().count(severity));
        Self {
            plan: plan.summary(),
            unreadable: input.map_or(0, |input| input.unreadable().len() as u64),
            errors: problems(Severity::Error),
            warnings: problems(Severity::Warning),
        }
    }

    fn json(&self) -> Value {
        let mut summary = json!(self.plan);
        summary["unreadable"] = json!(self.unreadable);
        summary["problems"] = json!({"errors": self.errors, "warnings": self.warnings});
        summary
    }

    fn sentence(&self) -> String {
        let plan = &self.plan;
        let mut text = counted(plan.rows, "row");
        text.push_str(&format!(
            ": {} to change in {}, {} already correct, {} blocked",
            plan.change,
            counted(plan.steps, "step"),
            plan.already,
            plan.refused
        ));
        if self.unreadable > 0 {
            text.push_str(&format!(" ({} of them cannot be read)", self.unreadable));
        }
        if plan.losses > 0 {
            let taken = if plan.losses == 1 {
                "is taken from its holder"
            } else {
                "are taken from their holders"
            };
            text.push_str(&format!("; {} {taken}", counted(plan.losses, "number")));
            if plan.replaced > 0 {
                text.push_str(&format!(", {} of them by --replace", plan.replaced));
            }
        }
        text
    }
}

/// Object ids, and what people are called: the principal name, or what the file has for it.
fn names(plan: &Plan) -> HashMap<&str, &str> {
    let people = plan.rows.iter().filter_map(|row| row.wanted.person());
    people
        .filter_map(|person| Some((person.id.as_deref()?, person.label())))
        .collect()
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
        "row": row.row,
        "verdict": row.verdict.name(),
        "action": row.wanted.words(),
        "number": row.wanted.number(),
        "user": row.wanted.user_label(),
        "role": row.wanted.role(),
        "policyType": row.wanted.policy_type(),
        "now": now(row, names),
        "then": row.wanted.end(),
        "losses": row.losses().iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        "code": finding.map(|finding| &finding.code),
        "what": finding.map(|finding| &finding.what),
        "nextStep": finding.map(|finding| &finding.next_step),
    })
}

/// The plan for people: problems of the file, changes, blocked rows, and the rows that are already correct in one line.
fn text(input: Option<&Input>, plan: &Plan, summary: &Counts, saved: Option<&Path>) -> String {
    let names = names(plan);
    let mut text = input.map(problems::text).unwrap_or_default();
    let of = |verdict| plan.rows.iter().filter(move |row| row.verdict == verdict);
    if summary.plan.change > 0 {
        let rows = of(Verdict::Change).flat_map(|row| {
            let warnings: Vec<_> = row.findings.iter().map(|finding| finding.what.as_str()).collect();
            let mut cells = about(row);
            cells.extend([now(row, &names), row.wanted.end(), warnings.join("; ")]);
            std::iter::once(cells).chain(
                row.losses()
                    .into_iter()
                    .filter(|loss| loss.is_replaced)
                    .map(replaced(row)),
            )
        });
        section(
            &mut text,
            "changes",
            &["ROW", "ACTION", "NUMBER", "USER", "NOW", "THEN", ""],
            rows,
        );
    }
    if summary.plan.refused > 0 {
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
            &format!("Blocked ({})", summary.plan.refused),
            &["ROW", "ACTION", "NUMBER", "USER", "WHY", "NEXT STEP"],
            rows,
        );
    }
    if summary.plan.already > 0 {
        let rows = ranges(of(Verdict::Already).map(|row| row.row));
        text.push_str(&format!("\nAlready correct: rows {rows}\n"));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!("{}.\n", summary.sentence()));
    for advice in plan.advice() {
        text.push_str(&format!("warning: {}. {}.\n", advice.what, advice.next_step));
    }
    if let Some(source) = &plan.header.source {
        text.push_str(&format!("The file: {source}\n"));
    }
    match saved {
        Some(path) => text.push_str(&format!(
            "The plan is in {0}. Apply it: trunkline bulk apply {0}\n",
            path.display()
        )),
        None => text.push_str("Nothing was written; --save PLAN writes the plan for `trunkline bulk apply`.\n"),
    }
    printed(&text)
}

/// The line of a number that makes room for the row's own.
fn replaced(row: &PlannedRow) -> impl Fn(Loss) -> Vec<String> {
    let line = row.row;
    move |loss| {
        vec![
            line.to_string(),
            "release".to_owned(),
            loss.number.clone(),
            loss.loser().to_owned(),
            loss.before(),
            loss.after(),
            format!("row {line} replaces it"),
        ]
    }
}

fn about(row: &PlannedRow) -> Vec<String> {
    vec![
        row.row.to_string(),
        row.wanted.label(),
        row.wanted.number().to_owned(),
        row.wanted.user_label().to_owned(),
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
        text.push_str(line.trim_end().strip_prefix(' ').unwrap_or_default());
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
