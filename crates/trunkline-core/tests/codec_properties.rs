//! Properties of the codec for every text: it agrees with serde_json on what JSON is, and it writes back every text that it
//! reads.

use proptest::prelude::*;
use serde_json::{Map, Value};
use trunkline_core::codec::{Additional, Decode, Encode, Nested, Page, Property};

#[derive(Default)]
struct Thing {
    id: Property<String>,
    count: Property<i64>,
    ratio: Property<f64>,
    on: Property<bool>,
    tags: Property<Vec<String>>,
    inner: Property<Nested<Thing>>,
    additional: Additional,
}
trunkline_core::record! { Thing = "example.thing" {
    0 id = "id",
    1 count = "count",
    2 ratio = "ratio",
    3 on = "on",
    4 tags = "tags",
    5 inner = "inner",
} }

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn a_thing() -> impl Strategy<Value = Value> {
    let optional = |value: BoxedStrategy<Value>| prop::option::of(prop_oneof![4 => value, 1 => Just(Value::Null)]);
    let members = (
        optional(any::<String>().prop_map(Value::from).boxed()),
        optional(any::<i64>().prop_map(Value::from).boxed()),
        optional(any::<bool>().prop_map(Value::from).boxed()),
        optional(
            prop::collection::vec(any::<String>(), 0..4)
                .prop_map(Value::from)
                .boxed(),
        ),
        prop::collection::vec(("[a-z@._]{1,8}", any_json()), 0..4),
    );
    members.prop_map(|(id, count, on, tags, more)| {
        let mut thing = Map::new();
        // Members that the type does not know, but none that are spelled like its own, or like the wrapper `value`.
        let known = ["id", "count", "ratio", "on", "tags", "inner", "value"];
        thing.extend(more.into_iter().filter(|(name, _)| !known.contains(&name.as_str())));
        for (name, value) in [("id", id), ("count", count), ("on", on), ("tags", tags)] {
            thing.extend(value.map(|value| (name.to_owned(), value)));
        }
        Value::Object(thing)
    })
}

fn written(thing: &Thing) -> Value {
    serde_json::from_slice(&thing.encode()).expect("what is written is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written_back(thing in a_thing(), inner in a_thing()) {
        let mut thing = thing;
        thing["inner"] = inner;
        for text in [thing.to_string(), serde_json::to_string_pretty(&thing).expect("is JSON")] {
            let read = Thing::decode(&text).expect("is a thing");
            prop_assert_eq!(&written(&read), &thing);
            prop_assert_eq!(&Thing::decode(&String::from_utf8(read.encode()).expect("is text")).expect("is a thing"), &read);
            prop_assert_eq!(read.clone(), read);
        }
    }

    #[test]
    fn pages_keep_every_item(things in prop::collection::vec(a_thing(), 0..8)) {
        let text = serde_json::json!({"@odata.context": "x", "value": things, "@odata.nextLink": "y"}).to_string();
        let page = Page::<Thing>::decode(&text).expect("is a page");
        prop_assert_eq!(page.items.iter().map(written).collect::<Vec<_>>(), things);
        prop_assert_eq!(page.next_link.as_deref(), Some("y"));
    }

    #[test]
    fn any_json_object_is_taken_or_refused_for_its_types_only(value in any_json()) {
        let text = value.to_string();
        match Value::decode(&text) {
            Ok(decoded) => prop_assert_eq!(decoded, value),
            Err(error) => prop_assert!(false, "{error}"),
        }
        let _ = Thing::decode(&text);
    }

    #[test]
    fn what_serde_refuses_is_refused(text in r#"[\{\}\[\]",:0-9eE+\-.\\u a-ftrunls\x00-\x1f]{0,40}"#) {
        let ours = Thing::decode(&text).is_ok();
        let theirs = serde_json::from_str::<Map<String, Value>>(&text);
        prop_assert!(!ours || theirs.is_ok(), "{text:?} was taken, serde_json says {theirs:?}");
    }

    #[test]
    fn cut_texts_are_refused_without_panic(thing in a_thing(), share in 0.0_f64..1.0) {
        let text = thing.to_string();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let mut end = (text.len() as f64 * share) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if end < text.len() {
            prop_assert!(Thing::decode(&text[..end]).is_err());
        }
    }

    #[test]
    fn strings_survive_every_escape(text in any::<String>()) {
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let thing = Thing::decode(&format!(r#"{{"\u0069d":"{escaped}"}}"#)).expect("is a thing");
        prop_assert_eq!(thing.id.as_deref(), Some(text.as_str()));
        prop_assert!(thing.additional.is_empty());
    }

    #[test]
    fn numbers_are_those_of_serde(count in any::<i64>(), ratio in any::<f64>().prop_filter("JSON has no others", |ratio| ratio.is_finite())) {
        let text = serde_json::json!({"count": count, "ratio": ratio}).to_string();
        let thing = Thing::decode(&text).expect("is a thing");
        prop_assert_eq!(thing.count, Property::Value(count));
        prop_assert_eq!(thing.ratio, Property::Value(ratio));
    }
}

#[test]
fn half_a_surrogate_pair_is_replaced_and_the_original_kept() {
    let thing = Thing::decode(r#"{"id":"a\ud800b","on":true}"#).expect("is lenient");
    assert_eq!(thing.id.as_deref(), Some("a\u{fffd}b"));
    assert_eq!(thing.additional.original("id"), Some(r#""a\ud800b""#));
    assert_eq!(thing.on, Property::Value(true));
}
