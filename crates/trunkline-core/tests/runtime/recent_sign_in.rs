//! A 403 because the user's multifactor sign-in is older than ten minutes.

use std::sync::{Arc, Mutex};

use base64::Engine;
use serde_json::{Value, json};
use trunkline_core::clock::{BoxFuture, Timestamp};
use trunkline_core::token::{TokenRequest, TokenSource};
use trunkline_core::*;

use crate::scripted::*;

const CLAIMS: &str = r#"{"access_token":{"amr":{"essential":true,"values":["ngcmfa"]}}}"#;

/// A source whose tokens are numbered and have these claims; a person answers, if it says so.
struct Person {
    claims: Value,
    answers: bool,
    asked: Arc<Mutex<Vec<Option<String>>>>,
}

impl TokenSource for Person {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> BoxFuture<'a, Result<AccessToken>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(request.claims.map(str::to_owned));
        let mut claims = self.claims.clone();
        claims["uti"] = asked.len().into();
        let token = AccessToken::new(token_of(claims), Timestamp::MAX);
        Box::pin(std::future::ready(Ok(token)))
    }

    fn asks_a_person(&self) -> bool {
        self.answers
    }
}

type Requested = Arc<Mutex<Vec<Option<String>>>>;

fn rig_of(claims: Value, answers: bool, acts: Vec<Act>) -> (Rig, Requested) {
    let asked = Requested::default();
    let source = Person {
        claims,
        answers,
        asked: asked.clone(),
    };
    (rig_with(acts, |builder| builder.with_token_source(source)), asked)
}

/// A user whose token suffices: what is wrong is not the permission.
fn user() -> Value {
    json!({"scp": "TeamsTelephoneNumber.ReadWrite.All", "amr": ["pwd", "mfa"]})
}

fn denied() -> Act {
    answer(
        403,
        r#"{"error":{"code":"accessDenied","message":"Request Authorization failed"}}"#,
    )
}

async fn write(rig: &Rig) -> Result<()> {
    rig.client.request::<()>(update()).send().await.map(drop)
}

#[tokio::test]
async fn a_person_is_asked_once_and_the_request_repeated_once() {
    let (rig, asked) = rig_of(
        user(),
        true,
        vec![denied(), answer(204, ""), denied(), denied(), answer(204, "")],
    );
    write(&rig).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), [None, Some(CLAIMS.to_owned())]);
    assert_ne!(
        rig.service.header(0, "authorization"),
        rig.service.header(1, "authorization")
    );
    assert_eq!(rig.service.sent(), 2);
    // Nobody is asked again while that sign-in is recent; afterwards it may help again.
    let error = write(&rig).await.unwrap_err();
    assert_eq!((error.kind(), rig.service.sent()), (ErrorKind::PermissionDenied, 3));
    rig.clock.advance(seconds(601));
    write(&rig).await.unwrap();
    assert_eq!((asked.lock().unwrap().len(), rig.service.sent()), (3, 5));
}

#[tokio::test]
async fn a_second_refusal_is_the_callers() {
    let (rig, asked) = rig_of(user(), true, vec![denied(), denied()]);
    let error = write(&rig).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!((asked.lock().unwrap().len(), rig.service.sent()), (2, 2));
}

#[tokio::test]
async fn where_nobody_answers_the_error_names_it() {
    let (rig, asked) = rig_of(user(), false, vec![denied()]);
    let error = write(&rig).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.needs_recent_sign_in());
    assert_eq!(error.claims(), Some(CLAIMS));
    assert!(error.next_step().contains("older than ten minutes"), "{error}");
    assert!(error.next_step().contains("Authentication Administrator"), "{error}");
    assert_eq!((asked.lock().unwrap().len(), rig.service.sent()), (1, 1));
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_not_blamed_on_the_sign_in() {
    let recent =
        json!({"scp": "TeamsTelephoneNumber.ReadWrite.All", "amr": ["ngcmfa"], "iat": Timestamp::now().as_second()});
    for claims in [
        json!({"scp": "User.Read"}),
        json!({"idtyp": "app", "roles": ["TeamsTelephoneNumber.ReadWrite.All"]}),
        recent,
    ] {
        let (rig, asked) = rig_of(claims.clone(), true, vec![denied()]);
        let error = write(&rig).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{claims}");
        assert!(!error.needs_recent_sign_in(), "{claims}: {error}");
        assert_eq!(asked.lock().unwrap().len(), 1, "{claims}");
    }
    // An operation that has nothing to do with credentials.
    let (rig, asked) = rig_of(user(), true, vec![denied()]);
    let error = rig.client.request::<()>(assign()).send().await.unwrap_err();
    assert!(!error.needs_recent_sign_in());
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_that_says_so_is_answered_by_every_source() {
    let text = base64::engine::general_purpose::STANDARD.encode(CLAIMS);
    let challenge = format!(r#"Bearer error="insufficient_claims", claims="{text}""#);
    let in_words = r#"{"error":{"code":"accessDenied","message":"A token with amr ngcmfa is required."}}"#;
    let refusals: [&dyn Fn() -> Act; 2] = [&|| with(denied(), "www-authenticate", &challenge), &|| {
        answer(403, in_words)
    }];
    for refused in refusals {
        let (rig, asked) = rig_of(user(), false, vec![refused(), answer(204, "")]);
        write(&rig).await.unwrap();
        assert_eq!(*asked.lock().unwrap(), [None, Some(CLAIMS.to_owned())]);
        let (rig, asked) = rig_of(user(), false, vec![refused(), refused()]);
        let error = write(&rig).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert!(error.needs_recent_sign_in() && error.claims() == Some(CLAIMS));
        assert!(error.message().contains("ten minutes"), "{error}");
        assert_eq!(asked.lock().unwrap().len(), 2);
    }
    let (rig, asked) = rig_of(json!({"idtyp": "app"}), true, vec![answer(403, in_words)]);
    assert_eq!(write(&rig).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert_eq!(
        asked.lock().unwrap().len(),
        1,
        "an application signs in without a person"
    );
}

#[tokio::test]
async fn requests_of_a_batch_are_repeated_together() {
    let refused = json!({"error": {"code": "accessDenied", "message": "Request Authorization failed"}});
    let item =
        |id: &str, status: u16| json!({"id": id, "status": status, "body": (status == 403).then(|| refused.clone())});
    let batch_of = |status| {
        answer(
            200,
            &json!({"responses": [item("0", status), item("1", status)]}).to_string(),
        )
    };
    let (rig, asked) = rig_of(user(), true, vec![batch_of(403), batch_of(204)]);
    let mut batch = rig.client.batch();
    let handles = [update(), update()].map(|operation| batch.add(rig.client.request::<()>(operation)));
    let mut answers = batch.send().await;
    for handle in handles {
        answers.take(handle).unwrap();
    }
    assert_eq!(*asked.lock().unwrap(), [None, Some(CLAIMS.to_owned())]);
    assert_eq!(rig.service.sent(), 2);
}
