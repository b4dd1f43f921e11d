//! Links of the service that lead elsewhere: not one byte is sent there, and none of their text is shown.

use serde_json::json;
use trunkline::ErrorKind;
use trunkline_contract::{Recorder, Reply, TOKEN};

use crate::{Rig, failed, rig_with};

const LIST: &str = "/v1.0/admin/teams/telephoneNumberManagement/numberAssignments";

const OPERATIONS: &str = "/v1.0/admin/teams/telephoneNumberManagement/operations/";

/// `OURS` and `TRAP` stand for host and port of the client's server and of one that only listens.
const HOSTILE: &[&str] = &[
    "http://TRAP/v1.0/x",
    "HTTP://TRAP/v1.0/x",
    "https://TRAP/v1.0/x",
    "//TRAP/v1.0/x",
    "///TRAP/v1.0/x",
    "\\\\TRAP/v1.0/x",
    "/\\TRAP/v1.0/x",
    "http:TRAP/v1.0/x",
    "http:/TRAP/v1.0/x",
    "http:///TRAP/v1.0/x",
    "http:\\\\TRAP/v1.0/x",
    "http://OURS@TRAP/v1.0/x",
    "http://OURS:pw@TRAP/v1.0/x",
    "http://OURS%40TRAP/v1.0/x",
    "http://OURS\\@TRAP/v1.0/x",
    "http://TRAP#@OURS/v1.0/x",
    "http://TRAP?@OURS/v1.0/x",
    "http://TRAP/@OURS/v1.0/x",
    "http://TRAP\\OURS/v1.0/x",
    "http://user@OURS/v1.0/x",
    "http://user:pw@OURS/v1.0/x",
    "http://@OURS/v1.0/x",
    "http://:@OURS/v1.0/x",
    "http://OURS.evil.example/v1.0/x",
    "http://OURS0/v1.0/x",
    "http://OURS,TRAP/v1.0/x",
    "http://OURS TRAP/v1.0/x",
    "http://OURS\tTRAP/v1.0/x",
    "https://OURS/v1.0/x",
    "ftp://OURS/v1.0/x",
    "ws://OURS/v1.0/x",
    "http://127.0.0.1/v1.0/x",
    "http://127.0.0.1:/v1.0/x",
    "http://localhost:PORT/v1.0/x",
    "http://127.1:PORT/v1.0/x",
    "http://2130706433:PORT/v1.0/x",
    "http://0x7f.0.0.1:PORT/v1.0/x",
    "http://0177.0.0.1:PORT/v1.0/x",
    "http://127.0.0.1.:PORT/v1.0/x",
    "http://[::ffff:127.0.0.1]:PORT/v1.0/x",
    "http://127.0.0.1%00:PORT/v1.0/x",
    "http://127。0。0。1:PORT/v1.0/x",
    "http://127.0.0.1:PORT\u{200b}/v1.0/x",
    "https://graph.microsoft.com/v1.0/x",
    "https://graph.microsoft.com.evil.example/v1.0/x",
    "http://OURS/beta/x",
    "http://OURS/x",
    "http://OURS/v1.0",
    "http://OURS/v1.0x/x",
    "http://OURS/v1.0/../beta/x",
    "http://OURS/v1.0/%2e%2e/beta/x",
    "http://OURS/v1.0/..%2fbeta/x",
    "http://OURS/v1.0/.%5C..%5Cbeta",
    "http://OURS//TRAP/v1.0/x",
    "/beta/x",
    "../beta/x",
    "..",
    "javascript:alert(1)",
    "data:application/json,{}",
    "file:///v1.0/x",
    "mailto:ana@contoso.example",
    "x@TRAP/v1.0/x",
    "http://OURS/v1.0/x#fragment",
    "?a=b",
    "#x",
];

/// A link as the server writes it: with hosts filled in, and a query that nobody may show.
fn spelled(link: &str, root: &str, trap: &Recorder) -> String {
    let ours = root.trim_start_matches("http://");
    let port = ours.rsplit(':').next().unwrap_or_default();
    let link = link.replace("OURS", ours).replace("PORT", port);
    let link = link.replace("TRAP", trap.root().trim_start_matches("http://"));
    match link.contains(['?', '#']) {
        true => link,
        false => format!("{link}?secret=canary-of-the-link"),
    }
}

fn untouched(rig: &Rig, trap: &Recorder, error: &trunkline::Error, link: &str) {
    assert_eq!(rig.requests(), 1, "{link}: only the first request was sent");
    assert_eq!(trap.connections(), 0, "{link}: somebody else was called");
    for shown in [error.to_string(), format!("{error:?}"), error.to_json().to_string()] {
        assert!(!shown.contains(TOKEN), "{link}: {shown}");
    }
    let line = error.to_string();
    assert!(
        !line.contains("canary-of-the-link") && !line.contains(":pw@"),
        "{link}: {line}"
    );
}

#[tokio::test]
async fn a_next_link_that_leads_elsewhere_is_not_followed() {
    assert!(HOSTILE.len() >= 40);
    let trap = Recorder::start(|_| vec![]).await.unwrap();
    for link in HOSTILE {
        let page = |root: &str| {
            let body = json!({"value": [{"id": "1"}], "@odata.nextLink": spelled(link, root, &trap)});
            vec![Reply::json(200, body.to_string())]
        };
        let rig = rig_with(page, |builder| builder).await;
        let error = failed(rig.list().await, ErrorKind::UntrustedLink, link);
        untouched(&rig, &trap, &error, link);
        assert!(!error.may_have_reached_service(), "{link}: {error:?}");
    }
}

#[tokio::test]
async fn what_came_before_a_hostile_link_is_not_lost() {
    let rig = rig_with(
        |_| {
            vec![Reply::json(
                200,
                json!({"value": [{"id": "1"}], "@odata.nextLink": "//evil.example/"}).to_string(),
            )]
        },
        |builder| builder,
    )
    .await;
    let mut items = crate::numbers(&rig.client).list().items();
    let first = futures_util::StreamExt::next(&mut items).await.unwrap().unwrap();
    assert_eq!(first.id, Some("1"));
    let second = futures_util::StreamExt::next(&mut items).await.unwrap();
    failed(second, ErrorKind::UntrustedLink, "the second page");
}

#[tokio::test]
async fn a_location_that_leads_elsewhere_is_not_followed() {
    let trap = Recorder::start(|_| vec![]).await.unwrap();
    for link in HOSTILE {
        // A value that no header can hold never arrives.
        if !link.is_ascii() || link.contains('\t') {
            continue;
        }
        let reply = |root: &str| vec![Reply::status(202).header("Location", spelled(link, root, &trap))];
        let rig = rig_with(reply, |builder| builder).await;
        let error = match rig.assign().await {
            Err(error) => error,
            Ok(running) => {
                // A relative one is completed: it can only lead to an operation of ours.
                assert!(
                    !link.contains(':') && !link.starts_with('/'),
                    "{link}: {}",
                    running.token()
                );
                let _ = running.poll().await;
                let path = rig.server.seen()[1].path().to_owned();
                assert!(
                    path.starts_with(OPERATIONS) && trap.connections() == 0,
                    "{link}: {path}"
                );
                continue;
            }
        };
        assert!(
            matches!(error.kind(), ErrorKind::UntrustedLink | ErrorKind::AcceptedUntracked),
            "{link}: {error:?}"
        );
        untouched(&rig, &trap, &error, link);
        assert!(error.may_have_reached_service(), "{link}: it was accepted: {error:?}");
    }
}

#[tokio::test]
async fn a_link_of_our_own_is_followed_as_it_came_with_the_token() {
    let rig = rig_with(
        |root| {
            let next = format!("{root}{LIST}?$skiptoken=a%2Fb%27c&x=%41&$filter=(a,b;c)!*@:+~");
            vec![
                Reply::json(
                    200,
                    json!({"value": [{"id": "1"}], "@odata.nextLink": next}).to_string(),
                ),
                Reply::json(200, json!({"value": [{"id": "2"}]}).to_string()),
            ]
        },
        |builder| builder,
    )
    .await;
    let items = rig.list().await.unwrap();
    assert_eq!(items.len(), 2);
    let seen = rig.server.seen();
    assert_eq!(
        seen[1].query(),
        Some("$skiptoken=a%2Fb%27c&x=%41&$filter=(a,b;c)!*@:+~")
    );
    assert_eq!(
        seen[1].header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
}
