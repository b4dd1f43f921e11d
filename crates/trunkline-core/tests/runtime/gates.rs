use serde_json::{Value, json};
use trunkline_core::token::StaticToken;
use trunkline_core::*;

use crate::scripted::*;

#[tokio::test]
async fn what_the_cloud_does_not_offer_is_not_sent() {
    let rig = rig_with(vec![], |builder| builder.set_cloud(Cloud::China));
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedByCloud);
    assert!(
        error.message().contains("china") && error.message().contains("global"),
        "{error}"
    );
    let mine = Operation::new(http::Method::PATCH, "/me/authentication/phoneMethods/x").body("{}");
    let error = rig.client.request::<()>(mine).send().await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::UnsupportedByCloud,
        "the place decides, not the operation"
    );
    assert_eq!(rig.service.sent(), 0);
    let rig = rig_with(vec![answer(204, "")], |builder| builder.set_cloud(Cloud::China));
    rig.client.request::<()>(update()).send().await.unwrap();
    assert!(
        rig.service
            .request(0)
            .url
            .as_str()
            .starts_with("https://microsoftgraph.chinacloudapi.cn/v1.0/users/")
    );
}

#[tokio::test]
async fn a_token_of_another_tenant_is_not_sent() {
    let (ours, theirs) = (
        "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111",
        "11111111-6a1c-4f9b-8f3e-0d9ef5a3c111",
    );
    let rig = rig_with(vec![], |builder| {
        builder
            .set_tenant(ours)
            .with_token_source(StaticToken::new(token_of(json!({"tid": theirs}))))
    });
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongTenant);
    assert!(error.message().contains(ours) && error.message().contains(theirs));
    assert_eq!(rig.service.sent(), 0);
    let rig = rig_with(vec![answer(200, "{}")], |builder| {
        let token = token_of(json!({"tid": ours.to_uppercase()}));
        builder.set_tenant(ours).with_token_source(StaticToken::new(token))
    });
    rig.client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
}

#[tokio::test]
async fn an_application_has_no_me() {
    let token = token_of(json!({"roles": ["User.Read.All"]}));
    let rig = rig_with(vec![], |builder| builder.with_token_source(StaticToken::new(token)));
    let error = rig
        .client
        .request::<Value>(Operation::get("/me/authentication/methods"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(rig.service.sent(), 0);
}

#[tokio::test]
async fn a_403_names_what_would_do_and_what_there_is() {
    let body = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}"#;
    for (claims, expected) in [
        (
            json!({"scp": "User.Read"}),
            "A signed-in user needs TeamsTelephoneNumber.Read.All (or TeamsTelephoneNumber.ReadWrite.All); \
             the token holds User.Read; the user needs one of the roles Teams Telephony Administrator",
        ),
        (
            json!({"scp": "Directory.AccessAsUser.All", "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46"}),
            "The token was issued to the Azure CLI, an application of Microsoft's whose permissions are fixed: nobody can \
             grant it TeamsTelephoneNumber.Read.All (or TeamsTelephoneNumber.ReadWrite.All). Register an application of your \
             own, have the permission consented to, and sign in with that application",
        ),
        (
            json!({"idtyp": "app"}),
            "An application needs TeamsTelephoneNumber.ReadWrite.All; the token holds no permission",
        ),
    ] {
        let rig = rig_with(vec![answer(403, body)], |builder| {
            builder.with_token_source(StaticToken::new(token_of(claims)))
        });
        let error = rig
            .client
            .request::<Value>(Operation::get(LIST))
            .send()
            .await
            .unwrap_err();
        assert!(error.is_permission_denied());
        assert_eq!(error.next_step(), expected);
        assert_eq!(error.code(), Some("Authorization_RequestDenied"));
    }
    let rig = rig(vec![answer(403, body)]);
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert!(
        error.next_step().contains("an application needs"),
        "{}",
        error.next_step()
    );
}

#[tokio::test]
async fn a_token_of_microsofts_stays_with_microsoft() {
    let token = token_of(json!({"iss": "https://sts.windows.net/6ad9a6bc/"}));
    let emulator = url::Url::parse("http://127.0.0.1:9999").unwrap();
    let rig = rig_with(vec![], |builder| {
        builder
            .set_root(emulator.clone())
            .with_token_source(StaticToken::new(token.clone()))
    });
    let error = rig
        .client
        .request::<Value>(Operation::get("/x"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(rig.service.sent(), 0);
    let rig = rig_with(vec![answer(200, "{}")], |builder| {
        builder
            .set_root(emulator)
            .with_allowed_endpoint()
            .with_token_source(StaticToken::new(token))
    });
    rig.client.request::<Value>(Operation::get("/x")).send().await.unwrap();
}

#[test]
fn a_root_elsewhere_must_be_allowed() {
    let elsewhere = url::Url::parse("https://graph.microsoft.com.evil.example").unwrap();
    let error = Client::builder().set_root(elsewhere.clone()).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let client = Client::builder()
        .set_root(elsewhere)
        .with_allowed_endpoint()
        .build()
        .unwrap();
    assert_eq!(client.base(), "https://graph.microsoft.com.evil.example/v1.0");
}

#[tokio::test]
async fn an_invalid_header_or_path_is_an_error_when_it_is_sent() {
    let rig = rig(vec![]);
    for request in [
        rig.client
            .request::<Value>(Operation::get(LIST))
            .with_header("Authorization", "Bearer x"),
        rig.client
            .request::<Value>(Operation::get(LIST))
            .with_header("x", "a\r\nb: c"),
        rig.client.request::<Value>(Operation::get("/a/../b")),
        rig.client.request::<Value>(Operation::get("//evil.example/x")),
        rig.client.request::<Value>(Operation::get("@evil.example")),
        rig.client.request::<Value>(Operation::get("/a?b=c")),
    ] {
        assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(rig.service.sent(), 0);
}

#[tokio::test]
async fn a_client_without_tokens_sends_none() {
    let service = std::sync::Arc::new(Service::default());
    drop(service);
    let rig = rig(vec![answer(200, "{}")]);
    let bare = Client::builder().with_transport(rig.service.clone()).build().unwrap();
    bare.request::<Value>(Operation::get("/x")).send().await.unwrap();
    assert_eq!(rig.service.header(0, "authorization"), None);
}

#[test]
fn a_preview_shows_everything_but_the_token() {
    let rig = rig(vec![]);
    let preview = rig.client.preview(&assign()).unwrap();
    assert_eq!(preview["url"], format!("{ROOT}{ASSIGN}"));
    assert_eq!(preview["headers"]["prefer"], "include-unknown-enum-members");
    assert!(preview["headers"].get("authorization").is_none());
    assert_eq!(preview["body"]["telephoneNumber"], "+12055550123");
}
