use futures_util::StreamExt;
use serde_json::{Value, json};
use trunkline_core::long_running::{LongRunning, Progress};
use trunkline_core::*;

use crate::scripted::*;

const AT: &str = "https://graph.microsoft.com/v1.0/admin/teams/telephoneNumberManagement/operations('QXNz')";

fn accepted() -> Act {
    with(answer(202, ""), "location", AT)
}

fn state(status: &str) -> Act {
    answer(200, &json!({"id": "QXNz", "status": status}).to_string())
}

async fn start(rig: &Rig) -> LongRunning<Value> {
    rig.client
        .request::<LongRunning<Value>>(assign())
        .send()
        .await
        .unwrap()
        .into_value()
}

#[tokio::test]
async fn waits_for_the_end_and_polls_the_location_verbatim() {
    let rig = rig(vec![
        accepted(),
        state("notStarted"),
        state("running"),
        state("Succeeded"),
    ]);
    let running = start(&rig).await;
    assert_eq!(running.id(), "QXNz");
    let finished = running.wait().await.unwrap();
    assert!(finished.succeeded());
    assert_eq!(finished.status, "Succeeded");
    assert_eq!(rig.service.request(1).url.as_str(), AT);
    assert_eq!(rig.service.header(1, "content-type"), None);
    let waits: Vec<_> = rig.clock.waits().iter().map(std::time::Duration::as_millis).collect();
    assert_eq!(waits.len(), 3);
    assert!(
        (750..=1000).contains(&waits[0]) && (1500..=2000).contains(&waits[1]),
        "{waits:?}"
    );
}

#[tokio::test]
async fn unknown_states_are_not_the_end() {
    let rig = rig(vec![
        accepted(),
        state("skipped"),
        state("paused"),
        state(""),
        answer(200, r#"{"status":null}"#),
        answer(200, "{}"),
        state("failed"),
    ]);
    let stages: Vec<_> = start(&rig).await.stages().map(Result::unwrap).collect().await;
    assert_eq!(stages.len(), 6);
    assert!(stages[..5].iter().all(|stage| stage.progress == Progress::Running));
    assert_eq!(stages[0].status, "skipped");
    assert_eq!(stages[5].progress, Progress::Failed);
}

#[tokio::test]
async fn a_failed_item_is_no_success() {
    let body = json!({"status": "succeeded", "numbers": [
        {"resourceLocation": "https://x/1", "status": "succeeded"},
        {"status": "failed", "statusDetail": "+12055550123 is taken"}]});
    let rig = rig(vec![accepted(), answer(200, &body.to_string())]);
    let finished = start(&rig).await.wait().await.unwrap();
    assert!(!finished.succeeded());
    assert_eq!(finished.verdicts[1].detail.as_deref(), Some("+12055550123 is taken"));
    let error = finished.into_success().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(
        error.message().contains("1 of 2") && !error.to_string().contains("2055550123"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_location_is_an_error_and_another_root_is_refused() {
    let rig = rig(vec![answer(202, "")]);
    let error = rig
        .client
        .request::<LongRunning<Value>>(assign())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AcceptedUntracked);
    assert!(error.may_have_reached_service());
    assert_eq!(error.status().unwrap().as_u16(), 202);
    for elsewhere in [
        "https://graph.microsoft.com:444/v1.0/operations('x')",
        "http://graph.microsoft.com/v1.0/operations/x",
    ] {
        let rig = rig_with(vec![with(answer(202, ""), "location", elsewhere)], |builder| builder);
        let error = rig
            .client
            .request::<LongRunning<Value>>(assign())
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UntrustedLink);
        assert_eq!(rig.service.sent(), 1);
    }
}

#[tokio::test]
async fn an_operation_without_end_can_be_taken_up_again() {
    let rig = rig_thinking(|request| {
        Some(if request.method == "POST" {
            accepted()
        } else {
            state("running")
        })
    });
    let running = start(&rig).await;
    let error = running.wait_for(seconds(60)).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.operation(), Some("numbers.assign"));
    let token = error.resume_token().unwrap().to_owned();
    assert_eq!(token, running.token());
    assert!(rig.clock.waits().iter().sum::<std::time::Duration>() <= seconds(60));

    let again = rig_with(vec![state("succeeded")], |builder| builder);
    let resumed: LongRunning<Value> = again.client.follow(&token).unwrap();
    assert_eq!((resumed.id(), resumed.started_by()), ("QXNz", Some("numbers.assign")));
    assert!(resumed.wait().await.unwrap().succeeded());
    assert_eq!(again.service.request(0).url.as_str(), AT);
    assert!(again.clock.waits().is_empty(), "the first look is due at once");

    let elsewhere = rig_with(vec![], |builder| builder.set_cloud(Cloud::China));
    assert_eq!(
        elsewhere.client.follow::<Value>(&token).unwrap_err().kind(),
        ErrorKind::UntrustedLink
    );
    assert_eq!(
        again.client.follow::<Value>("nonsense").unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn the_deadline_is_used_to_its_end() {
    for deadline in [10, 60] {
        let rig = rig_thinking(|request| {
            Some(if request.method == "POST" {
                accepted()
            } else {
                state("running")
            })
        });
        let error = start(&rig).await.wait_for(seconds(deadline)).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(rig.clock.waits().iter().sum::<std::time::Duration>(), seconds(deadline));
    }
    let rig = rig(vec![accepted(), with(state("running"), "retry-after", "30")]);
    let error = start(&rig).await.wait_for(seconds(10)).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(rig.service.sent(), 2, "what the service asked for is not undercut");
    // The look at the end counts.
    let rig = rig_thinking({
        let mut looks = 0;
        move |request| {
            looks += u32::from(request.method != "POST");
            Some(match looks {
                0 => accepted(),
                1..=2 => state("running"),
                _ => state("succeeded"),
            })
        }
    });
    assert!(start(&rig).await.wait_for(seconds(3)).await.unwrap().succeeded());
}

#[tokio::test]
async fn a_state_that_was_never_found_has_an_error_of_its_own() {
    for (deadline, kind) in [(10, ErrorKind::Timeout), (600, ErrorKind::NotFound)] {
        let rig = rig_thinking(|request| {
            Some(if request.method == "POST" {
                accepted()
            } else {
                with(answer(404, "{}"), "request-id", "r-1")
            })
        });
        let error = start(&rig).await.wait_for(seconds(deadline)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains("never found"), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(error.resume_token().is_some() && error.may_have_reached_service());
    }
}

#[tokio::test]
async fn what_the_acceptance_says_is_kept_and_not_shown() {
    let body = r#"{"newPassword":"canary-Passw0rd"}"#;
    let rig = rig(vec![with(answer(202, body), "location", AT), accepted()]);
    let running = start(&rig).await;
    assert_eq!(
        running.accepted::<Value>().unwrap(),
        Some(json!({"newPassword": "canary-Passw0rd"}))
    );
    let copy = running.clone();
    assert!(copy.accepted::<Value>().unwrap().is_some(), "a copy has it too");
    let wrong = running.accepted::<bool>().unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Decode, "{wrong}");
    assert!(wrong.may_have_reached_service());
    for shown in [
        format!("{running:?} {running:#?}"),
        format!("{wrong} {wrong:?} {:?}", wrong.to_json()),
    ] {
        assert!(!shown.contains("canary"), "{shown}");
    }
    let resumed: LongRunning<Value> = rig.client.follow(&running.token()).unwrap();
    assert_eq!(resumed.accepted::<Value>().unwrap(), None, "the token holds no secret");
    assert_eq!(start(&rig).await.accepted::<Value>().unwrap(), None, "nothing was said");
    let rig = rig_with(vec![answer(202, body)], |builder| builder);
    let error = rig
        .client
        .request::<LongRunning<Value>>(assign())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AcceptedUntracked);
    assert_eq!(
        error.body(),
        Some(body),
        "nothing is lost because there is nothing to follow"
    );
    assert!(!format!("{error} {error:?} {}", error.to_json()).contains("canary"));
}

#[tokio::test]
async fn an_acceptance_that_was_cut_off_is_an_error() {
    let rig = rig(vec![with(Act::Cut(202, vec![]), "location", AT), state("succeeded")]);
    let running = start(&rig).await;
    let error = running.accepted::<Value>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 202);
    assert_eq!(error.operation(), Some("numbers.assign"));
    assert!(error.may_have_reached_service());
    assert!(
        running.wait().await.unwrap().succeeded(),
        "it can be followed nevertheless"
    );
}

#[tokio::test]
async fn stages_stay_at_their_end() {
    let rig = rig(vec![accepted(), state("succeeded")]);
    let mut stages = start(&rig).await.stages();
    assert!(stages.next().await.unwrap().unwrap().is_finished());
    assert!(stages.next().await.is_none() && stages.next().await.is_none());
}

#[tokio::test]
async fn retry_after_of_a_look_is_kept() {
    let rig = rig(vec![
        with(accepted(), "retry-after", "5"),
        with(state("running"), "retry-after", "30"),
        state("succeeded"),
    ]);
    assert!(start(&rig).await.wait().await.unwrap().succeeded());
    let waits = rig.clock.waits();
    assert!(waits[0] >= seconds(5) && waits[0] < seconds(6), "{waits:?}");
    assert!(waits[1] >= seconds(30) && waits[1] < seconds(31), "{waits:?}");
}

#[tokio::test]
async fn troubles_on_the_way_are_lived_with() {
    let rig = rig(vec![
        accepted(),
        answer(404, "{}"),
        lost(),
        lost(),
        lost(),
        lost(),
        with(answer(429, ""), "retry-after", "120"),
        state("succeeded"),
    ]);
    assert!(start(&rig).await.wait().await.unwrap().succeeded());
}

#[tokio::test]
async fn an_answer_in_an_envelope_is_understood() {
    let rig = rig(vec![
        accepted(),
        answer(200, r#"{"value":{"id":"QXNz","status":"succeeded"}}"#),
    ]);
    assert!(start(&rig).await.wait().await.unwrap().succeeded());
}

#[test]
fn a_thread_waits_without_a_runtime() {
    let rig = rig(vec![accepted(), state("running"), state("succeeded")]);
    let running: LongRunning<Value> = rig
        .client
        .request::<LongRunning<Value>>(assign())
        .send_blocking()
        .unwrap()
        .into_value();
    assert!(running.wait_blocking().unwrap().succeeded());
    let rig = rig_with(vec![accepted(), state("running"), state("succeeded")], |builder| {
        builder
    });
    let running: LongRunning<Value> = rig
        .client
        .request::<LongRunning<Value>>(assign())
        .send_blocking()
        .unwrap()
        .into_value();
    assert_eq!(running.stages_blocking().count(), 2);
}

#[tokio::test]
async fn an_operation_that_was_seen_may_be_missing_for_a_while() {
    let missing = || answer(404, r#"{"error":{"code":"NotFound","message":"none"}}"#);
    let rig = rig(vec![
        accepted(),
        state("running"),
        missing(),
        missing(),
        state("running"),
        missing(),
        state("succeeded"),
    ]);
    assert!(start(&rig).await.wait().await.unwrap().succeeded());

    // For longer than that, it is gone; taken up from its token as well.
    let mut looks = 0;
    let rig = rig_thinking(move |request| {
        let is_look = request.method == "GET";
        looks += usize::from(is_look);
        Some(match (is_look, looks) {
            (false, _) => accepted(),
            (true, 1) => state("running"),
            _ => answer(404, r#"{"error":{"code":"NotFound","message":"none"}}"#),
        })
    });
    let running = start(&rig).await;
    let resumed: LongRunning<Value> = rig.client.follow(&running.token()).unwrap();
    let error = resumed.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.message().contains("was in progress"), "{error}");
    assert_eq!(error.resume_token(), Some(running.token().as_str()));
    let waited = rig.clock.waits().iter().sum::<std::time::Duration>();
    assert!((seconds(30)..seconds(60)).contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn a_web_page_says_nothing_of_an_operation() {
    let page = || {
        with(
            Act::Answer(200, Vec::new(), "<html>".to_owned()),
            "content-type",
            "text/html",
        )
    };
    let rig = rig(vec![
        accepted(),
        state("running"),
        page(),
        with(answer(302, ""), "location", "https://portal.example/"),
        state("succeeded"),
    ]);
    assert!(start(&rig).await.wait().await.unwrap().succeeded());

    let rig = rig_thinking(move |request| {
        let is_order = request.method == "POST";
        Some(if is_order { accepted() } else { page() })
    });
    let error = start(&rig).await.wait_for(seconds(20)).await.unwrap_err();
    assert!(error.is_timeout() && error.message().contains("web page"), "{error}");
    assert!(error.resume_token().is_some());
}

#[tokio::test]
async fn the_state_of_another_operation_is_none_of_this() {
    let other = answer(200, r#"{"id": "b3RoZXI", "status": "succeeded"}"#);
    let rig = rig(vec![accepted(), other]);
    let error = start(&rig).await.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
    assert!(
        error.is_key_mismatch() && error.message().contains("asked for the operation"),
        "{error}"
    );
    assert!(error.resume_token().is_some() && error.may_have_reached_service());
}
