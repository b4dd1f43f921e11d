//! The one line of an error: what happened, to what, and the next step.

use serde_json::{Value, json};
use trunkline_core::token::StaticToken;
use trunkline_core::*;

use crate::scripted::*;

async fn read(rig: &Rig, operation: Operation) -> Error {
    rig.client.request::<Value>(operation).send().await.unwrap_err()
}

#[tokio::test]
async fn what_is_not_there_is_named_by_the_last_key() {
    for (operation, expected) in [
        (
            Operation::new(http::Method::DELETE, PHONE),
            "there is no phone 3179e48a-750b-4051-897c-87b9720928f7",
        ),
        (
            Operation::get("/admin/teams/telephoneNumberManagement/operations/ana%40contoso.example"),
            "there is no operation a***@contoso.example",
        ),
        (
            Operation::get("/admin/teams/telephoneNumberManagement/operations('+12055550123')"),
            "there is no operation +***23",
        ),
        (Operation::get(LIST), "the requested object does not exist"),
        (Operation::get("/things/5"), "the requested object does not exist"),
    ] {
        let error = read(&rig(vec![answer(404, "")]), operation).await;
        assert!(error.is_not_found());
        assert_eq!(error.message(), expected);
    }
}

#[tokio::test]
async fn a_wait_says_until_when() {
    let rig = rig(vec![with(answer(429, ""), "retry-after", "600")]);
    let error = read(&rig, Operation::get(LIST)).await;
    let RetryAdvice::Until(end) = error.retry_advice() else {
        panic!("{error}")
    };
    assert_eq!(error.message(), format!("the service asked to wait 600 s, until {end}"));
    let paused = read(&rig, Operation::get(LIST)).await;
    assert!(paused.message().ends_with(&format!("600 s, until {end}")), "{paused}");
    assert!(error.to_string().contains(&end.to_string()), "{error}");
    assert_eq!(paused.attempts(), 0);
}

#[tokio::test]
async fn a_403_names_few_permissions_and_the_near_ones_first() {
    for (claims, expected) in [
        (
            json!({"scp": "A.Read B.Read TeamsTelephoneNumber.Other C.Read D.Read"}),
            "A signed-in user needs TeamsTelephoneNumber.Read.All (or TeamsTelephoneNumber.ReadWrite.All); the token \
             holds TeamsTelephoneNumber.Other, A.Read, B.Read and 2 more; the user needs one of the roles Teams \
             Telephony Administrator",
        ),
        (
            json!({"scp": "A.Read teamstelephonenumber.readwrite.all"}),
            "The token holds teamstelephonenumber.readwrite.all, which suffices: check that the user has one of the \
             roles Teams Telephony Administrator, and no policy forbids it",
        ),
        (
            json!({"roles": ["TeamsTelephoneNumber.ReadWrite.All"]}),
            "The token holds TeamsTelephoneNumber.ReadWrite.All, which suffices: check that no policy of the tenant \
             keeps the application from it",
        ),
        (
            json!({"roles": ["A.Read", "B.Read"]}),
            "An application needs TeamsTelephoneNumber.ReadWrite.All; the token holds A.Read and B.Read",
        ),
    ] {
        let rig = rig_with(vec![answer(403, "")], |builder| {
            builder.with_token_source(StaticToken::new(token_of(claims)))
        });
        assert_eq!(read(&rig, Operation::get(LIST)).await.next_step(), expected);
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_called_one() {
    let rig = rig(vec![]);
    let body = json!({
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret provided. Trace ID: 3179e48a-750b-4051-897c-87b9720928f7",
    });
    for (status, body, expected) in [
        (
            401,
            body.to_string(),
            "sign-in failed (POST /token): AADSTS7000215: Invalid client secret",
        ),
        (400, body.to_string(), "sign-in failed (POST /token): AADSTS7000215: "),
        (
            401,
            String::new(),
            "the service requires a token, but the client has no credential (POST /token). Create the client",
        ),
    ] {
        let service = rig_with(vec![answer(status, &body)], |builder| builder).service;
        let authority = Client::builder().with_transport(service).build().unwrap();
        let error = authority
            .request::<Value>(Operation::post("/token"))
            .send()
            .await
            .unwrap_err();
        assert!(error.is_authentication());
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    drop(rig);
}

#[tokio::test]
async fn no_connection_says_to_where_and_why() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for (root, expected) in [
        (
            format!("http://{free}"),
            format!("no connection to http://{free}: it was refused"),
        ),
        (
            "http://nobody.invalid:81".to_owned(),
            "no connection to http://nobody.invalid:81: its name was not found".to_owned(),
        ),
    ] {
        let client = Client::builder()
            .set_root(url::Url::parse(&root).unwrap())
            .with_allowed_endpoint()
            .with_no_proxy()
            .with_retry(retry::RetryPolicy::never())
            .build()
            .unwrap();
        let error = client.request::<Value>(Operation::get("/x")).send().await.unwrap_err();
        assert_eq!(error.message(), expected, "{error:?}");
        assert!(!error.may_have_reached_service());
    }
}
