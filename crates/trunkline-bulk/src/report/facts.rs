//! The facts about a run: the file, who ran it, whether it was verified, and what was left out.

use std::borrow::Cow;

use super::{Privacy, Report, ReportHeader, ReportRun};
use crate::pages::Fact;
use crate::plan::SourceFile;

impl Report {
    /// The part about the run as a whole, as it may be shown.
    pub(super) fn shown_header(&self) -> Cow<'_, ReportHeader> {
        if self.privacy == Privacy::Full {
            return Cow::Borrowed(&self.header);
        }
        let mut header = self.header.clone();
        header.source = header.source.map(SourceFile::masked);
        for run in &mut header.runs {
            run.runner = run.runner.take().map(crate::journal::Runner::masked);
        }
        Cow::Owned(header)
    }

    /// The facts about the run as a whole, each with its name.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let header = self.shown_header();
        let mut facts = vec![("File", file(header.source.as_ref()))];
        if let Some(source) = &header.source {
            facts.push(("Digest of the file", format!("SHA-256 {}", source.digest)));
        }
        facts.push(("Tenant", format!("{} in cloud {}", header.tenant, header.cloud)));
        facts.push(("Plan", format!("SHA-256 {}", header.plan_digest)));
        if header.runs.is_empty() {
            facts.push(("Run", "not begun".to_owned()));
        }
        facts.extend(header.runs.iter().map(|own| ("Run", run(own))));
        facts.push(("Verified", verified(&header)));
        facts.push(("Left out", left_out(&header)));
        facts
    }
}

fn file(source: Option<&SourceFile>) -> String {
    match source {
        None => "none: the plan reverts a run, or was made by an earlier version".to_owned(),
        Some(source) => {
            let name = source.name.as_deref().unwrap_or("without a name");
            format!("{name}, {} rows, {} bytes", source.rows, source.bytes)
        }
    }
}

fn run(run: &ReportRun) -> String {
    let end = match &run.ended {
        Some(ended) => format!("to {ended}"),
        None => "and did not end: it is in progress, or was killed".to_owned(),
    };
    let who = match &run.runner {
        Some(runner) => runner.to_string(),
        None => "somebody whom the journal does not name: the token said nothing, or the run is of an earlier version"
            .to_owned(),
    };
    format!("from {} {end}, by {who}, with trunkline {}", run.started, run.version)
}

fn verified(header: &ReportHeader) -> String {
    let Some(verification) = &header.verification else {
        return "nobody verified this run: trunkline bulk verify JOURNAL".to_owned();
    };
    let missing = verification
        .rows
        .saturating_sub(verification.hold + verification.drifted);
    format!(
        "{}: {} of {} rows in place, {} drifted, {missing} not in place",
        verification.at, verification.hold, verification.rows, verification.drifted
    )
}

fn left_out(header: &ReportHeader) -> String {
    let (unreadable, repeated) = header
        .source
        .as_ref()
        .map_or((0, 0), |source| (source.unreadable, source.repeated));
    let parts = [
        (unreadable, "rows that cannot be read"),
        (repeated, "rows that repeat an earlier one and are not in the plan"),
        (header.open, "open rows, which were not selected or not reached"),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    match parts.as_slice() {
        [] => "no row".to_owned(),
        parts => {
            let parts: Vec<_> = parts.iter().map(|(count, what)| format!("{what}: {count}")).collect();
            parts.join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_an_earlier_version_says_that_nobody_is_named() {
        let text = run(&ReportRun {
            started: "2026-01-15T09:00:00Z".to_owned(),
            ended: None,
            version: "0.0.9".to_owned(),
            runner: None,
        });
        assert!(
            text.contains("does not name") && text.contains("0.0.9") && text.contains("did not end"),
            "{text}"
        );
    }
}
