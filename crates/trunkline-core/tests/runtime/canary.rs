//! A token and a number that must turn up nowhere.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};
use trunkline_core::token::StaticToken;
use trunkline_core::*;

use crate::scripted::*;

const TOKEN: &str = "canary-token-7f3a9c51";
const NUMBER: &str = "2055550123";

/// Tracing is switched for the whole process: one test at a time listens.
static LISTENING: Mutex<()> = Mutex::new(());

/// A second listener that hears nothing and never goes. As long as there is one only, whichever thread comes first by an
/// event decides for all of them whether anybody listens to it; and the threads of other tests listen to nothing.
static SECOND: LazyLock<tracing::Dispatch> = LazyLock::new(|| tracing::Dispatch::new(Log::default()));

/// Runs `test` and returns its result and its trace.
pub(crate) fn listen<T>(test: impl FnOnce() -> T) -> (T, String) {
    let _turn = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
    LazyLock::force(&SECOND);
    let log = Log::default();
    let output = tracing::subscriber::with_default(log.clone(), || {
        // An event that was met before anybody listened was decided upon without this listener.
        tracing::callsite::rebuild_interest_cache();
        test()
    });
    let log = log.0.lock().unwrap().clone();
    (output, log)
}

/// Collects everything that is traced, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        attributes.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

impl tracing::field::Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

fn mirror(status: u16) -> Act {
    // A gateway that sends back what it was sent.
    let body = format!("{{\"error\":{{\"code\":\"x\",\"message\":\"Bearer {TOKEN} for +1{NUMBER}\"}}}}");
    with(answer(status, &body), "x-mirror", TOKEN)
}

#[test]
fn neither_the_token_nor_a_number_is_shown_anywhere() {
    let (shown, log) = listen(|| {
        let mut shown = String::new();
        let acts = vec![mirror(503), lost(), mirror(503), mirror(400)];
        let rig = rig_with(acts, |builder| {
            let builder = builder
                .with_token_source(StaticToken::new(TOKEN))
                .set_tenant("contoso.example");
            shown.push_str(&format!("{builder:?}"));
            builder
        });
        let mut update = Operation::new(
            http::Method::PATCH,
            format!("/users/+1{NUMBER}/authentication/phoneMethods/x"),
        )
        .body(json!({"phoneNumber": format!("+1 {NUMBER}")}).to_string())
        .query("$filter", format!("telephoneNumber eq '+1{NUMBER}'"));
        update.set_header("x-note", NUMBER).unwrap();
        let request = rig.client.request::<Value>(update);
        shown.push_str(&format!("{:?} {request:?} {:?}", rig.client, request.operation()));
        let error = request.send_blocking().unwrap_err();
        assert_eq!(error.attempts(), 4);
        shown.push_str(&format!("{error} {error:?} {error:#?} {}", error.to_json()));
        // A value that only the caller reads may hold its number, but never the token.
        assert!(!error.body().unwrap().contains(TOKEN));
        assert!(!error.service_message().unwrap().contains(TOKEN));
        assert!(!format!("{:?}", error.headers()).contains(TOKEN));
        assert!(!rig.client.preview(&assign()).unwrap().to_string().contains(TOKEN));
        assert_eq!(
            rig.service.header(0, "authorization"),
            Some(format!("Bearer {TOKEN}")),
            "and yet it was sent"
        );
        shown.push_str(&format!("{:?}", rig.service.request(0)));
        shown
    });
    assert!(log.contains("phones.update") && log.contains("503"), "{log}");
    for text in [shown, log] {
        assert!(!text.contains("canary"), "{text}");
        assert!(!text.contains(NUMBER), "{text}");
    }
}

const PASSWORD: &str = "Canary!Horse3Battery";
const PASS: &str = "canarypass+Q9z";

/// Passwords are masked: those that are sent, and those that come back, readable or not.
#[test]
fn neither_a_password_nor_a_pass_is_shown_anywhere() {
    let (shown, log) = listen(|| {
        let mut shown = String::new();
        let pass = json!({"id": "p", "temporaryAccessPass": PASS, "lifetimeInMinutes": 60}).to_string();
        let mirrored = json!({"newPassword": PASSWORD, "error": {"code": "x", "message": "No."}}).to_string();
        let cut = pass[..pass.len() - 3].to_owned();
        let acts = vec![
            answer(200, &pass),
            answer(200, &cut),
            answer(400, &mirrored),
            answer(500, &mirrored),
            answer(
                200,
                &json!({"responses": [{"id": "0", "status": 200, "body": {"value": PASS}}]}).to_string(),
            ),
            answer(200, &format!("{{\"responses\":[{pass}")),
        ];
        let rig = rig(acts);
        let reset = || Operation::post("/users/ana/resetPassword").body(json!({"newPassword": PASSWORD}).to_string());
        // A pass where a number is expected, and one in JSON that ends early.
        for kind in [
            ErrorKind::Decode,
            ErrorKind::UnexpectedBody,
            ErrorKind::Rejected,
            ErrorKind::UnknownOutcome,
        ] {
            let request = rig.client.request::<bool>(reset());
            shown.push_str(&format!("{request:?} {request:#?} {:?}", request.operation()));
            let error = request.send_blocking().unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            let body = error.body().unwrap();
            assert!(body.to_lowercase().contains("canary"), "the accessor keeps it: {body}");
            shown.push_str(&format!("{error} {error:?} {error:#?} {}", error.to_json()));
        }
        for _ in 0..2 {
            let mut batch = rig.client.batch();
            let handle = batch.add(rig.client.request::<bool>(reset()));
            shown.push_str(&format!("{batch:?} {batch:#?}"));
            let mut answers = batch.send_blocking().unwrap();
            shown.push_str(&format!("{answers:?}"));
            let error = answers.take(handle).unwrap_err();
            shown.push_str(&format!("{error} {error:?} {error:#?} {}", error.to_json()));
        }
        shown.push_str(&format!("{:?}", rig.service.request(0)));
        shown
    });
    assert!(log.contains("400"), "{log}");
    for text in [shown, log] {
        assert!(!text.to_lowercase().contains("canary"), "{text}");
    }
}
