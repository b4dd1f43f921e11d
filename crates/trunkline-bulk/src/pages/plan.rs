//! A plan as a page: summary, what is taken away, problems by cause, the map of its numbers, and every row.

use std::io::Write;

use askama::Template;
use serde_json::json;

use super::cause::Cause;
use super::map_view::{Subject, map_html};
use super::rows::{Controls, data, write_rows};
use super::shell::{SCRIPT, Shell};
use super::{Fact, Total};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::map::{Arrangement, Marks, NumberMap};
use crate::plan::{Finding, Loss, Plan, PlannedRow, Severity};

/// How many losses stand in their own table; each stands with its row, too.
const LOSSES: usize = 1000;

/// The page above its rows.
#[derive(Template)]
#[template(path = "plan/head.html")]
struct Head {
    shell: Shell,
    facts: Vec<Fact>,
    totals: Vec<Total>,
    advice: Vec<Finding>,
    losses: Vec<LossView>,
    more_losses: usize,
    causes: Vec<Cause>,
    map: String,
    controls: String,
    heads: [(&'static str, &'static str); 8],
}

/// The page below its rows.
#[derive(Template)]
#[template(path = "plan/end.html")]
struct End {
    script: &'static str,
}

struct LossView {
    row: u32,
    line: String,
    loss: Loss,
}

/// Writes a plan as a page.
///
/// # Errors
///
/// When the text cannot be written.
///
/// ```no_run
/// use trunkline_bulk::plan::Plan;
///
/// let plan = Plan::read("numbers.plan".as_ref())?;
/// trunkline_bulk::write_whole("plan.html".as_ref(), |to| trunkline_bulk::pages::write_plan(&plan, to))?;
/// # Ok::<(), trunkline_bulk::BulkError>(())
/// ```
pub fn write_plan(plan: &Plan, mut to: impl Write) -> Result<(), BulkError> {
    Head::of(plan).write_into(&mut to).map_err(unwritten)?;
    write_rows(&plan.rows, &mut to, |row| Ok(row_data(row)))?;
    let end = End { script: SCRIPT };
    end.write_into(&mut to).and_then(|()| to.flush()).map_err(unwritten)
}

impl Head {
    fn of(plan: &Plan) -> Self {
        let summary = plan.summary();
        let total = |name, count, meaning| Total { name, count, meaning };
        let mut losses: Vec<_> = plan.rows.iter().flat_map(losses_of).collect();
        let more_losses = losses.len().saturating_sub(LOSSES);
        losses.truncate(LOSSES);
        let causes = plan.causes(Severity::Error);
        let marks = Marks::of_plan(plan).into_numbers();
        let controls = Controls {
            prefix: "rows-",
            search: "Search: number, user, reason",
            choice: "Verdict",
            options: [
                ("change", "to change"),
                ("already", "already correct"),
                ("refused", "blocked"),
            ]
            .map(|(word, text)| (word.to_owned(), text.to_owned()))
            .into(),
        };
        Self {
            shell: Shell::new("plan"),
            facts: facts(plan),
            totals: vec![
                total("change", summary.change, "To change"),
                total("already", summary.already, "Already correct"),
                total("refused", summary.refused, "Blocked"),
                total("lost", summary.losses, "Numbers taken from their holders"),
            ],
            advice: plan.advice(),
            losses,
            more_losses,
            causes: causes.iter().map(Cause::of_plan).collect(),
            map: map_html(&NumberMap::of(marks, Arrangement::Hundreds), Subject::Plan),
            controls: controls.html(),
            heads: [
                ("Row", "figure"),
                ("Action", ""),
                ("User", ""),
                ("Number", "figure"),
                ("Verdict", "state"),
                ("Now", ""),
                ("Then", ""),
                ("What, and what to do", "long"),
            ],
        }
    }
}

fn facts(plan: &Plan) -> Vec<Fact> {
    let header = &plan.header;
    let file = header.source.as_ref().map_or_else(
        || "not of a file".to_owned(),
        |source| {
            let unreadable = match source.unreadable {
                0 => String::new(),
                count => format!(", {count} of them cannot be read"),
            };
            format!("{source}; {} rows{unreadable}", source.rows)
        },
    );
    vec![
        ("File", file),
        ("Tenant", format!("{} in cloud {}", header.tenant, header.cloud)),
        ("Planned", header.created.clone()),
        ("Plan", plan.digest()),
    ]
}

fn losses_of(row: &PlannedRow) -> impl Iterator<Item = LossView> + use<> {
    let line = row.row;
    row.losses().into_iter().map(move |loss| LossView {
        row: line,
        line: loss.category.clone().unwrap_or_default(),
        loss,
    })
}

fn row_data(row: &PlannedRow) -> String {
    let person = row.wanted.person();
    let name = |id| match person {
        Some(person) if person.id.as_deref() == Some(id) => person.label(),
        _ => id,
    };
    let now = row.before.as_ref().map(|state| state.words(name));
    let mut whats: Vec<String> = row.findings.iter().map(|finding| finding.what.clone()).collect();
    whats.extend(row.losses().iter().map(ToString::to_string));
    let steps: Vec<&str> = row
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.next_step.as_str())
        .collect();
    data(&json!([
        row.row,
        row.wanted.label(),
        row.wanted.user_label(),
        row.wanted.number(),
        row.verdict.name(),
        now.unwrap_or_default(),
        row.wanted.end(),
        [whats.join("; "), steps.join("; ")],
    ]))
}
