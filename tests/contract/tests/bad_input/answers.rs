//! Answers that are not what a service should say.

use trunkline::teams_administration::NumberType;
use trunkline::{ErrorKind, OpenEnum, RetryAdvice};
use trunkline_contract::{Recorder, Reply, TOKEN};

use crate::{failed, numbers, rig, rig_with};

const PAGE: &str = "<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body>nginx</body></html>";

fn html(status: u16) -> Reply {
    Reply::status(status)
        .header("Content-Type", "text/html; charset=utf-8")
        .body(PAGE)
}

#[tokio::test]
async fn a_gateways_page_is_a_failure_of_the_service_for_reads_and_unknown_for_writes() {
    for reply in [
        html(502),
        Reply::status(502),
        Reply::json(502, "{"),
        Reply::status(503),
        html(504),
    ] {
        let about = format!("{} {:?}", reply.status, String::from_utf8_lossy(&reply.body));
        let rig = rig(vec![reply.clone(); 8]).await;
        let error = failed(rig.read().await, ErrorKind::Service, &about);
        assert_eq!(
            (rig.requests(), error.attempts()),
            (4, 4),
            "{about}: a read is tried four times"
        );
        assert_eq!(error.status().map(|status| status.as_u16()), Some(reply.status));
        assert!(!error.to_string().contains("<html"), "{error}");
        assert_eq!(rig.clock.waits().len(), 3, "{about}");

        let rig = crate::rig(vec![reply.clone(); 8]).await;
        let error = failed(rig.assign().await, ErrorKind::UnknownOutcome, &about);
        assert_eq!(rig.requests(), 1, "{about}: a write is sent once");
        assert!(
            error.may_have_reached_service() && error.next_step().contains("Read the number"),
            "{error}"
        );
        assert_eq!(error.retry_advice(), RetryAdvice::AfterReadBack, "{about}");
    }
}

#[tokio::test]
async fn a_gateways_page_that_passes_is_no_failure() {
    let rig = rig(vec![html(502), Reply::status(502), Reply::json(200, "{\"id\":\"x\"}")]).await;
    assert_eq!(rig.read().await.unwrap().id, Some("x"));
    assert_eq!(rig.requests(), 3);
}

#[tokio::test]
async fn what_is_no_json_is_said_to_be_none() {
    let whole = "{\"id\":\"x\",\"telephoneNumber\":\"+12065550100\"}";
    let cases = [
        ("a word", Reply::json(200, "not json")),
        (
            "half an object, all of what was announced",
            Reply::json(200, &whole[..20]),
        ),
        ("nothing", Reply::json(200, "")),
        ("a captive portal", html(200)),
        ("a captive portal that claims to be JSON", Reply::json(200, PAGE)),
        ("a captive portal without a type", Reply::status(200).body(PAGE)),
        ("not UTF-8", Reply::json(200, b"{\"id\":\"\xff\xfe\"}".as_slice())),
        ("two objects", Reply::json(200, "{}{}")),
        ("NUL", Reply::json(200, "\u{0}")),
    ];
    for (about, reply) in cases {
        let rig = rig(vec![reply.clone(); 8]).await;
        let error = failed(rig.read().await, ErrorKind::UnexpectedBody, about);
        let is_page = reply.body.starts_with(b"<");
        assert_eq!(error.is_foreign_answer(), is_page, "{about}");
        // A network's sign-in page may be gone soon; the rest would be the same again.
        assert_eq!(rig.requests(), if is_page { 4 } else { 1 }, "{about}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{about}");
        assert!(!error.may_have_reached_service(), "{about}: a read changes nothing");
        failed(rig.list().await, ErrorKind::UnexpectedBody, about);
    }
}

#[tokio::test]
async fn lists_in_lists_without_end_are_refused_not_followed() {
    for body in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("{{\"city\":{}", "[".repeat(100_000)),
    ] {
        let rig = rig(vec![Reply::json(200, body)]).await;
        let error = rig.read().await.map(|_| ()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Decode | ErrorKind::UnexpectedBody),
            "{:?}",
            error.kind()
        );
        assert_eq!(rig.requests(), 1);
    }
}

#[tokio::test]
async fn a_portals_page_in_answer_to_a_write_leaves_it_open() {
    let rig = rig(vec![html(200)]).await;
    let error = failed(rig.assign().await, ErrorKind::UnknownOutcome, "assign");
    assert_eq!(rig.requests(), 1);
    assert!(error.is_foreign_answer() && error.may_have_reached_service());
}

#[tokio::test]
async fn json_of_another_shape_is_an_error_with_its_path() {
    let cases = [
        ("{\"id\":{}}", "id"),
        ("{\"capabilities\":[\"userAssignment\",7]}", "capabilities"),
        ("{\"value\":{\"id\":[]}}", "id"),
        ("[]", ""),
        ("\"text\"", ""),
    ];
    for (body, path) in cases {
        let rig = rig(vec![Reply::json(200, body)]).await;
        let error = failed(rig.read().await, ErrorKind::Decode, body);
        assert!(
            error.path().is_some_and(|found| found.contains(path)),
            "{body}: {error:?}"
        );
        assert_eq!(rig.requests(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let rig = rig(vec![Reply::json(200, vec![b' '; 33 << 20])]).await;
    let error = failed(rig.read().await, ErrorKind::UnexpectedBody, "33 MiB");
    assert_eq!(rig.requests(), 1, "it would be as large again");
    assert!(error.body().is_none_or(|body| body.len() <= 4096));
    // Announced is enough.
    let rig = crate::rig(vec![Reply::json(200, vec![b' '; 33 << 20]).cut(10)]).await;
    failed(rig.read().await, ErrorKind::UnexpectedBody, "33 MiB announced");
    assert_eq!(rig.requests(), 1);
}

#[tokio::test]
async fn an_error_of_any_size_is_one_line() {
    let long = format!(
        "{{\"error\":{{\"code\":\"BadRequest\",\"message\":\"{}\\r\\n\\u001b[31m\"}}}}",
        "x\\ny ".repeat(50_000)
    );
    for body in [
        long.as_str(),
        "{\"error\":null}",
        "{\"error\":\"text\"}",
        "[1]",
        "null",
        "{\"error\":{\"code\":7}}",
    ] {
        let rig = rig(vec![Reply::json(400, body).header("request-id", "r")]).await;
        let error = failed(rig.read().await, ErrorKind::Rejected, &body[..body.len().min(40)]);
        let line = error.to_string();
        assert!(
            line.chars().count() < 1200 && !line.chars().any(char::is_control),
            "{line:?}"
        );
        assert_eq!(rig.requests(), 1);
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_make_us_repeat_it() {
    for status in [400, 401, 403, 404, 409, 500, 501] {
        let body = format!("{{\"error\":{{\"code\":\"Bearer {TOKEN}\",\"message\":\"got Bearer {TOKEN}\"}}}}");
        let reply = Reply::json(status, body)
            .header("request-id", TOKEN)
            .header("X-Echo", format!("Bearer {TOKEN}"));
        let rig = rig(vec![reply; 8]).await;
        let error = rig.assign().await.map(|_| ()).unwrap_err();
        for shown in [error.to_string(), format!("{error:?}"), error.to_json().to_string()] {
            assert!(!shown.contains(TOKEN), "{status}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let trap = Recorder::start(|_| vec![]).await.unwrap();
        for target in [
            format!("{}/v1.0/users", trap.root()),
            "/v1.0/users".to_owned(),
            "https://evil.example/".to_owned(),
        ] {
            let reply = Reply::status(status).header("Location", target.as_str());
            let rig = rig(vec![reply; 8]).await;
            failed(rig.read().await, ErrorKind::Redirected, &target);
            assert_eq!(rig.requests(), 4, "{status} {target}: a network's sign-in may pass");
            let error = failed(rig.assign().await, ErrorKind::UnknownOutcome, &target);
            assert!(error.message().contains("redirected"), "{error}");
            assert_eq!(rig.requests(), 5, "{status} {target}");
        }
        assert_eq!(trap.connections(), 0);
    }
}

#[tokio::test]
async fn a_page_in_between_says_nothing_of_what_was_asked_for() {
    for status in [400, 401, 403, 404, 407, 410] {
        for reply in [
            html(status),
            Reply::status(status),
            Reply::json(status, "{\"message\":\"blocked\"}"),
        ] {
            let rig = rig(vec![reply; 8]).await;
            let error = rig.read().await.map(|_| ()).unwrap_err();
            assert!(error.is_foreign_answer(), "{status}: {error}");
            assert!(
                matches!(error.kind(), ErrorKind::UnexpectedBody | ErrorKind::Connection),
                "{status}: {error}"
            );
            assert_eq!(rig.requests(), 4, "{status}");
        }
    }
}

#[tokio::test]
async fn a_key_twice_is_refused_with_its_path() {
    let rig = rig(vec![Reply::json(200, "{\"id\":\"x\",\"city\":\"Oslo\",\"id\":\"y\"}")]).await;
    let error = failed(rig.read().await, ErrorKind::Decode, "id");
    assert_eq!(error.path(), Some("$.id"));
    let rig = crate::rig(vec![Reply::json(
        200,
        "{\"value\":[{\"id\":\"a\"}],\"value\":[{\"id\":\"b\"}]}",
    )])
    .await;
    let error = failed(rig.list().await, ErrorKind::Decode, "value");
    assert_eq!(error.path(), Some("$.value"));
}

#[tokio::test]
async fn accepted_without_an_address_cannot_be_followed() {
    for location in [None, Some(""), Some("   ")] {
        let reply = Reply::status(202);
        let reply = match location {
            Some(text) => reply.header("Location", text),
            None => reply,
        };
        let rig = rig(vec![reply]).await;
        let error = failed(rig.assign().await, ErrorKind::AcceptedUntracked, "202");
        assert_eq!(rig.requests(), 1);
        assert!(
            error.may_have_reached_service() && error.status().is_some_and(|status| status == 202),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn what_this_version_does_not_know_is_kept() {
    let body = r##"{"@odata.type":"#microsoft.graph.teamsAdministration.numberAssignment","id":"x","numberType":"quantumLink",
        "newProperty":{"deep":[1,2.50,null,true]},"capabilities":["userAssignment","telepathy",""],
        "city@odata.count":3,"telephoneNumber":"+12065550100"}"##;
    let rig = rig(vec![Reply::json(200, body)]).await;
    let number = rig.read().await.unwrap().into_value();
    let asked = rig.server.seen()[0].header("prefer").map(str::to_owned);
    assert_eq!(asked.as_deref(), Some("include-unknown-enum-members"));
    let kind = number.number_type.value().unwrap();
    assert_eq!(
        (kind, kind.as_str()),
        (&NumberType::from_wire("quantumLink"), "quantumLink")
    );
    assert!(matches!(kind, NumberType::Unrecognized(_)));
    let written = trunkline_contract::json::of(&number);
    let read: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(trunkline_contract::json::difference(&read, &written), None);
}

#[tokio::test]
async fn pages_without_end_come_to_an_end() {
    let page = |root: &str| {
        let next = format!("{root}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$skiptoken=same");
        Reply::json(
            200,
            format!("{{\"value\":[{{\"id\":\"x\"}}],\"@odata.nextLink\":\"{next}\"}}"),
        )
    };
    let rig = rig_with(|root| vec![page(root); 10], |builder| builder).await;
    failed(rig.list().await, ErrorKind::UnexpectedBody, "the same page for ever");
    assert!(rig.requests() <= 3, "{}", rig.requests());
    assert_eq!(numbers(&rig.client).list().first_page().await.unwrap().items.len(), 1);
}
