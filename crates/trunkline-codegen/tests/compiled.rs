//! The golden files are Rust that compiles, and say on the wire what they should.

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
    assert_eq!(read.additional_2, Property::Value(5));
    assert_eq!(Self_::MEMBERS.len(), 6);
}

#[test]
fn reserved_methods_step_aside() {
    let strings = graph().fn_().by_id("a b").string();
    let call = strings.list_action("me").send_2(golden::hostile::Option::default());
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
