//! `trunkline numbers`.

use super::harness::{Session, snapshot};

const ANA: &str = "a0000000-0000-4000-8000-000000000001";

#[test]
fn list_shows_the_inventory() {
    let session = Session::new();
    snapshot(
        "list-unassigned",
        &session.run(&["numbers", "list", "--unassigned", "--country", "us"]),
    );
    snapshot("list-country", &session.run(&["numbers", "list", "--country", "USA"]));
    for country in ["U", "U1", "", "U ", "ÄÖ"] {
        let refused = session.run(&["numbers", "next-free", "--country", country]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("two letters"), "{refused}");
    }
    snapshot("list-nothing", &session.run(&["numbers", "list", "--city", "Atlantis"]));
}

#[test]
fn list_narrows_by_every_condition() {
    let session = Session::new();
    let found = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["numbers", "list"];
        all.extend(arguments);
        let records = session.json(&all);
        let numbers = records.as_array().expect("an array").iter();
        numbers
            .map(|record| record["telephoneNumber"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(found(&[]).len(), 20);
    assert_eq!(
        found(&["--held-by", "ben@contoso.example"]),
        ["+12065550100", "+12065550123"]
    );
    assert_eq!(
        found(&["--held-by", "a0000000-0000-4000-8000-000000000008"]),
        ["+12065550106"]
    );
    assert_eq!(found(&["--number-type", "DIRECTROUTING"]).len(), 5);
    assert_eq!(found(&["--city", "spokane"]), ["+12065550108"]);
    assert_eq!(
        found(&[
            "--prefix",
            "+120655501",
            "--number-type",
            "operatorConnect",
            "--unassigned"
        ])
        .len(),
        3
    );
    assert_eq!(
        found(&["--filter", "assignmentCategory eq 'private'"]),
        ["+12065550123"]
    );
    assert_eq!(found(&["--limit", "2"]), ["+12061234567", "+12065550100"]);
    assert_eq!(found(&["--limit", "0"]).len(), 0);
}

#[test]
fn get_takes_numbers_as_people_write_them() {
    let session = Session::new();
    snapshot("get", &session.run(&["numbers", "get", "+1 (206) 555-0100"]));
    snapshot("get-missing", &session.run(&["numbers", "get", "+12065550199"]));
}

#[test]
fn next_free_comes_first_in_order() {
    let session = Session::new();
    let found = session.json(&["numbers", "next-free", "--city", "Redmond"]);
    assert_eq!(found["telephoneNumber"], "+12065550103");
    snapshot(
        "next-free-none",
        &session.run(&["numbers", "next-free", "--country", "FR"]),
    );
}

#[test]
fn assign_twice_is_done_and_then_already() {
    let session = Session::new();
    let assign = ["numbers", "assign", "+12065550101", "ana@contoso.example"];
    snapshot("assign", &session.run(&assign));
    assert_eq!(session.number("+12065550101")["assignmentTargetId"], ANA);
    snapshot("assign-again", &session.run(&assign));
}

#[test]
fn an_outcome_as_json_and_csv() {
    let session = Session::new();
    let assign = ["numbers", "assign", "+12065550110", "ana@contoso.example", "--output"];
    let outcome = session.run(&[&assign[..], &["json"]].concat()).document();
    assert_eq!(outcome["change"], "done");
    assert_eq!(outcome["number"], "+12065550110");
    assert_eq!(outcome["after"]["assignmentTargetId"], ANA);
    assert_eq!(outcome["orders"].as_array().map(Vec::len), Some(1));
    snapshot("assign-csv", &session.run(&[&assign[..], &["csv"]].concat()));
}

#[test]
fn assign_refuses_and_move_takes() {
    let session = Session::new();
    let held = ["numbers", "assign", "+12065550100", "ana@contoso.example"];
    snapshot("assign-held", &session.run(&held));
    let moved = session.json(&[&held[..], &["--move", "--timeout", "30s"]].concat());
    assert_eq!(moved["orders"].as_array().map(Vec::len), Some(2));
    assert_eq!(session.number("+12065550100")["assignmentTargetId"], ANA);
}

#[test]
fn unassign_frees_a_number() {
    let session = Session::new();
    let unassign = ["numbers", "unassign", "+12065550114"];
    snapshot("unassign", &session.run(&unassign));
    assert_eq!(session.number("+12065550114")["assignmentStatus"], "unassigned");
    snapshot("unassign-again", &session.run(&unassign));
}

#[test]
fn location_site_and_lookup_are_changed() {
    let session = Session::new();
    let number = "+12065550101";
    let location = "10c00000-0000-4000-8000-000000000001";
    let site = "51e00000-0000-4000-8000-000000000001";
    assert_eq!(
        session.json(&["numbers", "set-location", number, location])["change"],
        "done"
    );
    assert_eq!(session.number(number)["locationId"], location);
    snapshot(
        "set-location-again",
        &session.run(&["numbers", "set-location", number, location]),
    );
    let cleared = session.json(&["numbers", "set-location", number, "--clear"]);
    assert_eq!(
        (&cleared["before"]["locationId"], &cleared["after"]["locationId"]),
        (&location.into(), &().into())
    );
    snapshot(
        "set-location-to-nothing",
        &session.run(&["numbers", "set-location", number]),
    );
    let more = ["--network-site", site, "--reverse-lookup", "skipInternalVoip"];
    let both = session.json(&[&["numbers", "update", number][..], &more].concat());
    assert_eq!(both["after"]["networkSiteId"], site);
    assert_eq!(both["after"]["reverseNumberLookupOptions"][0], "skipInternalVoip");
    snapshot("update-nothing", &session.run(&["numbers", "update", number]));
    snapshot(
        "update-missing",
        &session.run(&["numbers", "update", "+12065550199", "--network-site", site]),
    );
}

#[test]
fn an_order_is_placed_shown_and_waited_for() {
    let session = Session::new();
    let placed = session.json(&["numbers", "assign", "+12065550102", "ana@contoso.example", "--no-wait"]);
    assert_eq!(placed["change"], "accepted");
    let (id, token) = (
        placed["operation"].as_str().unwrap(),
        placed["resumeToken"].as_str().unwrap(),
    );
    assert_eq!(session.json(&["numbers", "follow", id, "--no-wait"])["id"], id);
    assert_eq!(session.json(&["numbers", "follow", token, "--no-wait"])["id"], id);
    let ended = session.json(&["numbers", "follow", token]);
    assert_eq!(
        (&ended["order"]["id"], &ended["warnings"]),
        (&id.into(), &serde_json::json!([]))
    );
    assert_eq!(ended["order"]["verdicts"][0]["succeeded"], true, "{ended}");
    assert_eq!(ended["after"]["telephoneNumber"], "+12065550102");
    assert_eq!(ended["after"]["assignmentTargetId"], ANA);
    snapshot(
        "operation-wait-csv",
        &session.run(&["numbers", "follow", token, "-o", "csv"]),
    );
    snapshot("operation-wait", &session.run(&["numbers", "follow", token]));
    snapshot("operation-wait-id", &session.run(&["numbers", "follow", id]));
}

#[test]
fn following_an_order_tells_of_its_failure() {
    let session = Session::new();
    let carla = [
        "numbers",
        "assign",
        "+12065550102",
        "carla@contoso.example",
        "--no-wait",
    ];
    let placed = session.json(&carla);
    let token = placed["resumeToken"].as_str().expect("a token");
    snapshot("operation-failed", &session.run(&["numbers", "follow", token]));
}

#[test]
fn an_order_that_fails_is_a_failure() {
    let session = Session::new();
    // The number has been free and is not for persons, which only the order finds out.
    session
        .emulator
        .seed(&serde_json::json!({"numbers": [{
            "telephoneNumber": "+12065550101", "numberType": "callingPlan", "assignmentStatus": "unassigned",
            "capabilities": ["userAssignment"], "activationState": "activated", "numberSource": "online",
            "@emulator.outcome": {"status": "failed", "statusDetail": "no license for ana@contoso.example"},
        }]}))
        .expect("a seed");
    snapshot(
        "order-fails",
        &session.run(&["numbers", "assign", "+12065550101", "ana@contoso.example"]),
    );
}

#[test]
fn an_id_of_zeros_is_shown_and_cleared_as_none() {
    let session = Session::new();
    let fault = serde_json::json!({"method": "GET", "path": "*/numberAssignments*", "effect":
        {"kind": "set", "pointer": "/value/*/locationId", "value": "00000000-0000-0000-0000-000000000000"}});
    session.emulator.fault(serde_json::from_value(fault).expect("a fault"));
    let cleared = session.run(&["numbers", "set-location", "+12065550110", "--clear"]);
    assert_eq!(cleared.code, Some(0), "{cleared}");
    assert_eq!(
        cleared.stdout.trim(),
        "+12065550110 has no emergency location already; nothing was sent"
    );
    let listed = session.run(&["numbers", "list", "--output", "csv"]);
    assert!(
        listed.code == Some(0) && !listed.stdout.contains("00000000-0000-0000"),
        "{listed}"
    );
}
