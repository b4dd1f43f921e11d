//! `trunkline bulk plan`: shows the changes of a file, and writes the plan.

use std::path::Path;

use serde_json::{Value, json};
use trunkline::telephone::NumberError;
use trunkline::{Country, ErrorKind, TelephoneNumber};
use trunkline_bulk::Bulk;
use trunkline_bulk::dynamic::planned_row;
use trunkline_bulk::input::{Input, Severity};
use trunkline_bulk::plan::{Plan, PlanOptions, PlannedRow, Pool, Severity as FindingSeverity, Verdict};

use super::counts::Counts;
use super::people::People;
use super::suggestions::Suggestions;
use super::{Needs, Report, code, counted, pages, plan_text, problems, read};
use crate::arguments::{Format, Picking, PlanFile};
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::layout::fitted;
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
    let needs = Needs {
        pick: plan.picking.pick,
        unreadable: plan.unreadable.is_some(),
    };
    let mut input = read(&plan.file, &plan.reading, connection.settings(), needs, printer)?;
    let mut options = PlanOptions::default()
        .replace(plan.replace)
        .base(plan.base)
        .accept_suggestions(plan.accept_suggestions)
        .skip_unreadable(plan.skip_unreadable);
    if plan.picking.pick {
        options = options.pool(pool(&plan.picking, plan.reading.country)?);
    }
    if plan.accept_suggestions && !input.possible_suggestions().is_empty() {
        let bulk = Bulk::new(&connection.client_for_jobs(trunkline::Pace::documented())?);
        let found = unless_interrupted(&Reporter::silent(printer), bulk.suggestions(&input)).await?;
        input = input.accepting(&found);
    }
    pages::unreadable(plan, &input, printer)?;
    let errors = input.problems().count(Severity::Error);
    if errors > 0 && !plan.skip_unreadable {
        // The problems are the result; the missing plan is the error.
        let suggestions = Suggestions::find(&input, connection, printer).await?;
        printer.result(&unplanned(&input, &suggestions, plan.details, printer)?)?;
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("{} in the file; nothing was planned", counted(errors, "error")),
            "Correct the file, or add --skip-unreadable to plan the other rows",
        ));
    }
    let client = connection.client_for_jobs(trunkline::Pace::documented())?;
    let bulk = Bulk::new(&client);
    let made = unless_interrupted(&Reporter::silent(printer), bulk.plan(&input, &options)).await?;
    if let Some(path) = &plan.save {
        made.write(path)?;
    }
    pages::page(plan, &made, printer)?;
    let file = Some((&input, plan.details));
    printer.paged(&shown(file, &made, plan.save.as_deref(), printer)?)?;
    Ok(Report::printed(code(
        input.problems().is_free_of_errors() && made.rows.iter().all(|row| row.verdict != Verdict::Refused),
    )))
}

/// The plan of something else than a file.
pub(super) fn show(made: &Plan, save: Option<&Path>, printer: Printer) -> Result<Report, Failure> {
    if let Some(path) = save {
        made.write(path)?;
    }
    printer.paged(&shown(None, made, save, printer)?)?;
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
fn unplanned(input: &Input, suggestions: &Suggestions, details: bool, printer: Printer) -> Result<String, Failure> {
    let (found, groups) = (problems::json(input)?, problems::groups(input)?);
    Ok(match printer.format() {
        Format::Table | Format::Csv => {
            let text = problems::text(input, details) + &suggestions.text(details);
            fitted(&printed(&text), printer.view().width, 2)
        }
        Format::Json => format!(
            "{:#}\n",
            json!({
                "problemGroups": groups,
                "problems": found,
                "leftOut": input.problems().left_out(),
                "suggestions": suggestions.json()?,
            })
        ),
        Format::Jsonl => lines(
            groups
                .into_iter()
                .map(|group| json!({"problemGroup": group}))
                .chain(found.into_iter().map(|problem| json!({"problem": problem})))
                .chain(
                    suggestions
                        .json()?
                        .into_iter()
                        .map(|found| json!({"suggestion": found})),
                ),
        ),
    })
}

/// The plan as a result. With the file that it is of come its problems, each or by their causes.
fn shown(file: Option<(&Input, bool)>, plan: &Plan, saved: Option<&Path>, printer: Printer) -> Result<String, Failure> {
    let input = file.map(|(input, _)| input);
    let summary = Counts::of(input, plan);
    match printer.format() {
        Format::Table => {
            let problems = file.map(|(input, details)| problems::text(input, details));
            Ok(plan_text::write(
                plan,
                &summary,
                &problems.unwrap_or_default(),
                saved,
                printer,
            ))
        }
        Format::Csv => {
            let people = People::of(plan, false);
            let rows = plan.rows.iter().map(|row| flat(row, &people)).collect();
            Ok(Document::new(Value::Array(rows), COLUMNS).write(Format::Csv, printer.view())?)
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
                "problemGroups": input.map_or_else(|| Ok(Vec::new()), problems::groups)?,
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
            let groups = input.map_or_else(|| Ok(Vec::new()), problems::groups)?.into_iter();
            let groups = groups.map(|group| json!({"problemGroup": group}));
            Ok(lines(
                groups
                    .chain(problems)
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

/// A row as one flat record.
fn flat(row: &PlannedRow, people: &People) -> Value {
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
        "now": people.now(row),
        "then": row.wanted.end(),
        "losses": row.losses().iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        "code": finding.map(|finding| &finding.code),
        "what": finding.map(|finding| &finding.what),
        "nextStep": finding.map(|finding| &finding.next_step),
    })
}

/// Text whose lines cannot turn into something else on a terminal.
fn printed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", printable(line))).collect()
}
