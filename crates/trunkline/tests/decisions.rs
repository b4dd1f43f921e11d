//! The decision for every state of a number and every change that can be asked for. Nothing is sent here.

use serde_json::{Value, json};
use trunkline::codec::Decode;
use trunkline::teams_administration::{ActivationState, NumberAssignment};
use trunkline::{
    Change, Client, Current, Decision, DecisionAction, ErrorKind, Person, Refusal, RefusalReason, Warning, decide,
};

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

const NUMBER: &str = "+12065550101";

fn assign(to: &str) -> Change {
    Change::assign(NUMBER, Person::by_id(to))
}

/// An assignment with a location.
fn assign_at(to: &str, at: &str) -> Change {
    let mut change = assign(to);
    if let Change::Assign { location, .. } = &mut change {
        *location = Some(at.to_owned());
    }
    change
}

/// An assignment of a number that is expected to be of a type.
fn assign_of_type(to: &str, expected: &str) -> Change {
    let mut change = assign(to);
    if let Change::Assign { number_type, .. } = &mut change {
        *number_type = Some(expected.to_owned());
    }
    change
}

/// An assignment as one of the holder's lines.
fn assign_as(to: &str, line: &str) -> Change {
    let mut change = assign(to);
    if let Change::Assign { category, .. } = &mut change {
        *category = Some(line.to_owned());
    }
    change
}

fn unassign() -> Change {
    Change::unassign(NUMBER)
}

fn locate(location: Option<&str>) -> Change {
    Change::SetLocation {
        number: NUMBER.to_owned(),
        location: location.map(str::to_owned),
    }
}

fn decided(found: &NumberAssignment, change: &Change) -> Result<Decision, Refusal> {
    decide(change, &Current::from(found.clone()))
}

/// The decision in one word.
fn word(found: &NumberAssignment, change: &Change) -> String {
    match decided(found, change) {
        Err(refusal) => refusal.reason.code().to_owned(),
        Ok(decision) => match decision.action {
            DecisionAction::Already => "already".to_owned(),
            DecisionAction::Wait => "wait".to_owned(),
            DecisionAction::Send(steps) => {
                let names: Vec<_> = steps
                    .iter()
                    .map(|step| match step {
                        Change::Unassign { .. } => "take",
                        Change::Assign { takes: false, .. } => "give",
                        Change::SetLocation { .. } => "locate",
                        other => panic!("no step of a number: {other:?}"),
                    })
                    .collect();
                names.join("+")
            }
        },
    }
}

#[test]
fn every_state_has_one_consequence_for_everything_wanted() {
    let wanted = [
        assign(ANA),
        assign(ANA).taking(),
        unassign(),
        locate(Some(HERE)),
        locate(Some(THERE)),
        locate(None),
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
        assert_eq!(word(&found, &assign(ANA)), "held", "{status}");
        assert_eq!(word(&found, &assign(ANA).taking()), "take+give");
        assert_eq!(word(&found, &unassign()), "take");
    }
    let contradictory = number(&json!({"assignmentTargetId": BEN}));
    assert_eq!(word(&contradictory, &assign(ANA)), "held");
    let silent = number(&json!({"assignmentStatus": null}));
    assert_eq!(word(&silent, &assign(ANA)), "heldByUnknown");
    // Ids are compared without regard to case.
    let own = held(Some(&ANA.to_uppercase()), None);
    assert_eq!(word(&own, &assign(ANA)), "already");
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
            for wanted in [assign(ANA), assign(ANA).taking(), unassign()] {
                let refusal = decided(&found, &wanted).expect_err(status);
                assert_eq!(refusal.reason.code(), code, "{status}");
                assert_eq!(refusal.kind(), ErrorKind::Conflict);
                assert!(refusal.to_string().contains(words), "{refusal}");
                assert!(!refusal.to_string().contains("+12065550101"), "{refusal}");
                assert!(!refusal.next_step().contains("move"), "{}", refusal.next_step());
            }
            // Where it is says nothing about whose it is.
            let clear = locate(None);
            assert_eq!(word(&found, &clear), "locate", "{status}");
        }
    }
    // Its own holder keeps it, whatever that is.
    let own = number(&json!({"assignmentStatus": "policyAssigned", "assignmentTargetId": "Tag:SC1"}));
    assert_eq!(word(&own, &assign("tag:sc1")), "already");
    // A holder that is not named as accounts are is none, whatever the status forgets to say.
    let odd = number(&json!({"assignmentStatus": null, "assignmentTargetId": "Tag:SC1"}));
    assert_eq!(word(&odd, &unassign()), "heldByUnknown");
}

#[test]
fn a_refusal_in_full_names_number_and_holder() {
    let found = held(Some(BEN), None);
    let refusal = decided(&found, &assign(ANA)).expect_err("ben has it");
    assert_eq!(
        refusal.in_full("+12065550101", Some("ben@contoso.example")),
        "+12065550101 is held by ben@contoso.example (userAssigned)"
    );
}

#[test]
fn what_can_never_be_is_said_before_what_cannot_be_now() {
    let pending = json!({"activationState": "assignmentPending", "numberSource": "onPremises"});
    let cases = [
        (pending, assign(ANA), "onPremises"),
        (json!({"numberSource": "onPremises"}), unassign(), "already"),
        (
            json!({"numberSource": "onPremises", "assignmentTargetId": BEN, "assignmentStatus": "userAssigned"}),
            unassign(),
            "onPremises",
        ),
        (json!({}), assign_of_type(ANA, "directRouting"), "otherType"),
        (json!({}), assign_of_type(ANA, "callingPlan"), "give"),
        (
            json!({"capabilities": ["conferenceAssignment"]}),
            assign(ANA),
            "notAssignable",
        ),
        (
            json!({"capabilities": ["voiceApplicationAssignment"]}),
            assign(ANA),
            "give",
        ),
        (json!({"capabilities": null}), assign(ANA), "give"),
        (json!({}), assign_at(ANA, " "), "locationEmpty"),
        (json!({}), locate(Some("")), "locationEmpty"),
        (json!({"supportedCustomerActions": []}), locate(None), "locationFixed"),
        (json!({"supportedCustomerActions": null}), locate(None), "locate"),
        (json!({"supportedCustomerActions": []}), locate(Some(HERE)), "already"),
    ];
    for (changes, wanted, expected) in cases {
        assert_eq!(word(&number(&changes), &wanted), expected, "{changes} {wanted:?}");
    }
}

#[test]
fn a_holder_who_has_the_number_is_given_the_location_that_is_wanted() {
    let there = || assign_at(ANA, THERE);
    for (state, expected) in [
        (None, "locate"),
        (Some("activated"), "locate"),
        (Some("updateFailed"), "locate"),
        (Some("assignmentFailed"), "failed"),
        (Some("updatePending"), "wait"),
    ] {
        assert_eq!(word(&held(Some(ANA), state), &there()), expected, "{state:?}");
    }
    let here = assign_at(ANA, HERE);
    assert_eq!(word(&held(Some(ANA), None), &here), "already");
}

#[test]
fn steps_carry_what_is_sent() {
    let found = number(&json!({
        "numberType": "operatorConnect", "assignmentTargetId": BEN, "assignmentStatus": "userAssigned",
    }));
    let change = Change::Assign {
        number: NUMBER.to_owned(),
        to: Person::by_id(ANA),
        category: Some("private".to_owned()),
        location: Some(THERE.to_owned()),
        number_type: None,
        takes: true,
        picked: true,
    };
    let decision = decided(&found, &change).expect("can be");
    let client = Client::builder()
        .endpoint("http://127.0.0.1:9")
        .build()
        .expect("is a client");
    let current = Current::from(found);
    let bodies = decision
        .steps()
        .iter()
        .map(|step| client.operation_of(step, &current).to_json()["body"].clone());
    assert_eq!(
        bodies.collect::<Vec<_>>(),
        [
            json!({"telephoneNumber": NUMBER, "numberType": "operatorConnect"}),
            json!({
                "telephoneNumber": NUMBER, "assignmentTargetId": ANA, "numberType": "operatorConnect",
                "assignmentCategory": "private", "locationId": THERE,
            }),
        ]
    );
    let named = format!("{:?}", assign("ana@contoso.example"));
    assert!(!named.contains("ana@contoso.example"), "{named}");
}

#[test]
fn a_number_is_taken_from_the_holder_that_was_named_alone() {
    let from = |holder: &str| Change::Unassign {
        number: NUMBER.to_owned(),
        holder: Some(Person::by_id(holder)),
    };
    assert_eq!(word(&held(Some(BEN), None), &from(ANA)), "heldByOther");
    assert_eq!(word(&held(Some(BEN), None), &from(&BEN.to_uppercase())), "take");
    assert_eq!(word(&held(None, None), &from(ANA)), "already");
}

#[test]
fn the_state_of_another_subject_decides_nothing() {
    let refusal = decide(&unassign(), &Current::Phones(Vec::new())).expect_err("is another subject");
    assert_eq!(
        (refusal.reason.code(), refusal.kind()),
        ("otherSubject", ErrorKind::InvalidInput)
    );
    let policy = Change::ClearPolicy {
        user: Person::by_id(ANA),
        policy_type: "TeamsCallingPolicy".to_owned(),
    };
    assert_eq!(word(&held(None, None), &policy), "otherSubject");
}

#[test]
fn warnings_name_what_is_left_as_it_is() {
    let warned = |changes: &Value, change: Change| decided(&number(changes), &change).expect("can be").warnings;
    let held = json!({"assignmentTargetId": ANA, "assignmentStatus": "userAssigned", "assignmentCategory": "primary"});
    let category = warned(&held, assign_as(ANA, "private"));
    assert!(
        category[0].to_string().contains("its category is primary, not private"),
        "{category:?}"
    );
    let unlocated = json!({"locationId": null});
    assert_eq!(warned(&unlocated, assign(ANA)), [Warning::NoLocation]);
    assert_eq!(warned(&unlocated, assign_at(ANA, HERE)), []);
    assert_eq!(
        warned(&json!({"locationId": null, "numberType": "directRouting"}), assign(ANA)),
        []
    );
}

#[test]
fn a_refusal_is_an_error_with_a_kind_and_a_next_step() {
    let found = held(Some(BEN), None);
    let refusal = decided(&found, &assign(ANA)).expect_err("is ben's");
    assert!(matches!(&refusal.reason, RefusalReason::Held { holder: Some(holder), .. } if holder == BEN));
    let error = trunkline::Error::from(refusal);
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Conflict, Some("numberAssignments.assignNumber"))
    );
    let refusal = decided(&held(None, Some("assignmentPending")), &unassign()).expect_err("is under way");
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
    let words = |change: Change| word(&free, &change);
    assert_eq!(words(locate(None)), "already");
    assert_eq!(words(locate(Some(HERE))), "locate");
    assert_eq!(words(locate(Some(zeros))), "locationEmpty");
    assert_eq!(words(assign(ANA)), "give");
    assert_eq!(words(assign_at(ANA, zeros)), "locationEmpty");
    assert_eq!(words(unassign()), "already");
    let decision = decided(&free, &assign(ANA)).expect("can be");
    assert_eq!(decision.warnings.len(), 1, "a calling-plan number without a location");
    // Held by nobody that is named: not free, and nobody's.
    let held = number(&json!({"assignmentTargetId": zeros, "assignmentStatus": "userAssigned"}));
    assert_eq!(word(&held, &assign(ANA)), "held");
    // Ids are compared without regard to case.
    let here = number(&json!({}));
    assert_eq!(word(&here, &locate(Some(&HERE.to_uppercase()))), "already");
}

#[test]
fn steps_have_the_spelling_of_the_service() {
    let ana = || Person::by_id(ANA);
    let role = trunkline::phones::PhoneRole::Office;
    let phone = Change::SetPhone {
        user: ana(),
        role,
        number: "+12065550102".to_owned(),
    };
    let policy = Change::SetPolicy {
        user: ana(),
        policy_type: "voice routing".to_owned(),
        policy: "Seattle".to_owned(),
        policy_id: Some("seattle".to_owned()),
    };
    let line = Change::assign("tel:+12065550101", ana());
    let cases = [
        (phone, Current::Phones(Vec::new()), "+1 2065550102"),
        (policy, Current::Policies(Vec::new()), "OnlineVoiceRoutingPolicy"),
        (line, Current::from(held(None, None)), NUMBER),
    ];
    for (change, current, expected) in cases {
        let decision = decide(&change, &current).expect("can be");
        let [step] = decision.steps() else {
            panic!("one step: {decision:?}")
        };
        assert_eq!(step.number().or(step.policy_type()), Some(expected));
    }
}

#[test]
fn a_state_of_something_else_is_refused_without_an_operation() {
    let refusal = decide(&assign(ANA), &Current::Phones(Vec::new())).expect_err("is of something else");
    assert_eq!(refusal.reason, RefusalReason::OtherSubject);
    assert_eq!(trunkline::Error::from(refusal).operation(), None);
}
