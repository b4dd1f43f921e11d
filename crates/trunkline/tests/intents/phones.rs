//! The phone methods of a user.

use serde_json::json;
use trunkline::ErrorKind;
use trunkline::phones::{PhoneChange, PhoneRole};

use super::{BEN, Fixture};

#[tokio::test]
async fn phone_outcomes_name_the_user_as_the_caller_did() {
    let fixture = Fixture::build().await;
    let dev = fixture.client.phones("dev@contoso.example");
    let none = dev.remove(PhoneRole::Office).await.expect("has none");
    assert_eq!(
        none.to_string(),
        "dev@contoso.example has no office phone; nothing to remove"
    );
    let set = dev.set(PhoneRole::Mobile, "+1 2065550199").await.expect("sets");
    assert_eq!(
        set.to_string(),
        "the mobile phone of dev@contoso.example is +1 2065550199"
    );
    let removed = dev.remove(PhoneRole::Mobile).await.expect("removes");
    assert_eq!(removed.to_string(), "dev@contoso.example has no mobile phone any more");
}

#[tokio::test]
async fn a_phone_is_created_changed_and_left_alone() {
    let fixture = Fixture::build().await;
    let phones = fixture.client.phones("dev@contoso.example");
    let created = phones
        .set(PhoneRole::Mobile, "+1 (206) 555-0199")
        .await
        .expect("creates");
    assert_eq!(created.change, PhoneChange::Created);
    assert_eq!(
        created.after.as_ref().and_then(|method| method.phone_number.as_deref()),
        Some("+1 2065550199")
    );
    let same = phones.set(PhoneRole::Mobile, "+12065550199").await.expect("is so");
    assert_eq!(same.change, PhoneChange::Already);
    let changed = phones.set(PhoneRole::Mobile, "+1 2065550198").await.expect("changes");
    assert_eq!(changed.change, PhoneChange::Updated);
    assert_eq!(
        (
            fixture.sent("POST", "phoneMethods"),
            fixture.sent("PATCH", PhoneRole::Mobile.id())
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn phones_keep_their_order() {
    let fixture = Fixture::build().await;
    let dev = fixture.client.phones("dev@contoso.example");
    let error = dev
        .set(PhoneRole::AlternateMobile, "+1 2065550199")
        .await
        .expect_err("has no mobile");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let ben = fixture.client.phones(BEN);
    let error = ben.remove(PhoneRole::Mobile).await.expect_err("has an alternate");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(
        ben.remove(PhoneRole::AlternateMobile).await.expect("removes").change,
        PhoneChange::Removed
    );
    assert_eq!(
        ben.remove(PhoneRole::AlternateMobile).await.expect("is gone").change,
        PhoneChange::Already
    );
    for text in ["2065550100", "+1 ******42", "hello"] {
        assert_eq!(
            ben.set(PhoneRole::Office, text).await.expect_err("is none").kind(),
            ErrorKind::InvalidInput
        );
    }
}

#[tokio::test]
async fn a_conflict_that_created_the_method_is_a_warning() {
    let fixture = Fixture::build().await;
    fixture.fault(
        json!({"method": "POST", "path": "phoneMethods", "nth": 1, "commit": true,
        "effect": {"kind": "status", "status": 409, "code": "phoneNumberNotUnique"}}),
    );
    let phones = fixture.client.phones("dev@contoso.example");
    let outcome = phones
        .set(PhoneRole::Mobile, "+1 2065550199")
        .await
        .expect("the method is there");
    assert_eq!(outcome.change, PhoneChange::Created);
    assert_eq!(outcome.warnings.len(), 1);
    assert_eq!(fixture.sent("POST", "phoneMethods"), 1);
}

#[tokio::test]
async fn sms_sign_in_is_judged_by_what_is_read_back() {
    let fixture = Fixture::build().await;
    let ana = fixture.client.phones("ana@contoso.example");
    assert_eq!(
        ana.enable_sms_sign_in().await.expect("is on").change,
        PhoneChange::Already
    );
    assert_eq!(
        ana.disable_sms_sign_in().await.expect("turns off").change,
        PhoneChange::Updated
    );
    assert_eq!(
        ana.enable_sms_sign_in().await.expect("turns on").change,
        PhoneChange::Updated
    );
    let dev = fixture.client.phones("dev@contoso.example");
    assert_eq!(
        dev.enable_sms_sign_in().await.expect_err("has no phone").kind(),
        ErrorKind::NotFound
    );
}
