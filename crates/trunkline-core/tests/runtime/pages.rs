use futures_util::StreamExt;
use serde_json::{Value, json};
use trunkline_core::codec::Json;
use trunkline_core::pages::{ListDoubt, ListRequest, Page};
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
async fn only_an_empty_page_ends_a_list_without_links_when_skip_is_documented() {
    let rig = rig(vec![
        page(0..3, None),
        page(3..6, None),
        page(6..7, None),
        page(7..7, None),
    ]);
    let pages: Vec<_> = numbers(&rig).pages().map(Result::unwrap).collect().await;
    assert_eq!(pages.iter().map(|page| page.items.len()).sum::<usize>(), 7);
    assert!(pages.iter().all(|page| page.doubt().is_none() && page.repeated() == 0));
    assert_eq!(rig.service.request(0).url.query(), None);
    assert_eq!(rig.service.request(1).url.query(), Some("$skip=3"));
    assert_eq!(rig.service.request(2).url.query(), Some("$skip=6"));
    assert_eq!(rig.service.request(3).url.query(), Some("$skip=7"));
    let rig = rig_with(vec![page(0..5, None), page(5..5, None)], |builder| builder);
    assert_eq!(numbers(&rig).top(900).skip(10).all().await.unwrap().len(), 5);
    assert_eq!(rig.service.request(1).url.query(), Some("$top=900&$skip=15"));
    let rig = rig_with(vec![page(0..0, None)], |builder| builder);
    assert_eq!(numbers(&rig).all().await.unwrap().len(), 0);
    let rig = rig_with(vec![page(0..3, None)], |builder| builder);
    assert_eq!(list(&rig).all().await.unwrap().len(), 3, "not documented there");
}

#[tokio::test]
async fn a_short_page_without_a_link_is_looked_behind() {
    // The service left one out of the first page, so that the pages overlap.
    let rig = rig(vec![page(1..3, None), page(2..5, None), page(5..5, None)]);
    let pages: Vec<_> = numbers(&rig).pages().map(Result::unwrap).collect().await;
    let ids: Vec<_> = pages
        .iter()
        .flat_map(|page| page.items.iter().map(|item| item.value()["id"].clone()))
        .collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(pages[1].repeated(), 1);
    assert_eq!(pages[2].doubt(), Some(&ListDoubt::Repeated(1)));
    assert!(pages[0].doubt().is_none() && pages[1].doubt().is_none());
}

#[tokio::test]
async fn a_service_that_leaves_nothing_out_ends_a_short_list_in_doubt_and_a_full_one_in_an_error() {
    for brain in [page(0..2, None), answer(200, r#"{"value":[{"city":1},{"city":1}]}"#)] {
        let Act::Answer(_, _, body) = brain else { unreachable!() };
        let rig = rig_thinking(move |_| Some(answer(200, &body)));
        let mut items = numbers(&rig).items();
        assert_eq!((&mut items).count().await, 2);
        assert_eq!((items.doubt(), rig.service.sent()), (Some(&ListDoubt::NoSkip), 2));
    }
    let rig = rig_with(vec![page(0..3, None), page(0..3, None)], |builder| builder);
    let error = numbers(&rig).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
}

#[tokio::test]
async fn a_page_without_a_new_key_ends_the_list_however_it_is_asked_for() {
    // The same thirty in another order each time, with and without a fresh link.
    for linked in [false, true] {
        let rig = rig_thinking(move |request| {
            let turn = request.url.query().map_or(0, str::len) as u32;
            let items: Vec<Value> = (0..30)
                .map(|id| json!({"id": format!("i{}", (id + 7 * turn) % 30)}))
                .collect();
            let mut page = json!({"value": items});
            if linked {
                page["@odata.nextLink"] = format!("{ROOT}/x?t={}", "x".repeat(turn as usize + 1)).into();
            }
            Some(answer(200, &page.to_string()))
        });
        let (mut came, mut failed) = (0, None);
        let mut items = numbers(&rig).top(30).items();
        while let Some(item) = items.next().await {
            match item {
                Ok(_) => came += 1,
                Err(error) => failed = Some(error),
            }
        }
        assert_eq!(
            (came, failed.map(|error| error.kind())),
            (30, Some(ErrorKind::UnexpectedBody))
        );
        assert!(rig.service.sent() <= 2);
    }
}

#[tokio::test]
async fn what_comes_twice_comes_once_and_is_said() {
    let rig = rig(vec![
        page(0..4, Some(&link("a"))),
        page(3..8, Some(&link("b"))),
        page(6..9, None),
    ]);
    let mut items = list(&rig).items();
    assert_eq!((&mut items).count().await, 9);
    assert_eq!(items.doubt(), Some(&ListDoubt::Repeated(3)));
    let twice = r#"{"value":[{"id":"a"},{"id":"b"},{"id":"a"}]}"#;
    let rig = rig_with(vec![answer(200, twice)], |builder| builder);
    let page = list(&rig).first_page().await.unwrap();
    assert_eq!((page.items.len(), page.repeated()), (2, 1));
    assert_eq!(page.doubt(), Some(&ListDoubt::Repeated(1)));
    let rig = rig_with(vec![answer(200, twice)], |builder| builder);
    let mut kept = list(&rig).keeping_repeated().items();
    assert_eq!((&mut kept).count().await, 3);
    assert_eq!(kept.doubt(), Some(&ListDoubt::Repeated(1)));
    let rig = rig_with(vec![answer(200, twice)], |builder| builder);
    let delta = rig.client.list::<Json>(Operation::get("/users/delta"), None);
    assert_eq!(delta.all().await.unwrap().len(), 3, "what changed can change twice");
}

#[tokio::test]
async fn fewer_than_were_announced_is_said() {
    for (count, doubt) in [
        (2, None),
        (1, None),
        (7, Some(ListDoubt::Counted { announced: 7, came: 2 })),
    ] {
        let text = format!(r#"{{"@odata.count":{count},"value":[{{"id":"a"}},{{"id":"b"}}]}}"#);
        let rig = rig(vec![answer(200, &text)]);
        let page = list(&rig).count().first_page().await.unwrap();
        assert_eq!(page.doubt(), doubt.as_ref(), "{count}");
    }
}

#[tokio::test]
async fn a_batch_and_a_thread_judge_the_end_alike() {
    let body: Value = serde_json::from_str(r#"{"value":[{"id":"a"},{"id":"b"},{"id":"a"}]}"#).unwrap();
    let answers = json!({"responses": [{"id": "0", "status": 200, "body": body}]});
    let rig = rig(vec![answer(200, &answers.to_string()), page(2..2, None)]);
    let mut batch = rig.client.batch();
    let handle = batch.add_list(numbers(&rig));
    let page: Page<Json> = batch.send().await.take(handle).unwrap().into_value();
    assert_eq!((page.items.len(), page.repeated()), (2, 1));
    let rest: Vec<Json> = rig
        .client
        .resume_list(&page.continuation().unwrap().to_string())
        .unwrap()
        .all()
        .await
        .unwrap();
    assert!(rest.is_empty());
    assert_eq!(rig.service.request(1).url.query(), Some("$skip=3"));
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
    let rest: Vec<Json> = rig.client.resume_list(&text).unwrap().all().await.unwrap();
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
    let rest: Vec<Json> = rig.client.resume_list(&text).unwrap().all().await.unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(rig.service.request(1).url.as_str(), link("a"));
    assert_eq!(rig.service.header(1, "consistencylevel").as_deref(), Some("eventual"));
    let rig = rig_with(vec![], |builder| builder.set_cloud(Cloud::UsGovL4));
    let error = rig.client.resume_list::<Json>(&text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UntrustedLink);
    for text in ["", "abc", "e30"] {
        assert_eq!(
            rig.client.resume_list::<Json>(text).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    let rig = rig_with(vec![page(0..3, None), page(3..4, None), page(4..4, None)], |builder| {
        builder
    });
    let first = numbers(&rig).first_page().await.unwrap();
    let text = first.continuation().unwrap().to_string();
    let rest: Vec<Json> = rig.client.resume_list(&text).unwrap().all().await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rig.service.request(1).url.query(), Some("$skip=3"));
}

#[test]
fn blocking_readers_learn_of_a_doubt() {
    let rig = rig(vec![page(0..2, Some(&link("a"))), page(1..3, None)]);
    let mut items = list(&rig).items_blocking();
    assert_eq!((&mut items).count(), 3);
    assert_eq!(items.doubt(), Some(&ListDoubt::Repeated(1)));
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
