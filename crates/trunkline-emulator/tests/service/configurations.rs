//! Teams configurations and policies of users.

use serde_json::{Value, json};
use trunkline_emulator::Emulator;

use crate::client::Client;

const PATH: &str = "/admin/teams/userConfigurations";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";
const CARLA: &str = "a0000000-0000-4000-8000-000000000003";

#[tokio::test]
async fn configurations_follow_users_and_numbers() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let all = client.get(PATH).await;
    assert_eq!(all.items().len(), 8);
    let ben = client.get(&format!("{PATH}/{BEN}")).await.body;
    assert_eq!(ben["isEnterpriseVoiceEnabled"], true);
    let numbers: Vec<&str> = ben["telephoneNumbers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["telephoneNumber"].as_str().unwrap())
        .collect();
    assert_eq!(numbers, ["+12065550100", "+12065550123"]);
    assert_eq!(
        client.get(&format!("{PATH}('{BEN}')/user")).await.body["userPrincipalName"],
        "ben@contoso.example"
    );
    // The key is an object id.
    assert_eq!(client.get(&format!("{PATH}/ben@contoso.example")).await.status, 404);
}

#[tokio::test]
async fn query_options_are_honoured() {
    let emulator = Emulator::builder().next_links(true).start().await.unwrap();
    let client = Client::new(&emulator);
    let one = client
        .get(&format!(
            "{PATH}?$filter=userPrincipalName eq 'ben@contoso.example'&$select=userPrincipalName&$expand=user"
        ))
        .await;
    let mut members: Vec<&str> = one.items()[0].as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["user", "userPrincipalName"]);
    assert_eq!(one.items()[0]["user"]["id"], BEN);
    let first = client
        .get(&format!("{PATH}?$top=2&$orderby=userPrincipalName desc"))
        .await;
    assert_eq!(first.items()[0]["userPrincipalName"], "reception@contoso.example");
    let next = client
        .get_absolute(first.body["@odata.nextLink"].as_str().unwrap())
        .await;
    assert_eq!(next.items().len(), 2);
    assert_eq!(client.get(&format!("{PATH}?$expand=manager")).await.status, 400);
    assert_eq!(
        client.get(&format!("{PATH}/{BEN}?$select=id&$expand=user")).await.body["user"]["id"],
        BEN
    );
}

#[tokio::test]
async fn members_behind_the_sentinel_are_shown_on_request() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = client.url(&format!("{PATH}/{CARLA}"));
    let hidden = client.send("GET", &path, &[], None).await;
    assert_eq!(hidden.body["accountType"], "unknownFutureValue");
    for prefer in [
        "include-unknown-enum-members",
        "return=minimal, include-unknown-enum-members",
    ] {
        let shown = client.send("GET", &path, &[("Prefer", prefer)], None).await;
        assert_eq!(shown.body["accountType"], "ineligibleUser", "{prefer}");
    }
    let policy = client.url("/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/X509Certificate");
    let rule = |body: &Value| body["authenticationModeConfiguration"]["rules"][0]["x509CertificateRuleType"].clone();
    assert_eq!(
        rule(&client.send("GET", &policy, &[], None).await.body),
        "unknownFutureValue"
    );
    let prefer = [("Prefer", "include-unknown-enum-members")];
    assert_eq!(
        rule(&client.send("GET", &policy, &prefer, None).await.body),
        "issuerSubjectAndPolicyOID"
    );
}

#[tokio::test]
async fn policies_are_found_assigned_and_unassigned() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let found = client
        .get("/admin/teams/policy/getPolicyId(type='TeamsCallingPolicy',name='AllOn')")
        .await;
    let id = found.items()[0]["policyId"].as_str().unwrap().to_owned();
    assert_eq!(
        client
            .get("/admin/teams/policy/getPolicyId(type='TeamsCallingPolicy',name='None')")
            .await
            .items()
            .len(),
        0
    );
    let assign = "/admin/teams/policy/userAssignments/assign";
    let item = json!({
        "@odata.type": "#microsoft.graph.teamsAdministration.teamsPolicyUserAssignment",
        "userId": BEN, "policyType": "TeamsCallingPolicy", "policyId": id,
    });
    let done = client.post(assign, &json!({ "value": [item] })).await;
    assert_eq!((done.status, done.text.as_str()), (204, ""));
    let held = async || {
        let body = client.get(&format!("{PATH}/{BEN}")).await.body;
        let all = body["effectivePolicyAssignments"].as_array().unwrap().clone();
        all.into_iter()
            .filter(|entry| entry["policyType"] == "TeamsCallingPolicy")
            .count()
    };
    assert_eq!(held().await, 1);
    let unassign = "/admin/teams/policy/userAssignments/unassign";
    let item = json!({ "userId": BEN, "policyType": "TeamsCallingPolicy" });
    assert_eq!(client.post(unassign, &json!({ "value": [item] })).await.status, 204);
    assert_eq!(held().await, 0);
    for (body, status) in [
        (json!({}), 400),
        (json!({ "value": [] }), 400),
        (
            json!({ "value": [{ "userId": BEN, "policyType": "TeamsCallingPolicy" }] }),
            400,
        ),
        (
            json!({ "value": [{ "userId": "ben", "policyType": "TeamsCallingPolicy", "policyId": id }] }),
            400,
        ),
        (
            json!({ "value": [{ "userId": BEN, "policyType": "Nothing", "policyId": id }] }),
            400,
        ),
        (
            json!({ "value": [{ "userId": BEN, "policyType": "TeamsMeetingPolicy", "policyId": id }] }),
            400,
        ),
        (
            json!({ "value": [{ "userId": "b0000000-0000-4000-8000-000000000002", "policyType": "TeamsCallingPolicy", "policyId": id }] }),
            404,
        ),
        // One bad item spoils the list.
        (
            json!({ "value": [{ "userId": BEN, "policyType": "TeamsCallingPolicy", "policyId": id }, { "userId": "x" }] }),
            400,
        ),
    ] {
        assert_eq!(client.post(assign, &body).await.status, status, "{body}");
    }
    assert_eq!(held().await, 0);
}
