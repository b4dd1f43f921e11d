//! The decision for every state of a number and every change that can be asked for. Nothing is sent here.

use serde_json::{Value, json};
use trunkline::ErrorKind;
use trunkline::codec::Decode;
use trunkline::numbers::{Action, Assignment, LocationChange, RefusalReason, Step, Wanted, decide};
use trunkline::teams_administration::{ActivationState, NumberAssignment, NumberType};

const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";
const HERE: &str = "10c00000-0000-4000-8000-000000000001";
const THERE: &str = "10c00000-0000-4000-8000-000000000002";

/// A calling-plan number at `HERE`, with other members as given.
fn number(changes: &Value) -> NumberAssignment {
    let mut record = json!({
        "telephoneNumber": "+12065550101", "numberType": "callingPlan", "activationState": "activated",
        "capabilities": ["userAssignment"], "assignmentTargetId": null, "assignmentStatus": "unassigned",
        "numberSource": "online", "supportedCustomerActions": ["locationUpdate"], "locationId": HERE,
    });
    for (name, value) in changes.as_object().expect("an object") {
        record[name] = value.clone();
    }
    NumberAssignment::decode(&record.to_string()).expect("is a number")
}

fn held(by: Option<&str>, state: Option<&str>) -> NumberAssignment {
    let status = if by.is_some() { "userAssigned" } else { "unassigned" };
    number(&json!({"assignmentTargetId": by, "assignmentStatus": status, "activationState": state}))
}

/// The decision in one word.
fn word(found: &NumberAssignment, wanted: &Wanted) -> String {
    match decide(found, wanted) {
        Err(refusal) => refusal.reason.code().to_owned(),
        Ok(decision) => match decision.action {
            Action::Already => "already".to_owned(),
            Action::Wait => "wait".to_owned(),
            Action::Send(steps) => {
                let names: Vec<_> = steps
                    .iter()
                    .map(|step| match step {
                        Step::Unassign { .. } => "take",
                        Step::Assign { .. } => "give",
                        Step::SetLocation(_) => "locate",
                        other => panic!("a step that is new: {other:?}"),
                    })
                    .collect();
                names.join("+")
            }
            other => panic!("an action that is new: {other:?}"),
        },
    }
}

#[test]
fn every_state_has_one_consequence_for_everything_wanted() {
    let wanted = [
        Wanted::Assigned(Assignment::to(ANA)),
        Wanted::Assigned(Assignment::to(ANA).taking()),
        Wanted::Unassigned,
        Wanted::Located(LocationChange::Set(HERE.to_owned())),
        Wanted::Located(LocationChange::Set(THERE.to_owned())),
        Wanted::Located(LocationChange::Clear),
    ];
    let rest = [None, Some("activated")];
    let failed = [Some("assignmentFailed"), Some("updateFailed")];
    let pending = [
        Some("assignmentPending"),
        Some("updatePending"),
        Some("unknownFutureValue"),
        Some("newer"),
    ];
    // Holder, states, and what follows: assigned, moved, unassigned, here, there, nowhere.
    type Row<'r> = (Option<&'r str>, &'r [Option<&'r str>], [&'r str; 6]);
    let table: [Row<'_>; 9] = [
        (None, &rest, ["give", "give", "already", "already", "locate", "locate"]),
        (
            None,
            &failed,
            ["give", "give", "already", "already", "locate", "locate"],
        ),
        (
            None,
            &pending,
            ["underWay", "underWay", "underWay", "wait", "underWay", "underWay"],
        ),
        (
            Some(BEN),
            &rest,
            ["held", "take+give", "take", "already", "locate", "locate"],
        ),
        (
            Some(BEN),
            &failed,
            ["held", "take+give", "take", "already", "locate", "locate"],
        ),
        (
            Some(BEN),
            &pending,
            ["held", "underWay", "underWay", "wait", "underWay", "underWay"],
        ),
        (
            Some(ANA),
            &rest,
            ["already", "already", "take", "already", "locate", "locate"],
        ),
        (
            Some(ANA),
            &failed,
            ["failed", "failed", "take", "already", "locate", "locate"],
        ),
        (
            Some(ANA),
            &pending,
            ["wait", "wait", "underWay", "wait", "underWay", "underWay"],
        ),
    ];
    for (holder, states, expected) in table {
        for state in states {
            let found = held(holder, *state);
            let words: Vec<_> = wanted.iter().map(|wanted| word(&found, wanted)).collect();
            assert_eq!(words, expected, "{holder:?} {state:?}");
        }
    }
}

#[test]
fn whoever_holds_it_in_whatever_way_it_is_not_free() {
    for status in ["userAssigned", "voiceApplicationAssigned"] {
        let found = number(&json!({"assignmentStatus": status}));
        assert_eq!(word(&found, &Wanted::Assigned(Assignment::to(ANA))), "held", "{status}");
        assert_eq!(
            word(&found, &Wanted::Assigned(Assignment::to(ANA).taking())),
            "take+give"
        );
        assert_eq!(word(&found, &Wanted::Unassigned), "take");
    }
    let contradictory = number(&json!({"assignmentTargetId": BEN}));
    assert_eq!(word(&contradictory, &Wanted::Assigned(Assignment::to(ANA))), "held");
    let silent = number(&json!({"assignmentStatus": null}));
    assert_eq!(word(&silent, &Wanted::Assigned(Assignment::to(ANA))), "heldByUnknown");
    // Ids are compared without regard to case.
    let own = held(Some(&ANA.to_uppercase()), None);
    assert_eq!(word(&own, &Wanted::Assigned(Assignment::to(ANA))), "already");
}

#[test]
fn what_no_account_holds_is_left_where_it_is_and_the_kind_of_holder_is_named() {
    let statuses = [
        ("conferenceAssigned", "heldByConferenceBridge", "a conference bridge"),
        (
            "thirdPartyAppAssigned",
            "heldByApplication",
            "an application of another vendor",
        ),
        ("policyAssigned", "heldByPolicy", "a policy"),
        ("internalError", "heldByUnknown", "an unknown holder"),
        ("unknownFutureValue", "heldByUnknown", "an unknown holder"),
        ("newer", "heldByUnknown", "an unknown holder"),
    ];
    for holder in [None, Some("TeamsSharedCallingRoutingPolicy|Tag:SC1"), Some(BEN)] {
        for (status, code, words) in statuses {
            let found = number(&json!({"assignmentStatus": status, "assignmentTargetId": holder}));
            for wanted in [
                Wanted::Assigned(Assignment::to(ANA)),
                Wanted::Assigned(Assignment::to(ANA).taking()),
                Wanted::Unassigned,
            ] {
                let refusal = decide(&found, &wanted).expect_err(status);
                assert_eq!(refusal.reason.code(), code, "{status}");
                assert_eq!(refusal.kind(), ErrorKind::Conflict);
                assert!(refusal.to_string().contains(words), "{refusal}");
                assert!(!refusal.to_string().contains("+12065550101"), "{refusal}");
                assert!(!refusal.next_step().contains("move"), "{}", refusal.next_step());
            }
            // Where it is says nothing about whose it is.
            let clear = Wanted::Located(LocationChange::Clear);
            assert_eq!(word(&found, &clear), "locate", "{status}");
        }
    }
    // Its own holder keeps it, whatever that is.
    let own = number(&json!({"assignmentStatus": "policyAssigned", "assignmentTargetId": "Tag:SC1"}));
    assert_eq!(word(&own, &Wanted::Assigned(Assignment::to("tag:sc1"))), "already");
    // A holder that is not named as accounts are is none, whatever the status forgets to say.
    let odd = number(&json!({"assignmentStatus": null, "assignmentTargetId": "Tag:SC1"}));
    assert_eq!(word(&odd, &Wanted::Unassigned), "heldByUnknown");
}

#[test]
fn a_refusal_in_full_names_number_and_holder() {
    let found = held(Some(BEN), None);
    let refusal = decide(&found, &Wanted::Assigned(Assignment::to(ANA))).expect_err("ben has it");
    assert_eq!(
        refusal.in_full("+12065550101", Some("ben@contoso.example")),
        "+12065550101 is held by ben@contoso.example (userAssigned)"
    );
}

#[test]
fn what_can_never_be_is_said_before_what_cannot_be_now() {
    let pending = json!({"activationState": "assignmentPending", "numberSource": "onPremises"});
    let assigned = |assignment| Wanted::Assigned(assignment);
    let cases = [
        (pending, assigned(Assignment::to(ANA)), "onPremises"),
        (json!({"numberSource": "onPremises"}), Wanted::Unassigned, "already"),
        (
            json!({"numberSource": "onPremises", "assignmentTargetId": BEN, "assignmentStatus": "userAssigned"}),
            Wanted::Unassigned,
            "onPremises",
        ),
        (
            json!({}),
            assigned(Assignment::to(ANA).number_type("directRouting")),
            "otherType",
        ),
        (
            json!({}),
            assigned(Assignment::to(ANA).number_type("callingPlan")),
            "give",
        ),
        (
            json!({"capabilities": ["conferenceAssignment"]}),
            assigned(Assignment::to(ANA)),
            "notAssignable",
        ),
        (
            json!({"capabilities": ["voiceApplicationAssignment"]}),
            assigned(Assignment::to(ANA)),
            "give",
        ),
        (json!({"capabilities": null}), assigned(Assignment::to(ANA)), "give"),
        (json!({}), assigned(Assignment::to(ANA).location(" ")), "locationEmpty"),
        (
            json!({}),
            Wanted::Located(LocationChange::Set(String::new())),
            "locationEmpty",
        ),
        (
            json!({"supportedCustomerActions": []}),
            Wanted::Located(LocationChange::Clear),
            "locationFixed",
        ),
        (
            json!({"supportedCustomerActions": null}),
            Wanted::Located(LocationChange::Clear),
            "locate",
        ),
        (
            json!({"supportedCustomerActions": []}),
            Wanted::Located(LocationChange::Set(HERE.to_owned())),
            "already",
        ),
    ];
    for (changes, wanted, expected) in cases {
        assert_eq!(word(&number(&changes), &wanted), expected, "{changes} {wanted:?}");
    }
}

#[test]
fn a_holder_who_has_the_number_is_given_the_location_that_is_wanted() {
    let there = || Wanted::Assigned(Assignment::to(ANA).location(THERE));
    for (state, expected) in [
        (None, "locate"),
        (Some("activated"), "locate"),
        (Some("updateFailed"), "locate"),
        (Some("assignmentFailed"), "failed"),
        (Some("updatePending"), "wait"),
    ] {
        assert_eq!(word(&held(Some(ANA), state), &there()), expected, "{state:?}");
    }
    let here = Wanted::Assigned(Assignment::to(ANA).location(HERE));
    assert_eq!(word(&held(Some(ANA), None), &here), "already");
}

#[test]
fn steps_carry_what_is_sent() {
    let wanted = Assignment::to(ANA).taking().category("private").location(THERE);
    let found = number(&json!({
        "numberType": "operatorConnect", "assignmentTargetId": BEN, "assignmentStatus": "userAssigned",
    }));
    let decision = decide(&found, &Wanted::Assigned(wanted)).expect("can be");
    let number_type = NumberType::OperatorConnect;
    let give = Step::Assign {
        to: ANA.to_owned(),
        number_type: number_type.clone(),
        category: Some("private".into()),
        location: Some(THERE.to_owned()),
    };
    assert_eq!(decision.steps(), [Step::Unassign { number_type }, give]);
    let named = format!("{:?}", Assignment::to("ana@contoso.example"));
    assert!(!named.contains("ana@contoso.example"), "{named}");
}

#[test]
fn warnings_name_what_is_left_as_it_is() {
    let warned = |changes: &Value, assignment: Assignment| {
        decide(&number(changes), &Wanted::Assigned(assignment))
            .expect("can be")
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let held = json!({"assignmentTargetId": ANA, "assignmentStatus": "userAssigned", "assignmentCategory": "primary"});
    let category = warned(&held, Assignment::to(ANA).category("private"));
    assert!(
        category[0].contains("its category is primary, not private"),
        "{category:?}"
    );
    let unlocated = json!({"locationId": null});
    assert_eq!(
        warned(&unlocated, Assignment::to(ANA)),
        ["it has no emergency location"]
    );
    assert!(warned(&unlocated, Assignment::to(ANA).location(HERE)).is_empty());
    assert!(
        warned(
            &json!({"locationId": null, "numberType": "directRouting"}),
            Assignment::to(ANA)
        )
        .is_empty()
    );
}

#[test]
fn a_refusal_is_an_error_with_a_kind_and_a_next_step() {
    let found = held(Some(BEN), None);
    let refusal = decide(&found, &Wanted::Assigned(Assignment::to(ANA))).expect_err("is ben's");
    assert!(matches!(&refusal.reason, RefusalReason::Held { holder: Some(holder), .. } if holder == BEN));
    let error = trunkline::Error::from(refusal);
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Conflict, Some("numberAssignments.assignNumber"))
    );
    let refusal = decide(&held(None, Some("assignmentPending")), &Wanted::Unassigned).expect_err("is under way");
    assert_eq!(
        refusal.reason,
        RefusalReason::UnderWay {
            state: ActivationState::AssignmentPending
        }
    );
    assert!(
        refusal.to_string().contains("+***01") && refusal.next_step().contains("token"),
        "{refusal}"
    );
}

#[test]
fn an_id_of_zeros_is_none() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let free = number(&json!({"locationId": zeros, "assignmentTargetId": zeros}));
    assert_eq!((free.location(), free.holder()), (None, None));
    let words = |wanted: Wanted| word(&free, &wanted);
    assert_eq!(words(Wanted::Located(LocationChange::Clear)), "already");
    assert_eq!(words(Wanted::Located(LocationChange::Set(HERE.to_owned()))), "locate");
    assert_eq!(
        words(Wanted::Located(LocationChange::Set(zeros.to_owned()))),
        "locationEmpty"
    );
    assert_eq!(words(Wanted::Assigned(Assignment::to(ANA))), "give");
    assert_eq!(
        words(Wanted::Assigned(Assignment::to(ANA).location(zeros))),
        "locationEmpty"
    );
    assert_eq!(words(Wanted::Unassigned), "already");
    let decision = decide(&free, &Wanted::Assigned(Assignment::to(ANA))).expect("can be");
    assert_eq!(decision.warnings.len(), 1, "a calling-plan number without a location");
    // Held by nobody that is named: not free, and nobody's.
    let held = number(&json!({"assignmentTargetId": zeros, "assignmentStatus": "userAssigned"}));
    assert_eq!(word(&held, &Wanted::Assigned(Assignment::to(ANA))), "held");
    // Ids are compared without regard to case.
    let here = number(&json!({}));
    assert_eq!(
        word(&here, &Wanted::Located(LocationChange::Set(HERE.to_uppercase()))),
        "already"
    );
}
