//! Answers of something other than the service: no verdict, whatever their status.

use serde_json::Value;
use trunkline_core::long_running::LongRunning;
use trunkline_core::*;

use crate::scripted::*;

/// The answers of a proxy, a network's sign-in page or a gateway.
fn answers() -> Vec<(u16, Act)> {
    let empty = |status| Act::Answer(status, Vec::new(), String::new());
    vec![
        (302, with(empty(302), "location", "http://portal.example/sign-in")),
        (407, with(web_page(407, "Proxy"), "proxy-authenticate", "Basic")),
        (400, web_page(400, "Bad Request")),
        (401, with(web_page(401, "Proxy"), "www-authenticate", "Basic realm=x")),
        (403, web_page(403, "Blocked")),
        (404, web_page(404, "Not Found")),
        (404, empty(404)),
        (404, with(web_page(404, "Front door"), "request-id", "r")),
        (410, Act::Answer(410, Vec::new(), "gone".into())),
        (
            403,
            Act::Answer(
                403,
                vec![("content-type", "application/json".into())],
                r#"{"message":"no"}"#.into(),
            ),
        ),
        (500, web_page(500, "Oops")),
        (501, web_page(501, "Oops")),
        (502, web_page(502, "Bad Gateway")),
        (200, web_page(200, "Welcome to the Hotel")),
        (204, Act::Answer(200, Vec::new(), "<html></html>".into())),
    ]
}

#[tokio::test]
async fn a_read_waits_until_the_service_answers() {
    for (status, act) in answers() {
        let rig = rig(vec![act, web_page(403, "Sign in"), answer(200, r#"{"a":1}"#)]);
        let answer = rig.client.request::<Value>(Operation::get(LIST)).send().await;
        assert_eq!(answer.unwrap()["a"], 1, "{status}");
        assert_eq!(rig.service.sent(), 3, "{status}");
        assert!(!rig.clock.waits().is_empty(), "it waits in between");
    }
}

#[tokio::test]
async fn no_verdict_is_read_from_it() {
    for index in 0..answers().len() {
        for operation in [Operation::get(LIST), update()] {
            let status = answers()[index].0;
            let rig = rig_thinking(move |_| Some(answers().swap_remove(index).1));
            let error = rig.client.request::<Option<Value>>(operation).send().await.unwrap_err();
            let kinds = [
                ErrorKind::UnexpectedBody,
                ErrorKind::Redirected,
                ErrorKind::Connection,
                ErrorKind::Service,
            ];
            assert!(
                kinds.contains(&error.kind()) && error.is_foreign_answer(),
                "{status}: {error}"
            );
            assert_eq!(error.retry_advice(), RetryAdvice::Later, "{status}: {error}");
            assert_eq!(error.attempts(), 4, "{status}: {error}");
        }
    }
}

#[tokio::test]
async fn a_write_that_may_have_arrived_has_an_unknown_outcome() {
    for (status, act) in answers() {
        if status == 407 {
            continue;
        }
        let rig = rig(vec![act]);
        let error = rig.client.request::<Option<Value>>(assign()).send().await.unwrap_err();
        assert!(
            error.is_unknown_outcome() && error.is_foreign_answer(),
            "{status}: {error}"
        );
        assert_eq!(
            (rig.service.sent(), error.retry_advice()),
            (1, RetryAdvice::AfterReadBack)
        );
        assert!(error.next_step().contains("numbers.list"), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_has_forwarded_nothing() {
    let rig = rig(vec![web_page(407, "Proxy"), answer(202, "{}")]);
    rig.client.request::<Option<Value>>(assign()).send().await.unwrap();
    let rig = rig_thinking(|_| Some(web_page(407, "Proxy")));
    let error = rig.client.request::<Option<Value>>(assign()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(!error.may_have_reached_service(), "{error}");
    assert!(error.next_step().contains("user:password@host"), "{error}");
}

#[tokio::test]
async fn what_answered_is_named() {
    let rig = rig_thinking(|_| Some(web_page(404, "Sign in to Hotel")));
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert!(
        error
            .message()
            .contains("answered 404, with the page “Sign in to Hotel”"),
        "{error}"
    );
    assert!(error.next_step().contains("proxy"), "{error}");
}

#[tokio::test]
async fn the_services_own_answers_stay_verdicts() {
    let own = r#"{"error":{"code":"itemNotFound","message":"There is none."}}"#;
    for (act, kind) in [
        (Act::Answer(404, Vec::new(), own.into()), ErrorKind::NotFound),
        (
            Act::Answer(404, vec![("request-id", "r".into())], String::new()),
            ErrorKind::NotFound,
        ),
        (
            Act::Answer(403, vec![("client-request-id", "c".into())], "no".into()),
            ErrorKind::PermissionDenied,
        ),
    ] {
        let rig = rig(vec![act]);
        let error = rig
            .client
            .request::<Value>(Operation::get(LIST))
            .send()
            .await
            .unwrap_err();
        assert_eq!((error.kind(), rig.service.sent()), (kind, 1), "{error}");
        assert!(!error.is_foreign_answer());
    }
}

#[tokio::test]
async fn an_order_is_waited_for_across_it() {
    let accepted = with(
        answer(202, ""),
        "location",
        &format!("{ROOT}/admin/teams/telephoneNumberManagement/operations('1')"),
    );
    let state = |state: &str| answer(200, &format!(r#"{{"status":"{state}"}}"#));
    let mut acts = vec![accepted, state("running")];
    acts.extend((0..6).map(|_| web_page(404, "Sign in")));
    acts.push(state("succeeded"));
    let rig = rig(acts);
    let order = rig.client.request::<LongRunning<Value>>(assign()).send().await.unwrap();
    assert!(order.into_value().wait().await.unwrap().succeeded());
}

#[tokio::test]
async fn a_gateway_behind_the_batch_gives_no_verdict_either() {
    use base64::Engine;
    let page = base64::engine::general_purpose::STANDARD.encode("<html><title>Not Found</title></html>");
    let rig = rig_thinking(move |_| {
        let item = serde_json::json!({
            "id": "0", "status": 404, "headers": {"Content-Type": "text/html"}, "body": page,
        });
        Some(answer(200, &serde_json::json!({"responses": [item]}).to_string()))
    });
    for (operation, unknown) in [(Operation::get("/users/ana@contoso.example"), false), (assign(), true)] {
        let mut batch = rig.client.batch();
        let handle = batch.add(rig.client.request::<Value>(operation));
        let error = batch.send().await.take(handle).unwrap_err();
        assert!(error.is_foreign_answer() && !error.is_not_found(), "{error}");
        assert_eq!(error.is_unknown_outcome(), unknown, "{error}");
    }
}
