//! Reads the repository's own spec.

use std::path::Path;

#[test]
fn the_spec_is_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let spec = match trunkline_spec::read_spec(&folder) {
        Ok(spec) => spec,
        Err(error) => panic!("{error}"),
    };
    assert!(spec.model.operations.len() >= 70, "{}", spec.model.operations.len());
    assert!(spec.areas.iter().all(|area| !area.operations.is_empty()));
    assert_eq!(spec.corrections.len(), 40);
    assert!(
        spec.model
            .operations
            .iter()
            .all(|operation| !operation.paths.is_empty())
    );
}
