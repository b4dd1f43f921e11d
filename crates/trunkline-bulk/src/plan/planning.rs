//! From checked rows and the live state to a plan.

use trunkline::{Client, Person};

use super::draft::Draft;
use super::suggestions::note;
use super::{
    Finding, Plan, PlanHeader, PlanOptions, Severity, SourceFile, Wanted, needs, numbers, permission, phones, pick,
    policies, twice,
};
use crate::Bulk;
use crate::error::{BulkError, BulkErrorKind};
use crate::input::{Input, Problem, Severity as InputSeverity};
use crate::snapshot::{Questions, Snapshot, suggestions};

impl Bulk {
    /// Reads the live state that the rows are about, in batches, and decides what follows. Nothing is changed.
    ///
    /// Needs permission to read numbers, users and, for rows about phone methods, those; without
    /// permission to read licences or the SMS policy, planning goes on without them.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Input`] when rows of the file cannot be read and [`PlanOptions::skip_unreadable`] does not
    /// allow that; [`BulkErrorKind::Service`] when the state cannot be read. What keeps a single row from being changed is
    /// a finding of that row.
    ///
    /// ```no_run
    /// use trunkline_bulk::plan::PlanOptions;
    /// use trunkline_bulk::{Bulk, input};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let rows = input::read_file("numbers.csv", &input::InputOptions::default())?;
    /// let plan = Bulk::new(&client).plan(&rows, &PlanOptions::default()).await?;
    /// plan.write("numbers.plan".as_ref())?;
    /// # Ok(()) }
    /// ```
    pub async fn plan(&self, input: &Input, options: &PlanOptions) -> Result<Plan, BulkError> {
        plan(&self.client, input, options).await
    }
}

async fn plan(client: &Client, input: &Input, options: &PlanOptions) -> Result<Plan, BulkError> {
    let accepted;
    let input = if options.accept_suggestions {
        let suggestions = suggestions::known(client, input.possible_suggestions()).await?;
        accepted = input.accepting(&suggestions);
        &accepted
    } else {
        input
    };
    refuse_unreadable(input, options)?;
    let source = SourceFile::of(input);
    let readable = input.rows().iter().map(|row| (row.row, row.change.clone().into()));
    let mut rows: Vec<_> = readable.collect();
    rows.extend(input.unreadable().iter().map(|row| {
        let wanted = Wanted::Unreadable {
            number: row.number.clone(),
            user: row.user.clone().map(Person::named),
        };
        (row.row, wanted)
    }));
    rows.sort_by_key(|(line, _)| *line);
    let mut plan = plan_rows(client, rows, &source.digest, options, twice::refuse).await?;
    explain_unreadable(&mut plan, input);
    note(&mut plan, input);
    plan.header.source = Some(source);
    Ok(plan)
}

/// Gives rows that cannot be read the findings that the reader has of them.
fn explain_unreadable(plan: &mut Plan, input: &Input) {
    let mut problems = input.problems().iter().peekable();
    let mut rows = plan.rows.iter_mut();
    for unreadable in input.unreadable() {
        let Some(row) = rows.find(|row| row.row == unreadable.row) else {
            return;
        };
        while problems.next_if(|problem| problem.row < row.row).is_some() {}
        row.findings.clear();
        while let Some(problem) = problems.next_if(|problem| problem.row == row.row) {
            if problem.severity == InputSeverity::Error {
                row.findings.push(finding(problem));
            }
        }
        // Of a file with very many problems, only the first are kept.
        if row.findings.is_empty() {
            row.findings.push(Finding {
                severity: Severity::Error,
                code: unreadable.kind.name().to_owned(),
                what: unreadable.kind.what().to_owned(),
                next_step: unreadable.kind.next_step().to_owned(),
            });
        }
    }
}

fn finding(problem: &Problem) -> Finding {
    Finding {
        severity: Severity::Error,
        code: problem.kind.name().to_owned(),
        what: match &problem.column {
            Some(column) => format!("{column}: {}", problem.what),
            None => problem.what.clone().into_owned(),
        },
        next_step: problem.next_step.clone().into_owned(),
    }
}

/// Plans what a journal says, which may have several rows about one person; `source` names where they come from. Lines are
/// different from one another.
pub(crate) async fn plan_wanted(
    client: &Client,
    rows: Vec<(u32, Wanted)>,
    source: &str,
    options: &PlanOptions,
) -> Result<Plan, BulkError> {
    plan_rows(client, rows, source, options, |_| ()).await
}

async fn plan_rows(
    client: &Client,
    rows: Vec<(u32, Wanted)>,
    source: &str,
    options: &PlanOptions,
    compare: fn(&mut [Draft]),
) -> Result<Plan, BulkError> {
    let mut questions = Questions::default();
    for (_, wanted) in &rows {
        Draft::ask(wanted, &mut questions);
    }
    questions.extensions = !options.base && rows.iter().any(|(_, wanted)| Draft::may_release(wanted, options));
    let snapshot = Snapshot::read(client, &questions).await?;
    let mut drafts: Vec<Draft> = rows
        .into_iter()
        .map(|(line, wanted)| Draft::of(line, wanted, &snapshot))
        .collect();
    compare(&mut drafts);
    let now = client.core().clock().now();
    pick::pick(&mut drafts, &snapshot, options.pool.as_ref(), client.country(), now)?;
    numbers::plan(&mut drafts, &snapshot, options);
    phones::plan(&mut drafts, &snapshot);
    policies::plan(&mut drafts, &snapshot);
    let token = client.core().token_view().await?;
    permission::settle(&mut drafts, token.as_ref(), client.core().cloud());
    needs::settle(&mut drafts);
    let mut header = PlanHeader::new(snapshot.owner.tenant, snapshot.owner.cloud, source);
    header.created = now.to_string();
    header.options = serde_json::to_value(options).unwrap_or_default();
    Ok(Plan {
        header,
        rows: drafts.into_iter().map(Draft::into_row).collect(),
    })
}

/// A file is planned whole, unless the caller says that some rows may be left out.
fn refuse_unreadable(input: &Input, options: &PlanOptions) -> Result<(), BulkError> {
    let errors = input.problems().count(InputSeverity::Error);
    if errors == 0 || options.skip_unreadable {
        return Ok(());
    }
    Err(BulkError::new(
        BulkErrorKind::Input,
        format!("{errors} problems in the file, so nothing was planned"),
        "Correct them, or plan the other rows with --skip-unreadable (Python: skip_unreadable=True, Node: skipUnreadable: true)",
    ))
}
