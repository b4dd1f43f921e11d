//! Features, as a table of the crate for users.

use std::fmt::Write as _;

use trunkline_spec::interface::{Feature, Interface};

use crate::output::OutputFile;

/// The module of the table.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let mut text = format!(
        "{}\n\n//! Features, with the operations that they need.\n\nuse super::Feature;\n\npub(super) const ALL: &[Feature] = &[\n",
        crate::HEADER
    );
    for feature in &interface.features {
        text.push_str(&entry(feature));
    }
    text.push_str("];\n");
    vec![OutputFile::new("mod.rs", text)]
}

/// Names of the spec stand in the text as literals.
fn entry(feature: &Feature) -> String {
    let ids = |ids: &[String]| -> String {
        let lines = ids.iter().map(|id| format!("            {id:?},\n"));
        match lines.collect::<String>() {
            lines if lines.is_empty() => "&[]".to_owned(),
            lines => format!("&[\n{lines}        ]"),
        }
    };
    let mut text = String::from("    Feature {\n");
    let _ = writeln!(text, "        name: {:?},", feature.name.get_ref());
    let _ = writeln!(text, "        title: {:?},", feature.title);
    let _ = writeln!(text, "        operations: {},", ids(&feature.operations));
    let _ = writeln!(text, "        optional: {},", ids(&feature.optional));
    text.push_str("    },\n");
    text
}
