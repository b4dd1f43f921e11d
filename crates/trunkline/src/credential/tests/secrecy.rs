//! No secret is seen anywhere, whatever happens.

use super::*;
use std::io::Write;
use tracing_subscriber::fmt::MakeWriter;

/// Secrets in every form a request carries them.
fn assert_secret_free(text: &str) {
    let encoded: String = url::form_urlencoded::byte_serialize(CANARY.as_bytes()).collect();
    for secret in [CANARY, encoded.as_str(), "canary", "refresh-secret", "access-secret"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn an_authority_that_mirrors_a_secret_is_not_quoted() {
    let encoded: String = url::form_urlencoded::byte_serialize(CANARY.as_bytes()).collect();
    for response in [
        refusal(
            401,
            "invalid_client",
            7_000_215,
            &format!("Invalid client secret provided: {CANARY}."),
        ),
        answer(400, &json!({"error": CANARY})),
        answer(502, &json!({"request": format!("client_secret={encoded}&scope=x")})),
        with_header(answer(400, &json!({"error": "x"})), "x-mirror", &encoded),
    ] {
        let script = Script::default();
        // A gateway's fault is repeated.
        for _ in 0..4 {
            let copy = HttpResponse {
                status: response.status,
                headers: response.headers.clone(),
                body: response.body.clone(),
                cut: None,
            };
            script.then(Ok(copy));
        }
        let error = send(&client(&script, secret())).await.unwrap_err();
        let expected = match response.status.as_u16() {
            502 => crate::ErrorKind::Service,
            _ => crate::ErrorKind::Authentication,
        };
        assert_eq!(error.kind(), expected);
        assert_secret_free(&shown(&error));
    }
}

#[test]
fn debug_shows_who_but_not_how() {
    let certificate = crate::ClientCertificate::from_pem(CANARY);
    for credential in [
        secret(),
        Credential::client_certificate(TENANT, CLIENT, certificate),
        Credential::token(CANARY),
        Credential::from(crate::AccessToken::new(CANARY, crate::Timestamp::MAX)),
        Credential::device_code(TENANT, CLIENT, |_| {}),
        Credential::workload_identity(),
    ] {
        let builder = Client::builder().credential(credential.clone());
        assert_secret_free(&format!("{credential:?} {builder:?}"));
        assert_secret_free(&format!("{:?}", builder.build().unwrap()));
    }
    assert!(format!("{:?}", secret()).contains(TENANT));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn logs_hold_no_secret_at_any_level() {
    // While there is one subscriber alone, tracing asks the thread that meets a line first whether anybody listens there,
    // for good; other tests run at the same time, and nobody listens to theirs.
    let _second = tracing::Dispatch::new(
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(std::io::sink)
            .finish(),
    );
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let operation = Operation::get("/users");
        let script = Script::new([token("access-secret"), challenge(), token("access-secret-2"), done()]);
        client(&script, secret()).core().execute_blocking(&operation).unwrap();
        let script = Script::new([refusal(401, "invalid_client", 7_000_215, "Words.")]);
        client(&script, secret())
            .core()
            .execute_blocking(&operation)
            .unwrap_err();
        let code = json!({
            "user_code": "canary-code", "device_code": CANARY, "expires_in": 900, "interval": 5,
            "verification_uri": "https://microsoft.com/devicelogin",
        });
        let user = json!({
            "token_type": "Bearer", "expires_in": 3600, "access_token": "access-secret", "refresh_token": "refresh-secret",
        });
        let script = Script::new([answer(200, &code), answer(200, &user), done()]);
        let device = Credential::device_code(TENANT, CLIENT, |_| {});
        client(&script, device).core().execute_blocking(&operation).unwrap();
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("getting a token"), "{text}");
    assert_secret_free(&text);
}
