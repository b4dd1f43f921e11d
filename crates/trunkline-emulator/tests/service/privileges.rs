//! Permissions, roles and self-service.

use serde_json::json;
use trunkline_emulator::{Emulator, TokenRequest};

use crate::client::Client;

const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn with(emulator: &Emulator, user: Option<&str>, permissions: &[&str], roles: Option<&[&str]>) -> Client {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let wish = TokenRequest {
        user: user.map(str::to_owned),
        permissions: (!permissions.is_empty()).then(|| owned(permissions)),
        directory_roles: roles.map(owned),
        ..TokenRequest::default()
    };
    Client::with_token(emulator, emulator.issue_token(wish))
}

#[tokio::test]
async fn a_call_needs_one_of_its_permissions() {
    let emulator = Emulator::start().await.unwrap();
    let ana = "/users/ana@contoso.example/authentication";
    let update = json!({ "telephoneNumber": "+12065550101" });
    let cases = [
        ("GET", NUMBERS.to_owned(), None, "TeamsTelephoneNumber.Read.All", 200),
        (
            "GET",
            NUMBERS.to_owned(),
            None,
            "TeamsTelephoneNumber.ReadWrite.All",
            200,
        ),
        ("GET", NUMBERS.to_owned(), None, "teamstelephonenumber.read.all", 200),
        ("GET", NUMBERS.to_owned(), None, "User.Read.All", 403),
        (
            "POST",
            format!("{NUMBERS}/updateNumber"),
            None,
            "TeamsTelephoneNumber.Read.All",
            403,
        ),
        (
            "POST",
            format!("{NUMBERS}/updateNumber"),
            Some("ben@contoso.example"),
            "TeamsTelephoneNumber.ReadWrite.All",
            200,
        ),
        (
            "GET",
            format!("{ana}/phoneMethods"),
            None,
            "UserAuthMethod-Phone.Read.All",
            200,
        ),
        // Without .All an application can do nothing.
        (
            "GET",
            format!("{ana}/phoneMethods"),
            None,
            "UserAuthMethod-Phone.Read",
            403,
        ),
        (
            "GET",
            format!("{ana}/phoneMethods"),
            Some("ana@contoso.example"),
            "UserAuthMethod-Phone.Read",
            200,
        ),
        // Without .All somebody reads nothing of others.
        (
            "GET",
            format!("{ana}/phoneMethods"),
            Some("ben@contoso.example"),
            "UserAuthMethod-Phone.Read",
            403,
        ),
        (
            "GET",
            format!("{ana}/phoneMethods"),
            Some("ben@contoso.example"),
            "UserAuthMethod-Phone.Read.All",
            200,
        ),
        (
            "GET",
            format!("{ana}/emailMethods"),
            Some("ben@contoso.example"),
            "UserAuthMethod-Phone.Read",
            403,
        ),
        // Resetting a password is for delegated callers only.
        (
            "POST",
            format!("{ana}/methods/28c10230-6103-485e-b985-444c60001490/resetPassword"),
            None,
            "UserAuthenticationMethod.ReadWrite.All",
            403,
        ),
        (
            "POST",
            format!("{ana}/methods/28c10230-6103-485e-b985-444c60001490/resetPassword"),
            Some("ben@contoso.example"),
            "UserAuthenticationMethod.ReadWrite.All",
            202,
        ),
        // The summaries are for delegated callers only.
        (
            "GET",
            "/reports/authenticationMethods/usersRegisteredByMethod".to_owned(),
            None,
            "AuditLog.Read.All",
            403,
        ),
        (
            "GET",
            "/reports/authenticationMethods/usersRegisteredByMethod".to_owned(),
            Some("ben@contoso.example"),
            "AuditLog.Read.All",
            200,
        ),
        (
            "GET",
            "/reports/authenticationMethods/userRegistrationDetails".to_owned(),
            None,
            "AuditLog.Read.All",
            200,
        ),
        (
            "GET",
            "/policies/authenticationMethodsPolicy".to_owned(),
            None,
            "Policy.Read.All",
            200,
        ),
        (
            "GET",
            "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms".to_owned(),
            None,
            "Policy.Read.All",
            403,
        ),
        (
            "GET",
            "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/fido2".to_owned(),
            None,
            "Policy.Read.All",
            200,
        ),
    ];
    for (method, path, user, permission, status) in cases {
        let client = with(&emulator, user, &[permission], None);
        let body = (method == "POST").then(|| {
            if path.ends_with("updateNumber") {
                update.clone()
            } else {
                json!({})
            }
        });
        let answer = client.call(method, &path, body.as_ref()).await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {user:?} {permission}: {}",
            answer.text
        );
        if status == 403 {
            assert_eq!(answer.code(), "Authorization_RequestDenied");
            assert!(
                !answer.text.contains("Teams") && !answer.text.contains("Method"),
                "it names nothing"
            );
        }
    }
    let unchecked = Emulator::builder().permission_checks(false).start().await.unwrap();
    assert_eq!(
        with(&unchecked, None, &["Nothing"], None).get(NUMBERS).await.status,
        200
    );
}

#[tokio::test]
async fn me_is_for_users() {
    let emulator = Emulator::start().await.unwrap();
    let application = Client::new(&emulator).get("/me/authentication/phoneMethods").await;
    assert_eq!((application.status, application.code()), (400, "BadRequest"));
    let ana = Client::delegated(&emulator, "ana@contoso.example");
    assert_eq!(ana.get("/me").await.body["userPrincipalName"], "ana@contoso.example");
    assert_eq!(
        ana.get("/me/authentication/phoneMethods").await.items()[0]["phoneNumber"],
        "+1 2065550142"
    );
    // No permission of any kind opens these.
    assert_eq!(
        ana.get("/me/authentication/externalAuthenticationMethods").await.status,
        403
    );
    assert_eq!(ana.get("/me/authentication/operations/x").await.status, 403);
}

#[tokio::test]
async fn nobody_changes_their_own_phone() {
    let emulator = Emulator::start().await.unwrap();
    let ana = Client::delegated(&emulator, "ana@contoso.example");
    let body = json!({ "phoneNumber": "+1 2065550143", "phoneType": "mobile" });
    for owner in ["/me", "/users/ana@contoso.example"] {
        let path = format!("{owner}/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7");
        assert_eq!(ana.patch(&path, &body).await.status, 403, "{owner}");
        let office = json!({ "phoneNumber": "+1 2065550143", "phoneType": "office" });
        let added = ana.post(&format!("{owner}/authentication/phoneMethods"), &office).await;
        assert_eq!(
            (added.status, added.code()),
            (403, "Authorization_RequestDenied"),
            "{owner}"
        );
    }
    let path = "/users/ana@contoso.example/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword";
    assert_eq!(ana.post(path, &json!({})).await.status, 403);
}

#[tokio::test]
async fn roles_bound_what_a_delegated_caller_does() {
    let emulator = Emulator::start().await.unwrap();
    let phones = |user: &str| format!("/users/{user}@contoso.example/authentication/phoneMethods");
    let mobile = "3179e48a-750b-4051-897c-87b9720928f7";
    let body = json!({ "phoneNumber": "+1 2065550149", "phoneType": "mobile" });
    for (roles, read, write, write_privileged) in [
        (None, 200, 204, 204),
        (Some(&[][..]), 403, 403, 403),
        (Some(&["Teams Administrator"][..]), 403, 403, 403),
        (Some(&["Global Reader"][..]), 200, 403, 403),
        (Some(&["Authentication Administrator"][..]), 200, 204, 403),
        (Some(&["c4e39bd9-1100-46d3-8c65-fb160da0071f"][..]), 200, 204, 403),
        (Some(&["Privileged Authentication Administrator"][..]), 200, 204, 204),
    ] {
        let client = with(&emulator, Some("carla@contoso.example"), &[], roles);
        assert_eq!(client.get(&phones("ana")).await.status, read, "{roles:?}");
        assert_eq!(
            client.patch(&format!("{}/{mobile}", phones("ana")), &body).await.status,
            write,
            "{roles:?}"
        );
        let privileged = client.patch(&format!("{}/{mobile}", phones("gina")), &body).await;
        assert_eq!(privileged.status, write_privileged, "{roles:?}");
    }
    let reports = "/reports/authenticationMethods/userRegistrationDetails";
    for (role, status) in [
        ("Reports Reader", 200),
        ("Global Reader", 200),
        ("Authentication Administrator", 403),
    ] {
        let client = with(&emulator, Some("carla@contoso.example"), &[], Some(&[role]));
        assert_eq!(client.get(reports).await.status, status, "{role}");
    }
}

#[tokio::test]
async fn an_authentication_administrator_sees_masked_phones() {
    let emulator = Emulator::start().await.unwrap();
    let path = "/users/ben@contoso.example/authentication/phoneMethods";
    let masked = with(
        &emulator,
        Some("carla@contoso.example"),
        &[],
        Some(&["Authentication Administrator"]),
    );
    let shown = masked.get(path).await;
    assert_eq!(shown.items()[0]["phoneNumber"], "+1 XXXXXXXX50");
    assert!(!shown.text.contains("2065550150"));
    let id = shown.items()[0]["id"].as_str().unwrap();
    assert_eq!(
        masked.get(&format!("{path}/{id}")).await.body["phoneNumber"],
        "+1 XXXXXXXX50"
    );
    assert!(
        !masked
            .get("/users/ben@contoso.example/authentication/methods")
            .await
            .text
            .contains("2065550150")
    );
    // Writing back what was read is refused.
    let back = json!({ "phoneNumber": "+1 XXXXXXXX50", "phoneType": "mobile" });
    assert_eq!(masked.patch(&format!("{path}/{id}"), &back).await.status, 400);
    let both = ["Authentication Administrator", "Global Reader"];
    let plain = with(&emulator, Some("carla@contoso.example"), &[], Some(&both));
    assert_eq!(plain.get(path).await.items()[0]["phoneNumber"], "+1 2065550150");
}
