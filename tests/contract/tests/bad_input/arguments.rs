//! Arguments that are wrong: nothing is sent.

use trunkline::ErrorKind;
use trunkline::graph::PhoneAuthenticationMethod;

use crate::{assign, failed, numbers, refused, rig};
use trunkline_contract::Reply;

#[tokio::test]
async fn a_text_that_is_no_telephone_number_is_not_sent() {
    let rig = rig(vec![]).await;
    let texts = [
        "",
        "   ",
        "+",
        "++12065550100",
        "ana@contoso.example",
        "+1 206 CALL NOW",
        "+1206XXXXX42",
        "+1206\u{0}5550100",
        "+12065550100\r\nX-Evil: 1",
        "+1206555010012345678",
        "+12",
        "+１２０６５５５０１００",
        "0",
        "+0123456789",
        "+12065550100,+12065550101",
        "+12065550100;ext=",
        "sip:+12065550100@contoso.example",
        "{\"a\":1}",
    ];
    for text in texts {
        refused(&rig, assign(&rig.client, text).await, ErrorKind::InvalidInput, text);
        let unassign = numbers(&rig.client).unassign_number(text, "callingPlan");
        refused(&rig, unassign.await, ErrorKind::InvalidInput, text);
        let update = numbers(&rig.client).update_number(text).location_id("x".to_owned());
        refused(&rig, update.await, ErrorKind::InvalidInput, text);
        let phones = rig
            .client
            .graph()
            .users()
            .by_id("ana@contoso.example")
            .authentication()
            .phone_methods();
        let phone = PhoneAuthenticationMethod::new(text, "mobile");
        refused(&rig, phones.create(&phone).await, ErrorKind::InvalidInput, text);
        refused(
            &rig,
            phones.by_id("id").update(&phone).await,
            ErrorKind::InvalidInput,
            text,
        );
        let error = failed(assign(&rig.client, text).await, ErrorKind::InvalidInput, text);
        let advice = error.next_step();
        assert!(
            advice.contains("+12061234567"),
            "{text:?} is answered without an example: {error}"
        );
    }
}

#[tokio::test]
async fn a_masked_or_national_number_is_no_phone_method() {
    let rig = rig(vec![]).await;
    for text in [
        "+1 XXXXXXXX42",
        "12065550100",
        "(206) 555-0100",
        "00442079460000",
        "+1 206555010*",
    ] {
        let phones = rig.client.graph().me().authentication().phone_methods();
        let result = phones.create(&PhoneAuthenticationMethod::new(text, "mobile")).await;
        let error = refused(&rig, result, ErrorKind::InvalidInput, text);
        assert!(error.to_string().contains("phoneNumber"), "{error}");
    }
}

#[tokio::test]
async fn a_key_stays_one_segment_whatever_it_holds() {
    let keys = [
        ("a/b", "a%2Fb"),
        ("a?b", "a%3Fb"),
        ("a#b", "a%23b"),
        ("o'neil", "o%27neil"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        ("%2F", "%252F"),
        ("../../beta", "..%2F..%2Fbeta"),
        ("a/../b", "a%2F..%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a b+c", "a%20b%2Bc"),
        ("a;b=c,d", "a%3Bb%3Dc%2Cd"),
        ("a&b", "a%26b"),
        ("(a)!", "%28a%29%21"),
        ("a\"<>|^`{}", "a%22%3C%3E%7C%5E%60%7B%7D"),
        (
            "fay_fabrikam.example#EXT#@contoso.example",
            "fay_fabrikam.example%23EXT%23@contoso.example",
        ),
        ("Zürich", "Z%C3%BCrich"),
        ("\u{202e}", "%E2%80%AE"),
        ("...", "..."),
        ("-_.~@", "-_.~@"),
    ];
    for (key, encoded) in keys {
        let rig = rig(vec![Reply::json(200, "{}")]).await;
        rig.client.graph().users().by_id(key).get().await.unwrap();
        let seen = rig.server.seen();
        assert_eq!(seen[0].target, format!("/v1.0/users/{encoded}"), "{key:?}");
    }
    for (key, encoded) in [("$cash", "users('%24cash')"), ("$o'neil", "users('%24o%27%27neil')")] {
        let rig = rig(vec![Reply::json(200, "{}")]).await;
        rig.client.graph().users().by_id(key).get().await.unwrap();
        assert_eq!(rig.server.seen()[0].target, format!("/v1.0/{encoded}"));
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_a_segment_is_refused() {
    let rig = rig(vec![]).await;
    for key in [
        "",
        ".",
        "..",
        "a\u{0}b",
        "a\nb",
        "a\r\nHost: evil.example",
        "\u{7f}",
        "\u{85}",
        "\t",
    ] {
        let users = rig.client.graph().users();
        refused(&rig, users.by_id(key).get().await, ErrorKind::InvalidInput, key);
        // Steps after it change nothing.
        let phones = users.by_id(key).authentication().phone_methods();
        refused(&rig, phones.by_id("id").delete().await, ErrorKind::InvalidInput, key);
        refused(&rig, phones.list().all().await, ErrorKind::InvalidInput, key);
        // Nor does a batch carry it.
        let mut batch = rig.client.batch();
        let handle = batch.add(users.by_id(key).get());
        refused(&rig, batch.send().await.take(handle), ErrorKind::InvalidInput, key);
    }
}

#[tokio::test]
async fn a_parameter_of_a_function_stays_between_its_quotes() {
    let rig = rig(vec![Reply::json(200, "{\"value\":[]}")]).await;
    let policy = rig.client.graph().admin().teams().policy();
    policy.get_policy_id("a',b='c", "x)/../../y?z#").all().await.unwrap();
    assert_eq!(
        rig.server.seen()[0].target,
        "/v1.0/admin/teams/policy/getPolicyId(type='a%27%27%2Cb%3D%27%27c',name='x%29%2F..%2F..%2Fy%3Fz%23')"
    );
    let broken = policy.get_policy_id("a\u{0}", "b").all().await;
    failed(broken, ErrorKind::InvalidInput, "NUL in a parameter");
    assert_eq!(rig.requests(), 1);
}

#[tokio::test]
async fn options_cannot_add_options() {
    let rig = rig(vec![Reply::json(200, "{\"value\":[]}")]).await;
    numbers(&rig.client)
        .list()
        .filter("city eq 'a&$top=1#x'")
        .all()
        .await
        .unwrap();
    let seen = rig.server.seen();
    assert_eq!(seen[0].query(), Some("$filter=city%20eq%20%27a%26$top%3D1%23x%27"));
}

#[tokio::test]
async fn headers_that_are_the_clients_or_no_headers_are_refused() {
    let rig = rig(vec![]).await;
    for (name, value) in [
        ("Authorization", "Bearer other"),
        ("Host", "evil.example"),
        ("Content-Length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("a b", "c"),
        ("", "c"),
        ("x", "a\r\nb: c"),
        ("x", "a\u{0}"),
    ] {
        let request = numbers(&rig.client).by_id("id").get().with_header(name, value);
        refused(&rig, request.await, ErrorKind::InvalidInput, name);
    }
}
