//! The codec from outside: the values it keeps, the values it distinguishes, the texts it refuses.

use trunkline_core::codec::{
    Additional, BodyRules, Decode, Derived, DerivedFrom, Encode, Instance, Nested, Page, Polymorphic, Property,
    encode_body,
};

trunkline_core::open_enum! {
    /// Kind of a number.
    pub enum Kind = "example.kind" {
        /// Direct.
        Direct = "direct",
        /// Sentinel.
        UnknownFutureValue = "unknownFutureValue",
    }
}

#[derive(Default)]
struct Method {
    pub id: Property<String>,
    pub kind: Property<Kind>,
    pub tags: Property<Vec<String>>,
    pub enabled: Property<bool>,
    pub additional: Additional,
}
trunkline_core::record! { Method = "example.method" {
    0 id = "id",
    1 kind = "kind",
    2 tags = "tags",
    3 enabled = "enabled",
} }

#[derive(Default)]
struct Phone {
    pub id: Property<String>,
    pub kind: Property<Kind>,
    pub tags: Property<Vec<String>>,
    pub enabled: Property<bool>,
    pub number: Property<String>,
    pub code: Property<String>,
    pub minutes: Property<i32>,
    pub inner: Property<Nested<Method>>,
    pub additional: Additional,
}
trunkline_core::record! { Phone = "example.phone" {
    0 id = "id",
    1 kind = "kind",
    2 tags = "tags",
    3 enabled = "enabled",
    4 number = "number" personal e164,
    5 code = "code" secret,
    6 minutes = "minutes" range(10, 43200),
    7 inner = "inner",
} }
trunkline_core::serde_record! { Method Phone }
impl Polymorphic for Method {
    const DERIVED: &'static [Derived] = &[Derived::of::<Phone>()];
}
impl DerivedFrom<Method> for Method {}
impl DerivedFrom<Method> for Phone {}

fn round_trip(text: &str) -> String {
    String::from_utf8(Phone::decode(text).expect("decodes").encode()).expect("UTF-8")
}

#[test]
fn absent_null_and_value_are_three_things() {
    let phone = Phone::decode(r#"{"id":null,"number":"+12065550100"}"#).expect("decodes");
    assert!(phone.id.is_null());
    assert!(phone.kind.is_absent());
    assert_eq!(phone.number.as_deref(), Some("+12065550100"));
    assert_eq!(
        round_trip(r#"{"id":null,"number":"+12065550100"}"#),
        r#"{"id":null,"number":"+12065550100"}"#
    );
}

#[test]
fn nothing_the_service_says_is_lost() {
    let text = r##"{"@odata.type":"#example.phone","id":"1","kind":"satellite","amount":1.50e+3,"list":[ 1,2 ]}"##;
    assert_eq!(round_trip(text), text);
    let phone = Phone::decode(text).expect("decodes");
    assert_eq!(
        phone.kind.value().map(ToString::to_string).as_deref(),
        Some("satellite")
    );
    assert_eq!(phone.additional.raw("amount"), Some("1.50e+3"));
    assert_eq!(phone.additional.odata_type(), Some("example.phone"));
}

#[test]
fn lenient_reads_keep_the_original() {
    let phone = Phone::decode(r#"{"enabled":"TRUE","tags":["a",null,"b"]}"#).expect("decodes");
    assert_eq!(phone.enabled, Property::Value(true));
    assert_eq!(phone.tags.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
    assert_eq!(phone.additional.original("enabled"), Some("\"TRUE\""));
    assert_eq!(phone.additional.original("tags"), Some(r#"["a",null,"b"]"#));
    assert!(phone.additional.is_empty());
}

#[test]
fn errors_name_the_path() {
    let error = Page::<Phone>::decode(r#"{"value":[{"id":"1"},{"inner":{"tags":["x",7]}}]}"#).expect_err("is wrong");
    assert_eq!(error.path(), "$.value[1].inner.tags[1]");
    assert_eq!(error.reason(), "expected a string but found a number");
    for text in [
        "",
        "null",
        "[]",
        "{",
        r#"{"id":"a"} x"#,
        r#"{"id":{}}"#,
        "\u{feff}{}",
        r#"{"tags":"x"}"#,
    ] {
        assert!(Phone::decode(text).is_err(), "{text:?} must be refused");
    }
}

#[test]
fn deep_values_are_refused_not_overflowed() {
    let text = format!("{}{}", r#"{"inner":{"x":"#, "[".repeat(100_000));
    assert!(Phone::decode(&text).is_err());
    let records = format!("{}{{}}{}", r#"{"value":"#.repeat(5000), "}".repeat(5000));
    assert!(Phone::decode(&records).is_err());
}

#[test]
fn a_wrapped_entity_is_unwrapped() {
    let phone = Phone::decode(r#"{"@odata.context":"…","value":{"id":"7","number":"+1"}}"#).expect("decodes");
    assert_eq!(phone.id.as_deref(), Some("7"));
    let instance =
        Instance::<Method>::decode(r##"{"value":{"@odata.type":"#example.phone","number":"+1"}}"##).expect("decodes");
    assert_eq!(
        instance.downcast::<Phone>().and_then(|phone| phone.number.as_deref()),
        Some("+1")
    );
}

#[test]
fn the_service_names_the_type() {
    let text = r##"{"value":[{"@odata.type":"#example.phone","id":"1","number":"+1"},{"id":"2","@odata.type":"#example.pager","tone":5},{"id":"3"}]}"##;
    let page = Page::<Instance<Method>>::decode(text).expect("decodes");
    assert_eq!(
        page.items[0]
            .downcast::<Phone>()
            .and_then(|phone| phone.number.as_deref()),
        Some("+1")
    );
    assert_eq!(page.items[0].base().id.as_deref(), Some("1"));
    assert_eq!(page.items[1].odata_type(), "example.pager");
    assert_eq!(page.items[1].base().additional.raw("tone"), Some("5"));
    assert_eq!(
        page.items[2].property::<String>("id").and_then(|id| id.as_deref()),
        Some("3")
    );
}

#[test]
fn a_body_names_its_type_only_where_another_is_expected() {
    let phone = Phone {
        number: "+12061234567".into(),
        ..Phone::default()
    };
    assert_eq!(
        encode_body::<Method>(&phone, false, None).expect("is valid"),
        br##"{"@odata.type":"#example.phone","number":"+12061234567"}"##
    );
    assert_eq!(
        encode_body::<Phone>(&phone, false, None).expect("is valid"),
        br#"{"number":"+12061234567"}"#
    );
    assert_eq!(
        encode_body::<Phone>(&phone, true, None).expect("is valid"),
        br##"{"@odata.type":"#example.phone","number":"+12061234567"}"##
    );
    assert_eq!(phone.encode(), br#"{"number":"+12061234567"}"#);
}

#[test]
fn a_body_leaves_out_what_no_request_takes() {
    const RULES: Option<&BodyRules> = Some(&BodyRules {
        left_out: &["id", "owner"],
        required: &["number"],
    });
    let read = r#"{"@odata.context":"x","@odata.etag":"y","id":"1","number":"+12061234567",
        "number@odata.context":"z","owner":{"id":"2"},"owner@odata.bind":"w","unheardOf":true}"#;
    let phone = Phone::decode(read).expect("decodes");
    let sent = encode_body::<Phone>(&phone, false, RULES).expect("is valid");
    assert_eq!(
        String::from_utf8(sent).expect("is text"),
        r#"{"number":"+12061234567","owner@odata.bind":"w","unheardOf":true}"#
    );
    // A copy of what came has all of it.
    assert!(
        String::from_utf8(phone.encode())
            .expect("is text")
            .contains("@odata.etag")
    );
    let error = encode_body::<Phone>(&Phone::default(), false, RULES).expect_err("has no number");
    assert_eq!(error.kind(), trunkline_core::error::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("number must be given"), "{error}");
}

#[test]
fn debug_masks_what_is_personal_and_hides_what_is_secret() {
    let phone = Phone {
        number: "+12065550100".into(),
        code: "hunter2".into(),
        ..Phone::default()
    };
    let shown = format!("{phone:?}");
    assert!(!shown.contains("20655501") && !shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("…00"), "{shown}");
}

#[test]
fn one_item_without_its_list_is_a_page() {
    let page = Page::<Phone>::decode(r#"{"value":{"id":"1"}}"#).expect("decodes");
    assert_eq!(page.items.len(), 1);
    assert!(Page::<Phone>::decode(r#"{"error":{}}"#).is_err());
}

#[test]
fn serde_delegates_to_the_table() {
    let phone: Phone = serde_json::from_str(r#"{"id":"1","other":true}"#).expect("decodes");
    assert_eq!(
        serde_json::to_value(&phone).expect("encodes"),
        serde_json::json!({"id": "1", "other": true})
    );
    assert_eq!(phone.clone(), phone);
}

#[test]
fn primitive_answers_come_wrapped_or_bare() {
    assert_eq!(
        i64::decode(r#"{"@odata.context":"x","value":"42"}"#).expect("decodes"),
        42
    );
    assert_eq!(String::decode(r#""x""#).expect("decodes"), "x");
    assert!(bool::decode(r#"{"values":true}"#).is_err());
}

#[test]
fn a_text_with_a_grammar_is_checked_when_sent_and_only_then() {
    let formatted = Phone {
        number: "+1 (206) 123-4567".into(),
        ..Phone::default()
    };
    // Without a plus, only the form that the service documents.
    let documented = Phone {
        number: "12061234567".into(),
        ..Phone::default()
    };
    for number in [formatted, documented] {
        assert_eq!(
            encode_body::<Phone>(&number, false, None).expect("is a number"),
            br#"{"number":"+12061234567"}"#
        );
    }
    let national = Phone {
        number: "(206) 123-4567".into(),
        ..Phone::default()
    };
    assert!(encode_body::<Phone>(&national, false, None).is_err());
    let wrong = Phone {
        number: "1.20656E+10".into(),
        ..Phone::default()
    };
    let error = encode_body::<Phone>(&wrong, false, None).expect_err("is none");
    assert_eq!(error.kind(), trunkline_core::error::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("number"), "{error}");
    assert!(
        Phone::decode(r#"{"number":"+1 ******00"}"#).is_ok(),
        "what the service says is not judged"
    );
}

#[test]
fn a_number_out_of_its_range_is_refused_when_sent_and_only_then() {
    for (minutes, good) in [(9, false), (10, true), (43_200, true), (43_201, false)] {
        let phone = Phone {
            minutes: minutes.into(),
            ..Phone::default()
        };
        assert_eq!(encode_body::<Phone>(&phone, false, None).is_ok(), good, "{minutes}");
    }
    let phone = Phone {
        minutes: 9.into(),
        ..Phone::default()
    };
    let error = encode_body::<Phone>(&phone, false, None).expect_err("is too small");
    assert!(
        error
            .to_string()
            .contains("9 is not between 10 and 43200 (property minutes)"),
        "{error}"
    );
    assert!(
        Phone::decode(r#"{"minutes":1}"#).is_ok(),
        "what the service says is not judged"
    );
}

#[test]
fn a_member_that_is_there_twice_is_refused_with_its_path() {
    for (text, path) in [
        (r#"{"value":[{"id":"a"}],"value":[{"id":"b"}]}"#, "$.value"),
        (
            r#"{"value":[],"@odata.nextLink":null,"@odata.nextLink":null}"#,
            "$.@odata.nextLink",
        ),
        (r#"{"value":[],"x":1,"x":1}"#, "$.x"),
        (r#"{"value":[{"id":"a"},{"id":"b","id":"c"}]}"#, "$.value[1].id"),
        (r#"{"value":[{"id":"a","number":"+1","id":"a"}]}"#, "$.value[0].id"),
        (r#"{"value":[{"x":1,"x":2}]}"#, "$.value[0].x"),
        (r#"{"value":[{"\u0078":1,"x":2}]}"#, "$.value[0].x"),
        (
            r##"{"value":[{"@odata.type":"#example.phone","@odata.type":"#example.phone"}]}"##,
            "$.value[0].@odata.type",
        ),
        (
            r#"{"value":[{"inner":{"tags":[],"tags":[]}}]}"#,
            "$.value[0].inner.tags",
        ),
        (
            r#"{"value":[{"x":{"deep":[{"y":1,"y":2}]}}]}"#,
            "$.value[0].x.deep[0].y",
        ),
    ] {
        let error = Page::<Phone>::decode(text).unwrap_err();
        assert_eq!(error.path(), path, "{text}");
        assert!(error.reason().contains("twice"), "{error}");
        let error = serde_json::Value::decode(text).unwrap_err();
        assert_eq!(error.path(), path, "{text}");
    }
    let many: Vec<String> = (0..100).map(|number| format!("\"n{number}\":0")).collect();
    let text = format!("{{{},\"n50\":1}}", many.join(","));
    assert_eq!(Phone::decode(&text).unwrap_err().path(), "$.n50");
    assert!(Phone::decode(&text.replace(",\"n50\":1", "")).is_ok());
    let upper = r#"{"value":[{"id":"a","ID":"b"}]}"#;
    assert!(Page::<Phone>::decode(upper).is_ok(), "names differ in case");
}
