//! The summary of `trunkline bulk` for numbers that were taken and not assigned, changes that are not visible yet, and open rows.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::{Clock, ClockMode, Emulator, Fault};

use super::desk::Desk;
use super::harness::{Session, run};

/// A tenant, and a plan of these rows.
fn planned(seed: Option<Value>, rows: &str) -> Desk {
    let builder = Emulator::builder().stage_duration(Duration::ZERO);
    let builder = match seed {
        Some(seed) => builder.seed(seed),
        None => builder,
    };
    Desk::planned_of(Session::of(builder), rows)
}

fn add_fault(desk: &Desk, fault: Value) {
    let fault: Fault = serde_json::from_value(fault).expect("is a fault");
    desk.session.emulator.fault(fault);
}

/// How many of the numbers nobody has.
fn lost(desk: &Desk, count: usize) -> usize {
    let holders = (0..count).map(|index| desk.session.number(&number(index))["assignmentTargetId"].clone());
    holders.filter(Value::is_null).count()
}

fn number(index: usize) -> String {
    format!("+1206555{:04}", 2000 + index)
}

fn person(index: usize) -> String {
    format!("b0000000-0000-4000-8000-{index:012}")
}

/// People of whom the first half holds a number, in a tenant that keeps released numbers from being assigned.
fn tenant(moves: usize) -> (Value, String) {
    let plan = json!({
        "servicePlanId": "4828c8ec-dc2e-4779-b502-87ac9ce28ab7", "servicePlanName": "MCOEV",
        "provisioningStatus": "Success", "appliesTo": "User",
    });
    let user = |index: usize| {
        json!({
            "id": person(index), "userPrincipalName": format!("user{index:03}@contoso.example"),
            "displayName": format!("User {index}"), "accountEnabled": true, "userType": "Member", "usageLocation": "US",
            "licenseDetails": [{
                "id": "l", "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "skuPartNumber": "SPE_E5", "servicePlans": [plan],
            }],
            "teams": {"accountType": "user"},
        })
    };
    let held = |index: usize| {
        json!({
            "telephoneNumber": number(index), "numberType": "callingPlan", "city": "Seattle",
            "assignmentTargetId": person(index), "assignmentCategory": "primary", "assignmentStatus": "userAssigned",
        })
    };
    let seed = json!({
        "users": (0..2 * moves).map(user).collect::<Vec<_>>(),
        "numbers": (0..moves).map(held).collect::<Vec<_>>(),
        "telephoneNumberConfiguration": {"assignmentBlockedForever": true},
    });
    let rows = (0..moves).map(|index| format!("move,{},user{:03}@contoso.example\n", number(index), moves + index));
    (
        seed,
        std::iter::once("action,number,user\n".to_owned()).chain(rows).collect(),
    )
}

#[test]
fn in_a_tenant_that_blocks_released_numbers_one_person_loses_theirs() {
    let (seed, rows) = tenant(9);
    let desk = planned(Some(seed), &rows);
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes"]);
    assert_eq!((applied.code, lost(&desk, 9)), (Some(1), 1), "{applied}");
    let line = applied.stdout.lines().next().expect("a line");
    assert!(
        line.contains("row 2 failed: move") && line.contains("taken from its holder, not assigned"),
        "{applied}"
    );
    assert!(
        line.contains("The telephone number is blocked from assignment."),
        "{applied}"
    );
    for words in [
        "9 rows: 1 failed, 8 open",
        "bulk resume rows.journal --release-brake",
        "row 2",
    ] {
        assert!(applied.stderr.contains(words), "{words}: {applied}");
    }
    assert!(!applied.stderr.contains("+1206555"), "{applied}");
    let status = desk.run(&["bulk", "status", "rows.journal"]);
    assert_eq!(status.code, Some(3), "{status}");
    assert!(status.stdout.contains("8 open"), "{status}");

    // Nobody loses another by trying again, and everybody by releasing the brake.
    assert_eq!(
        (desk.run(&["bulk", "resume", "rows.journal"]).code, lost(&desk, 9)),
        (Some(1), 1)
    );
    let released = desk.run(&["bulk", "resume", "rows.journal", "--release-brake"]);
    assert_eq!((released.code, lost(&desk, 9)), (Some(3), 9), "{released}");

    let undo = desk.run(&["bulk", "undo", "rows.journal", "-o", "json"]);
    let document = undo.json();
    let findings = &document["rows"][0]["findings"];
    assert_eq!(findings[0]["code"], "takenNotGiven", "{findings}");
    assert!(
        findings[0]["what"]
            .as_str()
            .is_some_and(|what| what.contains("blocked from assignment")),
        "{findings}"
    );
}

#[test]
fn a_method_that_the_list_does_not_have_yet_is_done_when_it_shows() {
    let rows = "action,number,user,role\nsetPhone,+1 2065550198,carla@contoso.example,mobile\n";
    let desk = planned(None, rows);
    add_fault(
        &desk,
        json!({
            "method": "GET", "path": "*/authentication/phoneMethods", "nth": 2, "times": 3,
            "effect": {"kind": "set", "pointer": "/value", "value": []},
        }),
    );
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied}");
    assert!(applied.stdout.contains("1 row: 1 done"), "{applied}");
}

#[test]
fn a_method_that_does_not_show_is_done_and_not_seen_and_resuming_sends_nothing() {
    let rows = "action,number,user,role\nsetPhone,+1 2065550198,carla@contoso.example,mobile\n";
    let desk = planned(None, rows);
    add_fault(
        &desk,
        json!({
            "method": "GET", "path": "*/authentication/phoneMethods", "nth": 2, "times": 10_000,
            "effect": {"kind": "set", "pointer": "/value", "value": []},
        }),
    );
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes", "--order-timeout", "1s"]);
    assert_eq!(applied.code, Some(3), "{applied}");
    assert!(
        applied.stdout.contains("row 2 done, not seen yet: set phone"),
        "{applied}"
    );
    assert!(applied.stdout.contains("1 row: 1 done but not seen yet"), "{applied}");
    assert!(applied.stderr.contains("bulk resume rows.journal"), "{applied}");
    let verified = desk.run(&["bulk", "verify", "rows.journal", "--wait", "0s"]);
    assert!(verified.stdout.contains("row 2 is not seen yet"), "{verified}");
    desk.session.emulator.clear_faults();
    desk.session.emulator.clear_log();
    let resumed = desk.run(&["bulk", "resume", "rows.journal"]);
    assert_eq!(resumed.code, Some(0), "{resumed}");
    let requests = desk.session.emulator.requests();
    assert!(requests.iter().all(|request| request.method == "GET"), "{requests:?}");
}

#[test]
fn rows_stay_open_while_a_portal_answers() {
    let rows = "number,user\n+12065550101,ana@contoso.example\n";
    let desk = planned(None, rows);
    let start = Clock::new(ClockMode::System).now();
    // A hundred times as fast: each command begins ten minutes after the one before, so that its clock was not set back.
    let fast = |minutes: u64, arguments: &[&str]| {
        let epoch = start + Duration::from_secs(60 * minutes);
        let mut command = desk.command(arguments);
        run(command.env("TRUNKLINE_TIME_SCALE", format!("100@{epoch}")))
    };
    for (status, minutes) in [(403, 0), (404, 10)] {
        add_fault(
            &desk,
            json!({"path": "*", "effect": {"kind": "html", "status": status}}),
        );
        let applied = fast(minutes, &["bulk", "apply", "rows.plan", "--yes", "--patience", "1s"]);
        assert_eq!(applied.code, Some(1), "{applied}");
        assert!(applied.stderr.contains("1 row: 1 open"), "{applied}");
        assert!(applied.stderr.contains("bulk resume rows.journal"), "{applied}");
        desk.session.emulator.clear_faults();
    }
    assert_eq!(fast(20, &["bulk", "resume", "rows.journal"]).code, Some(0));
}
