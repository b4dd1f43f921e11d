use futures_util::StreamExt;
use serde_json::{Value, json};
use trunkline_core::codec::Json;
use trunkline_core::pages::ListRequest;
use trunkline_core::*;

use crate::scripted::*;

fn page(numbers: std::ops::Range<u32>, next: Option<&str>) -> Act {
    let items: Vec<Value> = numbers.map(|number| json!({"id": number})).collect();
    let mut page = json!({"value": items});
    if let Some(next) = next {
        page["@odata.nextLink"] = next.into();
    }
    answer(200, &page.to_string())
}

fn list(rig: &Rig) -> ListRequest<Json> {
    rig.client.list(Operation::get("/users"), None)
}

fn numbers(rig: &Rig) -> ListRequest<Json> {
    rig.client.list(Operation::get(LIST), None)
}

fn link(token: &str) -> String {
    format!("{ROOT}/users?$skiptoken={token}")
}

#[tokio::test]
async fn links_are_followed_as_they_are_across_empty_pages_with_the_same_headers() {
    let rig = rig(vec![
        page(0..2, Some(&link("a%2Fb"))),
        page(0..0, Some(&link("c"))),
        page(0..0, Some(&link("d"))),
        page(2..5, None),
    ]);
    let items = list(&rig)
        .filter("startswith(displayName,'+')")
        .with_header("ConsistencyLevel", "eventual")
        .with_header("Prefer", "odata.maxpagesize=2")
        .all()
        .await
        .unwrap();
    assert_eq!(items.len(), 5);
    assert_eq!(
        rig.service.request(0).url.query(),
        Some("$filter=startswith(displayName,%27%2B%27)")
    );
    assert_eq!(rig.service.request(1).url.as_str(), link("a%2Fb"));
    for index in 0..4 {
        assert_eq!(
            rig.service.header(index, "consistencylevel").as_deref(),
            Some("eventual")
        );
        assert_eq!(
            rig.service.header(index, "prefer").as_deref(),
            Some("include-unknown-enum-members, odata.maxpagesize=2")
        );
    }
}

#[tokio::test]
async fn streams_end_at_the_first_error_and_keep_what_came_before() {
    let rig = rig(vec![page(
        0..2,
        Some("https://graph.microsoft.com.evil.example/v1.0/users"),
    )]);
    let items: Vec<_> = list(&rig).items().collect().await;
    assert_eq!(items.len(), 3);
    let error = items[2].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UntrustedLink);
    assert!(error.message().contains("graph.microsoft.com.evil.example"), "{error}");
    assert_eq!(rig.service.sent(), 1, "not one byte goes there");
}

#[tokio::test]
async fn another_version_or_cloud_is_not_followed() {
    for next in [
        "https://graph.microsoft.com/beta/users",
        "https://graph.microsoft.us/v1.0/users",
        "/beta/users",
    ] {
        let rig = rig(vec![page(0..2, Some(next))]);
        assert_eq!(
            list(&rig).all().await.unwrap_err().kind(),
            ErrorKind::UntrustedLink,
            "{next}"
        );
        assert_eq!(rig.service.sent(), 1);
    }
}

#[tokio::test]
async fn circles_and_repeated_pages_are_noticed() {
    for acts in [
        vec![
            page(0..2, Some(&link("a"))),
            page(2..4, Some(&link("b"))),
            page(4..6, Some(&link("a"))),
        ],
        vec![page(0..2, Some(&link("a"))), page(0..2, Some(&link("b")))],
    ] {
        let rig = rig(acts);
        let error = list(&rig).all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
    }
    let mut count = 0;
    let rig = rig_thinking(move |_| {
        count += 1;
        Some(page(0..0, Some(&link(&count.to_string()))))
    });
    assert_eq!(list(&rig).all().await.unwrap_err().kind(), ErrorKind::UnexpectedBody);
    assert!(rig.service.sent() <= 1001);
}

#[tokio::test]
async fn pages_of_items_without_ids_may_be_equal() {
    let mut count = 0;
    let rig = rig_thinking(move |_| {
        count += 1;
        let mut page = json!({"value": [{"city": "Oslo"}, {"city": "Oslo"}]});
        if count < 50 {
            page["@odata.nextLink"] = link(&count.to_string()).into();
        }
        Some(answer(200, &page.to_string()))
    });
    assert_eq!(list(&rig).select(&["city"]).all().await.unwrap().len(), 100);
    let rig = rig_thinking(|_| Some(answer(200, r#"{"value":[{"city":1},{"city":1},{"city":1}]}"#)));
    assert!(numbers(&rig).select(&["city"]).all().await.is_err(), "and yet it ends");
}

#[tokio::test]
async fn a_full_page_without_a_link_is_followed_by_skip_when_documented() {
    let rig = rig(vec![page(0..3, None), page(3..6, None), page(6..7, None)]);
    assert_eq!(numbers(&rig).all().await.unwrap().len(), 7);
    assert_eq!(rig.service.request(0).url.query(), None);
    assert_eq!(rig.service.request(1).url.query(), Some("$skip=3"));
    assert_eq!(rig.service.request(2).url.query(), Some("$skip=6"));
    let rig = rig_with(vec![page(0..5, None), page(5..5, None)], |builder| builder);
    assert_eq!(numbers(&rig).top(900).skip(10).all().await.unwrap().len(), 5);
    assert_eq!(rig.service.request(1).url.query(), Some("$top=900&$skip=15"));
    let rig = rig_with(vec![page(0..3, None), page(0..3, None)], |builder| builder);
    assert_eq!(
        numbers(&rig).all().await.unwrap_err().kind(),
        ErrorKind::UnexpectedBody,
        "skip is ignored"
    );
    let rig = rig_with(vec![page(0..3, None)], |builder| builder);
    assert_eq!(list(&rig).all().await.unwrap().len(), 3, "not documented there");
}

#[tokio::test]
async fn a_service_that_gave_a_link_is_believed_when_it_gives_none() {
    let next = format!("{ROOT}{LIST}?$skiptoken=a");
    let rig = rig(vec![page(0..3, Some(&next)), page(3..6, None)]);
    assert_eq!(numbers(&rig).all().await.unwrap().len(), 6);
    assert_eq!(rig.service.sent(), 2);
    let rig = rig_with(vec![page(0..3, Some(&next)), page(3..6, None)], |builder| builder);
    let first = numbers(&rig).first_page().await.unwrap();
    let text = first.continuation().unwrap().to_string();
    let rest: Vec<Json> = rig.client.resume_pages(&text).unwrap().all().await.unwrap();
    assert_eq!((rest.len(), rig.service.sent()), (3, 2), "a resumed link counts");
}

#[tokio::test]
async fn streams_stay_at_their_end() {
    let rig = rig(vec![page(0..2, None), page(0..2, None), answer(404, "{}")]);
    let mut pages = list(&rig).pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.is_none() && pages.next().await.is_none());
    let mut items = list(&rig).items();
    assert_eq!((&mut items).count().await, 2);
    assert!(items.next().await.is_none() && items.next().await.is_none());
    let mut failed = list(&rig).items();
    assert!(failed.next().await.unwrap().is_err());
    assert!(failed.next().await.is_none() && failed.next().await.is_none());
}

#[tokio::test]
async fn a_list_goes_on_from_a_text() {
    let rig = rig(vec![page(0..2, Some(&link("a"))), page(2..4, None)]);
    let first = list(&rig)
        .with_header("ConsistencyLevel", "eventual")
        .first_page()
        .await
        .unwrap();
    let text = first.continuation().unwrap().to_string();
    assert!(!text.contains("opaque"));
    let rest: Vec<Json> = rig.client.resume_pages(&text).unwrap().all().await.unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(rig.service.request(1).url.as_str(), link("a"));
    assert_eq!(rig.service.header(1, "consistencylevel").as_deref(), Some("eventual"));
    let rig = rig_with(vec![], |builder| builder.set_cloud(Cloud::UsGovL4));
    let error = rig.client.resume_pages::<Json>(&text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UntrustedLink);
    for text in ["", "abc", "e30"] {
        assert_eq!(
            rig.client.resume_pages::<Json>(text).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    let rig = rig_with(vec![page(0..3, None), page(3..4, None)], |builder| builder);
    let first = numbers(&rig).first_page().await.unwrap();
    let text = first.continuation().unwrap().to_string();
    let rest: Vec<Json> = rig.client.resume_pages(&text).unwrap().all().await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rig.service.request(1).url.query(), Some("$skip=3"));
}

#[test]
fn threads_iterate_without_a_runtime() {
    let rig = rig(vec![page(0..2, Some(&link("a"))), page(2..3, None)]);
    let items: Result<Vec<Json>> = list(&rig).items_blocking().collect();
    assert_eq!(items.unwrap().len(), 3);
    let rig = rig_with(vec![page(0..2, Some(&link("a"))), page(2..3, None)], |builder| builder);
    let pages: Vec<_> = list(&rig).pages_blocking().collect();
    assert_eq!(pages.len(), 2);
}

#[tokio::test]
async fn a_page_that_cannot_be_read_names_the_place() {
    let rig = rig(vec![answer(200, r#"{"value":7}"#)]);
    let error = list(&rig).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.path().unwrap().contains("value"), "{:?}", error.path());
    assert_eq!(error.body(), Some(r#"{"value":7}"#));
}
