//! Requests of the wrong cloud or tenant, or with a token that is not for this: nothing is sent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use trunkline::graph::{EmailAuthenticationMethod, PhoneAuthenticationMethod};
use trunkline::{Client, Cloud, Credential, ErrorKind};
use trunkline_emulator::{DEFAULT_TENANT_ID, Emulator, OTHER_TENANT_ID, TokenRequest};

use crate::{failed, numbers, refused, rig, rig_with};

#[test]
fn an_unknown_cloud_is_answered_with_the_known_ones() {
    for name in [
        "moon",
        "",
        "GLOBAL\u{0}",
        "us-gov",
        "https://graph.microsoft.com",
        "global; rm -rf",
        "a\nb",
    ] {
        let error = failed(Client::builder().cloud(name).build(), ErrorKind::InvalidInput, name);
        for known in ["global", "us-gov-l4", "us-gov-l5", "china"] {
            assert!(error.to_string().contains(known), "{error}");
        }
    }
}

#[test]
fn an_address_that_is_nobodys_is_refused_before_anything_is_sent() {
    for root in [
        "graph.microsoft.com",
        "ftp://127.0.0.1",
        "https://",
        "http://user:canary@127.0.0.1",
        "http://127.0.0.1/?a=b",
        "http://127.0.0.1/#a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://evil.example",
        "",
    ] {
        let error = failed(Client::builder().endpoint(root).build(), ErrorKind::InvalidInput, root);
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn a_token_of_another_tenant_is_not_shown() {
    let emulator = Emulator::start().await.unwrap();
    let token = |tenant: &str| {
        emulator.issue_token(TokenRequest {
            tenant: Some(tenant.to_owned()),
            ..Default::default()
        })
    };
    let rig = rig_with(
        |_| vec![],
        |builder| {
            builder
                .tenant(DEFAULT_TENANT_ID)
                .credential(Credential::token(token(OTHER_TENANT_ID)))
        },
    )
    .await;
    let error = refused(&rig, rig.read().await, ErrorKind::WrongTenant, "read");
    let line = error.to_string();
    assert!(
        line.contains(DEFAULT_TENANT_ID) && line.contains(OTHER_TENANT_ID),
        "both tenants are named: {line}"
    );
    refused(&rig, rig.assign().await, ErrorKind::WrongTenant, "assign");
    let mut batch = rig.client.batch();
    let handle = batch.add(numbers(&rig.client).by_id("id").get());
    refused(&rig, batch.send().await.take(handle), ErrorKind::WrongTenant, "batch");
    let shown = format!("{error:?} {:?}", rig.client);
    assert!(!shown.contains(&token(OTHER_TENANT_ID)[..40]), "{shown}");
}

#[tokio::test]
async fn a_token_of_microsofts_is_not_shown_to_an_address_that_is_not() {
    let claims = json!({"iss": format!("https://sts.windows.net/{DEFAULT_TENANT_ID}/"), "tid": DEFAULT_TENANT_ID,
        "aud": "https://graph.microsoft.com", "exp": 4_102_444_800_i64, "roles": ["User.Read.All"], "idtyp": "app"});
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"RS256"}"#);
    let token = format!("{head}.{}.signature", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let rig = rig_with(|_| vec![], |builder| builder.credential(Credential::token(&token))).await;
    let error = refused(&rig, rig.read().await, ErrorKind::Authentication, "read");
    assert!(!format!("{error:?}").contains(&token[..30]));
}

#[tokio::test]
async fn an_application_has_no_me() {
    let emulator = Emulator::start().await.unwrap();
    let rig = rig_with(
        |_| vec![],
        |builder| builder.credential(Credential::token(emulator.token())),
    )
    .await;
    let me = rig.client.graph().me();
    refused(&rig, me.get().await, ErrorKind::InvalidInput, "me");
    refused(
        &rig,
        me.authentication().phone_methods().list().all().await,
        ErrorKind::InvalidInput,
        "phones",
    );
}

#[tokio::test]
async fn what_the_cloud_does_not_offer_is_not_sent() {
    for cloud in [Cloud::UsGovL4, Cloud::UsGovL5, Cloud::China] {
        let rig = rig_with(|_| vec![], |builder| builder.cloud(cloud)).await;
        let about = cloud.name();
        let error = refused(&rig, rig.list().await, ErrorKind::UnsupportedByCloud, about);
        let line = error.to_string();
        assert!(line.contains(about) && line.contains("offered by global"), "{line}");
        refused(&rig, rig.assign().await, ErrorKind::UnsupportedByCloud, about);
        let user = rig.client.graph().users().by_id("ana@contoso.example").authentication();
        let passkeys = user.fido2_methods();
        refused(
            &rig,
            passkeys.creation_options().await,
            ErrorKind::UnsupportedByCloud,
            about,
        );
        refused(
            &rig,
            user.external_authentication_methods().list().all().await,
            ErrorKind::UnsupportedByCloud,
            about,
        );
        if cloud == Cloud::China {
            let email = EmailAuthenticationMethod::new("ana.private@fabrikam.example");
            refused(
                &rig,
                user.email_methods().create(&email).await,
                ErrorKind::UnsupportedByCloud,
                about,
            );
        }
        let mut batch = rig.client.batch();
        let handle = batch.add(numbers(&rig.client).by_id("id").get());
        refused(
            &rig,
            batch.send().await.take(handle),
            ErrorKind::UnsupportedByCloud,
            about,
        );
    }
}

#[tokio::test]
async fn what_another_cloud_offers_is_sent_there() {
    for cloud in Cloud::ALL {
        let rig = rig_with(
            |_| vec![trunkline_contract::Reply::json(201, "{}")],
            |builder| builder.cloud(cloud),
        )
        .await;
        let phones = rig
            .client
            .graph()
            .users()
            .by_id("ana@contoso.example")
            .authentication()
            .phone_methods();
        phones
            .create(&PhoneAuthenticationMethod::new("+1 2065550100", "mobile"))
            .await
            .unwrap();
        assert_eq!(rig.requests(), 1, "{}", cloud.name());
    }
}

#[tokio::test]
async fn a_token_of_a_long_running_operation_is_checked_before_it_is_followed() {
    let rig = rig(vec![]).await;
    let other = rig_with(
        |root| {
            let location = format!("{root}/v1.0/admin/teams/telephoneNumberManagement/operations('o')");
            vec![trunkline_contract::Reply::status(202).header("Location", location)]
        },
        |builder| builder,
    )
    .await;
    let token = other.assign().await.unwrap().into_value().token();
    type State = trunkline::teams_administration::TelephoneNumberLongRunningOperation;
    let resumed = rig.client.follow::<State>(&token);
    failed(resumed.map(|_| ()), ErrorKind::UntrustedLink, "a token of another root");
    for text in ["", "x", "{}", "AAAA", &token[1..], &token[..token.len() / 2], "\u{0}"] {
        let resumed = rig.client.follow::<State>(text);
        failed(resumed.map(|_| ()), ErrorKind::InvalidInput, text);
    }
    assert_eq!(rig.requests(), 0);
}
