//! The retry table: which answers to which operation lead to which end. Every row runs through the pipeline, as a request by
//! itself, and through a batch that holds it: both follow the same rules.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trunkline_core::pace::Pace;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::transport::TransportFault;
use trunkline_core::*;

use crate::scripted::*;

/// An operation, by what a repetition of it does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// A GET.
    Read,
    /// A PATCH, which ends in the same state when repeated.
    Update,
    /// A POST that must not be carried out twice.
    Write,
}

/// One answer, or none.
#[derive(Debug, Clone, Copy)]
enum Reply {
    Status(u16),
    /// A status with a `Retry-After`.
    After(u16, &'static str),
    /// A web page of something other than the service.
    Page(u16),
    /// An answer whose body is cut off.
    Cut,
    Fault(TransportFault),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Done,
    /// The error, and whether the service may have carried out the request.
    Fails(ErrorKind, bool, RetryAdvice),
}

#[derive(Debug)]
struct Row {
    kind: Kind,
    /// The replies to the attempts; the last one is repeated until there is an end.
    replies: &'static [Reply],
    attempts: usize,
    /// The least time that is waited in all, in seconds.
    waits: u64,
    end: End,
}

const fn row(kind: Kind, replies: &'static [Reply], attempts: usize, waits: u64, end: End) -> Row {
    Row {
        kind,
        replies,
        attempts,
        waits,
        end,
    }
}

use End::{Done, Fails};
use ErrorKind as Error;
use Kind::{Read, Update, Write};
use Reply::{After, Cut, Fault, Page, Status};
use RetryAdvice::{AfterReadBack, Later, Never};

const LOST: Reply = Fault(TransportFault::Lost);
const SLOW: Reply = Fault(TransportFault::TimedOut);
const UNREACHABLE: Reply = Fault(TransportFault::NotConnected);
const UNTRUSTED: Reply = Fault(TransportFault::NotTrusted);
const FIVE: RetryAdvice = RetryAdvice::After(Duration::from_secs(5));
const UNKNOWN: End = Fails(Error::UnknownOutcome, true, AfterReadBack);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Throttled: never carried out, so always sent again.
    row(Read,   &[Status(429), Status(200)],              2, 0,  Done),
    row(Write,  &[Status(429), Status(200)],              2, 0,  Done),
    row(Write,  &[After(429, "7"), Status(200)],          2, 7,  Done),
    row(Read,   &[After(429, "0"), Status(200)],          2, 0,  Done),
    row(Write,  &[Status(429)],                           4, 0,  Fails(Error::Throttled, false, Later)),
    // The service is out of order for a while.
    row(Read,   &[Status(502), Status(503), Status(200)], 3, 0,  Done),
    row(Read,   &[Status(504), Status(200)],              2, 0,  Done),
    row(Read,   &[After(503, "9"), Status(200)],          2, 9,  Done),
    row(Update, &[Status(503), Status(200)],              2, 0,  Done),
    row(Update, &[Page(502), Status(200)],                2, 0,  Done),
    row(Read,   &[Status(503)],                           4, 0,  Fails(Error::Service, false, Later)),
    row(Read,   &[After(503, "5")],                       4, 15, Fails(Error::Service, false, FIVE)),
    row(Update, &[Status(504)],                           4, 0,  Fails(Error::Service, true, Later)),
    row(Write,  &[Status(502)],                           1, 0,  UNKNOWN),
    row(Write,  &[Status(503)],                           1, 0,  UNKNOWN),
    row(Write,  &[After(504, "5")],                       1, 0,  UNKNOWN),
    // The service failed and does not say for how long.
    row(Read,   &[Status(500)],                           1, 0,  Fails(Error::Service, false, Later)),
    row(Read,   &[After(500, "5")],                       1, 0,  Fails(Error::Service, false, FIVE)),
    row(Update, &[Status(500)],                           1, 0,  Fails(Error::Service, true, Later)),
    row(Write,  &[Status(500)],                           1, 0,  UNKNOWN),
    // The service will never do it.
    row(Read,   &[Status(501)],                           1, 0,  Fails(Error::Service, false, Never)),
    row(Update, &[Status(505)],                           1, 0,  Fails(Error::Service, false, Never)),
    row(Write,  &[Status(501)],                           1, 0,  Fails(Error::Service, false, Never)),
    row(Write,  &[Status(507)],                           1, 0,  Fails(Error::Service, false, Never)),
    // Refused.
    row(Read,   &[Status(400)],                           1, 0,  Fails(Error::Rejected, false, Never)),
    row(Write,  &[Status(400)],                           1, 0,  Fails(Error::Rejected, false, Never)),
    row(Write,  &[Status(403)],                           1, 0,  Fails(Error::PermissionDenied, false, Never)),
    row(Read,   &[Status(401)],                           1, 0,  Fails(Error::Authentication, false, Never)),
    row(Read,   &[Status(404)],                           1, 0,  Fails(Error::NotFound, false, Never)),
    row(Write,  &[Status(409)],                           1, 0,  Fails(Error::Conflict, false, Never)),
    row(Write,  &[After(409, "5")],                       1, 0,  Fails(Error::Conflict, false, FIVE)),
    row(Read,   &[Status(410)],                           1, 0,  Fails(Error::NotFound, false, Never)),
    row(Write,  &[Status(412)],                           1, 0,  Fails(Error::Conflict, false, Never)),
    row(Read,   &[Status(418)],                           1, 0,  Fails(Error::Rejected, false, Never)),
    row(Write,  &[Status(423)],                           1, 0,  Fails(Error::Rejected, false, Never)),
    row(Update, &[LOST, Status(404)],                     2, 0,  Fails(Error::NotFound, true, Never)),
    // Something other than the service answered.
    row(Read,   &[Page(200), Page(403), Status(200)],     3, 0,  Done),
    row(Read,   &[Page(404)],                             4, 0,  Fails(Error::UnexpectedBody, false, Later)),
    row(Write,  &[Page(200)],                             1, 0,  UNKNOWN),
    row(Write,  &[Page(502)],                             1, 0,  UNKNOWN),
    // No answer, or not all of it.
    row(Read,   &[LOST, Status(200)],                     2, 0,  Done),
    row(Update, &[LOST, Status(503), Status(200)],        3, 0,  Done),
    row(Write,  &[LOST],                                  1, 0,  UNKNOWN),
    row(Write,  &[SLOW],                                  1, 0,  UNKNOWN),
    row(Read,   &[SLOW],                                  4, 0,  Fails(Error::Timeout, true, Later)),
    row(Read,   &[Cut, Status(200)],                      2, 0,  Done),
    row(Write,  &[Cut],                                   1, 0,  UNKNOWN),
    row(Write,  &[UNREACHABLE, Status(200)],              2, 0,  Done),
    row(Write,  &[UNREACHABLE],                           4, 0,  Fails(Error::Connection, false, Later)),
    row(Read,   &[UNTRUSTED],                             1, 0,  Fails(Error::Connection, false, Later)),
];

fn operation(kind: Kind) -> Operation {
    match kind {
        Read => Operation::get(LIST),
        Update => update(),
        Write => assign(),
    }
}

/// The reply to a request that is sent by itself.
fn alone(reply: Reply) -> Act {
    match reply {
        Status(status) => answer(status, "{}"),
        After(status, value) => with(answer(status, "{}"), "retry-after", value),
        Page(status) => web_page(status, "Sign in"),
        Cut => Act::Cut(200, vec![]),
        Fault(fault) => Act::Fault(fault),
    }
}

/// The same reply to the first request of a batch; without an answer, there is none to the batch.
fn in_batch(reply: Reply) -> Act {
    let item = match reply {
        Status(status) => json!({"id": "0", "status": status, "body": {}}),
        After(status, value) => json!({"id": "0", "status": status, "headers": {"Retry-After": value}, "body": {}}),
        Page(status) => {
            let body = STANDARD.encode("<html><title>Sign in</title></html>");
            json!({"id": "0", "status": status, "headers": {"Content-Type": "text/html"}, "body": body})
        }
        Cut | Fault(_) => return alone(reply),
    };
    answer(200, &json!({"responses": [item]}).to_string())
}

fn script(row: &Row, act: fn(Reply) -> Act) -> Vec<Act> {
    let replies = (0..row.attempts).map(|index| row.replies[index.min(row.replies.len() - 1)]);
    replies.map(act).collect()
}

fn check(row: &Row, path: &str, rig: &Rig, result: Result<Response<Option<Value>>>) {
    let end = match &result {
        Ok(_) => Done,
        Err(error) => Fails(error.kind(), error.may_have_reached_service(), error.retry_advice()),
    };
    assert_eq!(end, row.end, "{path}: {row:?}: {:?}", result.err());
    assert_eq!(rig.service.sent(), row.attempts, "{path}: {row:?}");
    let attempts = result
        .as_ref()
        .map_or_else(trunkline_core::Error::attempts, Response::attempts);
    assert_eq!(attempts as usize, row.attempts, "{path}: {row:?}");
    let waited: Duration = rig.clock.waits().iter().sum();
    assert!(waited >= seconds(row.waits), "{path}: {row:?}: {waited:?}");
    if row.attempts > 1 {
        assert!(!waited.is_zero(), "{path}: {row:?}: no busy loop");
    }
    if let Err(error) = result {
        assert_eq!(error.method(), Some(operation(row.kind).method()), "{path}: {row:?}");
        assert!(error.operation().is_some(), "{path}: {row:?}");
    }
}

#[tokio::test]
async fn a_request_by_itself_follows_the_table() {
    for row in TABLE {
        let rig = rig(script(row, alone));
        let result = rig.client.request(operation(row.kind)).send().await;
        check(row, "alone", &rig, result);
    }
}

#[tokio::test]
async fn a_request_in_a_batch_follows_the_table() {
    for row in TABLE {
        let rig = rig(script(row, in_batch));
        let mut batch = rig.client.batch();
        let handle = batch.add(rig.client.request::<Option<Value>>(operation(row.kind)));
        let result = batch.send().await.take(handle);
        check(row, "in a batch", &rig, result);
    }
}

/// The pause of the group and the pace after a 429.
#[tokio::test]
async fn a_429_has_the_same_effect_alone_and_in_a_batch() {
    for (replies, is_paused) in [
        (&[After(429, "30")][..], true),
        (&[Status(429)], false),
        (&[Status(429), Status(200)], false),
    ] {
        let attempts = u32::try_from(replies.len()).unwrap();
        let policy = RetryPolicy::default().with_attempts(attempts);
        let paced = |act: fn(Reply) -> Act| {
            rig_with(replies.iter().copied().map(act).collect(), |builder| {
                builder.with_pace(Pace::per_second(30.0)).with_retry(policy.clone())
            })
        };
        let (single, batched) = (paced(alone), paced(in_batch));
        let is_done = single.client.request::<Value>(assign()).send().await.is_ok();
        let mut batch = batched.client.batch();
        batch.add(batched.client.request::<Value>(assign()));
        assert_eq!(batch.send().await.succeeded() == 1, is_done, "{replies:?}");
        for rig in [single, batched] {
            let state = rig.client.throttle();
            let group = state.groups.iter().find(|group| group.group == Some("teams")).unwrap();
            assert_eq!(group.throttled, 1, "{replies:?}");
            assert!(group.per_second < group.limit_per_second, "{replies:?}: {group:?}");
            assert_eq!(group.paused_until.is_some(), is_paused, "{replies:?}: {group:?}");
        }
    }
}
