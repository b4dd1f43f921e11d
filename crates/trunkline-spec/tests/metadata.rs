//! Reads Microsoft Graph's real metadata, where it is at hand: it is not part of the repository.

mod support;

use std::path::{Path, PathBuf};

use trunkline_spec::Model;
use trunkline_spec::model::{CallableKind, ItemType, StructuredKind};

/// The folder next to the workspace that holds metadata.
fn metadata(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/metadata")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a test that skips says so")]
    {
        eprintln!("skipped: {} does not exist", path.display());
    }
    None
}

fn callables(model: &Model, kind: CallableKind) -> usize {
    model.callables.iter().filter(|callable| callable.kind == kind).count()
}

#[test]
fn the_global_cloud_is_read_whole() {
    let Some(path) = metadata("v1.0-Prod.csdl") else { return };
    let start = std::time::Instant::now();
    let model = trunkline_spec::read_csdl(&path).unwrap();
    let took = start.elapsed();
    assert_eq!(model.types.len(), 2961);
    assert_eq!(model.enums.len(), 861);
    assert_eq!(callables(&model, CallableKind::Action), 857);
    assert_eq!(callables(&model, CallableKind::Function), 326);
    assert_eq!(model.roots.len(), 72);
    assert_eq!(
        model.types.iter().map(|r#type| r#type.properties.len()).sum::<usize>(),
        10525
    );
    assert_eq!(
        model.types.iter().map(|r#type| r#type.navigation.len()).sum::<usize>(),
        1432
    );
    assert_eq!(
        model
            .types
            .iter()
            .filter(|r#type| r#type.kind == StructuredKind::Entity)
            .count(),
        1182
    );
    let position = |name: &str| {
        model
            .types
            .iter()
            .position(|r#type| r#type.name.to_string() == name)
            .unwrap()
    };
    let authentication = &model.types[position("microsoft.graph.authentication")];
    let fido2 = authentication
        .navigation
        .iter()
        .find(|navigation| navigation.name == "fido2Methods")
        .unwrap();
    assert_eq!(
        (fido2.restrictions.insertable, fido2.restrictions.updatable),
        (Some(false), Some(false))
    );
    let assign = model
        .callables
        .iter()
        .find(|callable| callable.name.name == "assignNumber")
        .unwrap();
    let assignment = position("microsoft.graph.teamsAdministration.numberAssignment");
    assert!(matches!(assign.binding.unwrap().item, ItemType::Structured(id) if id.0 as usize == assignment));
    assert!(took.as_secs() < 5, "reading took {took:?}");
}

#[test]
fn other_clouds_are_read_whole() {
    for (name, types, enums, callables) in [
        ("v1.0-Fairfax.csdl", 1864, 628, 946),
        ("v1.0-Mooncake.csdl", 1291, 412, 360),
    ] {
        let Some(path) = metadata(name) else { continue };
        let model = trunkline_spec::read_csdl(&path).unwrap();
        assert_eq!(
            (model.types.len(), model.enums.len(), model.callables.len()),
            (types, enums, callables),
            "{name}"
        );
    }
}

/// The repository's own spec.
fn spec() -> trunkline_spec::Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    trunkline_spec::read_spec(&folder).unwrap_or_else(|error| panic!("{error}"))
}

/// Records that are outdated are left to `cargo xtask spec check`.
fn assert_agrees(comparison: &trunkline_spec::Comparison) {
    let lines: Vec<String> = comparison.differences.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}\n{}", comparison.summary(), lines.join("\n"));
}

#[test]
fn the_spec_agrees_with_the_global_cloud() {
    let Some(path) = metadata("v1.0-Prod.csdl") else { return };
    let comparison = trunkline_spec::compare(&spec(), &trunkline_spec::read_csdl(&path).unwrap());
    assert_agrees(&comparison);
    assert!(
        comparison.counts.operations >= 70 && comparison.counts.types >= 80,
        "{}",
        comparison.summary()
    );
}

#[test]
fn the_spec_agrees_with_the_permissions_table() {
    let Some(path) = metadata("permissions.json") else {
        return;
    };
    let table = trunkline_spec::read_permissions(&path).unwrap();
    assert_eq!(table.permissions(), 917);
    assert_agrees(&trunkline_spec::compare_permissions(&spec(), &table));
}

#[test]
fn slices_of_the_global_cloud_are_small_and_whole() {
    let Some(path) = metadata("v1.0-Prod.csdl") else { return };
    let model = trunkline_spec::read_csdl(&path).unwrap();
    for (place, types, stubs) in [
        ("admin/teams", 15, 1),
        ("users/authentication", 74, 4),
        ("reports/authenticationMethods", 8, 0),
        ("users", 621, 20),
    ] {
        let sliced = trunkline_spec::slice(&model, &[place.to_owned()]).unwrap();
        support::check_integrity(&sliced);
        let found = sliced.types.iter().filter(|r#type| r#type.stub).count();
        assert_eq!((sliced.types.len(), found), (types, stubs), "{place}");
    }
}
