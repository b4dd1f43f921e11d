//! A run: takes a journal up, carries out what can be, journals how it ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use trunkline::{Change, Client};

use super::activity::{Attempted, Report, attempt};
use super::notes::Notes;
use super::options::ApplyOptions;
use super::outbox::Outbox;
use super::rows::{OpenRow, OpenRows};
use super::schedule::{Held, Schedule, Standing, Why};
use super::step::{RunContext, StepResult};
use super::stop::StopHandle;
use super::timeline::{self, Timeline};
use super::window::Window;
use crate::error::{BulkError, BulkErrorKind};
use crate::event::Event;
use crate::journal::{Entry, Journal, Opened, Opening, StepEnd, Writer, run_ended};
use crate::outcome::{Ending, Failure, RowOutcome, Summary};
use crate::plan::{StepId, Verdict};
use crate::row_ranges::RowRanges;

/// How many steps may wait for the service, for each that may be active.
const WAITING_FOR_ONE: usize = 16;

/// The interval of progress events, in real time: they are for people and decide nothing.
const BEAT: Duration = Duration::from_millis(500);

/// Rows without steps that are journalled at once.
const CHUNK: usize = 256;

/// The actions that follow when entries are durable.
#[derive(Debug, Default)]
struct Consequence {
    ended: Vec<Arc<RowOutcome>>,
    released: Vec<StepId>,
}

/// An event that ends a wait of the engine.
enum Turn {
    Ended(Report),
    Durable(Result<Consequence, BulkError>),
    Beat,
    /// The caller stops the run, or its time is over.
    Stop(BulkError),
    Quiet,
}

pub(super) struct Engine {
    client: Client,
    options: ApplyOptions,
    outbox: Outbox,
    stop: StopHandle,
    context: Arc<RunContext>,
    schedule: Schedule,
    rows: OpenRows,
    summary: Summary,
    /// All rows of the plan.
    row_count: u64,
    /// Of these, rows that have not ended and that the options leave out.
    left_out: u64,
    timeline: Timeline,
    /// Why nothing more is begun.
    halt: Option<BulkError>,
    /// Whether it was said that no more numbers are taken.
    is_brake_reported: bool,
    waiting: Arc<AtomicUsize>,
    running: FuturesUnordered<BoxFuture<'static, Report>>,
    commits: FuturesUnordered<BoxFuture<'static, Result<Consequence, BulkError>>>,
    reader: Journal,
    window: Window,
    // Last: it waits until everything is written and the lock is given back.
    writer: Writer,
}

impl Engine {
    /// Opens the journal and finds out what is left to do.
    pub(super) async fn start(
        client: Client,
        opening: Opening,
        options: ApplyOptions,
        outbox: Outbox,
        stop: StopHandle,
    ) -> Result<Self, BulkError> {
        let path = opening.path.clone();
        let (writer, opened) = Writer::start(opening).await?;
        let reader = Journal::open(path)?;
        let (mut rows, mut steps) = (reader.row_sketches()?, reader.step_sketches()?);
        let row_count = rows.len() as u64;
        let choice = options.selection.of_journal(&reader, &rows, &steps)?;
        // Durable before anything is sent, as every entry is that is given earlier.
        if opened.resumed || !choice.left_out.is_empty() {
            let before = reader.left_out()?;
            let rows = choice.left_out.iter().copied().filter(|row| before.contains(*row));
            writer.handle().post(vec![Entry::LeftOut(RowRanges::of(rows))]);
        }
        let mut summary = Summary::default();
        let mut left_out = choice.narrowed.total();
        // A row that waits for an order of an earlier run has an ending, and stays as it is.
        for ending in rows
            .iter()
            .filter(|row| choice.left_out.contains(&row.row))
            .filter_map(|row| row.ending)
        {
            summary.count(ending);
            left_out -= 1;
        }
        // Nothing that was begun is left out, and nothing that stays needs what is: the rest is a plan of its own.
        rows.retain(|row| !choice.left_out.contains(&row.row));
        steps.retain(|step| !choice.left_out.contains(&step.id.0));
        let mut schedule = Schedule::new(&rows, &steps, options.release_brake)?;
        for ending in schedule.settled_rows() {
            summary.count(ending);
        }
        let clock = client.core().clock().clone();
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let context = Arc::new(RunContext {
            client: client.gathering_reads(),
            clock,
            journal: writer.handle(),
            options: options.clone(),
            last_contact: AtomicU64::new(0),
        });
        outbox.tell(Event::Started {
            rows: row_count,
            ended: summary.rows,
            resumed: opened.resumed,
        });
        if choice.narrowed.total() > 0 {
            outbox.tell(Event::Narrowed(choice.narrowed));
        }
        warn_of_clock(&opened, now, &outbox);
        let mut lines = schedule.rows_without_an_end();
        if let Some(what) = opened.unclaimed {
            outbox.tell(Event::Warned { what });
        }
        let held = schedule.close_overdue(&steps);
        let mut engine = Self {
            client,
            options,
            outbox,
            stop,
            context,
            schedule,
            rows: OpenRows::default(),
            summary,
            row_count,
            left_out,
            timeline: Timeline::new(now, elapsed),
            halt: None,
            is_brake_reported: false,
            waiting: Arc::default(),
            running: FuturesUnordered::new(),
            commits: FuturesUnordered::new(),
            reader,
            window: Window::new(),
            writer,
        };
        for line in &lines {
            engine.open_row(*line)?;
        }
        lines.extend(held.iter().map(|held| held.step.0));
        engine.hold(held, Standing::Bad, Vec::new(), Vec::new(), lines)?;
        engine.tell_brake();
        Ok(engine)
    }

    /// Runs until nothing is left that can be done.
    pub(super) async fn run(mut self) -> Result<(), BulkError> {
        self.end_plain_rows()?;
        let mut beat = Box::pin(tokio::time::sleep(BEAT));
        let stop = self.stop.clone();
        let mut stopped = Box::pin(async move { stop.stopped().await });
        let mut deadline = self.options.timeout.map(|time| self.context.clock.sleep(time));
        loop {
            self.begin();
            if self.running.is_empty() && self.commits.is_empty() {
                break;
            }
            let turn = std::future::poll_fn(|context| {
                if let Poll::Ready(Some(durable)) = self.commits.poll_next_unpin(context) {
                    return Poll::Ready(Turn::Durable(durable));
                }
                if let Poll::Ready(Some(report)) = self.running.poll_next_unpin(context) {
                    return Poll::Ready(Turn::Ended(report));
                }
                if self.halt.is_none() {
                    if stopped.as_mut().poll(context).is_ready() {
                        return Poll::Ready(Turn::Stop(left_over("the run was stopped")));
                    }
                    if let Some(deadline) = &mut deadline
                        && deadline.as_mut().poll(context).is_ready()
                    {
                        return Poll::Ready(Turn::Stop(left_over("the time for the run is over")));
                    }
                }
                if beat.as_mut().poll(context).is_ready() {
                    beat.set(tokio::time::sleep(BEAT));
                    return Poll::Ready(Turn::Beat);
                }
                // Steps that began to wait make room for others.
                if self.has_room() && self.schedule.has_ready() {
                    return Poll::Ready(Turn::Quiet);
                }
                Poll::Pending
            })
            .await;
            match turn {
                Turn::Ended(report) => self.take(report)?,
                Turn::Durable(Ok(consequence)) => self.conclude(consequence),
                Turn::Durable(Err(error)) => self.halt_for(error),
                Turn::Stop(reason) => self.halt_for(reason),
                Turn::Beat => self.tell_progress(false),
                Turn::Quiet => {}
            }
        }
        self.finish().await
    }

    /// Nothing more is begun, and what only waits is left.
    fn halt_for(&mut self, reason: BulkError) {
        // A journal that cannot be written weighs more than a wish to stop.
        let is_graver = self
            .halt
            .as_ref()
            .is_none_or(|halt| halt.kind() == BulkErrorKind::Stopped);
        if is_graver {
            self.halt = Some(reason);
        }
        self.stop.stop();
    }

    fn has_room(&self) -> bool {
        let waiting = self.waiting.load(Ordering::Relaxed);
        let active = self.running.len().saturating_sub(waiting);
        self.halt.is_none()
            && active < self.options.in_flight
            && waiting < self.options.in_flight.saturating_mul(WAITING_FOR_ONE)
    }

    /// Begins as many steps as there is room for.
    fn begin(&mut self) {
        while self.has_room()
            && !self.stop.is_stopped()
            && let Some(id) = self.schedule.begin()
        {
            if let Err(error) = self.begin_step(id) {
                self.halt_for(error);
            }
        }
    }

    fn begin_step(&mut self, id: StepId) -> Result<(), BulkError> {
        let mut loaded = self.window.take(&self.reader, id)?;
        let remains = self.schedule.has_remains(id.0);
        self.rows.begin(&self.reader, id.0, loaded.before.take(), remains)?;
        let needs_others = self.schedule.has_needs(id);
        let freed = match &loaded.step.change {
            Change::Unassign { number, .. } => Some(number.clone()),
            _ => None,
        };
        self.running.push(Box::pin(attempt(
            Attempted {
                id,
                loaded,
                freed,
                needs_others,
            },
            Notes::new(id, self.writer.handle(), self.outbox.clone(), self.waiting.clone()),
            self.context.clone(),
            self.stop.clone(),
        )));
        Ok(())
    }

    fn open_row(&mut self, line: u32) -> Result<&mut OpenRow, BulkError> {
        self.rows.of(&self.reader, line, self.schedule.has_remains(line))
    }

    /// A step is at its end: it is journalled, with everything that follows from it.
    fn take(&mut self, report: Report) -> Result<(), BulkError> {
        let end = match report.result {
            StepResult::Ended(end) => end,
            StepResult::Left(None) => return Ok(()),
            StepResult::Left(Some(failure)) => {
                let row = report.id.0;
                self.outbox.tell(Event::Left { row, failure });
                return Ok(());
            }
            StepResult::Fatal(error) => {
                self.halt_for(error);
                return Ok(());
            }
        };
        let at = self.context.clock.now();
        let standing = Standing::of(end.ending);
        let mut entries = Vec::with_capacity(3);
        if let (Ending::Done, Some(number), Some(time)) = (end.ending, report.freed, self.options.quarantine) {
            let until = at.checked_add(time).unwrap_or(trunkline::Timestamp::MAX);
            entries.push(Entry::Quarantined { number, at, until });
        }
        self.open_row(report.id.0)?.add(&end);
        let ending = end.ending;
        entries.push(Entry::StepEnded {
            step: report.id,
            end,
            at,
        });
        let held = self.schedule.end(report.id, ending);
        let released = if standing == Standing::Good {
            vec![report.id]
        } else {
            Vec::new()
        };
        match ending {
            Ending::Pending | Ending::NotSeen => self.stick(&held, Ending::Pending)?,
            Ending::Unknown => self.stick(&held, Ending::Skipped)?,
            _ => {}
        }
        let mut lines = vec![report.id.0];
        lines.extend(held.iter().map(|held| held.step.0));
        self.hold(held, standing, entries, released, lines)?;
        self.tell_brake();
        Ok(())
    }

    /// Says once that no more numbers are taken for others, when there are some to be taken.
    fn tell_brake(&mut self) {
        let rows = self.schedule.held_back();
        if let Some(step) = self.schedule.pulled_by()
            && rows > 0
            && !self.is_brake_reported
        {
            self.is_brake_reported = true;
            self.outbox.tell(Event::Braked { row: step.0, rows });
        }
    }

    /// Steps that a later run may begin: their rows say what they wait for, the steps stay as they are.
    fn stick(&mut self, held: &[Held], ending: Ending) -> Result<(), BulkError> {
        for Held { step, by, .. } in held {
            self.open_row(step.0)?.note(ending, Some(&Failure::awaited(*step, *by)));
        }
        Ok(())
    }

    /// Journals what cannot begin, and the rows that are over with it.
    fn hold(
        &mut self,
        held: Vec<Held>,
        standing: Standing,
        mut entries: Vec<Entry>,
        released: Vec<StepId>,
        mut lines: Vec<u32>,
    ) -> Result<(), BulkError> {
        let at = self.context.clock.now();
        if standing == Standing::Bad {
            for Held { step, by, why } in held {
                let failure = match why {
                    Why::Needs => Failure::needed(step, by),
                    Why::Pointless => Failure::pointless(step, by),
                };
                let end = StepEnd {
                    failure: Some(failure),
                    ..StepEnd::plain(Ending::Skipped)
                };
                self.open_row(step.0)?.add(&end);
                entries.push(Entry::StepEnded {
                    step,
                    end: Box::new(end),
                    at,
                });
            }
        }
        lines.sort_unstable();
        lines.dedup();
        let mut ended = Vec::new();
        for line in lines {
            if self.schedule.is_over(line)
                && let Some(mut outcome) = self.rows.close(line)
            {
                self.say_what_was_taken(&mut outcome)?;
                let outcome = Arc::new(outcome);
                entries.push(Entry::RowEnded {
                    outcome: outcome.clone(),
                    at,
                });
                ended.push(outcome);
            }
        }
        self.commit(entries, Consequence { ended, released });
        Ok(())
    }

    /// Numbers that were taken for the row, which then did not get its own, are the first thing to be said of it.
    fn say_what_was_taken(&self, outcome: &mut RowOutcome) -> Result<(), BulkError> {
        let Some(failure) = &mut outcome.failure else {
            return Ok(());
        };
        let mut taken = Vec::new();
        for id in self.schedule.lost_by(outcome.row) {
            taken.push(self.reader.load_step(id)?.step);
        }
        failure.after_taking(outcome.row, &taken, outcome.before.as_ref());
        Ok(())
    }

    fn commit(&mut self, entries: Vec<Entry>, consequence: Consequence) {
        if entries.is_empty() {
            return;
        }
        let durable = self.writer.handle().write(entries);
        self.commits
            .push(Box::pin(async move { durable.wait().await.map(|()| consequence) }));
    }

    /// Entries are durable: reports them, and begins the steps that waited for them.
    fn conclude(&mut self, consequence: Consequence) {
        for outcome in consequence.ended {
            self.summary.count(outcome.ending);
            self.client.core().report_row(outcome.ending.name());
            // The writer has no use for it any more.
            self.outbox.tell(Event::Row(Box::new(Arc::unwrap_or_clone(outcome))));
        }
        for step in consequence.released {
            self.schedule.release(step);
        }
    }

    /// Rows that have nothing to send.
    fn end_plain_rows(&mut self) -> Result<(), BulkError> {
        let plain: Vec<(u32, Verdict)> = self.schedule.plain_rows().collect();
        for chunk in plain.chunks(CHUNK) {
            let at = self.context.clock.now();
            let (mut entries, mut ended) = (Vec::new(), Vec::new());
            for (line, verdict) in chunk {
                let Some(row) = self.reader.row(*line)? else { continue };
                let (ending, failure) = match verdict {
                    Verdict::Refused => (Ending::Skipped, Some(Failure::refused(&row.planned.findings))),
                    Verdict::Already | Verdict::Change => (Ending::Already, None),
                };
                let outcome = Arc::new(RowOutcome {
                    row: *line,
                    ending,
                    after: None,
                    before: row.planned.before,
                    request_ids: Vec::new(),
                    operations: Vec::new(),
                    failure,
                    warnings: Vec::new(),
                });
                entries.push(Entry::RowEnded {
                    outcome: outcome.clone(),
                    at,
                });
                ended.push(outcome);
            }
            self.commit(
                entries,
                Consequence {
                    ended,
                    released: Vec::new(),
                },
            );
        }
        Ok(())
    }

    fn tell_progress(&mut self, is_last: bool) {
        let (now, elapsed) = (self.context.clock.now(), self.context.clock.elapsed());
        if let Some(what) = self.timeline.jump(now, elapsed) {
            self.outbox.tell(Event::Warned { what });
        }
        let progress = self
            .timeline
            .progress(&self.client, self.whole_summary(), self.row_count, self.running.len());
        if let Some(tick) = self.timeline.tick(now, elapsed, &progress, is_last) {
            self.writer.handle().post(vec![Entry::Tick(tick)]);
        }
        self.outbox.tell(Event::Progress(progress));
    }

    /// How many rows ended how so far, and how many have not.
    fn whole_summary(&self) -> Summary {
        Summary {
            open: self.row_count.saturating_sub(self.summary.rows),
            left_out: self.left_out,
            ..self.summary
        }
    }

    /// The reason why rows are not begun although nothing stopped the run.
    fn look_at_the_brake(&mut self) {
        let rows = self.schedule.held_back();
        if rows == 0 || self.halt.is_some() {
            return;
        }
        match (self.schedule.pulled_by(), self.schedule.first_under_way()) {
            (Some(step), _) => self.halt = Some(braked(step, rows)),
            (None, Some(step)) => self.outbox.tell(Event::Warned {
                what: format!(
                    "{rows} more numbers are not taken from their holders yet, because the one that was taken for row {} \
                     is not given yet; run it again to go on, and with the brake released if row {} stays unknown",
                    step.0, step.0
                ),
            }),
            (None, None) => {}
        }
    }

    async fn finish(mut self) -> Result<(), BulkError> {
        self.look_at_the_brake();
        self.tell_progress(true);
        let failure = self.writer.handle().failure();
        let ended = self
            .writer
            .handle()
            .write(run_ended(self.context.clock.now()))
            .wait()
            .await;
        // Where the journal says more than the reason for stopping, that counts.
        if let Some(failure) = failure.or(ended.err()) {
            return Err(failure);
        }
        let summary = self.whole_summary();
        self.outbox.tell(Event::Ended(summary));
        end_of(self.halt.take(), self.stop.is_stopped(), &summary)
    }
}

/// How a run ends: with the reason that halted it, or as stopped when somebody asked for that and something is left. The last
/// step may be left before the wish itself comes up, so that nothing has halted the run.
fn end_of(halt: Option<BulkError>, is_stopped: bool, summary: &Summary) -> Result<(), BulkError> {
    match halt {
        Some(reason) => Err(reason),
        None if is_stopped && (summary.open > summary.left_out || summary.pending > 0) => {
            Err(left_over("the run was stopped"))
        }
        None => Ok(()),
    }
}

fn braked(step: StepId, rows: u64) -> BulkError {
    let what = format!(
        "a number was taken from its holder and could not be given (row {}), so no further number is taken; {rows} rows \
         that need one are open",
        step.0
    );
    BulkError::new(
        BulkErrorKind::Stopped,
        what,
        format!(
            "Look at row {}: tenants can keep released numbers from being assigned (Get-CsPhoneNumberTenantConfiguration \
             shows it). Remove what keeps the number from being assigned, then run it again with the brake released",
            step.0
        ),
    )
}

fn left_over(what: &str) -> BulkError {
    BulkError::new(
        BulkErrorKind::Stopped,
        what,
        "Run it again with the same journal: it continues where it stopped",
    )
}

fn warn_of_clock(opened: &Opened, now: trunkline::Timestamp, outbox: &Outbox) {
    if let Some(last) = opened.last_moment
        && timeline::is_ahead(last, now)
    {
        let what = format!(
            "the journal was last written at {last}, which the computer's clock says is still to come; waits begin anew, \
             and reservations are kept"
        );
        outbox.tell(Event::Warned { what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_somebody_stopped_ends_as_stopped_if_something_is_left() {
        let kind = |halt, is_stopped, summary| end_of(halt, is_stopped, &summary).err().map(|error| error.kind());
        let rows = |open, pending| Summary {
            open,
            pending,
            ..Summary::default()
        };
        assert_eq!(kind(None, true, rows(0, 1)), Some(BulkErrorKind::Stopped));
        assert_eq!(kind(None, true, rows(1, 0)), Some(BulkErrorKind::Stopped));
        assert_eq!(kind(None, true, rows(0, 0)), None);
        assert_eq!(kind(None, false, rows(1, 1)), None);
        let disk = BulkError::new(BulkErrorKind::Disk, "the disk is full", "Make space");
        assert_eq!(kind(Some(disk), true, rows(0, 0)), Some(BulkErrorKind::Disk));
    }
}
