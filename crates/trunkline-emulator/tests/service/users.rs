//! Users, licences, the organisation.

use serde_json::json;
use trunkline_emulator::Emulator;

use crate::client::Client;

#[tokio::test]
async fn users_are_listed_in_pages() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let mut url = client.url("/users?$top=3&$select=id,userPrincipalName&$count=true");
    let mut sizes = Vec::new();
    let mut counts = Vec::new();
    loop {
        let page = client
            .send("GET", &url, &[("ConsistencyLevel", "eventual")], None)
            .await;
        sizes.push(page.items().len());
        counts.push(page.body.get("@odata.count").cloned());
        match page.body["@odata.nextLink"].as_str() {
            Some(next) => {
                assert!(next.contains("$skiptoken=") && next.contains("$select="));
                url = next.to_owned();
            }
            None => break,
        }
    }
    assert_eq!(sizes, [3, 3, 2]);
    assert_eq!(counts, [Some(json!(8)), None, None]);
}

#[tokio::test]
async fn users_are_filtered_and_selected() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for (query, expected) in [
        ("$filter=userPrincipalName eq 'BEN@contoso.example'", 1),
        ("$filter=startswith(displayName,'ana')", 1),
        ("$filter=accountEnabled eq false", 1),
        ("$filter=userType eq 'Guest'", 1),
        ("$filter=usageLocation eq null", 2),
        ("$filter=displayName eq 'O''Hara'", 0),
    ] {
        assert_eq!(
            client.get(&format!("/users?{query}")).await.items().len(),
            expected,
            "{query}"
        );
    }
    for query in ["$top=1000", "$top=0", "$filter=shoeSize eq 1", "$select=shoeSize"] {
        assert_eq!(client.get(&format!("/users?{query}")).await.status, 400, "{query}");
    }
    let plain = client.get("/users/ana@contoso.example").await.body;
    assert!(plain.get("usageLocation").is_none() && plain.get("displayName").is_some());
    let chosen = client
        .get("/users/ana@contoso.example?$select=usageLocation,accountEnabled")
        .await
        .body;
    assert_eq!(
        (&chosen["usageLocation"], &chosen["accountEnabled"]),
        (&json!("US"), &json!(true))
    );
    assert!(chosen.get("displayName").is_none());
}

#[tokio::test]
async fn licences_and_organization() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let plans = client.get("/users/ana@contoso.example/licenseDetails").await;
    assert!(plans.text.contains("\"MCOEV\""));
    assert_eq!(
        client
            .get("/users/carla@contoso.example/licenseDetails")
            .await
            .items()
            .len(),
        0
    );
    let organization = client.get("/organization").await;
    assert_eq!(organization.items()[0]["id"], trunkline_emulator::DEFAULT_TENANT_ID);
}
