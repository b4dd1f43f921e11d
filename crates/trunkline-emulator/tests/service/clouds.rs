//! National clouds lack parts of the surface.

use trunkline_emulator::{CloudProfile, Emulator};

use crate::client::Client;

#[tokio::test]
async fn each_cloud_serves_its_own_part() {
    let user = "/users/ana@contoso.example/authentication";
    let paths = [
        (
            "/admin/teams/telephoneNumberManagement/numberAssignments".to_owned(),
            [true, false, false, false],
        ),
        (
            "/admin/teams/userConfigurations".to_owned(),
            [true, false, false, false],
        ),
        (format!("{user}/methods"), [true, true, true, false]),
        (format!("{user}/phoneMethods"), [true, true, true, true]),
        (format!("{user}/emailMethods"), [true, true, true, false]),
        (
            format!("{user}/microsoftAuthenticatorMethods"),
            [true, true, true, true],
        ),
        (format!("{user}/platformCredentialMethods"), [true, true, true, true]),
        (
            format!("{user}/resourceAccountKeyAuthenticationMethods"),
            [true, false, false, false],
        ),
        (
            format!("{user}/externalAuthenticationMethods"),
            [true, false, false, false],
        ),
        (
            format!("{user}/fido2Methods/creationOptions"),
            [true, false, false, false],
        ),
        (
            "/policies/authenticationMethodsPolicy".to_owned(),
            [true, true, true, false],
        ),
        (
            "/reports/authenticationMethods/userRegistrationDetails".to_owned(),
            [true, true, true, true],
        ),
    ];
    let clouds = [
        CloudProfile::Global,
        CloudProfile::UsGovL4,
        CloudProfile::UsGovL5,
        CloudProfile::China,
    ];
    for (at, cloud) in clouds.into_iter().enumerate() {
        let emulator = Emulator::builder().cloud(cloud).start().await.unwrap();
        let client = Client::new(&emulator);
        // A path that no cloud has is a different error.
        assert_eq!(client.get("/admin/teams/nothing").await.status, 400, "{cloud:?}");
        for (path, served) in &paths {
            let answer = client.get(path).await;
            assert_eq!(
                answer.status,
                if served[at] { 200 } else { 404 },
                "{cloud:?} {path}: {}",
                answer.text
            );
            if !served[at] {
                assert_eq!(answer.body["error"]["code"], "ResourceNotFound", "{cloud:?} {path}");
            }
        }
    }
}
