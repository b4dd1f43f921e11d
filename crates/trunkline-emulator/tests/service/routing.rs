//! Paths: both styles of keys, case, namespaces, encodings, and unknown paths.

use serde_json::json;
use trunkline_emulator::{Emulator, ErrorStyle};

use crate::client::Client;

const ANA: &str = "a0000000-0000-4000-8000-000000000001";

#[tokio::test]
async fn spellings_of_one_path_lead_to_one_resource() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for path in [
        "/users/ana@contoso.example",
        "/users/ana%40contoso.example",
        "/users('ana@contoso.example')",
        "/users(%27ana%40contoso.example%27)",
        "/Users/ANA@CONTOSO.EXAMPLE",
        "/users/a0000000-0000-4000-8000-000000000001",
        "/users('a0000000-0000-4000-8000-000000000001')",
        "//users//ana@contoso.example/",
    ] {
        let answer = client.get(path).await;
        assert_eq!(
            (answer.status, answer.body["id"].as_str()),
            (200, Some(ANA)),
            "{path}: {}",
            answer.text
        );
    }
    let guest = client.get("/users/fay_fabrikam.example%23EXT%23@contoso.example").await;
    assert_eq!(
        guest.body["userPrincipalName"],
        "fay_fabrikam.example#EXT#@contoso.example"
    );
}

#[tokio::test]
async fn actions_and_functions_take_the_namespace_or_leave_it() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let assignments = "/admin/teams/telephoneNumberManagement/numberAssignments";
    let body = json!({ "telephoneNumber": "+12065550101", "locationId": "10c00000-0000-4000-8000-000000000001" });
    for action in [
        "updateNumber",
        "microsoft.graph.teamsAdministration.updateNumber",
        "UPDATENUMBER",
    ] {
        assert_eq!(
            client.post(&format!("{assignments}/{action}"), &body).await.status,
            200,
            "{action}"
        );
    }
    for function in [
        "getPolicyId(type='TeamsMeetingPolicy',name='AllOn')",
        "getPolicyId(name='AllOn',type='TeamsMeetingPolicy')",
        "microsoft.graph.teamsAdministration.getPolicyId(type='TeamsMeetingPolicy',name='AllOn')",
        "getPolicyId(type=%27TeamsMeetingPolicy%27,%20name=%27AllOn%27)",
    ] {
        let answer = client.get(&format!("/admin/teams/policy/{function}")).await;
        assert_eq!(answer.items()[0]["name"], "Tag:AllOn", "{function}");
    }
    let incomplete = client
        .get("/admin/teams/policy/getPolicyId(type='TeamsMeetingPolicy')")
        .await;
    assert_eq!(incomplete.status, 400);
}

#[tokio::test]
async fn a_quote_in_a_key_is_doubled_in_parentheses_only() {
    let emulator = Emulator::start().await.unwrap();
    let mut user = emulator.state()["users"][0].clone();
    user["id"] = json!("b0000000-0000-4000-8000-000000000001");
    user["userPrincipalName"] = json!("o'brien@contoso.example");
    emulator.seed(&json!({ "users": [user] })).unwrap();
    let client = Client::new(&emulator);
    for path in [
        "/users('o''brien@contoso.example')",
        "/users/o'brien@contoso.example",
        "/users/o%27brien@contoso.example",
    ] {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    assert_eq!(client.get("/users('o'brien@contoso.example')").await.status, 400);
}

#[tokio::test]
async fn unknown_paths_are_refused_in_the_shape_of_graph() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let cases = [
        ("GET", "/nothing", 400, "BadRequest"),
        ("GET", "/admin/teams/telephoneNumberManagement", 400, "BadRequest"),
        ("GET", "/admin/teams/resourceAccounts", 400, "BadRequest"),
        (
            "GET",
            "/users/ana@contoso.example/authentication/hardwareOathMethods",
            400,
            "BadRequest",
        ),
        ("GET", "/users/nobody@contoso.example", 404, "Request_ResourceNotFound"),
        (
            "GET",
            "/users/nobody@contoso.example/authentication/phoneMethods",
            404,
            "Request_ResourceNotFound",
        ),
        (
            "GET",
            "/users/ana@contoso.example/authentication/phoneMethods/e37fc753-ff3b-4958-9484-eaa9425c82bc",
            404,
            "resourceNotFound",
        ),
        (
            "GET",
            "/admin/teams/telephoneNumberManagement/numberAssignments/bm90aGluZw",
            404,
            "ResourceNotFound",
        ),
        (
            "GET",
            "/admin/teams/telephoneNumberManagement/operations('bm90aGluZw')",
            404,
            "ResourceNotFound",
        ),
        (
            "DELETE",
            "/admin/teams/telephoneNumberManagement/numberAssignments",
            405,
            "Request_BadRequest",
        ),
        (
            "GET",
            "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber",
            405,
            "Request_BadRequest",
        ),
        (
            "PATCH",
            "/users/ana@contoso.example/authentication/fido2Methods/-2_GRUg2-HYz6_1YG4YRAQ2",
            405,
            "Request_BadRequest",
        ),
        (
            "DELETE",
            "/users/ana@contoso.example/authentication/passwordMethods/28c10230-6103-485e-b985-444c60001490",
            405,
            "Request_BadRequest",
        ),
        ("GET", "/users?$unheardof=1", 400, "BadRequest"),
        ("GET", "/users?$top=2&$top=3", 400, "BadRequest"),
        (
            "GET",
            "/users/ana@contoso.example/authentication/phoneMethods?$top=1",
            400,
            "BadRequest",
        ),
    ];
    for (method, path, status, code) in cases {
        let answer = client.call(method, path, None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{method} {path}: {}",
            answer.text
        );
        let inner = &answer.body["error"]["innerError"];
        assert_eq!(inner["request-id"].as_str(), answer.header("request-id"));
        assert_eq!(inner["client-request-id"].as_str(), answer.header("client-request-id"));
        assert!(!inner["date"].as_str().unwrap().ends_with('Z'));
        if status == 405 {
            assert!(answer.header("allow").is_some());
        }
    }
    let beta = client.get_absolute(&format!("{}/beta/users", emulator.url())).await;
    assert_eq!((beta.status, beta.code()), (404, "ResourceNotFound"));
}

#[tokio::test]
async fn answers_carry_the_headers_of_graph() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let id = "11111111-2222-4333-8444-555555555555";
    let answer = client
        .send("GET", &client.url("/organization"), &[("client-request-id", id)], None)
        .await;
    assert_eq!(answer.header("client-request-id"), Some(id));
    assert!(answer.header("request-id").is_some_and(|id| id.len() == 36));
    assert!(answer.header("date").is_some_and(|date| date.ends_with("GMT")));
    assert!(
        answer
            .header("x-ms-ags-diagnostic")
            .is_some_and(|text| text.contains("ServerInfo"))
    );
    assert!(
        answer
            .header("content-type")
            .is_some_and(|text| text.contains("odata.metadata=minimal"))
    );
    assert!(
        answer.body["@odata.context"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{}/v1.0/$metadata#", emulator.url()))
    );
}

#[tokio::test]
async fn error_bodies_can_be_spelled_otherwise() {
    let style = ErrorStyle {
        empty_code: true,
        lowercase_inner: true,
        without_inner: false,
    };
    let emulator = Emulator::builder().error_style(style).start().await.unwrap();
    let answer = Client::new(&emulator).get("/nothing").await;
    assert_eq!(answer.body["error"]["code"], "");
    assert!(answer.body["error"]["innererror"]["request-id"].is_string());
    let style = ErrorStyle {
        without_inner: true,
        ..ErrorStyle::default()
    };
    let emulator = Emulator::builder().error_style(style).start().await.unwrap();
    let answer = Client::new(&emulator).get("/nothing").await;
    assert_eq!(answer.body["error"].as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_a_client_sends_brings_the_service_down() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let deep = "(".repeat(20_000);
    let long = vec!["a%20eq%201"; 2_500].join("%20or%20");
    let negated = "not%20".repeat(5_000);
    for path in [
        "",
        "/",
        "/users('",
        "/users(')",
        "/users('')",
        "/users()",
        "/users(=)",
        "/users(a=)",
        "/users(a='b)",
        "/users('a'b)",
        "/users/%00",
        "/users/%FF%FE",
        "/users/%F0%9F%93%9E",
        "/users/..%2F..%2Fetc",
        "/users/$value",
        "/users/%24ana",
        "/users?$filter=",
        "/users?$filter=%F0%9F%93%9E",
        "/users?$filter='",
        "/users?$filter=a/any(",
        "/users?$filter=a/any(:)",
        "/users?$filter=displayName%20in%20(",
        "/users?$top=99999999999999999999999",
        "/users?$skiptoken=18446744073709551615",
        "/users?&&&=&$",
        "/admin/teams/policy/getPolicyId(type='a',name='b',other='c')",
        &format!("/users?$filter={deep}"),
        &format!("/users?$filter={long}"),
        &format!("/users?$filter={negated}"),
    ] {
        let answer = client.get(path).await;
        assert!(
            (200..500).contains(&answer.status),
            "{}: {}",
            &path[..path.len().min(80)],
            answer.status
        );
    }
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "",
        "null",
        "{",
        "[]",
        "\"\"",
        "{\"a\":1e999}",
        "\u{feff}{}",
        &nested,
        &"+".repeat(1_000_000),
    ] {
        for path in [
            "/$batch",
            "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber",
        ] {
            let answer = client
                .send("POST", &client.url(path), &[], Some(body.as_bytes().to_vec()))
                .await;
            assert_eq!(answer.status, 400, "{}", &body.chars().take(20).collect::<String>());
        }
    }
    assert!(!emulator.log().is_empty());
    assert_eq!(client.get("/organization").await.status, 200);
}
