//! Credentials of this computer: managed identities, developer tools, tokens at hand.

use super::*;
use async_trait::async_trait;
use azure_identity::Executor;
use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use trunkline_core::error::ErrorKind;
use trunkline_core::token::{OwnedTokenRequest, TokenRequest};

fn in_an_hour() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 3600
}

fn metadata_token() -> HttpResponse {
    let expires_on = in_an_hour().to_string();
    answer(
        200,
        &json!({"access_token": "first", "expires_on": expires_on, "resource": "r", "token_type": "Bearer"}),
    )
}

#[tokio::test]
async fn a_managed_identity_is_asked_of_this_host() {
    let clock = TestClock::default();
    let script = Script::new([answer(404, &json!({"error": "not_found"})), metadata_token(), done()]);
    let client = builder(&script, &clock)
        .credential(Credential::managed_identity(Some(CLIENT)))
        .build()
        .unwrap();
    send(&client).await.unwrap();
    let address = url::Url::parse(script.addresses()[1].strip_prefix("GET ").unwrap()).unwrap();
    assert_eq!(address.origin().ascii_serialization(), "http://169.254.169.254");
    assert_eq!(address.path(), "/metadata/identity/oauth2/token");
    let query: HashMap<_, _> = address.query_pairs().into_owned().collect();
    assert_eq!(query["resource"], "https://graph.microsoft.com");
    assert_eq!(query["client_id"], CLIENT);
    assert_eq!(query["api-version"], "2019-08-01");
    assert_eq!(script.header(1, "metadata").unwrap(), "true");
    assert_eq!(script.header(2, "authorization").unwrap(), "Bearer first");
    assert_eq!(clock.waits(), [Duration::from_secs(2)]);
}

#[tokio::test]
async fn a_managed_identity_that_is_not_there_is_explained() {
    let script = Script::new([answer(
        400,
        &json!({"error": "invalid_request", "error_description": "Identity not found"}),
    )]);
    let error = send(&client(&script, Credential::managed_identity(None)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.next_step().contains("Assign the identity"), "{error}");
    assert_eq!(error.code(), Some("invalid_request"));
    assert_eq!(error.message(), "this Azure resource has no such managed identity");
    let script = Script::new([answer(403, &json!({}))]);
    let error = send(&client(&script, Credential::managed_identity(None)))
        .await
        .unwrap_err();
    assert_eq!(
        error.message(),
        "there is no managed identity here: its endpoint is forbidden"
    );
    assert!(error.next_step().contains("another credential"), "{error}");
}

#[tokio::test]
async fn what_cannot_ask_for_claims_says_so_and_carries_them() {
    let script = Script::new([metadata_token(), challenge()]);
    let error = send(&client(&script, Credential::managed_identity(None)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.message().contains("claims unsupported"), "{error}");
    assert!(error.claims().unwrap().contains("nbf"));
    script.assert_played();
}

#[derive(Debug)]
struct Tools {
    az: (i32, String),
    azd: (i32, String),
    ran: Mutex<Vec<String>>,
}

#[async_trait]
impl Executor for Tools {
    async fn run(&self, _: &OsStr, arguments: &[&OsStr]) -> std::io::Result<Output> {
        let command = arguments.last().unwrap().to_string_lossy().into_owned();
        let (code, text) = if command.contains("az account") {
            &self.az
        } else {
            &self.azd
        };
        self.ran.lock().unwrap().push(command);
        let text = text.clone().into_bytes();
        let (stdout, stderr) = if *code == 0 {
            (text, Vec::new())
        } else {
            (Vec::new(), text)
        };
        Ok(Output {
            status: ExitStatus::from_raw(code << 8),
            stdout,
            stderr,
        })
    }
}

async fn with_tools(az: (i32, &str), azd: (i32, &str), claims: Option<&str>) -> (Result<String>, Vec<String>) {
    let own = |(code, text): (i32, &str)| (code, text.to_owned());
    let tools = Arc::new(Tools {
        az: own(az),
        azd: own(azd),
        ran: Mutex::default(),
    });
    let authority = url::Url::parse("https://login.microsoftonline.com").unwrap();
    let session = Arc::new(crate::credential::session::Session::new(
        authority,
        crate::configuration::Connection::default(),
    ));
    let scopes = ["https://graph.microsoft.com/.default".to_owned()];
    let request = TokenRequest {
        scopes: &scopes,
        claims,
        tenant: Some(TENANT),
        fresh: claims.is_some(),
    };
    let outcome = crate::credential::azure::developer_tools(&session, tools.clone(), request).await;
    let ran = tools.ran.lock().unwrap().clone();
    (outcome.map(|token| token.secret.expose().to_owned()), ran)
}

#[tokio::test]
async fn developer_tools_are_asked_for_the_tenant_of_the_client() {
    let given = json!({"accessToken": "first", "expires_on": in_an_hour(), "tokenType": "Bearer"}).to_string();
    let (token, ran) = with_tools((0, &given), (1, ""), None).await;
    assert_eq!(token.unwrap(), "first");
    assert_eq!(ran.len(), 1);
    assert!(
        ran[0].contains("--tenant contoso.example") && ran[0].contains("graph.microsoft.com/.default"),
        "{ran:?}"
    );

    let (error, ran) = with_tools((1, "Please run 'az login'"), (127, "azd: not found"), None).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), ran.len()), (ErrorKind::Authentication, 2));
    assert!(error.next_step().contains("az login"), "{error}");

    let (error, _) = with_tools((127, "az: not found"), (127, "azd: not found"), None).await;
    assert!(error.unwrap_err().message().contains("no developer tool is installed"));

    let (error, ran) = with_tools((0, &given), (0, ""), Some("{}")).await;
    assert!(error.unwrap_err().message().contains("claims unsupported"));
    assert!(ran.is_empty());
}

#[tokio::test]
async fn a_callback_is_given_what_the_token_must_be() {
    let asked = Arc::new(Mutex::new(Vec::<OwnedTokenRequest>::new()));
    let sink = asked.clone();
    let credential = Credential::callback(move |request| {
        sink.lock().unwrap().push(request);
        let name = format!("token-{}", sink.lock().unwrap().len());
        async move { Ok(crate::AccessToken::new(name, crate::Timestamp::MAX)) }
    });
    let script = Script::new([challenge(), done()]);
    send(
        &builder(&script, &TestClock::default())
            .tenant(TENANT)
            .credential(credential)
            .build()
            .unwrap(),
    )
    .await
    .unwrap();
    let asked = asked.lock().unwrap();
    assert_eq!(asked[0].scopes, ["https://graph.microsoft.com/.default"]);
    assert_eq!(
        (asked[0].claims.as_deref(), asked[0].fresh, asked[0].tenant.as_deref()),
        (None, false, Some(TENANT))
    );
    assert!(asked[1].fresh && asked[1].claims.as_deref().unwrap().contains("nbf"));
    assert_eq!(script.header(1, "authorization").unwrap(), "Bearer token-2");
}

#[tokio::test]
async fn a_token_of_another_tenant_is_not_sent() {
    use base64::Engine;
    let tenant = "aaaaaaaa-0000-0000-0000-000000000000";
    let claims = json!({"tid": "bbbbbbbb-0000-0000-0000-000000000000", "exp": in_an_hour()}).to_string();
    let token = format!(
        "e30.{}.c2ln",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims)
    );
    let script = Script::default();
    let credential = Credential::token(token.as_str());
    let client = builder(&script, &TestClock::default())
        .tenant(tenant)
        .credential(credential)
        .build()
        .unwrap();
    let error = send(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongTenant);
    assert!(script.addresses().is_empty());
    assert!(!shown(&error).contains(&token));
}
