//! A plan for people: the summary first, then what is taken away, what is blocked, what to look at, and what changes.

use std::path::Path;

use trunkline_bulk::RowRanges;
use trunkline_bulk::plan::{Cause, Effect, Plan, PlannedRow, Severity, SourceFile, State, Verdict};

use super::counted;
use super::counts::Counts;
use super::people::People;
use crate::document::printable;
use crate::layout::{Fit, Heading, Table, View, fitted};
use crate::printer::Printer;

/// How many rows of a cause are shown, where each has words of its own.
const SHOWN: usize = 5;

/// The plan as text. `problems` are those of the file, a line each.
pub(super) fn write(plan: &Plan, counts: &Counts, problems: &str, saved: Option<&Path>, printer: Printer) -> String {
    let view = printer.view();
    let people = People::of(plan, view.ids);
    let mut first = summary(plan, counts);
    if let Some(source) = &plan.header.source {
        first.push_str(&format!("The file: {}\n", described(source, view)));
    }
    let mut text = prose(&first, view);
    let mut add = |section: String| {
        if !section.is_empty() {
            text.push('\n');
            text.push_str(&section);
        }
    };
    add(prose(problems, view));
    let taken = Rows::of(plan.rows.iter().flat_map(|row| taken_away(row, &people)));
    add(taken.section("Taken away", &LOSSES, printer));
    add(causes("Blocked", &plan.causes(Severity::Error), &people, view));
    add(causes("Warnings", &plan.causes(Severity::Warning), &people, view));
    let changed = Rows::of(plan.rows.iter().filter_map(|row| changed(row, &people)));
    add(changed.section("Changes", &CHANGES, printer));
    if counts.plan.already > 0 {
        let rows = plan.rows.iter().filter(|row| row.verdict == Verdict::Already);
        let rows = RowRanges::of(rows.map(|row| row.row));
        add(prose(
            &format!("Already correct ({}): rows {rows}\n", counts.plan.already),
            view,
        ));
    }
    add(match saved {
        Some(path) => prose(
            &format!(
                "The plan is in {0}. Apply it: trunkline bulk apply {0}\n",
                path.display()
            ),
            view,
        ),
        None => prose(
            "Nothing was written; `--save PLAN` writes the plan for `trunkline bulk apply`.\n",
            view,
        ),
    });
    text
}

/// How much of a digest tells files apart at a glance.
const SHORT_DIGEST: usize = 12;

/// The file with its digest, of which a narrow terminal shows the beginning.
fn described(source: &SourceFile, view: View) -> String {
    let text = source.to_string();
    let beginning = source.digest.get(..SHORT_DIGEST);
    match beginning.filter(|_| view.width.is_some_and(|width| width < source.digest.len() + 2)) {
        Some(beginning) => text.replace(&source.digest, &format!("{beginning}… (--wide shows all of it)")),
        None => text,
    }
}

/// The summary: also what a person is shown before they are asked.
pub(super) fn summary(plan: &Plan, counts: &Counts) -> String {
    let mut text = format!("{}.\n", counts.sentence());
    for advice in plan.advice() {
        text.push_str(&format!("warning: {}. {}.\n", advice.what, advice.next_step));
    }
    text
}

/// Sentences whose lines cannot turn into something else on a terminal.
fn prose(text: &str, view: View) -> String {
    let text: String = text.lines().map(|line| format!("{}\n", printable(line))).collect();
    fitted(&text, view.width, 2)
}

/// The columns of a section, and how they fit a narrow terminal. The sign is part of the first.
const LOSSES: [(&str, Fit); 6] = [
    ("  ROW", Fit::Stays),
    ("ACTION", Fit::Drops(1)),
    ("OF", Fit::Drops(2)),
    ("WHAT", Fit::Stays),
    ("FROM", Fit::Stays),
    ("THEN", Fit::Drops(3)),
];
const CHANGES: [(&str, Fit); 7] = [
    ("  ROW", Fit::Stays),
    ("ACTION", Fit::Drops(1)),
    ("OF", Fit::Drops(3)),
    ("WHAT", Fit::Stays),
    ("USER", Fit::Stays),
    ("NOW", Fit::Drops(2)),
    ("THEN", Fit::Drops(4)),
];

/// Lines of a section: effect, row and the other cells.
struct Rows(Vec<(Effect, u32, Vec<String>)>);

impl Rows {
    fn of(rows: impl Iterator<Item = (Effect, u32, Vec<String>)>) -> Self {
        Self(rows.collect())
    }

    fn section(self, title: &str, columns: &[(&str, Fit)], printer: Printer) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let count = self.0.len();
        let rows: Vec<Vec<String>> = self
            .0
            .into_iter()
            .map(|(effect, row, cells)| {
                std::iter::once(format!("{} {row}", effect.sign()))
                    .chain(cells)
                    .collect()
            })
            .collect();
        // Columns that say nothing take no room.
        let filled: Vec<usize> = (0..columns.len())
            .filter(|column| rows.iter().any(|cells| !cells[*column].is_empty()))
            .collect();
        let headings = filled
            .iter()
            .map(|column| Heading::new(columns[*column].0, columns[*column].1));
        let mut table = Table::new(headings.collect());
        for cells in &rows {
            let cells = filled.iter().map(|column| printable(&cells[*column]).into_owned());
            table.row(cells.collect());
        }
        let mut text = format!("{title} ({count})\n");
        for line in table.write(printer.view()).lines() {
            text.push_str(&if printer.colours_results() {
                coloured(line)
            } else {
                line.to_owned()
            });
            text.push('\n');
        }
        text
    }
}

/// A line with its sign in colour, which says nothing that the sign does not.
fn coloured(line: &str) -> String {
    for (effect, colour) in [(Effect::Given, 32), (Effect::Changed, 33), (Effect::TakenAway, 31)] {
        let sign = effect.sign();
        if let Some(rest) = line.strip_prefix(sign).filter(|rest| rest.starts_with(' ')) {
            return format!("\u{1b}[{colour}m{sign}\u{1b}[0m{rest}");
        }
    }
    line.to_owned()
}

/// Lines of a row for everything that somebody loses by it.
fn taken_away(row: &PlannedRow, people: &People) -> Vec<(Effect, u32, Vec<String>)> {
    let of = [row.wanted.role(), row.wanted.policy_type()].concat();
    let line = |action: &str, what: &str, from: String, then: String| {
        let cells = vec![action.to_owned(), of.clone(), what.to_owned(), from, then];
        (Effect::TakenAway, row.row, cells)
    };
    let losses = row.losses();
    let mut lines: Vec<_> = losses
        .iter()
        .map(|loss| {
            let (action, then) = if loss.is_replaced {
                ("replace", format!("free; row {} gives another", row.row))
            } else {
                (row.wanted.words(), loss.after())
            };
            line(action, &loss.number, people.loser(loss), then)
        })
        .collect();
    if lines.is_empty() && row.effect() == Some(Effect::TakenAway) {
        let what = match &row.before {
            Some(State::Phone(before)) => before.number.as_deref(),
            Some(State::Policy(before)) => before.policy.as_deref(),
            Some(State::Number(_)) | None => None,
        };
        let from = match people.user(&row.wanted) {
            "" => people.now(row),
            user => user.to_owned(),
        };
        lines.push(line(
            row.wanted.words(),
            what.unwrap_or_else(|| row.wanted.number()),
            from,
            row.wanted.end(),
        ));
    }
    lines
}

/// A row that gives or changes something.
fn changed(row: &PlannedRow, people: &People) -> Option<(Effect, u32, Vec<String>)> {
    let effect = row.effect().filter(|effect| *effect != Effect::TakenAway)?;
    let what = match row.wanted.change() {
        Some(trunkline::Change::SetPolicy { policy, .. }) => policy.as_str(),
        _ => row.wanted.number(),
    };
    let cells = vec![
        row.wanted.words().to_owned(),
        [row.wanted.role(), row.wanted.policy_type()].concat(),
        what.to_owned(),
        people.user(&row.wanted).to_owned(),
        people.now(row),
        row.wanted.end(),
    ];
    Some((effect, row.row, cells))
}

/// Findings by cause: what to do, for which rows, and why.
fn causes(title: &str, causes: &[Cause<'_>], people: &People, view: View) -> String {
    if causes.is_empty() {
        return String::new();
    }
    let rows = RowRanges::of(causes.iter().flat_map(|cause| &cause.rows).map(|(row, _)| row.row));
    let mut text = format!("{title} ({})\n", rows.count());
    for cause in causes {
        let count = counted(cause.rows.len() as u64, "row");
        text.push_str(&format!(
            "  {} ({count}: {})\n",
            cause.finding.next_step,
            cause.ranges()
        ));
        if cause.is_uniform() && cause.rows.len() > 1 {
            text.push_str(&format!("    {}\n", cause.finding.what));
            continue;
        }
        for (row, finding) in cause.rows.iter().take(SHOWN) {
            text.push_str(&format!(
                "    row {}, {}: {}\n",
                row.row,
                people.about(&row.wanted),
                finding.what
            ));
        }
        match cause.rows.len().saturating_sub(SHOWN) {
            0 => {}
            more => text.push_str(&format!("    … and {more} more; --output csv shows every row\n")),
        }
    }
    prose(&text, view)
}
