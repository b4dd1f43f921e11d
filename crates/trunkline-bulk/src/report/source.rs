//! Reads the data of a report from a journal.

use trunkline::Timestamp;

use super::verified::VerifiedRows;
use super::{
    Interval, OpenRow, Privacy, Report, ReportHeader, ReportRow, ReportRun, ReportVerification, RowEnd, StillOpen,
};
use crate::error::BulkError;
use crate::journal::{self, Journal, Run};

impl Report {
    /// The report of what a journal holds at this moment; its rows are [`rows_of`](Self::rows_of).
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when the journal is damaged.
    ///
    /// ```no_run
    /// use trunkline_bulk::Journal;
    /// use trunkline_bulk::report::{Privacy, Report, write_page};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::open("numbers.journal")?;
    /// let report = Report::of(&journal, Privacy::Masked)?;
    /// write_page(&report, Report::rows_of(&journal), std::fs::File::create("numbers.html")?)?;
    /// # Ok(()) }
    /// ```
    pub fn of(journal: &Journal, privacy: Privacy) -> Result<Self, BulkError> {
        let header = journal.header()?;
        let runs = journal.runs()?;
        let rows = journal.row_count()?;
        let mut summary = journal.summary()?;
        let verification = journal.verification()?.map(|found| ReportVerification {
            at: found.at.to_string(),
            rows: found.rows,
            hold: found.hold,
            drifted: found.drifted,
        });
        let open = rows.saturating_sub(summary.rows);
        summary.rows = rows;
        Ok(Self {
            header: ReportHeader {
                tenant: header.tenant,
                cloud: header.cloud,
                plan_digest: header.plan_digest,
                source: header.source,
                started: runs.first().map(|run| run.started_at.to_string()),
                ended: runs
                    .last()
                    .and_then(|run| run.ended_at)
                    .map(|moment| moment.to_string()),
                runs: runs.iter().map(report_run).collect(),
                verification,
                summary,
                open,
                losses: journal.loss_count()?,
            },
            intervals: since_the_last(&journal.ticks()?, &runs),
            privacy,
        })
    }

    /// The rows of a journal, in order, read as they are asked for. Rows that have not ended are `open`.
    pub fn rows_of(journal: &Journal) -> impl Iterator<Item = Result<ReportRow, BulkError>> + '_ {
        let (mut verified, failure) = match VerifiedRows::of(journal) {
            Ok(verified) => (verified, None),
            Err(error) => (VerifiedRows::default(), Some(Err(error))),
        };
        let rows = journal.rows().map(move |row| {
            let row = row?;
            let verified = verified.take(&row);
            let (line, before) = (row.planned.row, row.planned.before);
            Ok(ReportRow {
                wanted: row.planned.wanted,
                findings: row.planned.findings,
                losses: row.losses,
                verified,
                outcome: row.outcome.map_or(
                    RowEnd::Open(OpenRow {
                        row: line,
                        ending: StillOpen::Open,
                        before,
                    }),
                    RowEnd::Ended,
                ),
            })
        });
        failure.into_iter().chain(rows)
    }
}

fn report_run(run: &Run) -> ReportRun {
    ReportRun {
        started: run.started_at.to_string(),
        ended: run.ended_at.map(|moment| moment.to_string()),
        version: run.version.clone(),
        runner: run.runner.clone(),
    }
}

/// Moments that count from the one before, out of moments that count from the begin of their run.
fn since_the_last(ticks: &[journal::Tick], runs: &[Run]) -> Vec<Interval> {
    let begins = |at: Timestamp| runs.iter().filter(|run| run.started_at <= at).count();
    let mut before = (0, 0, 0, 0);
    ticks
        .iter()
        .map(|tick| {
            let (run, sent, throttled, ended) = before;
            let own = begins(tick.at);
            // Requests are counted anew by each run; rows are not.
            let is_new = own != run || tick.sent < sent;
            let (sent, throttled) = if is_new { (0, 0) } else { (sent, throttled) };
            before = (own, tick.sent, tick.throttled, tick.ended);
            Interval {
                at: tick.at.as_millisecond(),
                sent: tick.sent.saturating_sub(sent),
                throttled: tick.throttled.saturating_sub(throttled),
                ended: tick.ended.saturating_sub(ended),
                in_flight: tick.in_flight,
                allowed_rate: tick.allowed_rate,
                paused_for: tick.paused_for,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_second(1_768_467_600 + second).expect("a moment")
    }

    fn tick(second: i64, sent: u64, throttled: u64, ended: u64) -> journal::Tick {
        journal::Tick {
            at: moment(second),
            sent,
            throttled,
            ended,
            in_flight: 1,
            allowed_rate: None,
            paused_for: None,
        }
    }

    fn run(id: i64, second: i64) -> Run {
        Run {
            id,
            started_at: moment(second),
            ended_at: None,
            version: String::new(),
            runner: None,
        }
    }

    #[test]
    fn each_moment_counts_from_the_one_before_and_each_run_from_nothing() {
        let ticks = [
            tick(1, 10, 0, 2),
            tick(2, 30, 1, 6),
            tick(61, 31, 1, 9),
            tick(62, 40, 1, 9),
        ];
        let counted: Vec<_> = since_the_last(&ticks, &[run(1, 0), run(2, 60)])
            .iter()
            .map(|tick| (tick.sent, tick.throttled, tick.ended))
            .collect();
        assert_eq!(counted, [(10, 0, 2), (20, 1, 4), (31, 1, 3), (9, 0, 0)]);
    }

    #[test]
    fn a_clock_that_was_put_back_loses_nothing() {
        let ticks = [tick(100, 10, 0, 2), tick(0, 4, 0, 3)];
        let counted: Vec<_> = since_the_last(&ticks, &[run(1, 99), run(2, -1)])
            .iter()
            .map(|tick| (tick.sent, tick.ended))
            .collect();
        assert_eq!(counted, [(10, 2), (4, 1)]);
    }
}
