//! Rows with one cause.

/// Maximum number of rows that are named for a cause.
const NAMED: usize = 12;

/// Rows with one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    /// The ending or the verdict of its rows.
    pub(crate) state: &'static str,
    pub(crate) kind: String,
    pub(crate) code: Option<String>,
    /// The first row's words, as an example.
    pub(crate) what: String,
    pub(crate) next_step: String,
    pub(crate) count: u64,
    /// The first rows.
    pub(crate) rows: Vec<u32>,
}

/// The causes met so far.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    found: Vec<Cause>,
}

impl Cause {
    /// A cause that blocks rows of a plan.
    pub(super) fn of_plan(cause: &crate::plan::Cause<'_>) -> Self {
        Self {
            state: "refused",
            kind: cause.finding.code.clone(),
            code: None,
            what: cause.finding.what.clone(),
            next_step: cause.finding.next_step.clone(),
            count: cause.rows.len() as u64,
            rows: cause.rows.iter().take(NAMED).map(|(row, _)| row.row).collect(),
        }
    }

    /// Whether it has more rows than are named.
    pub(crate) fn names_some(&self) -> bool {
        self.count > self.rows.len() as u64
    }
}

impl Causes {
    /// Counts a row, whose cause is described by `state`, `kind` and `code`.
    pub(crate) fn count(
        &mut self,
        row: u32,
        state: &'static str,
        kind: &str,
        code: Option<&str>,
        words: impl FnOnce() -> (String, String),
    ) {
        let known = self
            .found
            .iter_mut()
            .find(|cause| cause.state == state && cause.kind == kind && cause.code.as_deref() == code);
        match known {
            Some(cause) => {
                cause.count += 1;
                if cause.rows.len() < NAMED {
                    cause.rows.push(row);
                }
            }
            None => {
                let (what, next_step) = words();
                self.found.push(Cause {
                    state,
                    kind: kind.to_owned(),
                    code: code.map(str::to_owned),
                    what,
                    next_step,
                    count: 1,
                    rows: vec![row],
                });
            }
        }
    }

    /// The most frequent first.
    pub(crate) fn into_sorted(mut self) -> Vec<Cause> {
        self.found.sort_by_key(|cause| std::cmp::Reverse(cause.count));
        self.found
    }
}
