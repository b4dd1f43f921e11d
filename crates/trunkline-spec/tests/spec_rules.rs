//! The rules of the spec's TOML: valid documents are read, invalid ones are refused with their line.

mod support;

use support::small_spec::{AREA, CORRECTIONS, THROTTLING, line_of, read, read_files};
use support::{check_integrity, structured};
use trunkline_spec::model::{Cloud, Idempotency, ItemType, OperationKind, OperationResult, Sensitivity};

#[test]
fn a_small_spec_is_read() {
    let spec = read(AREA, "").unwrap();
    check_integrity(&spec.model);
    let ids: Vec<&str> = spec
        .model
        .operations
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "batch.send",
            "boxes.get",
            "boxes.list",
            "boxes.paint",
            "things.update",
            "toys.count"
        ]
    );
    assert_eq!(spec.areas[0].operations[0], "boxes.list");
    let r#box = structured(&spec.model, "box");
    assert_eq!(r#box.properties[0].corrections, ["T1"]);
    assert_eq!(r#box.navigation[0].key.as_deref(), Some("thing"));
    assert_eq!(spec.model.enums[0].clouds, [Cloud::Global, Cloud::China]);
    assert!(spec.model.enums[0].members[1].prefer);
    let operation = |id: &str| {
        spec.model
            .operations
            .iter()
            .find(|operation| operation.id == id)
            .unwrap()
    };
    let paint = operation("boxes.paint");
    let long_running = paint.long_running.as_ref().unwrap();
    assert_eq!(spec.model.structured(long_running.r#type).name.name, "box");
    assert!(matches!(paint.result, OperationResult::Value { optional: true, .. }));
    assert!(matches!(&paint.idempotency, Idempotency::Confirm { by, .. } if by == "boxes.list"));
    assert!(paint.paths[0].delegated.is_none());
    let OperationKind::Function(count) = operation("toys.count").kind else {
        panic!()
    };
    assert_eq!(spec.model.callable(count).parameters[0].name, "of");
    assert!(spec.model.callable(count).parameters[0].required && spec.model.callable(count).parameters[0].nullable);
    assert!(matches!(
        operation("toys.count").result,
        OperationResult::Pages(ItemType::Primitive(_))
    ));
    assert_eq!(
        structured(&spec.model, "toy").properties[0].grammar.as_deref(),
        Some("guid")
    );
    assert_eq!(
        structured(&spec.model, "toy").properties[0].sensitivity,
        Sensitivity::Public
    );
}

/// Name, what to replace, and by what.
const EDITS: &[(&str, &str, &str)] = &[
    ("not TOML", "title = \"Small\"", "title = "),
    ("unknown member", "title = \"Small\"", "title = \"Small\"\ncolour = 1"),
    ("missing member", "title = \"Small\"\n", ""),
    ("wrong value", "abstract = true\nkey", "abstract = \"yes\"\nkey"),
    ("unknown table", "[[complex]]", "[[simple]]"),
    (
        "empty documentation",
        "documentation = \"A size.\"",
        "documentation = \" \"",
    ),
    (
        "empty member documentation",
        "documentation = \"Red.\"",
        "documentation = \"\"",
    ),
    (
        "empty parameter documentation",
        "documentation = \"Of what.\"",
        "documentation = \"\"",
    ),
    (
        "empty source",
        "documentation = \"A toy.\"\nsource = \"CSDL\"",
        "documentation = \"A toy.\"\nsource = \"\"",
    ),
    ("unknown property type", "type = \"Edm.Double\"", "type = \".double\""),
    ("unknown edm type", "type = \"Edm.Double\"", "type = \"Edm.Real\""),
    ("unknown base", "base = \".thing\"", "base = \".gone\""),
    (
        "base cycle",
        "name = \".thing\"\nbase = \".entity\"",
        "name = \".thing\"\nbase = \".toy\"",
    ),
    (
        "unknown navigation target",
        "type = \"Collection(.thing)\", contained",
        "type = \"Collection(.gone)\", contained",
    ),
    (
        "navigation to a complex type",
        "type = \"Collection(.thing)\", contained",
        "type = \".size\", contained",
    ),
    ("same type twice", "name = \".toy\"", "name = \".thing\""),
    (
        "same property twice",
        "[complex.properties]",
        "[complex.properties]\nmetres = { type = \"Edm.Int32\", documentation = \"x\" }",
    ),
    ("hostile property", "metres =", "\"metres\\\"; */\" ="),
    ("hostile member", "red =", "\"red'''\" ="),
    ("hostile type name", "name = \".size\"", "name = \".size\\n\""),
    ("same enum value", "value = 1, prefer", "value = 0, prefer"),
    (
        "unknown cloud",
        "clouds = [\"global\", \"china\"]",
        "clouds = [\"global\", \"mars\"]",
    ),
    (
        "cloud twice",
        "clouds = [\"global\", \"china\"]",
        "clouds = [\"china\", \"china\"]",
    ),
    ("no cloud", "clouds = [\"global\", \"china\"]", "clouds = []"),
    (
        "unknown correction of a property",
        "corrections = [\"T1\"], documentation",
        "corrections = [\"T99\"], documentation",
    ),
    (
        "unknown correction of an operation",
        "source = \"CSDL\"\ncorrections = [\"T1\"]",
        "source = \"CSDL\"\ncorrections = [\"T2\"]",
    ),
    ("unknown grammar", "grammar = \"guid\"", "grammar = \"klingon\""),
    (
        "unknown throttling",
        "throttling = \"reads\"",
        "throttling = \"writes\"",
    ),
    ("unknown call", "call = \".paint\"", "call = \".sink\""),
    (
        "unknown overload",
        "call_parameters = [\"of\"]",
        "call_parameters = [\"about\"]",
    ),
    ("ambiguous overload", "call_parameters = [\"of\"]\n", ""),
    (
        "call of a read",
        "kind = \"list\"",
        "kind = \"list\"\ncall = \".paint\"",
    ),
    ("unknown target", "target = \".toy\"", "target = \".gone\""),
    ("target is complex", "target = \".toy\"", "target = \".size\""),
    ("missing target", "target = \".toy\"\n", ""),
    ("wrong method", "method = \"PATCH\"", "method = \"POST\""),
    ("unknown method", "method = \"PATCH\"", "method = \"MERGE\""),
    ("unknown result", "result = \"entity?\"", "result = \".gone\""),
    (
        "result of a list",
        "result = \"collection\"\nquery",
        "result = \"entity\"\nquery",
    ),
    ("result of a batch", "result = \"batch\"", "result = \"none\""),
    ("status", "success = [204, 200]", "success = [204, 404]"),
    ("query without dollar", "query = [\"$top\"]", "query = [\"top\"]"),
    ("page size", "default = 5, maximum = 10", "default = 50, maximum = 10"),
    ("unknown confirmation", "by = \"boxes.list\"", "by = \"boxes.look\""),
    (
        "confirmation that writes",
        "by = \"boxes.list\"",
        "by = \"things.update\"",
    ),
    ("confirmation without words", "how = \"Look at them.\"\n", ""),
    (
        "write that claims to be safe",
        "kind = \"idempotent\"",
        "kind = \"safe\"",
    ),
    (
        "unknown long-running operation",
        "operation = \"boxes.get\"",
        "operation = \"boxes.gone\"",
    ),
    ("unknown status property", "status = \"colour\"", "status = \"state\""),
    ("unknown state", "succeeded = [\"red\"]", "succeeded = [\"green\"]"),
    (
        "details that are no collection",
        "details = \"sizes\"",
        "details = \"colour\"",
    ),
    ("long-running without 202", "success = [202]", "success = [200]"),
    ("unknown location", "location = \"header\"", "location = \"body\""),
    ("body of nothing", "required = [\"fun\"]", "required = [\"sadness\"]"),
    ("body twice", "required = [\"fun\"]", "required = [\"fun\", \"fun\"]"),
    (
        "body missing",
        "[operation.body]\nrequired = [\"fun\"]\nodata_type = true\n",
        "",
    ),
    (
        "path without root",
        "path = \"/boxes/paint\"",
        "path = \"/cases/paint\"",
    ),
    (
        "path to another type",
        "path = \"/me\"",
        "path = \"/me/things/{thing-id}\"",
    ),
    (
        "path to a collection",
        "path = \"/boxes/{box-id}\"",
        "path = \"/boxes\"",
    ),
    (
        "path with an unknown segment",
        "path = \"/me/things/teddy\"",
        "path = \"/me/toys/teddy\"",
    ),
    ("path with a key too many", "path = \"/me\"", "path = \"/me/{me-id}\""),
    (
        "path beyond a call",
        "path = \"/boxes/paint\"",
        "path = \"/boxes/paint/x\"",
    ),
    (
        "path with an empty segment",
        "path = \"/boxes/paint\"",
        "path = \"/boxes//paint\"",
    ),
    (
        "path without slash",
        "path = \"/boxes/paint\"",
        "path = \"boxes/paint\"",
    ),
    (
        "path with unknown arguments",
        "count(of='{of}')",
        "count(from='{from}')",
    ),
    ("path with other arguments", "count(of='{of}')", "count(of='{what}')"),
    ("path with open arguments", "count(of='{of}')", "count(of='{of}'"),
    ("path without arguments", "count(of='{of}')", "count"),
    ("same path twice", "path = \"/me\"", "path = \"/boxes/{box-id}\""),
    ("batch elsewhere", "path = \"/$batch\"", "path = \"/me\""),
    (
        "least is empty",
        "least = [\"Box.Read\"], higher = [\"Box.ReadWrite\"]",
        "least = [], higher = [\"Box.ReadWrite\"]",
    ),
    (
        "permission twice",
        "least = [\"Box.Read\"], higher = [\"Box.ReadWrite\"]",
        "least = [\"Box.Read\"], higher = [\"Box.Read\"]",
    ),
    (
        "offered to nobody",
        "application = { least = [\"Box.ReadWrite\"] }\n",
        "",
    ),
    ("same id twice", "id = \"boxes.get\"", "id = \"boxes.list\""),
    ("id without area", "id = \"boxes.get\"", "id = \"get\""),
    (
        "two problems",
        "type = \"Edm.Double\", documentation = \"Metres.\"",
        "type = \".gone\", documentation = \"\"",
    ),
];

#[test]
fn broken_specs_are_refused_with_their_lines() {
    let mut report = String::new();
    for (name, from, to) in EDITS {
        assert!(AREA.contains(from), "{name}: nothing to replace");
        let outcome = match read(&AREA.replacen(from, to, 1), "") {
            Ok(_) => "(was read)".to_owned(),
            Err(error) => error,
        };
        report.push_str(&format!("{name}\n  {}\n", outcome.replace('\n', "\n  ")));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn broken_companions_are_refused_with_their_lines() {
    let files = |corrections: &str, throttling: &str, differences: &str| {
        let outcome = read_files(&[
            ("area.toml", AREA),
            ("corrections.toml", corrections),
            ("throttling.toml", throttling),
            ("differences.toml", differences),
        ]);
        outcome
            .map(|_| "(was read)".to_owned())
            .unwrap_or_else(|error| error)
            .replace('\n', "\n  ")
    };
    let difference =
        "[[difference]]\nkind = \"type\"\nsubject = \"ns.box\"\nfound = \"x\"\nours = \"y\"\nreason = \"z\"\n";
    let cases = [
        ("correction twice", files(&CORRECTIONS.repeat(2), THROTTLING, "")),
        (
            "empty correction",
            files(&CORRECTIONS.replace("This.", ""), THROTTLING, ""),
        ),
        (
            "unknown actor",
            files(&CORRECTIONS.replace("client", "nobody"), THROTTLING, ""),
        ),
        ("group twice", files(CORRECTIONS, &THROTTLING.repeat(2), "")),
        (
            "window of nothing",
            files(CORRECTIONS, &THROTTLING.replace("count = 1", "count = 0"), ""),
        ),
        (
            "unknown tenant",
            files(
                CORRECTIONS,
                &THROTTLING.replace("tenant = \"small\"", "tenant = \"big\""),
                "",
            ),
        ),
        (
            "unknown scope",
            files(CORRECTIONS, &THROTTLING.replace("\"app\"", "\"planet\""), ""),
        ),
        (
            "difference twice",
            files(CORRECTIONS, THROTTLING, &difference.repeat(2)),
        ),
        (
            "difference without reason",
            files(CORRECTIONS, THROTTLING, &difference.replace("\"z\"", "\"\"")),
        ),
        (
            "unknown kind",
            files(CORRECTIONS, THROTTLING, &difference.replace("\"type\"", "\"taste\"")),
        ),
    ];
    let report: String = cases
        .iter()
        .map(|(name, outcome)| format!("{name}\n  {outcome}\n"))
        .collect();
    insta::assert_snapshot!(report);
}

#[test]
fn lines_are_those_of_the_text() {
    let text = AREA.replace("type = \"Edm.Double\"", "type = \".gone\"");
    let error = read(&text, "").unwrap_err();
    assert_eq!(
        error,
        format!(
            "area.toml:{}: ns.size/metres: the type ns.gone is unknown",
            line_of(&text, ".gone")
        )
    );
}

#[test]
fn two_areas_share_types_and_may_not_share_names() {
    let second = |name: &str, r#type: &str| {
        format!(
            "[area]\nname = \"{name}\"\ntitle = \"T\"\nnamespace = \"other\"\ndocumentation = \"D\"\n\n[[complex]]\n\
             name = \"{type}\"\ndocumentation = \"D\"\nsource = \"S\"\nclouds = [\"global\"]\n[complex.properties]\n\
             size = {{ type = \"ns.size\", documentation = \"D\" }}\n"
        )
    };
    let read = |second: &str| {
        read_files(&[
            ("a.toml", AREA),
            ("b.toml", second),
            ("corrections.toml", CORRECTIONS),
            ("throttling.toml", THROTTLING),
        ])
    };
    assert_eq!(read(&second("second", ".more")).unwrap().areas.len(), 2);
    let error = read(&second("small", "ns.size")).unwrap_err();
    assert_eq!(
        error,
        "b.toml:1: a.toml has the same name\nb.toml:7: ns.size is declared already at a.toml:68"
    );
}

#[test]
fn a_folder_without_files_is_an_empty_spec_and_a_missing_one_an_error() {
    assert!(read_files(&[]).unwrap().model.types.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let error = trunkline_spec::read_spec(&folder.path().join("gone"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("gone: cannot read the file"), "{error}");
}
