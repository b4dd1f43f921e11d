//! Tests of tokens of every kind against the operations that rows need.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use trunkline::phones::PhoneRole;
use trunkline::{Action, Change, Person};

use super::*;
use crate::action::sent_by;
use crate::input::{self, InputOptions};

fn token(claims: &Value) -> TokenView {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}.x", encode(&json!({"alg": "none"})), encode(claims));
    TokenView::read(&text).expect("a token")
}

fn need(id: &str) -> Need {
    let needs = Need::of_everything();
    needs.into_iter().find(|need| need.operation.id == id).expect("a need")
}

#[test]
fn every_operation_is_in_the_table_and_every_role_has_an_id() {
    for kind in Action::ALL {
        for (id, _) in described(kind).operations {
            let operation = operation(id).unwrap_or_else(|| panic!("{id}"));
            for role in operation.roles {
                assert!(roles::id(role).is_some(), "{role}");
            }
        }
    }
}

#[test]
fn rows_are_counted_by_what_they_need() {
    let file = "action,number,user,role\nassign,+12065550100,ana@contoso.example,\nunassign,+12065550101,,\n\
                setPhone,+1 2065550102,bo@contoso.example,mobile\n";
    let rows = input::read(file.as_bytes(), &InputOptions::default()).expect("a file");
    let needs = Need::of(&rows);
    let of = |id: &str| needs.iter().find(|need| need.operation.id == id);
    assert_eq!(of("numberAssignments.list").map(|need| need.rows), Some(2));
    assert_eq!(of("users.get").map(|need| need.rows), Some(2));
    assert_eq!(of("phoneMethods.update").and_then(|need| need.row), Some(4));
    assert!(of("users.listLicenseDetails").is_some_and(|need| need.is_optional));
    assert!(of("phoneMethods.delete").is_none());
}

#[test]
fn permissions_of_applications_are_compared() {
    let reader = token(&json!({"idtyp": "app", "roles": ["TeamsTelephoneNumber.Read.All"]}));
    assert_eq!(
        need("numberAssignments.list").grant(&reader, Cloud::Global),
        Grant::Granted("TeamsTelephoneNumber.Read.All".to_owned())
    );
    assert_eq!(
        need("numberAssignments.assignNumber").grant(&reader, Cloud::Global),
        Grant::Missing(vec!["TeamsTelephoneNumber.ReadWrite.All"])
    );
    assert_eq!(
        need("numberAssignments.assignNumber").grant(&reader, Cloud::China),
        Grant::NotInCloud
    );
    let silent = token(&json!({"aud": "x"}));
    assert_eq!(need("users.get").grant(&silent, Cloud::Global), Grant::Untold);
}

#[test]
fn a_permission_for_oneself_does_not_reach_others() {
    let own = token(&json!({"idtyp": "user", "scp": "UserAuthMethod-Phone.ReadWrite"}));
    let missing = need("phoneMethods.update").grant(&own, Cloud::Global);
    let Grant::Missing(missing) = missing else {
        panic!("{missing:?}");
    };
    assert!(missing.contains(&"UserAuthMethod-Phone.ReadWrite.All"), "{missing:?}");
    assert!(!missing.contains(&"UserAuthMethod-Phone.ReadWrite"), "{missing:?}");
    let all = token(&json!({"idtyp": "user", "scp": "UserAuthMethod-Phone.ReadWrite.All"}));
    assert!(matches!(
        need("phoneMethods.update").grant(&all, Cloud::Global),
        Grant::Granted(_)
    ));
}

#[test]
fn roles_are_asked_of_users_only() {
    let update = need("phoneMethods.update");
    let user = |roles: &[&str]| token(&json!({"idtyp": "user", "scp": "x", "wids": roles}));
    assert_eq!(
        update.role(&token(&json!({"idtyp": "app", "roles": []}))),
        Role::NotNeeded
    );
    assert!(matches!(update.role(&user(&[])), Role::Untold(_)));
    assert!(matches!(
        update.role(&user(&["f2ef992c-3afb-46b9-b7cf-a126ee74c451"])),
        Role::Missing(_)
    ));
    assert_eq!(
        update.role(&user(&["C4E39BD9-1100-46D3-8C65-FB160DA0071F"])),
        Role::Held("Authentication Administrator")
    );
    assert_eq!(
        update.role(&user(&["62e90394-69f5-4237-9190-012177145e10"])),
        Role::Held("Global Administrator")
    );
    assert_eq!(need("numberAssignments.list").role(&user(&[])), Role::NotNeeded);
}

#[test]
fn a_change_sends_an_operation_that_its_action_needs() {
    let user = || Person::named("ana@contoso.example");
    let number = "+12065550100";
    let sign_in = |enabled| Change::SmsSignIn { user: user(), enabled };
    let role = PhoneRole::Mobile;
    let policy_type = || "TeamsCallingPolicy".to_owned();
    for change in [
        Change::assign(number, user()),
        Change::assign(number, user()).taking(),
        Change::unassign(number),
        Change::SetLocation {
            number: number.to_owned(),
            location: None,
        },
        Change::SetPhone {
            user: user(),
            role,
            number: number.to_owned(),
        },
        Change::RemovePhone { user: user(), role },
        sign_in(true),
        sign_in(false),
        Change::SetPolicy {
            user: user(),
            policy_type: policy_type(),
            policy: "AllOn".to_owned(),
            policy_id: None,
        },
        Change::ClearPolicy {
            user: user(),
            policy_type: policy_type(),
        },
    ] {
        let operations = described(change.action()).operations;
        assert!(operations.contains(&(sent_by(&change), false)), "{:?}", change.action());
    }
}
