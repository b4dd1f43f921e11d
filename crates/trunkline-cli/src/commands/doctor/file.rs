//! Checks of the file of rows: whether it can be read, and what is wrong with it, by causes.

use trunkline_bulk::input::{Input, Severity};

use super::{Check, bulk};

/// How many rows can be read, and a check for each cause of an error or a warning, with the words that `bulk plan` has.
pub(super) fn examine(input: &Input) -> Vec<Check> {
    let rows = bulk::counted(input.len() as u64, "row");
    let cannot = input.unreadable().len() as u64;
    let what = match cannot {
        0 => format!("{rows} can be read"),
        _ => format!("{rows} can be read; {} cannot", bulk::counted(cannot, "row")),
    };
    let mut checks = vec![Check::ok("file", what)];
    for group in input.problems().groups() {
        let mut what = format!("{} ({})", group.what, group.place());
        if let Some(value) = &group.value {
            what = format!("{what}, such as {value}");
        }
        match group.severity {
            Severity::Error => checks.push(Check::failed("file", what, group.next_step)),
            Severity::Warning => checks.push(Check::warning("file", what, group.next_step)),
            Severity::Note => {}
        }
    }
    checks
}
