//! Settings of the tenant that Graph does not show, and that a file should be compared with before it is applied.

use trunkline_bulk::access::Need;

use super::Check;
use super::bulk::counted;

/// Tenant settings that affect released numbers, for files whose rows release and assign.
pub(super) fn assignment_blocks(needs: &[Need]) -> Option<Check> {
    let rows = |id: &str| {
        let need = needs.iter().find(|need| need.operation.id == id);
        need.map_or(0, |need| need.rows)
    };
    let releases = rows("numberAssignments.unassignNumber");
    let assignments = rows("numberAssignments.assignNumber");
    (releases > 0 && assignments > 0).then(|| {
        Check::warning(
            "released numbers",
            format!(
                "{} release a number and {} assign one. A tenant can keep released numbers from being assigned \
                 (AssignmentBlockedForever, AssignmentBlockedDays), and it can send up to {} to people \
                 (AssignmentEmailEnabled, UnassignmentEmailEnabled); Graph shows neither setting",
                counted(releases, "row"),
                counted(assignments, "row"),
                counted(releases + assignments, "mail"),
            ),
            "Look at the settings in Teams PowerShell: Get-CsPhoneNumberTenantConfiguration",
        )
    })
}
