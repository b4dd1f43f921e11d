//! The policy on methods, and the reports.

use serde_json::json;
use trunkline_emulator::Emulator;

use crate::client::Client;

const POLICY: &str = "/policies/authenticationMethodsPolicy";

#[tokio::test]
async fn the_policy_is_read_and_changed() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let before = client.get(POLICY).await.body;
    assert_eq!(
        before["authenticationMethodConfigurations"].as_array().unwrap().len(),
        8
    );
    let changed = client.patch(POLICY, &json!({ "reconfirmationInDays": 30 })).await;
    assert_eq!(
        (changed.status, &changed.body["reconfirmationInDays"]),
        (200, &json!(30))
    );
    assert_ne!(changed.body["lastModifiedDateTime"], before["lastModifiedDateTime"]);
    for body in [
        json!({ "reconfirmationInDays": "30" }),
        json!({ "policyMigrationState": "soon" }),
        json!({ "what": 1 }),
    ] {
        assert_eq!(client.patch(POLICY, &body).await.status, 400, "{body}");
    }
    assert_eq!(client.get(&format!("{POLICY}?$select=id")).await.status, 400);
}

#[tokio::test]
async fn configurations_need_their_type_and_go_back_to_the_default() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let voice = format!("{POLICY}/authenticationMethodConfigurations/voice");
    let kind = "#microsoft.graph.voiceAuthenticationMethodConfiguration";
    let body = json!({ "@odata.type": kind, "isOfficePhoneAllowed": true, "state": "enabled" });
    let answer = client.patch(&voice, &body).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    // The key does not care about case, and the id keeps its own.
    for key in ["voice", "Voice", "VOICE"] {
        let read = client
            .get(&format!("{POLICY}/authenticationMethodConfigurations/{key}"))
            .await
            .body;
        assert_eq!(
            (&read["id"], &read["isOfficePhoneAllowed"]),
            (&json!("Voice"), &json!(true))
        );
    }
    for body in [
        json!({ "state": "enabled" }),
        json!({ "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", "state": "enabled" }),
        json!({ "@odata.type": kind, "state": "maybe" }),
        // The documented sample has text here; the type is Boolean.
        json!({ "@odata.type": kind, "isOfficePhoneAllowed": "false" }),
        json!({ "@odata.type": kind, "defaultLength": 4 }),
    ] {
        assert_eq!(client.patch(&voice, &body).await.status, 400, "{body}");
    }
    assert_eq!(client.delete(&voice).await.status, 204);
    assert_eq!(client.get(&voice).await.body["isOfficePhoneAllowed"], false);
    assert_eq!(
        client
            .get(&format!("{POLICY}/authenticationMethodConfigurations/pigeon"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn registration_reports_follow_the_state() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::delegated(&emulator, "gina@contoso.example");
    let path = "/reports/authenticationMethods/userRegistrationDetails";
    assert_eq!(client.get(path).await.items().len(), 8);
    for (query, expected) in [
        ("$filter=isMfaRegistered eq true", Ok(3)),
        ("$filter=methodsRegistered/any(m:m eq 'mobilePhone')", Ok(3)),
        (
            "$filter=startswith(userDisplayName,'An')&$orderby=userDisplayName",
            Ok(1),
        ),
        ("$filter=isAdmin eq true", Err(400)),
        ("$filter=isMfaRegistered ne true", Err(400)),
        ("$top=2", Err(400)),
        ("$select=id", Err(400)),
        ("$orderby=lastUpdatedDateTime", Err(400)),
    ] {
        let answer = client.get(&format!("{path}?{query}")).await;
        let result = if answer.status == 200 {
            Ok(answer.items().len())
        } else {
            Err(answer.status)
        };
        assert_eq!(result, expected, "{query}");
    }
    let carla = client
        .get(&format!("{path}/a0000000-0000-4000-8000-000000000003"))
        .await
        .body;
    assert_eq!(carla["userPreferredMethodForSecondaryAuthentication"], "");
    assert_eq!(
        client
            .get(&format!("{path}/b0000000-0000-4000-8000-000000000003"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn summaries_take_both_parameters_or_none() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::delegated(&emulator, "gina@contoso.example");
    let base = "/reports/authenticationMethods/usersRegisteredBy";
    for (call, total) in [
        ("Feature", Some(8)),
        ("Feature()", Some(8)),
        ("Feature(includedUserTypes='all',includedUserRoles='all')", Some(8)),
        ("Feature(includedUserTypes='guest',includedUserRoles='all')", Some(1)),
        ("Method", Some(8)),
        (
            "Method(includedUserTypes='member',includedUserRoles='privilegedAdmin')",
            Some(1),
        ),
        ("Method(includedUserRoles='user',includedUserTypes='member')", Some(6)),
        ("Method(includedUserTypes='everyone',includedUserRoles='all')", None),
        ("Method(includedUserTypes='all')", None),
    ] {
        let answer = client.get(&format!("{base}{call}")).await;
        match total {
            Some(total) => assert_eq!(answer.body["totalUserCount"], total, "{call}: {}", answer.text),
            None => assert_eq!(answer.status, 400, "{call}"),
        }
    }
    let counts = client.get(&format!("{base}Method")).await.body["userRegistrationMethodCounts"].clone();
    assert!(
        counts
            .as_array()
            .unwrap()
            .contains(&json!({ "authenticationMethod": "mobilePhone", "userCount": 3 }))
    );
}
