//! A file of 200 rows with every action, some of them unreadable, and the tenant that they change.

use serde_json::{Value, json};
use trunkline_emulator::{bulk_numbers, bulk_users};

/// Number of rows in the file.
pub(crate) const ROWS: usize = 200;

/// Number of rows that cannot be read.
pub(crate) const UNREADABLE: usize = 3;

/// An emergency location of the emulator's tenant.
const LOCATION: &str = "10c00000-0000-4000-8000-000000000002";

fn number(index: usize) -> String {
    format!("+1206555{index:04}")
}

fn person(index: usize) -> String {
    format!("user{index:05}@contoso.example")
}

/// Pairs of a number and its holder before the run, by their index.
fn held() -> impl Iterator<Item = (usize, usize)> {
    let moved = (70..90).map(|index| (index, index));
    let released = (90..110).map(|index| (index, index + 20));
    let already = (125..130).map(|index| (index, index + 5));
    let swapped = [(130, 135), (131, 136)];
    let others = (140..143).map(|index| (index, index));
    moved.chain(released).chain(already).chain(swapped).chain(others)
}

/// The seed of the emulator.
pub(crate) fn seeds() -> [Value; 2] {
    let (mut numbers, mut people) = (bulk_numbers(160), bulk_users(160));
    for (number, holder) in held() {
        let entity = &mut numbers["numbers"][number];
        entity["assignmentTargetId"] = json!(format!("b0000000-0000-4000-8000-{holder:012}"));
        entity["assignmentStatus"] = json!("userAssigned");
        entity["assignmentCategory"] = json!("primary");
    }
    // These orders are accepted, and fail.
    for number in [150, 151] {
        numbers["numbers"][number]["@emulator.outcome"] =
            json!({"status": "failed", "statusDetail": "The number is not ready"});
    }
    for user in 20..25 {
        people["users"][user]["authentication"]["phoneMethods"] = json!([{
            "id": "e37fc753-ff3b-4958-9484-eaa9425c82bc",
            "phoneType": "office",
            "phoneNumber": format!("+1 206555{:04}", 3000 + user),
        }]);
    }
    [numbers, people]
}

/// The file. Its order is not the one in which the changes have to be sent.
pub(crate) fn file() -> String {
    let mut rows: Vec<String> = Vec::new();
    let mut row = |action: &str, number: &str, user: &str, location: &str, role: &str, sms: &str| {
        rows.push(format!("{action},{number},{user},{location},{role},{sms}"));
    };
    // SMS sign-in before the mobile number, the alternate number before the mobile one.
    for user in 0..10 {
        row("smsSignIn", "", &person(user), "", "", "on");
        row(
            "setPhone",
            &format!("+1 206555{:04}", 2000 + user),
            &person(user),
            "",
            "alternateMobile",
            "",
        );
    }
    for user in 0..30 {
        row(
            "setPhone",
            &format!("+1 206555{:04}", 1000 + user),
            &person(user),
            "",
            "mobile",
            "",
        );
    }
    for user in 20..25 {
        row("removePhone", "", &person(user), "", "office", "");
    }
    for index in 0..70 {
        row("assign", &number(index), &person(index), "", "", "");
    }
    for index in 70..90 {
        row("move", &number(index), &person(index + 20), "", "", "");
    }
    // A swap: each of the two moves needs the other one first.
    row("move", &number(130), &person(136), "", "", "");
    row("move", &number(131), &person(135), "", "", "");
    for index in 90..110 {
        row("unassign", &number(index), "", "", "", "");
    }
    for index in 110..125 {
        row("setLocation", &number(index), "", LOCATION, "", "");
    }
    // Already correct.
    for index in 125..130 {
        row("assign", &number(index), &person(index + 5), "", "", "");
    }
    // Orders that fail, unknown users, and numbers of other holders.
    for index in [150, 151] {
        row("assign", &number(index), &person(index), "", "", "");
    }
    for index in 152..157 {
        row(
            "assign",
            &number(index),
            &format!("nobody{index}@contoso.example"),
            "",
            "",
            "",
        );
    }
    for index in 140..143 {
        row("assign", &number(index), &person(index + 5), "", "", "");
    }
    // Unreadable rows.
    row("assign", "1.20656E+10", &person(157), "", "", "");
    row("assign", "2065550158", &person(158), "", "", "");
    row("hire", &number(159), &person(159), "", "", "");
    format!("action,number,user,location,role,smsSignIn\n{}\n", rows.join("\n"))
}
