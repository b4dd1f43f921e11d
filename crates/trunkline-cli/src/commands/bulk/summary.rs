//! The results of rows as a sentence and as an exit code.

use trunkline_bulk::{Narrowed, Summary};

use crate::failure::PARTLY;

/// How many of what: `1 row`, `2 rows`.
pub(in crate::commands) fn counted(count: u64, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// A summary in a sentence without its full stop.
pub(super) fn sentence(summary: &Summary) -> String {
    let parts = [
        (summary.done, "done"),
        (summary.not_seen, "done but not seen yet"),
        (summary.already, "already correct"),
        (summary.failed, "failed"),
        (summary.skipped, "skipped"),
        (summary.pending, "pending"),
        (summary.unknown, "unknown"),
        (summary.open, "open"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let rows = counted(summary.rows + summary.open, "row");
    if parts.is_empty() {
        rows
    } else {
        format!("{rows}: {}", parts.join(", "))
    }
}

/// How many rows are left out, and by which option.
pub(super) fn left_out(narrowed: &Narrowed) -> String {
    let parts = [
        (narrowed.by_rows, "not in --rows"),
        (narrowed.by_only, "with another action than --only"),
        (narrowed.by_limit, "beyond --limit"),
        (narrowed.waiting, "waiting for a row that is left out"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| format!("{count} {why}"))
        .collect();
    let are = if narrowed.total() == 1 { "is" } else { "are" };
    format!(
        "{} {are} left out: {}",
        counted(narrowed.total(), "row"),
        parts.join(", ")
    )
}

/// The exit code of work on rows.
pub(super) fn code(is_good: bool) -> u8 {
    if is_good { 0 } else { PARTLY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkline_bulk::Ending;

    #[test]
    fn summaries_read_as_sentences() {
        let mut summary = Summary::default();
        assert_eq!(sentence(&summary), "0 rows");
        summary.count(Ending::Done);
        assert_eq!(sentence(&summary), "1 row: 1 done");
        summary.count(Ending::Failed);
        summary.count(Ending::NotSeen);
        summary.open = 2;
        let text = "5 rows: 1 done, 1 done but not seen yet, 1 failed, 2 open";
        assert_eq!(sentence(&summary), text);
    }

    #[test]
    fn what_is_left_out_names_its_option() {
        let mut narrowed = Narrowed {
            by_limit: 1,
            ..Narrowed::default()
        };
        assert_eq!(left_out(&narrowed), "1 row is left out: 1 beyond --limit");
        narrowed.waiting = 2;
        let text = "3 rows are left out: 1 beyond --limit, 2 waiting for a row that is left out";
        assert_eq!(left_out(&narrowed), text);
    }
}
