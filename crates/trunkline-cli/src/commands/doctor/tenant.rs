//! Settings of the tenant that Graph does not show, and that a file should be compared with before it is applied.

use trunkline_bulk::access::Need;

use super::Check;
use super::bulk::counted;
use crate::arguments::Format;
use crate::printer::Printer;

/// Shows the settings, in Teams PowerShell.
const SHOW: &str = "Get-CsPhoneNumberTenantConfiguration";

/// Lifts the block of all numbers that are released from now on.
const LIFT: &str = "Remove-CsPhoneNumberTenantConfiguration -AssignmentBlockedForever -AssignmentBlockedDays";

/// Tenant settings that affect released numbers, for files whose rows release and assign. A person at a terminal is asked.
pub(super) fn assignment_blocks(needs: &[Need], printer: Printer) -> Option<Check> {
    let rows = |id: &str| {
        let need = needs.iter().find(|need| need.operation.id == id);
        need.map_or(0, |need| need.rows)
    };
    let releases = rows("numberAssignments.unassignNumber");
    let assignments = rows("numberAssignments.assignNumber");
    if releases == 0 || assignments == 0 {
        return None;
    }
    let what = format!(
        "{} release a number and {} assign one. A tenant can keep released numbers from being assigned \
         (AssignmentBlockedForever, AssignmentBlockedDays), and it can send up to {} to people \
         (AssignmentEmailEnabled, UnassignmentEmailEnabled); Graph shows neither setting",
        counted(releases, "row"),
        counted(assignments, "row"),
        counted(releases + assignments, "mail"),
    );
    let unknown =
        Check::warning("released numbers", what, "Look at the settings in Teams PowerShell").with_command(SHOW);
    if !printer.can_ask() || printer.format() != Format::Table {
        return Some(unknown);
    }
    printer.prompt(&format!("{}. {}:\n  {SHOW}", unknown.what, unknown.next_step));
    Some(
        match printer.choose("Does this tenant block released numbers?", &["yes", "no", "unknown"]) {
            Some("yes") => Check::failed(
                "released numbers",
                "you said that this tenant blocks released numbers: those that this file releases cannot be assigned",
                "Lift the block for the time of the run, and set it again afterwards",
            )
            .with_command(LIFT),
            Some("no") => Check::ok("released numbers", "you said that this tenant does not block them"),
            _ => unknown,
        },
    )
}
