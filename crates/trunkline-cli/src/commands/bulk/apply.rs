//! `trunkline bulk apply` and `trunkline bulk resume`.

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use serde_json::json;
use trunkline::{Client, Pace};
use trunkline_bulk::journal::JournalRow;
use trunkline_bulk::plan::Plan;
use trunkline_bulk::report::{Privacy, Report as RunReport, write_csv};
use trunkline_bulk::{Apply, ApplyOptions, Bulk, BulkErrorKind, Ending, Event, Journal, Narrowed, Summary};

use super::gauge::Gauge;
use super::summary::left_out;
use super::{Report, code, confirmation, row_text, sentence};
use crate::arguments::{ApplyPlan, Applying, Format, Resume};
use crate::connection::Connection;
use crate::document::printable;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::signals::Signals;

pub(super) async fn apply(apply: &ApplyPlan, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let plan = Plan::read(&apply.plan)?;
    let journal = apply.journal.clone().unwrap_or_else(|| journal_of(&apply.plan));
    let options = options(&apply.applying);
    let exists = journal.exists();
    if !apply.yes && !exists {
        confirmation::is_possible(printer)?;
    }
    let client = client(&apply.applying, connection)?;
    match (apply.yes, exists) {
        (true, _) => {}
        (false, true) => ask_for_further(&journal, &options, &client, printer).await?,
        (false, false) => confirmation::ask(&options.wave(&plan)?, &client, printer).await?,
    }
    let run = Bulk::new(&client).apply(plan, &journal, &options);
    Watch::new(journal, printer).execute(run).await
}

pub(super) async fn resume(resume: &Resume, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    // A wrong path is reported before anybody signs in.
    Journal::open(&resume.journal)?;
    let options = options(&resume.applying);
    let client = client(&resume.applying, connection)?;
    if !resume.yes {
        ask_for_further(&resume.journal, &options, &client, printer).await?;
    }
    let run = Bulk::new(&client).resume(&resume.journal, &options);
    Watch::new(resume.journal.clone(), printer).execute(run).await
}

/// Asks about rows that every earlier run left out. What such a run was to carry out was confirmed when it began; a script, which
/// nobody can be asked for, names its waves by its options.
async fn ask_for_further(
    journal: &Path,
    options: &ApplyOptions,
    client: &Client,
    printer: Printer,
) -> Result<(), Failure> {
    if !printer.can_ask() {
        return Ok(());
    }
    let wave = options.further_wave(&Journal::open(journal)?)?;
    confirmation::ask(&wave, client, printer).await
}

/// The journal of a plan, when no other is named.
fn journal_of(plan: &Path) -> PathBuf {
    plan.with_extension("journal")
}

fn client(applying: &Applying, connection: &Connection<'_>) -> Result<Client, Failure> {
    let pace = match applying.pace {
        Some(rate) => Pace::per_second(rate),
        None if applying.unlimited => Pace::none(),
        None => Pace::documented(),
    };
    connection.client_for_jobs(pace)
}

fn options(applying: &Applying) -> ApplyOptions {
    let mut options = ApplyOptions::new()
        .repeat_after_read_back(!applying.no_repeat)
        .release_brake(applying.release_brake);
    if let Some(steps) = applying.in_flight {
        options = options.in_flight(usize::from(steps));
    }
    if let Some(time) = applying.timeout {
        options = options.timeout(time);
    }
    if let Some(time) = applying.order_timeout {
        options = options.order_timeout(time);
    }
    if let Some(time) = applying.patience {
        options = options.patience(time);
    }
    if let Some(time) = applying.proof {
        options = options.proof(time);
    }
    if let Some(time) = applying.quarantine {
        options = options.quarantine(time);
    }
    if let Some(rows) = &applying.rows {
        options = options.rows(rows.clone());
    }
    if let Some(rows) = applying.limit {
        options = options.limit(rows);
    }
    options.only(applying.only.iter().copied())
}

/// Shows a run, and stops it when asked to.
struct Watch {
    path: PathBuf,
    printer: Printer,
    gauge: Gauge,
    /// Open from the first row that ends: what the row is about stands there.
    journal: Option<Journal>,
    /// How many rows ended how, when the run said so.
    summary: Option<Summary>,
    /// How many rows the options leave out.
    narrowed: Narrowed,
    is_braked: bool,
}

impl Watch {
    fn new(path: PathBuf, printer: Printer) -> Self {
        Self {
            path,
            printer,
            gauge: Gauge::new(printer),
            journal: None,
            summary: None,
            narrowed: Narrowed::default(),
            is_braked: false,
        }
    }

    async fn execute(mut self, run: Apply) -> Result<Report, Failure> {
        let ended = self.watch(run).await;
        self.gauge.clear();
        let summary = match ended {
            Ok(summary) => summary,
            Err(failure) => {
                if self.path.exists() && goes_on(&failure) {
                    if let Some(summary) = &self.summary {
                        self.printer.note(&sentence(summary));
                    }
                    self.say_how_to_go_on();
                }
                return Err(failure);
            }
        };
        self.conclude(&summary)?;
        if summary.can_go_on() {
            self.say_how_to_go_on();
        }
        Ok(Report::printed(code(summary.is_good())))
    }

    fn say_how_to_go_on(&self) {
        let path = self.path.display();
        let option = if self.is_braked { " --release-brake" } else { "" };
        self.printer
            .note(&format!("continue with: trunkline bulk resume {path}{option}"));
    }

    async fn watch(&mut self, mut run: Apply) -> Result<Summary, Failure> {
        let mut signals = Signals::new()?;
        let stop = run.stop_handle();
        loop {
            let event = tokio::select! {
                // A signal is looked at even if there is always something to tell.
                biased;
                () = signals.any() => {
                    if stop.is_stopped() {
                        return Err(Failure::Interrupted { resume: None });
                    }
                    stop.stop();
                    self.gauge.with_hidden_bar(|| {
                        self.printer.note("Stopping after the requests in progress. Press Ctrl-C again to stop now.");
                    });
                    continue;
                }
                event = run.next() => event,
            };
            match event {
                None => break,
                Some(Err(error)) => return Err(error.into()),
                Some(Ok(event)) => {
                    match &event {
                        Event::Ended(ended) => self.summary = Some(*ended),
                        Event::Narrowed(narrowed) => self.narrowed = *narrowed,
                        Event::Braked { .. } => self.is_braked = true,
                        _ => {}
                    }
                    self.tell(&event)?;
                }
            }
        }
        self.summary
            .ok_or_else(|| Failure::Unexpected("the run ended without a result".to_owned()))
    }

    fn tell(&mut self, event: &Event) -> Result<(), Failure> {
        match event {
            Event::Started { rows, ended, .. } => self.gauge.begin(*rows, *ended),
            Event::Narrowed(narrowed) => self.gauge.leave_out(narrowed.total()),
            Event::Row(_) => self.gauge.row(),
            Event::Progress(progress) => self.gauge.tell(progress),
            _ => {}
        }
        if self.printer.format() == Format::Jsonl {
            let row = match event {
                Event::Row(outcome) => self.row(outcome.row)?,
                Event::Left { row, .. } => self.row(*row)?,
                _ => None,
            };
            let line = format!("{}\n", row_text::record(event, row.as_ref())?);
            return self.gauge.with_hidden_bar(|| self.printer.result(&line));
        }
        match event {
            Event::Started {
                rows,
                ended,
                resumed: true,
            } => {
                let text = format!("resuming: {ended} of {rows} rows have ended");
                self.gauge.with_hidden_bar(|| self.printer.note(&text));
            }
            Event::Braked { row, rows } => {
                let text = format!(
                    "the number of row {row} was taken from its holder and could not be given, so no further number is \
                     taken; {rows} rows that need one stay open"
                );
                self.gauge.with_hidden_bar(|| self.printer.warning(&text));
            }
            // The other forms say it with their result.
            Event::Narrowed(narrowed) if self.printer.format() == Format::Csv => {
                let text = format!("{}; they stay open", left_out(narrowed));
                self.gauge.with_hidden_bar(|| self.printer.note(&text));
            }
            Event::Left { row, failure } if self.printer.format() == Format::Table => {
                self.show_row(*row, "open", Some(failure), &[])?;
            }
            Event::Warned { what } => self.gauge.with_hidden_bar(|| self.printer.warning(what)),
            Event::Row(outcome) if self.printer.format() == Format::Table => {
                let ending = match outcome.ending {
                    Ending::NotSeen => "done, not seen yet",
                    ending => ending.name(),
                };
                self.show_row(outcome.row, ending, outcome.failure.as_ref(), &outcome.warnings)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn journal(&mut self) -> Result<&Journal, Failure> {
        Ok(match &mut self.journal {
            Some(journal) => journal,
            journal => journal.insert(Journal::open(&self.path)?),
        })
    }

    /// A row as the journal has it.
    fn row(&mut self, row: u32) -> Result<Option<JournalRow>, Failure> {
        Ok(self.journal()?.row(row)?)
    }

    /// A row that ended or was left open, as a line.
    fn show_row(
        &mut self,
        row: u32,
        ending: &str,
        failure: Option<&trunkline_bulk::Failure>,
        warnings: &[String],
    ) -> Result<(), Failure> {
        let Some(row) = self.row(row)? else {
            return Ok(());
        };
        let line = row_text::line(&row, ending, failure, warnings, self.printer.view().ids);
        self.gauge.with_hidden_bar(|| self.printer.prose(&line))
    }

    /// The result as a whole.
    fn conclude(&self, summary: &Summary) -> Result<(), Failure> {
        let shown = self.path.display().to_string();
        let path = printable(&shown);
        match self.printer.format() {
            // The last event said it.
            Format::Jsonl => Ok(()),
            Format::Json => {
                let mut document = json!({
                    "summary": summary,
                    "isGood": summary.is_good(),
                    "isAsAsked": summary.is_as_asked(),
                    "journal": shown,
                });
                if self.narrowed.total() > 0 {
                    document["narrowed"] = json!(self.narrowed);
                }
                self.printer.result(&format!("{document:#}\n"))
            }
            Format::Csv => {
                let journal = Journal::open(&self.path)?;
                let mut table = Vec::new();
                let report = RunReport::of(&journal, Privacy::Full)?;
                write_csv(
                    &report,
                    RunReport::rows_of(&journal),
                    super::report::NUMBERS,
                    &mut table,
                )?;
                self.printer.result(&String::from_utf8_lossy(&table))
            }
            Format::Table => {
                let lost = match Journal::open(&self.path)?.loss_count()? {
                    0 => String::new(),
                    1 => ". 1 number was taken from its holder".to_owned(),
                    lost => format!(". {lost} numbers were taken from their holders"),
                };
                let narrowed = match self.narrowed.total() {
                    0 => String::new(),
                    _ => format!(". {}", left_out(&self.narrowed)),
                };
                let text = format!("{}{narrowed}{lost}. The journal is {path}\n", sentence(summary));
                self.printer.prose(&text)
            }
        }
    }
}

/// Whether a later run can go on where this one ended.
fn goes_on(failure: &Failure) -> bool {
    match failure {
        Failure::Bulk(error) => matches!(
            error.kind(),
            BulkErrorKind::Stopped | BulkErrorKind::Service | BulkErrorKind::Disk | BulkErrorKind::Clock
        ),
        Failure::Refused(_) | Failure::Interrupted { .. } => true,
        _ => false,
    }
}
