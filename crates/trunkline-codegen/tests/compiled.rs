//! Tests that the golden files compile and send the right requests.

use trunkline_core::Client;
use trunkline_core::codec::{Decode, OpenEnum, Property};

// Laid out by the generator, which differs from rustfmt here and there.
#[rustfmt::skip]
#[path = "../../../tests/golden/slice/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::enum_variant_names,
    reason = "it stands for a crate, with names that are bad on purpose"
)]
mod golden;

mod odata;

use golden::Graph;
use golden::hostile::{Self_, String as Derived};

fn graph() -> Graph {
    Graph::new(&Client::builder().build().unwrap())
}

#[test]
fn names_of_the_runtime_are_free_for_types() {
    let record = Derived::new("x").set_type(true);
    assert_eq!(record.call.as_deref(), Some("x"));
    assert_eq!(record.type_, Property::Value(true));
    let read = Derived::decode(r##"{"self":"_1","additional":5,"@odata.type":"#example.hostile.string"}"##).unwrap();
    assert_eq!(read.self_, Property::Value(Self_::from("_1")));
    assert_eq!(read.additional_camel, Property::Value(5));
    assert_eq!(Self_::MEMBERS.len(), 6);
}

#[test]
fn reserved_methods_step_aside() {
    let strings = graph().fn_().by_id("a b").string();
    let call = strings.list_action("me").send_camel(golden::hostile::Option::default());
    assert_eq!(call.request().operation().path(), "/fn/a%20b/string/list");
    let body = strings.create(&Derived::new("x")).operation().to_json();
    assert_eq!(body["body"]["@odata.type"], "#example.hostile.string");
}

#[test]
fn functions_write_their_arguments() {
    let flags = vec![golden::hostile::Flag::from("one"), golden::hostile::Flag::from("none")];
    let request = graph()
        .fn_()
        .by_id("a")
        .match_by_in_and_flag_and_many("2026-01-01T00:00:00Z", flags, ["a", "b"]);
    assert_eq!(
        request.operation().path(),
        "/fn/a/match(in=2026-01-01T00%3A00%3A00Z,flag='one%2Cnone',many=%5B%22a%22%2C%22b%22%5D)"
    );
}

#[test]
fn every_file_of_metadata_is_compiled() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/odata");
    let files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()?
                .strip_suffix(".csdl")
                .map(str::to_owned)
        })
        .collect();
    let source = include_str!("odata/mod.rs");
    let missing = files
        .iter()
        .filter(|file| !source.contains(&format!("odata/{file}/mod.rs")));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn an_update_is_sent_with_the_method_that_the_service_takes() {
    use odata::{update_method, update_methods};
    let client = Client::builder().build().unwrap();
    let rooms = update_method::Graph::new(&client).rooms();
    let room = update_method::house::Room::default();
    assert_eq!(rooms.by_id("a").update(&room).operation().method(), "PUT");

    let graph = update_methods::Graph::new(&client);
    let (room, hall) = (
        update_methods::house::Room::default(),
        update_methods::house::Hall::default(),
    );
    let (door, window) = (
        update_methods::house::Door::default(),
        update_methods::house::Window::default(),
    );
    let here = graph.rooms().by_id("a");
    let sent = [
        ("an entity set", here.update(&room).operation().method().clone()),
        (
            "its derived type",
            here.cast::<update_methods::house::Hall>()
                .update(&hall)
                .operation()
                .method()
                .clone(),
        ),
        (
            "another way to it",
            here.neighbours().by_id("b").update(&room).operation().method().clone(),
        ),
        ("a type", here.door().update(&door).operation().method().clone()),
        (
            "both at a singleton",
            graph.entrance().update(&door).operation().method().clone(),
        ),
        (
            "a navigation property",
            here.windows().by_id("w").update(&window).operation().method().clone(),
        ),
    ];
    let methods: Vec<(&str, &str)> = sent.iter().map(|(what, method)| (*what, method.as_str())).collect();
    assert_eq!(
        methods,
        [
            ("an entity set", "PUT"),
            ("its derived type", "PUT"),
            ("another way to it", "PATCH"),
            ("a type", "PUT"),
            ("both at a singleton", "PATCH"),
            ("a navigation property", "PUT"),
        ]
    );
}

#[test]
fn names_with_hyphens_are_those_of_the_wire() {
    use odata::hyphens::house::{Room, State};
    let room = Room::decode(r#"{"request-id":"r","requestId":"s","state":"in-use"}"#).unwrap();
    assert_eq!(room.request_id_kebab.as_deref(), Some("r"));
    assert_eq!(room.request_id.as_deref(), Some("s"));
    assert_eq!(room.state, Property::Value(State::InUseKebab));
}

#[test]
fn a_container_has_the_roots_of_the_one_it_extends() {
    let graph = odata::container_extends::Graph::new(&Client::builder().build().unwrap());
    assert_eq!(graph.rooms().list().operation().path(), "/rooms");
    assert_eq!(graph.halls().list().operation().path(), "/halls");
}
