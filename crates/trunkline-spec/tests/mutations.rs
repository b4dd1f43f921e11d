//! Damaged documents are read or refused, never a reason to panic.

mod support;

use proptest::prelude::*;
use support::small_spec::{AREA, CORRECTIONS, METADATA, THROTTLING, read_files};
use support::{check_integrity, document};
use trunkline_spec::Error;

/// Pieces that are put into a document: parts of its own language, and hostile ones.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/>",
    "</",
    "\"",
    "'",
    "&",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<!DOCTYPE a>",
    "\0",
    "\n",
    "\u{202e}",
    "\u{feff}",
    "é",
    "(",
    ")",
    "Collection(",
    ".",
    "..",
    "self.",
    "Edm.",
    "ns.box",
    "Name=",
    "Type=\"Edm.String\"",
    "Nullable=\"\"",
    "<Property />",
    "<Key>",
    "</Key>",
    "<Annotation Term=\"a\">",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "=",
    "#",
    "\"\"\"",
    "'''",
    "1e999",
    "-9223372036854775809",
    "nan",
    "null",
    "[[operation]]",
    "[area]",
    "xmlns=\"urn:x\"",
    "xmlns:edmx=\"\"",
    "BaseType=\"self.box\"",
    "\\u0000",
    "\\",
    "$",
    "*",
    "/",
    "{a}",
    "?",
];

/// A change to a text: where (in thousandths of its length), how much is removed, and what is put there.
type Change = (usize, usize, String);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => Just(String::new()),
    ];
    prop::collection::vec(
        (0..=1000_usize, prop_oneof![Just(0), 0..30_usize, 0..400_usize], piece),
        1..5,
    )
}

fn apply(text: &str, changes: &[Change]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (at, length, piece) in changes {
        let start = characters.len() * at / 1000;
        let end = (start + length).min(characters.len());
        characters.splice(start..end, piece.chars());
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn metadata(changes in changes()) {
        let text = apply(&document(METADATA), &changes);
        match trunkline_spec::read_csdl_text("mutated", &text) {
            Ok(model) => check_integrity(&model),
            Err(Error::Csdl(error)) => {
                prop_assert_eq!(&error.file, "mutated");
                prop_assert!((1..=text.lines().count().max(1) + 1).contains(&error.line), "{}", error);
                prop_assert!(!error.reason.is_empty());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn any_text_at_all(text in any::<String>()) {
        let _ = trunkline_spec::read_csdl_text("any", &text);
        let _ = trunkline_spec::permissions::read_permissions_text("any", &text);
        let _ = trunkline_spec::read_csdl_text("any", &document(&text));
    }

    #[test]
    fn permissions(changes in changes()) {
        let table = r#"{"permissions": {"A.Read": {"pathSets": [{"schemeKeys": ["DelegatedWork"], "methods": ["GET"],
            "paths": {"/a/{id}/b(c={d})": "least=DelegatedWork;AlsoRequires=B"}}]}}}"#;
        let text = apply(table, &changes);
        if let Err(error) = trunkline_spec::permissions::read_permissions_text("mutated", &text) {
            prop_assert!(error.to_string().starts_with("mutated:"), "{}", error);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn specs(changes in changes(), file in 0..3_usize) {
        let mut texts = [AREA.to_owned(), CORRECTIONS.to_owned(), THROTTLING.to_owned()];
        texts[file] = apply(&texts[file], &changes);
        let outcome = read_files(&[
            ("area.toml", &texts[0]),
            ("corrections.toml", &texts[1]),
            ("throttling.toml", &texts[2]),
        ]);
        match outcome {
            Ok(spec) => check_integrity(&spec.model),
            Err(error) => prop_assert!(error.contains(".toml:"), "{}", error),
        }
    }
}
