//! `$count` on lists, and queries that only the directory's index answers.

use serde_json::json;
use trunkline_emulator::{Emulator, TokenRequest};

use crate::client::Client;

const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");

#[tokio::test]
async fn lists_are_counted_as_text() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let state = emulator.state();
    let length = |member: &str| state[member].as_array().unwrap().len().to_string();
    let phones = client
        .get(&format!("/users/{ANA}/authentication/phoneMethods"))
        .await
        .items()
        .len();
    let methods = client
        .get(&format!("/users/{ANA}/authentication/methods"))
        .await
        .items()
        .len();
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments";
    let free = client
        .get(&format!("{numbers}?$filter=assignmentStatus eq 'unassigned'"))
        .await
        .items()
        .len();
    let owned = format!("/users/{ANA}/authentication/phoneMethods/$count");
    for (path, expected) in [
        ("/users/$count".to_owned(), length("users")),
        (
            "/users/$count?$filter=accountEnabled eq false".to_owned(),
            "1".to_owned(),
        ),
        (
            "/users/$count?$filter=accountEnabled ne false".to_owned(),
            "7".to_owned(),
        ),
        ("/Users/%24count/".to_owned(), length("users")),
        (owned, phones.to_string()),
        (
            format!("/users('{ANA}')/authentication/methods/$count"),
            methods.to_string(),
        ),
        (
            "/users(userPrincipalName='ana@contoso.example')/authentication/phoneMethods/$count".to_owned(),
            phones.to_string(),
        ),
        (format!("{numbers}/$count"), length("numbers")),
        (
            format!("{numbers}/$count?$filter=assignmentStatus eq 'unassigned'"),
            free.to_string(),
        ),
        ("/admin/teams/userConfigurations/$count".to_owned(), length("users")),
        (
            "/reports/authenticationMethods/userRegistrationDetails/$count".to_owned(),
            length("users"),
        ),
        ("/organization/$count".to_owned(), "1".to_owned()),
    ] {
        let answer = client.send("GET", &client.url(&path), &[EVENTUAL], None).await;
        assert_eq!(
            (answer.status, answer.text.as_str(), answer.header("content-type")),
            (200, expected.as_str(), Some("text/plain")),
            "{path}"
        );
        assert_eq!(answer.header("odata-version"), Some("4.0"), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_list_has_no_count() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let phone = "/users/ana@contoso.example/authentication/phoneMethods";
    for (method, path, status) in [
        ("GET", "/users/ana@contoso.example/$count".to_owned(), 400),
        ("GET", "/me/$count".to_owned(), 400),
        ("GET", "/$count".to_owned(), 400),
        ("GET", "/users/$count/$count".to_owned(), 400),
        ("GET", "/users/$ana".to_owned(), 400),
        ("GET", "/users('$ana')".to_owned(), 404),
        ("GET", "/users('$count')".to_owned(), 404),
        ("GET", format!("{phone}/$value"), 400),
        ("GET", format!("{phone}/$count?$filter=phoneType eq 'mobile'"), 400),
        (
            "GET",
            "/users/nobody@contoso.example/authentication/phoneMethods/$count".to_owned(),
            404,
        ),
        ("GET", "/users/$count?$top=2".to_owned(), 400),
        ("POST", "/users/$count".to_owned(), 405),
    ] {
        let answer = client.send(method, &client.url(&path), &[EVENTUAL], None).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    let blamed = client.get("/users/$ana").await.text;
    assert!(blamed.contains("'$ana'"), "{blamed}");
}

#[tokio::test]
async fn counting_needs_the_permission_of_the_list() {
    let emulator = Emulator::start().await.unwrap();
    let token = emulator.issue_token(TokenRequest {
        permissions: Some(vec!["TeamsTelephoneNumber.Read.All".to_owned()]),
        ..TokenRequest::default()
    });
    let client = Client::with_token(&emulator, token);
    let phones = format!("/users/{ANA}/authentication/phoneMethods/$count");
    assert_eq!(client.get(&phones).await.status, 403);
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments/$count";
    assert_eq!(client.get(numbers).await.status, 200);
}

#[tokio::test]
async fn a_count_in_a_batch_is_text() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let batch = json!({ "requests": [
        { "id": "counted", "method": "GET", "url": "/users/$count", "headers": { "ConsistencyLevel": "eventual" } },
        { "id": "refused", "method": "GET", "url": "/users/$count" },
        { "id": "named", "method": "GET", "url": "/users(userPrincipalName='ana@contoso.example')?$select=id" },
        { "id": "encoded", "method": "GET", "url": "/users(userPrincipalName=%27ana%40contoso.example%27)" },
    ] });
    let answer = client.post("/$batch", &batch).await;
    let item = |id: &str| {
        let responses = answer.body["responses"].as_array().unwrap();
        responses.iter().find(|response| response["id"] == id).unwrap().clone()
    };
    let counted = item("counted");
    // "8" in base64, as everything that is no JSON.
    assert_eq!((&counted["status"], &counted["body"]), (&json!(200), &json!("OA==")));
    assert_eq!(item("refused")["status"], 400);
    for id in ["named", "encoded"] {
        assert_eq!(item(id)["body"]["id"], ANA, "{id}");
    }
}

#[tokio::test]
async fn the_index_answers_those_who_ask_for_it() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    assert_eq!(client.get("/users/$count").await.code(), "Request_BadRequest");
    let uncounted = client.get("/users?$count=true").await;
    assert_eq!((uncounted.status, uncounted.body.get("@odata.count")), (200, None));
    for query in [
        "$filter=accountEnabled ne true",
        "$filter=not(accountEnabled eq true)",
        "$filter=userType eq 'Guest' or endswith(mail,'@contoso.example')",
        "$filter=startswith(displayName,'a')&$orderby=displayName",
    ] {
        let headers: [&[(&str, &str)]; 3] = [&[], &[EVENTUAL], &[EVENTUAL]];
        for (headers, count, status) in [
            (headers[0], "", 400),
            (headers[0], "&$count=true", 400),
            (headers[1], "", 400),
            (headers[2], "&$count=true", 200),
        ] {
            let url = client.url(&format!("/users?{query}{count}"));
            let answer = client.send("GET", &url, headers, None).await;
            assert_eq!(answer.status, status, "{query}{count}: {}", answer.text);
            if status == 400 {
                assert_eq!(answer.code(), "Request_UnsupportedQuery", "{query}");
            } else {
                assert!(answer.body["@odata.count"].is_u64(), "{query}");
            }
        }
    }
    let lenient = Emulator::builder().lenient(true).start().await.unwrap();
    let client = Client::new(&lenient);
    assert_eq!(client.get("/users?$filter=accountEnabled ne true").await.status, 200);
    assert_eq!(client.get("/users/$count").await.text, "8");
}
