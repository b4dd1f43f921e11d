//! Differences between spec and metadata, and between spec and permissions table.

mod support;

use support::document;
use support::small_spec::{AREA, METADATA, read};
use trunkline_spec::model::Cloud;
use trunkline_spec::permissions::read_permissions_text;
use trunkline_spec::{Comparison, compare_cloud, compare_permissions};

const BATCH: &str =
    "[[difference]]\nkind = \"operation\"\nsubject = \"POST /$batch\"\nfound = \"a\"\nours = \"b\"\nreason = \"c\"\n";

fn compared_with(metadata: &str, differences: &str, cloud: Cloud) -> Comparison {
    let spec = read(AREA, &format!("{BATCH}{differences}")).unwrap();
    let metadata = trunkline_spec::read_csdl_text("m", &document(metadata)).unwrap();
    compare_cloud(&spec, &metadata, cloud)
}

fn words(comparison: &Comparison) -> String {
    let lines = comparison.differences.iter().map(ToString::to_string);
    let outdated = comparison.outdated.iter();
    let outdated = outdated.map(|record| format!("outdated line {}: {} {}", record.line, record.kind, record.subject));
    let notes = comparison.news().map(|note| format!("note {note}"));
    lines
        .chain(outdated)
        .chain(notes)
        .map(|line| format!("  {line}\n"))
        .collect()
}

#[test]
fn metadata_that_agrees_is_clean() {
    let comparison = compared_with(METADATA, "", Cloud::Global);
    assert!(comparison.is_clean(), "{}", words(&comparison));
    assert_eq!(
        comparison.summary(),
        "compared 6 operations, 7 paths, 5 types, 5 properties, 1 navigation properties, 1 enums, 2 members, \
         3 actions and functions, 2 parameters, 2 roots: 0 unrecorded, 1 recorded, 0 outdated, 0 notes"
    );
}

/// Name, what to replace in the metadata, and by what.
const EDITS: &[(&str, &str, &str)] = &[
    (
        "type missing",
        "<ComplexType Name=\"size\">",
        "<ComplexType Name=\"sizes\">",
    ),
    (
        "kind",
        "<EntityType Name=\"toy\" BaseType=\"self.thing\">",
        "<ComplexType Name=\"toy\">",
    ),
    (
        "base",
        "<EntityType Name=\"toy\" BaseType=\"self.thing\">",
        "<EntityType Name=\"toy\" BaseType=\"self.entity\">",
    ),
    (
        "abstract",
        "BaseType=\"self.entity\" Abstract=\"true\"",
        "BaseType=\"self.entity\"",
    ),
    (
        "open",
        "<EntityType Name=\"box\"",
        "<EntityType OpenType=\"true\" Name=\"box\"",
    ),
    (
        "stream",
        "<EntityType Name=\"box\"",
        "<EntityType HasStream=\"true\" Name=\"box\"",
    ),
    ("key", "<Key><PropertyRef Name=\"id\" /></Key>", ""),
    ("property missing", "Name=\"fun\"", "Name=\"joy\""),
    (
        "property more",
        "<Property Name=\"fun\"",
        "<Property Name=\"joy\" Type=\"Edm.Int32\" /><Property Name=\"fun\"",
    ),
    (
        "property type",
        "Name=\"metres\" Type=\"Edm.Double\"",
        "Name=\"metres\" Type=\"Edm.Single\"",
    ),
    (
        "property collection",
        "Name=\"metres\" Type=\"Edm.Double\"",
        "Name=\"metres\" Type=\"Collection(Edm.Double)\"",
    ),
    (
        "property nullable",
        "Type=\"Collection(self.size)\" Nullable=\"false\"",
        "Type=\"Collection(self.size)\"",
    ),
    ("navigation missing", "Name=\"things\"", "Name=\"stuff\""),
    (
        "navigation target",
        "Type=\"Collection(self.thing)\"",
        "Type=\"Collection(self.toy)\"",
    ),
    (
        "navigation to one",
        "Type=\"Collection(self.thing)\"",
        "Type=\"self.thing\"",
    ),
    ("containment", "ContainsTarget=\"true\"", "ContainsTarget=\"false\""),
    ("enum missing", "\"self.colour\"", "\"Edm.String\""),
    ("member missing", "<Member Name=\"blue\" Value=\"1\" />", ""),
    (
        "member more",
        "<Member Name=\"blue\" Value=\"1\" />",
        "<Member Name=\"blue\" Value=\"1\" /><Member Name=\"green\" Value=\"2\" />",
    ),
    ("member value", "Name=\"blue\" Value=\"1\"", "Name=\"blue\" Value=\"2\""),
    (
        "flags",
        "<EnumType Name=\"colour\">",
        "<EnumType Name=\"colour\" IsFlags=\"true\">",
    ),
    ("action missing", "<Action Name=\"paint\"", "<Action Name=\"draw\""),
    ("binding", "Type=\"Collection(self.box)\"", "Type=\"self.box\""),
    (
        "parameter name",
        "<Parameter Name=\"colour\"",
        "<Parameter Name=\"color\"",
    ),
    (
        "parameter type",
        "<Parameter Name=\"colour\" Type=\"self.colour\"",
        "<Parameter Name=\"colour\" Type=\"Edm.String\"",
    ),
    (
        "parameter nullable",
        "<Parameter Name=\"colour\" Type=\"self.colour\" Nullable=\"false\"",
        "<Parameter Name=\"colour\" Type=\"self.colour\"",
    ),
    ("result", "<ReturnType Type=\"Edm.String\" />", ""),
    (
        "result nullable",
        "<ReturnType Type=\"Edm.Int32\" Nullable=\"false\" />",
        "<ReturnType Type=\"Edm.Int32\" />",
    ),
    (
        "composable",
        "<Function Name=\"count\" IsBound=\"true\">",
        "<Function Name=\"count\" IsBound=\"true\" IsComposable=\"true\">",
    ),
    ("root missing", "<Singleton Name=\"me\" Type=\"self.box\" />", ""),
    (
        "root kind",
        "<Singleton Name=\"me\" Type=\"self.box\" />",
        "<EntitySet Name=\"me\" EntityType=\"self.box\" />",
    ),
    (
        "root type",
        "<Singleton Name=\"me\" Type=\"self.box\" />",
        "<Singleton Name=\"me\" Type=\"self.toy\" />",
    ),
    (
        "restriction",
        "ContainsTarget=\"true\" />",
        "ContainsTarget=\"true\"><Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record>\
         <PropertyValue Property=\"Updatable\" Bool=\"false\" /></Record></Annotation></NavigationProperty>",
    ),
];

#[test]
fn every_difference_is_found() {
    let mut report = String::new();
    for (name, from, to) in EDITS {
        assert!(METADATA.contains(from), "{name}: nothing to replace");
        let mut metadata = METADATA.replacen(from, to, 1);
        match *name {
            "kind" => {
                metadata = metadata.replacen(
                    "Type=\"Edm.Int32\" /></EntityType>",
                    "Type=\"Edm.Int32\" /></ComplexType>",
                    1,
                )
            }
            "type missing" => metadata = metadata.replace("self.size)", "self.sizes)"),
            "enum missing" => {
                metadata = METADATA
                    .replace("self.colour", "Edm.String")
                    .replace("\"colour\"><Member", "\"tint\"><Member")
            }
            _ => {}
        }
        let comparison = compared_with(&metadata, "", Cloud::Global);
        assert!(*name == "property more" || !comparison.is_clean(), "{name}");
        report.push_str(&format!("{name}\n{}", words(&comparison)));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn records_excuse_differences_and_become_outdated() {
    let record = |kind: &str, subject: &str, more: &str| {
        format!(
            "[[difference]]\nkind = \"{kind}\"\nsubject = \"{subject}\"\nfound = \"a\"\nours = \"b\"\nreason = \"c\"\n{more}\n"
        )
    };
    let other = METADATA.replacen("Name=\"fun\"", "Name=\"joy\"", 1);
    let clean = |differences: &str| compared_with(&other, differences, Cloud::Global).is_clean();
    assert!(!clean(""));
    assert!(clean(&record("property", "ns.toy/fun", "")));
    assert!(clean(&record("property", "NS.Toy/*", "cloud = \"global\"")));
    assert!(!clean(&record("property", "ns.toy/fun", "cloud = \"china\"")));
    assert!(!clean(&record("navigation", "ns.toy/fun", "")));
    assert!(!clean(&record("property", "ns.toy/fu", "")));
    let noted = compared_with(
        &other,
        &(record("property", "ns.toy/fun", "") + &record("property", "ns.toy/joy", "")),
        Cloud::Global,
    );
    assert!(noted.is_clean() && noted.news().count() == 0);

    let outdated = compared_with(METADATA, &record("property", "ns.toy/fun", ""), Cloud::Global);
    assert_eq!(words(&outdated), "  outdated line 7: property ns.toy/fun\n");
    assert!(
        compared_with(
            METADATA,
            &record("property", "ns.toy/fun", "cloud = \"china\""),
            Cloud::Global
        )
        .is_clean()
    );
    assert!(compared_with(METADATA, &record("body", "whatever", ""), Cloud::Global).is_clean());
    assert!(compared_with(METADATA, &record("permissions", "GET /me", ""), Cloud::Global).is_clean());
}

#[test]
fn partial_types_are_not_missed() {
    let area = AREA.replacen("name = \".toy\"", "name = \".toy\"\npartial = true", 1);
    let metadata = METADATA.replacen(
        "<Property Name=\"fun\"",
        "<Property Name=\"joy\" Type=\"Edm.Int32\" /><Property Name=\"fun\"",
        1,
    );
    let metadata = trunkline_spec::read_csdl_text("m", &document(&metadata)).unwrap();
    let news = |area: &str| {
        trunkline_spec::compare(&read(area, "").unwrap(), &metadata)
            .news()
            .count()
    };
    assert_eq!((news(AREA), news(&area)), (1, 0));
}

#[test]
fn other_clouds_have_what_the_spec_lists_for_them() {
    let comparison = compared_with(METADATA, "", Cloud::China);
    insta::assert_snapshot!(words(&comparison));
    let without = "<EnumType Name=\"colour\"><Member Name=\"red\" Value=\"0\" /></EnumType>";
    let roots = "<EntityContainer Name=\"c\" />";
    let comparison = compared_with(&format!("{without}{roots}"), "", Cloud::China);
    insta::assert_snapshot!(words(&comparison));
}

const TABLE: &str = r#"{ "$schema": "x", "permissions": {
  "Box.Read": { "schemes": {}, "pathSets": [
    { "schemeKeys": ["DelegatedWork", "Application"], "methods": ["GET"], "paths": { "/Boxes": "least=DelegatedWork,Application" } },
    { "schemeKeys": ["DelegatedWork"], "methods": ["GET"],
      "paths": { "/boxes/{id}": "least=DelegatedWork", "/me/": "least=DelegatedWork", "/me/THINGS/{thing}/count": "least=DelegatedWork;AlsoRequires=User.Read" } }
  ] },
  "Box.ReadWrite": { "pathSets": [
    { "schemeKeys": ["DelegatedWork", "DelegatedPersonal"], "methods": ["GET"], "paths": { "/boxes": "" } },
    { "schemeKeys": ["DelegatedWork"], "methods": ["PATCH", "DELETE"], "paths": { "/me/things/teddy": "least=DelegatedWork" } },
    { "schemeKeys": ["Application"], "methods": ["POST"], "paths": { "/boxes/paint": "least=Application" } }
  ] } } }"#;

const PERMISSIONS: &str =
    "[[difference]]\nkind = \"permissions\"\nsubject = \"POST /$batch\"\nfound = \"a\"\nours = \"b\"\nreason = \"c\"\n";

fn permissions(table: &str, differences: &str) -> Comparison {
    let spec = read(AREA, &format!("{PERMISSIONS}{differences}")).unwrap();
    compare_permissions(&spec, &read_permissions_text("table.json", table).unwrap())
}

#[test]
fn a_table_that_agrees_is_clean() {
    let comparison = permissions(TABLE, "");
    assert!(comparison.is_clean(), "{}", words(&comparison));
    assert_eq!(
        comparison.summary(),
        "compared 6 operations, 7 paths, 12 sets of permissions: 0 unrecorded, 1 recorded, 0 outdated, 0 notes"
    );
}

#[test]
fn every_difference_of_permissions_is_found() {
    let edits = [
        ("no entry", "/boxes/paint", "/boxes/draw"),
        ("other method", "\"POST\"", "\"PUT\""),
        (
            "scheme only there",
            "[\"DelegatedWork\", \"DelegatedPersonal\"]",
            "[\"Application\"]",
        ),
        (
            "scheme only here",
            "[\"DelegatedWork\", \"Application\"]",
            "[\"DelegatedWork\"]",
        ),
        (
            "more accepted",
            "\"/me/\": \"least=DelegatedWork\"",
            "\"/me/\": \"\", \"/boxes/paint\": \"\"",
        ),
        ("star", "\"/boxes\": \"\"", "\"/boxes\": \"least=DelegatedWork\""),
    ];
    let mut report = String::new();
    for (name, from, to) in edits {
        assert!(TABLE.contains(from), "{name}: nothing to replace");
        report.push_str(&format!(
            "{name}\n{}",
            words(&permissions(&TABLE.replacen(from, to, 1), ""))
        ));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn records_of_permissions_may_hold_wildcards() {
    let table = TABLE.replacen("\"/boxes\": \"\"", "\"/boxes\": \"least=DelegatedWork\"", 1);
    let clean = |subject: &str| permissions(&table, &PERMISSIONS.replace("POST /$batch", subject)).is_clean();
    for subject in ["GET /boxes", "* /boxes", "get /BOX*", "GET /**", "*", "GET /*x*s"] {
        assert!(clean(subject), "{subject}");
    }
    for subject in ["POST /boxes", "GET /boxes/{id}", "GET /bo", "GET /boxes/*"] {
        assert!(!clean(subject), "{subject}");
    }
    let outdated = permissions(TABLE, &PERMISSIONS.replace("POST /$batch", "GET /me/**"));
    assert_eq!(words(&outdated), "  outdated line 7: permissions GET /me/**\n");
}

#[test]
fn tables_that_are_not_understood_are_refused() {
    let refused = |text: &str| read_permissions_text("table.json", text).unwrap_err().to_string();
    let report = [
        refused("<html>"),
        refused("{}"),
        refused(&TABLE.replace("\"PATCH\"", "\"MERGE\"")),
        refused(&TABLE.replace("\"DelegatedPersonal\"", "\"Guest\"")),
        refused(&TABLE.replace("least=Application", "least=Robot")),
        refused(&TABLE.replace("AlsoRequires", "NeverRequires")),
    ];
    insta::assert_snapshot!(report.join("\n"));
}
